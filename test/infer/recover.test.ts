// Rules that are known are recovered from what they did, within intervals; and wrong ones are told from them.
import { describe, expect, it } from "vitest";
import { Key } from "../../src/index.js";
import { fitRule, heldOut, monomial, type Recording, simulate, type Term, taylor } from "../../src/infer/index.js";

const [PRE_POST, POST2_W, PRE_POST2] = [
  monomial({ pre: 1, post: 1 }),
  monomial({ post: 2, weight: 1 }),
  monomial({ pre: 1, post: 2 }),
];
const [PRE_REWARD, WEIGHT, PRE] = [monomial({ pre: 1, reward: 1 }), monomial({ weight: 1 }), monomial({ pre: 1 })];
const PRE_POST_REWARD = monomial({ pre: 1, post: 1, reward: 1 });
const PLAIN = { noise: 0.02 };

/** Known rules: terms, true coefficients, and how they are observed. */
const rules = {
  oja: { terms: [PRE_POST, POST2_W, WEIGHT], truth: [0.05, -0.05, 0], options: PLAIN },
  bcm: { terms: [PRE_POST, PRE_POST2, WEIGHT], truth: [-0.04, 0.015, 0], options: PLAIN },
  covariance: { terms: [PRE_POST, PRE, WEIGHT], truth: [0.02, -0.01, -0.01], options: PLAIN },
  "reward-modulated Hebb": {
    ...{ terms: [PRE_POST, PRE_POST_REWARD, WEIGHT], truth: [0, 0.05, -0.01] },
    options: { ...PLAIN, missing: 0.3 },
  },
  conditioning: {
    ...{ terms: [PRE, PRE_REWARD, WEIGHT], truth: [-0.05, 0.2, 0] },
    options: { observe: "bernoulli" as const },
  },
};

/** Recordings of three neurons with four inputs. */
function recordings(name: keyof typeof rules, seed: number, count = 2, steps = 40): Recording[] {
  const { terms, truth, options } = rules[name];
  return Array.from({ length: count }, (_, r) => {
    const key = Key.of(seed).fold(r);
    const draw = (branch: number, at: number) => key.fold(branch).uniform(at);
    const inputs = Array.from({ length: steps }, (_, t) => Array.from({ length: 4 }, (_, i) => draw(0, 4 * t + i)));
    const start = Array.from({ length: 3 }, (_, j) => Array.from({ length: 4 }, (_, i) => draw(1, 4 * j + i) - 0.3));
    const rewards = inputs.map(([first], t) => Number(first > 0.5) - 0.5 + 0.2 * (draw(2, t) - 0.5));
    return simulate({ inputs, start, rewards }, terms, truth, key.fold(3), options);
  });
}

const fitted = (name: keyof typeof rules, seed: number) => {
  const { observe } = rules[name].options as { observe?: "bernoulli" };
  return fitRule(recordings(name, seed), rules[name].terms, { ...(observe && { observe }) });
};

describe.each(Object.keys(rules) as (keyof typeof rules)[])("%s", (name) => {
  it("is recovered: nine of ten intervals of 90 % hold the truth, over data sets", () => {
    const { truth } = rules[name];
    let covered = 0;
    for (let seed = 0; seed < 40; seed++) {
      const { coefficients, converged } = fitted(name, seed);
      expect(converged).toBe(true);
      covered += coefficients.filter(({ low, high }, k) => low <= truth[k] && truth[k] <= high).length;
    }
    expect(covered / (40 * truth.length)).toBeGreaterThanOrEqual(0.8);
    expect(covered / (40 * truth.length)).toBeLessThanOrEqual(0.98);
  });

  it("is told from a rule without its largest term by recordings that were held out", () => {
    const { terms, truth, options } = rules[name];
    const { observe } = options as { observe?: "bernoulli" };
    const largest = truth.map(Math.abs).indexOf(Math.max(...truth.map(Math.abs)));
    const [fitting, others] = [0, 1000].map((seed) => recordings(name, seed, 4, 80));
    const score = (basis: readonly Term[]): number =>
      heldOut(fitRule(fitting, basis, { ...(observe && { observe }) }), others, basis);
    expect(score(terms)).toBeGreaterThan(score(terms.filter((_, k) => k !== largest)));
  });
});

