// The study computes what is kept of it: the same bits.
import { join } from "node:path";
import { expect, it } from "vitest";
import { readKept } from "../../docs/studies/ledger.js";
import { here, memoryStore, runCells } from "../../src/runs/index.js";
import { kindsOf, studyNamed } from "../../src/studies/index.js";
import { root } from "../meta/fixtures.js";

const study = studyNamed("sparse-representations");
const { results: kept } = readKept(study.name, join(root, "docs/studies"));

it("reproduces the stored bits of its exact results", async () => {
  const result = kept.find(({ cell }) => cell.kind !== study.name);
  const { results } = await runCells([result!.cell], { store: memoryStore(), executor: here(kindsOf(study)) });
  expect(results[0].row).toEqual(result!.row);
});
