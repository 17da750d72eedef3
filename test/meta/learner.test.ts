import { describe, expect, it } from "vitest";
import { memory } from "../../src/index.js";
import { GradientSum, learn, newLearner, penaltyOf } from "../../src/meta/learner.js";
import { tiny, tinySizes } from "./fixtures.js";

const config = { ...tiny, learningRate: 0.01, l1: 0.5 };
const gradient = (P: number): Float32Array[] => [
  new Float32Array(14).fill(P),
  new Float32Array(4).fill(2),
  new Float32Array(2).fill(-3),
];

describe("GradientSum", () => {
  it("averages, and adds l1 times the sign of P, which is 0 at 0, to P only", () => {
    const { rule } = newLearner(config, tinySizes);
    rule.P[0].data.set([-1, 0, 2]);
    const sum = new GradientSum(rule);
    sum.add(gradient(1));
    sum.add(gradient(4));
    const [P, K, v] = sum.mean(0.5);
    expect([...P.subarray(0, 4)]).toEqual([2, 2.5, 3, 2.5]);
    expect([...K, ...v]).toEqual([2, 2, 2, 2, -3, -3]);
  });

  it("sums beyond float32: small terms after a large one count", () => {
    const { rule } = newLearner(config, tinySizes);
    const sum = new GradientSum(rule);
    for (const P of [2 ** 24, 1, 1, -(2 ** 24)]) sum.add(gradient(P));
    expect(sum.mean(0)[0][0]).toBe(0.5);
  });
});

describe("penaltyOf", () => {
  it("is l1 times the sum of |P|", () => {
    const { rule } = newLearner(config, tinySizes);
    expect(penaltyOf(rule, 0.5)).toBe(0.5 * 2 * Math.fround(1e-3));
    expect(penaltyOf(rule, 0)).toBe(0);
  });
});

describe("learn", () => {
  it("takes a first step of the learning rate down each slope, changes nothing given, holds no memory", () => {
    const learner = newLearner(config, tinySizes);
    const before = structuredClone(learner);
    const bytes = memory.stats();
    const next = learn(config, learner, gradient(1));
    expect(learner).toEqual(before);
    expect(memory.stats()).toMatchObject({ live: bytes.live, persistentBytes: bytes.persistentBytes, arenaBytes: 0 });
    expect(next.step).toBe(1);
    expect(next.rule.P[0].data[2]).toBeCloseTo(-0.01, 6);
    expect(next.rule.v[0].data[0]).toBeCloseTo(0.51, 6);
    expect(next.m.K[0].data[0]).toBeCloseTo(0.2, 6);
    expect(learn(config, next, gradient(1)).step).toBe(2);
  });
});
