// Terms of known rules are chosen among many.
import { describe, expect, it } from "vitest";
import { Key, mul } from "../../src/index.js";
import { dataOf } from "../../src/infer/data.js";
import {
  type FitOptions,
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
import { mostLikely } from "../../src/infer/scoring.js";
import { dynamicsOf, predict } from "../../src/infer/unrolled.js";

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
    const nothing = others.map((other) => heldOut(fitRule(own, []), [other], []));
    expect(path[0].heldOut).toBeCloseTo(nothing.reduce((sum, x) => sum + x, 0) / 4, 12);
    expect(path.at(-1)!.terms.length).toBeGreaterThan(3);
    path.slice(1).forEach(({ l1 }, i) => {
      expect(l1 / path[i].l1).toBeCloseTo(10 ** (-4 / 11), 9);
    });
    const { coefficients } = fitRule(own, all, { l1: path[5].l1 });
    coefficients.forEach(({ estimate }, k) => {
      expect(path[5].coefficients[k]).toBeCloseTo(estimate, 4);
    });
    const kept = path.find(({ terms: each }) => each.length > 0 && each.length < 6)!;
    const scores = others.map((other) => heldOut(fitRule(own, kept.terms), [other], kept.terms));
    expect(kept.heldOut).toBeCloseTo(scores.reduce((sum, x) => sum + x, 0) / 4, 12);
  });

  it("refuses what it cannot do, with the cure", () => {
    expect(() => selectTerms(own, [others[0]], all)).toThrow(/there is 1 other recording\. Hold out two or more/);
    expect(() => selectTerms(own, others, all, { l1: 1 } as never)).toThrow(/`l1` is what is looked for/);
    expect(() => selectTerms(own, others, all, { penalties: 1 })).toThrow(
      /`penalties` is 1: give a whole number from 2/,
    );
    expect(() => selectTerms(own, others, [monomial({ pre: 1, reward: 1 })])).toThrow(
      /these recordings say nothing about pre reward\. Leave out these terms/,
    );
    expect(() => selectTerms(own, others, [])).toThrow(/there are no terms\. Give one or more/);
  });

  it("does not depend on the units of terms", () => {
    const sizes = [1, 64, 1, 1 / 256, 1, 16, 1, 1, 1 / 8, 4, 1, 32];
    const scaled = all.map((term, k) => ({
      ...term,
      value: (signals: Parameters<Term["value"]>[0]) => mul(term.value(signals), sizes[k % sizes.length]),
    }));
    const other = selectTerms(own, others, scaled, { penalties: 12 });
    other.path.forEach(({ l1, coefficients, terms: kept }, i) => {
      expect(l1 / path[i].l1).toBeCloseTo(1, 6);
      expect(kept.map(({ name }) => name)).toEqual(path[i].terms.map(({ name }) => name));
      coefficients.forEach((x, k) => {
        expect(x * sizes[k % sizes.length]).toBeCloseTo(path[i].coefficients[k], 5);
      });
    });
    expect(other.terms.map(({ name }) => name)).toEqual(terms.map(({ name }) => name));
  });

  it("leaves out every term where nothing changes", () => {
    const still = (seed: number, count: number) =>
      recordings(seed, count).map(({ inputs, start }, r) =>
        simulate({ inputs, start }, truth, [0, 0], Key.of(seed).fold(r), { noise: 0.1 }),
      );
    const chosen = [0, 1, 2, 3, 4].map((seed) =>
      selectTerms(still(seed, 4), still(100 + seed, 6), all, { penalties: 6 }),
    );
    const empty = chosen.filter((each) => each.terms.length === 0);
    expect(empty.length).toBeGreaterThanOrEqual(4);
    expect(empty[0].rule.coefficients).toEqual([]);
    expect(empty[0].rule).toEqual(fitRule(still(chosen.indexOf(empty[0]), 4), []));
  });

  it("keeps a term that helps in every recording, however different they are", () => {
    // Recordings with much noise are harder to explain than others by far more than the term helps.
    const mixed = (seed: number) =>
      [0.02, 0.05, 0.1, 0.3].flatMap((noise, i) => recordings(10 * seed + i, 2, { noise }));
    const found = selectTerms(mixed(1), mixed(2), all, { penalties: 8 });
    expect(found.terms.map(({ name }) => name).sort()).toEqual(truth.map(({ name }) => name).sort());
  });

  it("counts other sessions in which all choices were the same", () => {
    const sessions = (seed: number, count: number) => recordings(seed, count, { observe: "bernoulli" });
    const [first, ...rest] = sessions(6, 4);
    const same = { ...first, outputs: first.outputs.map((row) => row.map(() => 1)) };
    const options = { observe: "bernoulli", penalties: 4 } as const;
    const found = selectTerms(sessions(5, 4), [same, ...rest], all.slice(0, 4), options);
    expect(found.path.every(({ heldOut: score }) => Number.isFinite(score))).toBe(true);
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

/** The roots of the diagonal of Fisher's information after one step of fitting, by differences of predictions. */
function scaleOf(data: readonly Recording[], terms: readonly Term[], options: FitOptions): number[] {
  const { observe = "gaussian", noise: given = {} } = options;
  const dynamics = dynamicsOf(terms, observe);
  const how = { observe, given, steps: 1 };
  const { at, noise } = mostLikely(
    dynamics,
    dataOf("test", data, terms, observe),
    new Array(terms.length).fill(0),
    how,
  )!;
  dynamics.close();
  return terms.map((_, k) => {
    let sum = 0;
    for (const recording of data) {
      const sizes = { steps: 40, inputs: 3, neurons: 3, weights: false };
      const [middle, above, below] = [0, 1e-6, -1e-6].map((shift) => {
        const moved = at.map((x, l) => (l === k ? x + shift : x));
        return predict(terms, observe, moved, recording, sizes);
      });
      middle.forEach((p, i) => {
        const variance = observe === "bernoulli" ? p * (1 - p) : noise.outputs ** 2;
        sum += ((above[i] - below[i]) / 2e-6) ** 2 / variance;
      });
    }
    return Math.sqrt(sum);
  });
}

describe("fits with l1 are at the optimum (Karush, Kuhn and Tucker)", () => {
  it.each([
    ["activity", { noise: 0.02 }, {}],
    ["activity with noise that is known", { noise: 0.02 }, { noise: { outputs: 0.02 } }],
    ["choices", { observe: "bernoulli" }, { observe: "bernoulli" }],
  ] as const)("%s", (_, made, options) => {
    const data = recordings(2, 4, made);
    const scale = scaleOf(data, all, options);
    for (const l1 of [0.3, 1, 3]) {
      const rule = fitRule(data, all, { ...options, l1 });
      expect(rule.converged).toBe(true);
      slopes(rule, data, all).forEach((slope, k) => {
        const { estimate } = rule.coefficients[k];
        const penalty = l1 * scale[k];
        if (estimate === 0) expect(Math.abs(slope)).toBeLessThan(penalty * 1.02);
        else expect(Math.abs(slope / (penalty * Math.sign(estimate)) - 1)).toBeLessThan(0.02);
      });
    }
  });
});
