// Terms of known rules are chosen among many.
import { describe, expect, it } from "vitest";
import { Key } from "../../src/index.js";
import {
  type FittedRule,
  fitRule,
  heldOut,
  monomial,
  type Recording,
  type SimulateOptions,
  selectTerms,
  simulate,
  type Term,
  taylor,
} from "../../src/infer/index.js";

const truth = [monomial({ pre: 1, post: 1 }), monomial({ post: 2, weight: 1 })];
const all = taylor({ pre: 1, post: 2, weight: 1, total: 3 });

/** Recordings of Oja's rule. */
const recordings = (seed: number, count: number, options: SimulateOptions = { noise: 0.02 }) =>
  Array.from({ length: count }, (_, r) => {
    const key = Key.of(seed).fold(r);
    const rows = (branch: number, rows: number, low: number) =>
      Array.from({ length: rows }, (_, t) => [0, 1, 2].map((i) => low + key.fold(branch).uniform(3 * t + i)));
    return simulate({ inputs: rows(0, 40, 0), start: rows(1, 3, -0.3) }, truth, [0.08, -0.08], key, options);
  });

describe("selectTerms", () => {
  const [own, others] = [recordings(0, 6), recordings(1, 4)];
  const { path, terms, rule } = selectTerms(own, others, all, { penalties: 12 });

  it("finds the terms of Oja's rule among all products up to the third power", () => {
    expect(all.length).toBeGreaterThan(8);
    expect(terms.map(({ name }) => name).sort()).toEqual(truth.map(({ name }) => name).sort());
    expect(rule).toEqual(fitRule(own, terms));
  });

  it("goes from no term to many, and scores each set without the penalty", () => {
    expect(path).toHaveLength(12);
    expect(path[0].terms).toEqual([]);
    expect(path[0].heldOut).toBe(-Infinity);
    expect(path.at(-1)!.terms.length).toBeGreaterThan(3);
    path.slice(1).forEach(({ l1 }, i) => {
      expect(l1 / path[i].l1).toBeCloseTo(10 ** (-4 / 11), 9);
    });
    const { coefficients } = fitRule(own, all, { l1: path[5].l1 });
    coefficients.forEach(({ estimate }, k) => {
      expect(path[5].coefficients[k]).toBeCloseTo(estimate, 4);
    });
    const kept = path.find(({ terms: each }) => each.length === 2)!;
    const scores = others.map((other) => heldOut(fitRule(own, kept.terms), [other], kept.terms));
    expect(kept.heldOut).toBeCloseTo(scores.reduce((sum, x) => sum + x, 0) / 4, 12);
  });

  it("refuses what it cannot do, with the cure", () => {
    expect(() => selectTerms(own, [others[0]], all)).toThrow(/there is 1 other recording\. Hold out two or more/);
    expect(() => selectTerms(own, others, all, { l1: 1 } as never)).toThrow(/`l1` is what is looked for/);
    expect(() => selectTerms(own, others, all, { penalties: 1 })).toThrow(
      /`penalties` is 1: give a whole number from 2/,
    );
    expect(() => selectTerms(own, others, [monomial({ pre: 1, reward: 1 })])).toThrow(/no term explains anything/);
  });
});

/** How the log likelihood of these recordings changes with each coefficient, by differences of the likelihood itself. */
function slopes(rule: FittedRule, data: readonly Recording[], terms: readonly Term[]): number[] {
  const at = (k: number, shift: number): number => {
    const coefficients = rule.coefficients.map((each, l) =>
      l === k ? { ...each, estimate: each.estimate + shift } : each,
    );
    return rule.seen * heldOut({ ...rule, coefficients }, data, terms);
  };
  return terms.map((_, k) => (at(k, 1e-7) - at(k, -1e-7)) / 2e-7);
}

describe("fits with l1 are at the optimum (Karush, Kuhn and Tucker)", () => {
  it.each([
    ["activity", { noise: 0.02 }, {}],
    ["activity with noise that is known", { noise: 0.02 }, { noise: { outputs: 0.02 } }],
    ["choices", { observe: "bernoulli" }, { observe: "bernoulli" }],
  ] as const)("%s", (_, made, options) => {
    const data = recordings(2, 4, made);
    for (const l1 of [1, 10, 100]) {
      const rule = fitRule(data, all, { ...options, l1 });
      expect(rule.converged).toBe(true);
      slopes(rule, data, all).forEach((slope, k) => {
        const { estimate } = rule.coefficients[k];
        if (estimate === 0) expect(Math.abs(slope)).toBeLessThan(l1 * 1.02);
        else expect(Math.abs(slope / (l1 * Math.sign(estimate)) - 1)).toBeLessThan(0.02);
      });
    }
  });
});