describe("fitRule", () => {
  it("finds exact coefficients where nothing is hidden", () => {
    const { terms, truth } = rules.oja;
    const [recording] = recordings("oja", 1, 1);
    const seen = simulate(recording, terms, truth, Key.of(1), { weights: 0 });
    const { coefficients } = fitRule([seen], terms);
    coefficients.forEach(({ estimate }, k) => {
      expect(estimate).toBeCloseTo(truth[k], 6);
    });
  });

  it("uses weights where they were seen: the fit is surer with some of them than with none", () => {
    const { terms, truth } = rules.oja;
    const [recording] = recordings("oja", 3, 1);
    const options = { noise: 0.02, weights: 0.01 };
    const all = simulate(recording, terms, truth, Key.of(4), options);
    const some = all.weights!.map((row, t) => (t % 10 === 0 ? row : row.map(() => Number.NaN)));
    const { weights: _, ...none } = all;
    const [few, no] = [{ ...all, weights: some }, none].map((each) => fitRule([each], terms).coefficients[0].error);
    expect(few).toBeLessThan(no);
  });

  it("takes recordings of several lengths: a short one says what its steps say in a long one", () => {
    const { terms } = rules.oja;
    const [long] = recordings("oja", 4, 1, 60);
    const [other] = recordings("oja", 5, 1, 60);
    const { inputs, start, rewards, outputs } = other;
    const [short, unseen] = [
      { start, inputs: inputs.slice(0, 25), outputs: outputs.slice(0, 25), rewards: rewards!.slice(0, 25) },
      { ...other, outputs: outputs.map((row, t) => (t < 25 ? row : row.map(() => Number.NaN))) },
    ];
    expect(fitRule([long, short], terms)).toEqual(fitRule([long, unseen], terms));
    expect(heldOut(fitRule([long], terms), [short, long], terms)).toBe(
      heldOut(fitRule([long], terms), [unseen, long], terms),
    );
  });

  it("with l1 leaves out terms that do nothing, and keeps those that do", () => {
    const terms = [PRE_POST, POST2_W, PRE, WEIGHT, monomial({}), PRE_POST2];
    const { coefficients } = fitRule(recordings("oja", 2), terms, { l1: 1 });
    const sizes = coefficients.map(({ estimate }) => Math.abs(estimate));
    expect(Math.min(sizes[0], sizes[1])).toBeGreaterThan(0.03);
    expect(sizes.slice(2).filter((size) => size === 0).length).toBeGreaterThanOrEqual(2);
    expect(Math.max(...sizes.slice(2))).toBeLessThan(0.01);
    expect(coefficients.every(({ low }) => Number.isNaN(low))).toBe(true);
  });

  it("names terms that the data hardly tell apart", () => {
    // The first inputs are nearly the same at every step, so that a constant and pre change almost the same.
    const inputs = Array.from({ length: 50 }, (_, t) => [1 + 0.002 * Key.of(1).uniform(t)]);
    const base = { inputs, start: [[0.2], [0.4]] };
    const terms = [PRE, monomial({}), monomial({ weight: 1 })];
    const { unclear } = fitRule([simulate(base, terms, [0.02, 0, -0.03], Key.of(2), { noise: 0.01 })], terms);
    expect(unclear).toHaveLength(1);
    expect(unclear[0]).toEqual(["pre", "1"]);
  });
});

/** One neuron under known inputs whose weight grows by `pre` alone: its outputs are a line in the coefficient. */
function line(seed: number, steps: number, noise: number): Recording {
  const key = Key.of(seed);
  const inputs = Array.from({ length: steps }, (_, t) => [0.2 + key.uniform(t)]);
  return simulate({ inputs, start: [[0.5]] }, [PRE], [0.3], key, { noise });
}

