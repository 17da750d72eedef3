// How the study of rules from data counts: intervals that hold the truth, classes that are told, warnings.
import { expect, it } from "vitest";
import { judged, studyNamed } from "../../src/studies/index.js";

const study = studyNamed("rules-from-data");
const scores = { oja: 2, bcm: 1, "reward-hebb": null, covariance: 1.5 };

/** A result of Oja's rule, with intervals around the truth as wide as is said. */
const result = (seed: number, halves: readonly number[], heldOut: object = scores, name = "noise 0.05") => ({
  cell: { kind: study.name, config: { rule: "oja", name, setting: { observe: "gaussian" }, draws: 0 }, seed },
  row: {
    ...{ truth: [1, -1], estimates: [1.1, -1.1], heldOut, unclear: [] },
    intervals: halves.map((half, k) => (k === 0 ? [1.1 - half, 1.1 + half] : [-1.1 - half, -1.1 + half])),
  },
});

const claim = (results: unknown[], label: string) =>
  judged(study, results as never).find((line) => line.claim === label)!;

it("counts an interval that holds the truth, in the mean over data sets", () => {
  const results = [0, 1, 2, 3].map((seed) => result(seed, [0.2, seed === 0 ? 0.05 : 0.2]));
  expect(claim(results, "coverage-oja")).toMatchObject({ value: 7 / 8, seeds: 4 });
  expect(claim(results, "coverage-bcm").value).toBeNull();
});

it("does not hold where intervals are much too narrow, or much too wide", () => {
  const seeds = [0, 1, 2, 3, 4, 5];
  const verdict = (half: number) =>
    claim(
      seeds.map((seed) => result(seed, [half, half])),
      "coverage-oja",
    ).verdict;
  expect([verdict(0.05), verdict(0.2)]).toEqual(["does not hold", "does not hold"]);
  const mixed = seeds.flatMap((seed) =>
    ["noise 0.02", "noise 0.05", "noise 0.2", "choices"].map((name, i) =>
      result(seed, [0.2, i === seed % 4 ? 0.05 : 0.2], scores, name),
    ),
  );
  expect(claim(mixed, "coverage-oja").verdict).toBe("holds");
});

it("takes a class that leaves the finite numbers for one that explains nothing", () => {
  const seeds = [0, 1, 2, 3, 4, 5];
  const told = (heldOut: object) =>
    claim(
      seeds.map((seed) => result(seed, [1, 1], heldOut)),
      "told-oja",
    );
  expect(told(scores).verdict).toBe("holds");
  expect(told({ ...scores, covariance: 2 })).toMatchObject({ value: 0 });
  expect(told({ ...scores, oja: null }).verdict).toBe("does not hold");
});
