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
  const sets = Array.from({ length: 300 }, (_, seed) => seed);
  const verdict = (half: number, seeds: readonly number[]) =>
    claim(
      seeds.map((seed) => result(seed, [half, half])),
      "coverage-oja",
    ).verdict;
  expect([verdict(0.05, sets), verdict(0.2, sets)]).toEqual(["does not hold", "does not hold"]);
  expect(verdict(0.2, sets.slice(0, 6))).toBe("open"); // six data sets may all be covered by chance
  const mixed = sets
    .slice(0, 60)
    .flatMap((seed) =>
      ["noise 0.02", "noise 0.05", "noise 0.2", "choices"].map((name, i) =>
        result(seed, [0.2, i === seed % 4 && seed % 5 > 0 ? 0.05 : 0.2], scores, name),
      ),
    );
  expect(claim(mixed, "coverage-oja").verdict).toBe("holds");
});

it("has Wilson's interval of a binomial share, also where all answers are the same", () => {
  // 45 of 50 at 98 %; the deviation over seeds divides by 49, hence the two digits.
  const results = Array.from({ length: 50 }, (_, seed) =>
    result(seed, [1, 1], seed < 45 ? scores : { ...scores, covariance: 3 }),
  );
  const found = claim(results, "told-oja");
  expect(found.value).toBe(0.9);
  expect(found.low).toBeCloseTo(0.7594, 2);
  expect(found.high).toBeCloseTo(0.9625, 2);
  const all = claim(results.slice(0, 45), "told-oja");
  expect([all.value, all.high]).toEqual([1, 1]);
  expect(all.low).toBeCloseTo(1 / (1 + 5.4119 / 45), 3);
});

it("counts the two-choice experiment set by set", () => {
  const cell = (seed: number) => ({ kind: `${study.name}/two-choice`, config: { sets: 2 }, seed });
  const [good, bad] = [
    [
      [0.3, 0.5],
      [-0.2, 0],
    ],
    [
      [0.5, 0.6],
      [-0.2, 0],
    ],
  ];
  const row = { truth: [0.4, -0.1], estimates: [], intervals: [good, bad], recordings: [bad, bad] };
  const results = [0, 1].map((seed) => ({ cell: cell(seed), row }));
  expect(claim(results, "coverage-two-choice").value).toBe(0.75);
  expect(claim(results, "coverage-two-choice-flies").value).toBe(0.5);
});

it("takes a class that leaves the finite numbers for one that explains nothing", () => {
  const seeds = Array.from({ length: 60 }, (_, seed) => seed);
  const told = (heldOut: object) =>
    claim(
      seeds.map((seed) => result(seed, [1, 1], heldOut)),
      "told-oja",
    );
  expect(told(scores).verdict).toBe("holds");
  expect(told({ ...scores, covariance: 2 })).toMatchObject({ value: 0 });
  expect(told({ ...scores, oja: null }).verdict).toBe("does not hold");
});