describe("intervals of few numbers", () => {
  it("are those of least squares, by Student's distribution (Student 1908)", () => {
    const recording = line(3, 4, 0.2);
    // The output of step t is x_t (0.5 + c (x_1 + ... + x_(t-1))).
    const xs = recording.inputs.map(([x]) => x);
    const slopes = xs.map((x, t) => x * xs.slice(0, t).reduce((sum, each) => sum + each, 0));
    const rest = xs.map((x, t) => recording.outputs[t][0] - 0.5 * x);
    const squares = slopes.reduce((sum, x) => sum + x * x, 0);
    const estimate = slopes.reduce((sum, x, t) => sum + x * rest[t], 0) / squares;
    const left = rest.reduce((sum, y, t) => sum + (y - estimate * slopes[t]) ** 2, 0);
    const error = Math.sqrt(left / 3 / squares);
    const [found] = fitRule([recording], [PRE]).coefficients;
    expect(found.estimate / estimate).toBeCloseTo(1, 5);
    expect(found.error / error).toBeCloseTo(1, 5);
    const T_90_OF_3 = 2.3533634348018264; // Student's table
    expect((found.high - found.estimate) / error).toBeCloseTo(T_90_OF_3, 4);
    expect((found.estimate - found.low) / error).toBeCloseTo(T_90_OF_3, 4);
    const [known] = fitRule([recording], [PRE], { noise: { outputs: 0.2 } }).coefficients;
    expect(known.error * Math.sqrt(squares)).toBeCloseTo(0.2, 9);
    expect((known.high - known.estimate) / known.error).toBeCloseTo(1.6448536269514722, 9);
  });

  it("hold the truth as often as they say, and need more numbers than coefficients", () => {
    let held = 0;
    for (let seed = 0; seed < 300; seed++) {
      const [{ low, high }] = fitRule([line(seed, 4, 0.1)], [PRE]).coefficients;
      held += Number(low <= 0.3 && 0.3 <= high);
    }
    expect(Math.abs(held / 300 - 0.9)).toBeLessThan(3 * Math.sqrt((0.9 * 0.1) / 300));
    const [two] = [line(0, 2, 0.1)];
    expect(() => fitRule([two], [PRE, WEIGHT])).toThrow(
      /2 numbers with noise were seen, which 2 coefficients fit without any.*say the `noise`: \{ outputs: \.\.\. \}/,
    );
    expect(() => fitRule([line(0, 5, 0.1)], [PRE, WEIGHT], { noise: { outputs: 0.1 } })).not.toThrow();
  });
});

describe("a fit says what it does not know", () => {
  it("has no noise on what was not seen, and none on choices", () => {
    expect(fitRule([line(1, 9, 0.1)], [PRE]).noise.weights).toBeNaN();
    expect(fitted("conditioning", 0).noise).toEqual({ outputs: Number.NaN, weights: Number.NaN });
    const rule = fitRule([line(1, 9, 0.1)], [PRE]);
    const seen = { ...line(2, 9, 0.1), weights: line(2, 9, 0.1).inputs };
    expect(() => heldOut(rule, [seen], [PRE])).toThrow(
      /`weights` were seen here, but not where the rule was fitted: its noise on them is not known/,
    );
    expect(heldOut(fitRule([line(1, 9, 0.1)], [PRE], { noise: { weights: 1 } }), [seen], [PRE])).toBeLessThan(0);
  });

  it("measures noise in whatever units activity has", () => {
    const scaled = (size: number): Recording => {
      const { inputs, outputs, start } = line(4, 12, 0.1);
      const times = (rows: readonly (readonly number[])[]) => rows.map((row) => row.map((x) => x * size));
      return { inputs: times(inputs), outputs: times(outputs), start };
    };
    const [plain, tiny] = [1, 2 ** -60].map((size) => fitRule([scaled(size)], [PRE]));
    expect((tiny.noise.outputs * 2 ** 60) / plain.noise.outputs).toBeCloseTo(1, 9);
    expect(tiny.coefficients[0].estimate / plain.coefficients[0].estimate / 2 ** 60).toBeCloseTo(1, 6);
  });

  it("gives -Infinity for recordings in which the rule drives weights out of the finite numbers", () => {
    const data = [0, 1].map((seed) => recordings("oja", seed, 1)[0]);
    const rule = fitRule(data, rules.oja.terms);
    const far = { ...data[0], inputs: data[0].inputs.map((row) => row.map((x) => 1e6 * x)) };
    expect(heldOut(rule, [far], rules.oja.terms)).toBe(-Infinity);
  });

  it("says that it has not come to an end after too few steps", () => {
    expect(fitRule(recordings("oja", 1), rules.oja.terms, { steps: 1 }).converged).toBe(false);
    expect(fitRule(recordings("oja", 1), rules.oja.terms).converged).toBe(true);
  });

  it("compares with the rule of no terms, under which nothing changes", () => {
    const [own, other] = [0, 1].map((seed) => recordings("oja", seed));
    const nothing = fitRule(own, []);
    expect(nothing.coefficients).toEqual([]);
    // Its predictions are those of the first weights, so that its noise is what they leave.
    const squares = own.flatMap(({ inputs, outputs, start }) =>
      outputs.flatMap((row, t) =>
        row.map((y, j) => (y - start[j].reduce((sum, w, i) => sum + w * inputs[t][i], 0)) ** 2),
      ),
    );
    const noise = Math.sqrt(squares.reduce((sum, x) => sum + x, 0) / squares.length);
    expect(nothing.noise.outputs).toBeCloseTo(noise, 12);
    expect(heldOut(nothing, other, [])).toBeLessThan(heldOut(fitRule(own, rules.oja.terms), other, rules.oja.terms));
  });

  it("keeps sessions in which all choices were the same, unless they all were", () => {
    const [first, second] = recordings("conditioning", 1);
    const same = { ...second, outputs: second.outputs.map((row) => row.map(() => 1)) };
    const { terms } = rules.conditioning;
    const rule = fitRule([first, same], terms, { observe: "bernoulli" });
    expect(rule.seen).toBe(2 * 40 * 3);
    expect(heldOut(rule, [same], terms)).toBeLessThan(0);
    expect(() => fitRule([same], terms, { observe: "bernoulli" })).toThrow(
      /every choice in column 0 of `outputs` is 1, in all recordings.*Give recordings with both choices/,
    );
  });
});

