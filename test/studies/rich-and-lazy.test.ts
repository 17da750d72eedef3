// The study's parts: trials as they are described, kernels that see the recurrent weights alone, and the kept bits.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readKept } from "../../docs/studies/ledger.js";
import { Key } from "../../src/core/index.js";
import { norm } from "../../src/ops/index.js";
import { here, memoryStore, runCells } from "../../src/runs/index.js";
import { kindsOf, studyNamed } from "../../src/studies/index.js";
import { firstWeights, kernelsOf } from "../../src/studies/rich-and-lazy/recurrent.js";
import { STEPS, trials } from "../../src/studies/rich-and-lazy/task.js";
import { root } from "../meta/fixtures.js";

describe("trials", () => {
  const count = 400;
  const { inputs, labels, choices } = trials(Key.of(1), count);
  const x = inputs.toArray() as number[][][];

  it("fixate nowhere, show nothing at the decision, and ask for it then alone", () => {
    expect(x.flat().every(([fixation]) => fixation === 0)).toBe(true);
    expect(x[STEPS - 1].flat().every((value) => value === 0)).toBe(true);
    const wanted = labels.toArray() as number[];
    expect(wanted.slice(0, -count).every((label) => label === 0)).toBe(true);
    expect(choices.toArray()).toEqual(wanted.slice(-count));
    expect(new Set(choices.toArray() as number[])).toEqual(new Set([1, 2]));
  });

  it("differ by the side that is asked for: its stimulus is stronger in the mean over time, most often", () => {
    const right = (choices.toArray() as number[]).filter((choice, trial) => {
      const sum = (stimulus: number): number => x.reduce((total, step) => total + step[trial][stimulus], 0);
      return sum(choice) > sum(3 - choice);
    });
    expect(right.length / count).toBeGreaterThan(0.75);
    expect(right.length / count).toBeLessThan(0.97);
  });
});

it("first weights of one seed have one norm at every rank, and the tangent kernel is over examples and outputs", () => {
  const all = [1, 5, 30].map((rank) => firstWeights(Key.of(2), 30, rank));
  const norms = all.map(({ recurrent }) => norm(recurrent).item());
  for (const each of norms) expect(each / norms[0]).toBeCloseTo(1, 6);
  const { active, kernel } = kernelsOf(all[0], trials(Key.of(3), 6).inputs);
  expect(active.shape).toEqual([6, 30]);
  expect(kernel.shape).toEqual([18, 18]);
});

it("gives the kept bits of linear networks again", async () => {
  const study = studyNamed("rich-and-lazy");
  const { results: kept } = readKept(study.name, join(root, "docs/studies"));
  const linear = kept.filter(({ cell }) => cell.kind !== study.name).slice(0, 3);
  expect(linear.length).toBe(3);
  const cells = linear.map(({ cell }) => cell);
  const { results } = await runCells(cells, { store: memoryStore(), executor: here(kindsOf(study)) });
  expect(results.map(({ row }) => row)).toEqual(linear.map(({ row }) => row));
});
