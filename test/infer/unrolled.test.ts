// The derivatives by which rules are fitted, against differences of what the same rules predict.
import { expect, it } from "vitest";
import { Key } from "../../src/index.js";
import { monomial } from "../../src/infer/index.js";
import { dynamicsOf, type Observation, predict } from "../../src/infer/unrolled.js";

const terms = [monomial({ pre: 1, post: 1 }), monomial({ post: 2, weight: 1 }), monomial({ pre: 1, reward: 1 })];
const sizes = { steps: 30, inputs: 3, neurons: 2, weights: true };
const key = Key.of(7);
const rows = (branch: number, count: number) =>
  Array.from({ length: count }, (_, t) =>
    Array.from({ length: 3 }, (_, i) => key.fold(branch).uniform(3 * t + i) - 0.3),
  );
const recording = { inputs: rows(0, 30), start: rows(1, 2), rewards: rows(2, 30).map(([reward]) => reward) };
const at = [0.04, -0.05, 0.1];

it.each(["gaussian", "bernoulli"] as const)("are those of %s outputs and of weights", (observe: Observation) => {
  const dynamics = dynamicsOf(terms, observe);
  const { values, by } = dynamics.linearise(at, recording, sizes);
  expect(values).toEqual(predict(terms, observe, at, recording, sizes));
  expect(dynamics.predict(at, recording, sizes)).toEqual(values);
  expect(values).toHaveLength(30 * 2 + 30 * 2 * 3);
  by.forEach((derivative, k) => {
    const [above, below] = [1e-5, -1e-5].map((shift) =>
      predict(
        terms,
        observe,
        at.map((x, l) => (k === l ? x + shift : x)),
        recording,
        sizes,
      ),
    );
    derivative.forEach((slope, i) => {
      expect(slope).toBeCloseTo((above[i] - below[i]) / 2e-5, 7);
    });
  });
  const few = dynamics.linearise(at, recording, { ...sizes, weights: false });
  expect(few.values).toEqual(values.slice(0, 60));
  expect(few.by).toEqual(by.map((derivative) => derivative.slice(0, 60)));
  dynamics.close();
});