describe("what cannot be fitted is refused, with the cure", () => {
  const [good] = recordings("oja", 5, 1, 10);
  const { terms } = rules.oja;
  const ones = good.inputs.map(() => [1, 1, 1, 1]);

  it.each([
    [
      "outputs of other lengths",
      { outputs: good.outputs.slice(1) },
      /`outputs` has 9 rows, but `inputs` has 10 steps\. Cut both/,
    ],
    ["rewards of other lengths", { rewards: [1, 2] }, /`rewards` has 2 rows, but `inputs` has 10 steps/],
    [
      "short rows",
      { outputs: good.outputs.map((row, t) => (t === 3 ? row.slice(1) : row)) },
      /row 3 of `outputs` has 2 numbers, not 3/,
    ],
    [
      "inputs that are missing",
      { inputs: good.inputs.map((row) => [Number.NaN, ...row.slice(1)]) },
      /`inputs` is NaN in row 0, column 0\. Give finite numbers: it must be known/,
    ],
    [
      "infinite outputs",
      { outputs: good.outputs.map((row) => [Infinity, ...row.slice(1)]) },
      /`outputs` is Infinity in row 0, column 0\. Give finite numbers, or NaN/,
    ],
    [
      "outputs that never change",
      { outputs: good.outputs.map((row) => [...row.slice(1), 7]) },
      /column 2 of `outputs` is 7 at every step.*Make it NaN throughout/,
    ],
    ["nothing seen", { outputs: good.outputs.map((row) => row.map(() => Number.NaN)) }, /nothing was seen/],
    ["no steps", { inputs: [], outputs: [] }, /no steps/],
  ])("%s", (_, change, words) => {
    expect(() => fitRule([{ ...good, ...change }], terms)).toThrow(RangeError);
    expect(() => fitRule([{ ...good, ...change }], terms)).toThrow(words);
  });

  it.each([
    [
      "terms that are the same on the data",
      [PRE, monomial({ pre: 2 })],
      {},
      /cannot tell pre, pre\^2 apart at all.*Leave out one of these terms, or give `l1`/,
    ],
    [
      "a term that does nothing",
      [PRE, monomial({ reward: 1, pre: 1 })],
      {},
      /say nothing about pre reward\. Leave out/,
    ],
    ["activity as choices", [PRE], { observe: "bernoulli" }, /Give 0, 1, or NaN for none, or observe "gaussian"/],
    ["two terms of one name", [PRE, { ...WEIGHT, name: "pre" }], {}, /two terms are called "pre"\. Leave one out/],
    [
      "noise on choices",
      [PRE],
      { observe: "bernoulli", noise: { outputs: 1 } },
      /choices have no `noise\.outputs`\. Leave it out/,
    ],
    ["a level of 1", [PRE], { level: 1 }, /`level` is 1: give a number between 0 and 1/],
    ["noise of 0", [PRE], { noise: { outputs: 0 } }, /`noise\.outputs` is 0: give a number above 0/],
    ["a negative l1", [PRE], { l1: -1 }, /`l1` is -1/],
    ["an unknown option", [PRE], { l2: 1 }, /l2/],
  ])("%s", (_, chosen, options, words) => {
    const { rewards: __, ...rest } = good;
    expect(() => fitRule([{ ...rest, inputs: ones }], chosen as Term[], options as never)).toThrow(words);
  });

  it("terms that are not those of the rule", () => {
    const rule = fitRule([good], terms);
    expect(() => heldOut(rule, [good], [PRE])).toThrow(/not those of the rule/);
    expect(() => taylor({ pre: 1.5 })).toThrow(/`pre` is 1\.5/);
    expect(() => taylor({ total: -1 })).toThrow(/`total` is -1: give a whole number from 0/);
    expect(() => monomial({ pre: -1 })).toThrow(/`pre` is -1/);
  });
});
