// The study computes what was kept before it was one: the same bits, by another road.
import { join } from "node:path";
import { expect, it } from "vitest";
import { readKept } from "../../docs/studies/ledger.js";
import { here, memoryStore, runCells } from "../../src/runs/index.js";
import { kindsOf, studyNamed } from "../../src/studies/index.js";
import { root } from "../meta/fixtures.js";

const study = studyNamed("two-time-scales");
const { results: kept } = readKept(study.name, join(root, "docs/studies"));

it("reproduces the stored bits", async () => {
  const of = ({ rule, segment }: { rule?: string; segment?: number }) => rule === "1 chemical" && segment === 10;
  const chosen = [
    kept.find(({ cell }) => cell.kind !== study.name),
    kept.find(({ cell }) => cell.seed === 0 && of(cell.config as object)),
  ];
  for (const result of chosen) {
    const { results } = await runCells([result!.cell], { store: memoryStore(), executor: here(kindsOf(study)) });
    expect(results[0].row).toEqual(result!.row);
  }
});
