// The study computes what was kept before it was one: the same bits, by another road.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { here, memoryStore, runCells } from "../../src/runs/index.js";
import { cellsOf, kindsOf, studyNamed } from "../../src/studies/index.js";
import { root } from "../meta/fixtures.js";

interface KeptErrors {
  readonly rule: string;
  readonly segment: number;
  readonly error: readonly number[];
  readonly slow: readonly number[];
}

const study = studyNamed("two-time-scales");
const kept: KeptErrors[] = JSON.parse(readFileSync(join(root, "bench/science/two-timescale.json"), "utf8")).results;

it("has a cell at full scale for every kept number", () => {
  const cells = cellsOf(study, { scale: "full" }).filter(({ kind }) => kind === study.name);
  const names = cells.map(({ config, seed }) => {
    const { rule, segment } = config as KeptErrors;
    return `${rule}, ${segment}, ${seed}`;
  });
  expect(names.sort()).toEqual(
    kept.flatMap(({ rule, segment, error }) => error.map((_, seed) => `${rule}, ${segment}, ${seed}`)).sort(),
  );
});

it("gives the kept bits again", async () => {
  const rule = "1 chemical";
  const [cell] = cellsOf(study, { scale: "full", seeds: 1 }).filter(
    ({ config }) => (config as KeptErrors).rule === rule && (config as KeptErrors).segment === 10,
  );
  const { results } = await runCells([cell], { store: memoryStore(), executor: here(kindsOf(study)) });
  const { error, slow } = kept.find((each) => each.rule === rule && each.segment === 10) as KeptErrors;
  expect(results[0].row).toEqual({ error: error[0], slow: slow[0] });
});
