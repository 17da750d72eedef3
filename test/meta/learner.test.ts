import { describe, expect, it } from "vitest";
import { memory } from "../../src/index.js";
import type { GuardState } from "../../src/meta/guard.js";
import { GradientSum, guardedLearn, type Learner, learn, newLearner, penaltyOf } from "../../src/meta/learner.js";
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

  it("sums more precisely than float32: small terms after a large one count", () => {
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
  it("takes a first step of the learning rate against each slope, leaves its arguments alone, holds no memory", () => {
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

describe("guardedLearn", () => {
  /** A learner under way, whose last hundred gradients were of length 1, and whose losses were 1. */
  function known(change: Partial<GuardState> = {}): Learner & { readonly guard: GuardState } {
    const learner = learn(config, newLearner(config, tinySizes), gradient(1));
    const mean = newLearner({ ...config, plasticity: { ...config.plasticity, initialP0: 0.5 } }, tinySizes).rule;
    const series = new Float32Array(100).fill(1);
    return { ...learner, guard: { ...learner.guard!, norms: series, losses: series.slice(), mean, ...change } };
  }
  /** A gradient of this length. */
  const long = (length: number): Float32Array[] =>
    gradient(1).map((leaf, l) =>
      leaf.map((_, i) => (l === 0 && i === 2 ? -0.6 * length : l === 1 && i === 1 ? 0.8 * length : 0)),
    );

  it("takes the same step along an ordinary gradient as a run without a guard", () => {
    const learner = known();
    const { guard: _, ...step } = guardedLearn(config, learner, long(3), 1).learner;
    expect(guardedLearn(config, learner, long(3), 1).scale).toBe(1);
    const { learner: without, scale } = guardedLearn({ ...config, clip: "off" }, learner, long(3), 1);
    expect([without, scale]).toEqual([learn(config, learner, long(3)), 1]);
    expect(without).toEqual({ ...step, guard: learner.guard });
  });

  it("steps along a long gradient as if it were as long as the bound", () => {
    const learner = known();
    for (const [length, bound] of [
      [20, 10],
      [999, 10],
      [12, 4],
    ]) {
      const { learner: next, scale } = guardedLearn({ ...config, clip: bound }, learner, long(length), 1);
      expect(scale).toBeCloseTo(bound / length, 6);
      const wanted = learn(config, learner, long(bound));
      for (const part of ["rule", "m", "v"] as const) {
        for (const leaf of ["P", "K", "v"] as const) {
          next[part][leaf][0].data.forEach((x, i) => {
            const own = wanted[part][leaf][0].data[i];
            expect(Math.abs(x - own), `${part}.${leaf}`).toBeLessThanOrEqual(1e-5 * Math.abs(own) + 1e-9);
          });
        }
      }
      expect(next.step).toBe(learner.step + 1);
      expect(next.guard?.norms.at(-1)).toBeCloseTo(bound, 4);
    }
  });

  it.each([
    ["that explodes", long(1e6)],
    ["that no episode has", undefined],
  ])("rolls back to the mean after a gradient %s, with no momentum and half the step size", (_, exploded) => {
    const learner = known();
    const { learner: back, scale } = guardedLearn(config, learner, exploded, 1);
    expect(scale).toBe(0);
    expect(back.rule).toEqual(learner.guard.mean);
    for (const { data } of [...back.m.P, ...back.m.K, ...back.m.v]) expect([...data]).toEqual([...data].map(() => 0));
    expect([back.v, back.step]).toEqual([learner.v, learner.step]);
    expect(back.guard).toMatchObject({ halvings: 1, ordinary: 0 });
    // The next step is half as long as without.
    const { learner: next } = guardedLearn(config, back, long(1), 1);
    const whole = learn({ ...config, learningRate: config.learningRate / 2 }, { ...back, guard: undefined }, long(1));
    expect(next.rule).toEqual(whole.rule);
  });
});
