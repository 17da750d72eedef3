// Lifetimes and their meta-gradients against the float64 oracle of lifetime64.ts, over all kinds of rules and sizes.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Checkpoint, grad, Key, type Tensor, tensor, valueAndGrad } from "../../src/index.js";
import {
  accuracyOf,
  checkConfig,
  defaultConfig,
  emptyRule,
  findDivergence,
  initialRule,
  initialStart,
  type Life,
  lifetime,
  live,
  type PlasticityConfig,
  type Rule,
  r2Of,
  ruleParts,
  type Stream,
  timeScales,
} from "../../src/plasticity/index.js";
import { bitsOf } from "../laws/oracle.js";
import { runs } from "../laws/settings.js";
import { configs, type Episode, episode, episodes, episodesOf, metaLoss, parametersOf, streamOf } from "./episodes.js";

describe("lifetime", () => {
  it("gives the same bits with every checkpoint", () => {
    const checkpoints = fc.constantFrom<Checkpoint>("auto", { every: 1 }, { every: 2 }, { every: 7 }, { bytes: 0 });
    fc.assert(
      fc.property(episodes, checkpoints, (e, checkpoint) => {
        const bits = (how: Checkpoint): number[][] => {
          const { value, grad: g } = valueAndGrad(metaLoss(e, how), { unused: "zero" })(parametersOf(e));
          return bitsOf([value, ...Object.values({ ...g.rule, ...g.start }).flat()]);
        };
        expect(bits(checkpoint)).toEqual(bits("off"));
      }),
      runs(40),
    );
  });

  it("passes no gradient through symmetric feedback, and does not use B there", () => {
    const config = { ...defaultConfig, feedback: "symmetric" as const };
    const e = episode(config, [4, 5, 3], 4, 3);
    const zeros = grad(metaLoss(e, "off"), { unused: "zero" })(parametersOf(e)).start.feedback;
    for (const b of zeros) expect(b.data().every((x) => x === 0)).toBe(true);
    // With fixed feedback that begins as the weights, one step is the same, but its gradient in W is the same only
    // because nothing flows through B.
    const one = episode(config, [4, 5, 3], 1, 3);
    const tied: Episode = { ...one, config: { ...config, feedback: "fixed" }, feedback: one.weights };
    const [symmetric, fixed] = [one, tied].map((x) => grad(metaLoss(x, "off"), { unused: "zero" })(parametersOf(x)));
    expect(bitsOf(symmetric.start.weights)).toEqual(bitsOf(fixed.start.weights));
  });

  it("refuses a label that no output unit has", () => {
    const e = { ...episode(defaultConfig, [3, 2], 3, 1), labels: [0, 2, 1] };
    const { rule, start } = parametersOf(e);
    expect(() => lifetime(e.config, rule, start, streamOf(e))).toThrow(
      "[lifetime] label 2 at step 1 is outside the 2 output units.",
    );
  });

  it("refuses targets that do not fit the output units", () => {
    const e = episode({ ...defaultConfig, head: "linear" }, [3, 2], 3, 1);
    const { rule, start } = parametersOf(e);
    const stream = { ...streamOf(e), labels: tensor([[1], [2], [3]]) };
    expect(() => lifetime(e.config, rule, start, stream)).toThrow(
      "[lifetime] targets of shape [3, 1] for 2 output units: floats [steps, 2] are needed",
    );
  });

  it("treats one-hot targets as the labels that they encode, to the bit", () => {
    const e = episode(defaultConfig, [4, 5, 3], 6, 2);
    const { rule, start } = parametersOf(e);
    const hot = tensor(e.labels.map((label) => [0, 1, 2].map((unit) => Number(unit === label))));
    const stream = streamOf(e);
    expect(bitsOf(lifetime(e.config, rule, start, { ...stream, labels: hot }))).toEqual(
      bitsOf(lifetime(e.config, rule, start, stream)),
    );
  });
});

describe("the options of a lifetime", () => {
  const rules = configs.filter(({ scales }) => scales === "fixed");

  it("may give time scales, which act like those of a configuration, to the bit", () => {
    const taus = fc.tuple(fc.double({ min: 1, max: 5, noNaN: true }), fc.double({ min: 1, max: 50, noNaN: true }));
    fc.assert(
      fc.property(episodesOf(rules), taus, (e, [tauMin, factor]) => {
        const { rule, start } = parametersOf(e);
        const other = { ...e.config, tauMin, tauMax: tauMin * factor };
        const scales = timeScales(other);
        expect(bitsOf(lifetime(e.config, rule, start, streamOf(e), { scales }))).toEqual(
          bitsOf(lifetime(other, rule, start, streamOf(e))),
        );
      }),
      runs(25),
    );
  });

  it("may correct weights before the first step and after each, layer by layer, as if the steps were run one by one", () => {
    const constrain = (w: Tensor, layer: number): Tensor => w.minimum(0.2 + 0.1 * layer).maximum(-0.1);
    fc.assert(
      fc.property(episodesOf(rules), (e) => {
        const { rule, start } = parametersOf(e);
        const stream = streamOf(e);
        const [steps, ...each] = stream.labels.shape;
        const put = (life: Life): Life => {
          const layers = life.layers.map((own, layer) => ({ ...own, w: constrain(own.w, layer) }));
          return { ...life, layers };
        };
        const part = (at: number, count: number): Stream => ({
          images: stream.images.view([count, stream.images.shape[1]], at * stream.images.shape[1]),
          labels: stream.labels.view([count, ...each], (at * stream.labels.size) / steps),
        });
        let from = put(live(e.config, rule, start, part(0, 0)));
        for (let step = 0; step < steps; step++) from = put(live(e.config, rule, start, part(step, 1), { from }));
        const whole = live(e.config, rule, start, stream, { constrain });
        expect(bitsOf(whole.weights)).toEqual(bitsOf(from.layers.map(({ w }) => w)));
        expect(bitsOf(whole.weights)).not.toEqual(bitsOf(lifetime(e.config, rule, start, stream)));
      }),
      runs(25),
    );
  });

  it("also apply when a divergence is searched for", () => {
    const config: PlasticityConfig = { ...defaultConfig, motifs: [0, 3, 9] };
    const e = episode(config, [4, 5, 3], 12, 2);
    const { start } = parametersOf(e);
    const rule: Rule = { ...emptyRule, P: [tensor([[1e6, -1e6, 1e6]])] };
    expect(findDivergence(config, rule, start, streamOf(e))).toBeDefined();
    const constrain = (w: Tensor): Tensor => w.mul(0);
    expect(findDivergence(config, rule, start, streamOf(e), { constrain })).toBeUndefined();
  });
});

describe("findDivergence", () => {
  it("finds the first step and layer, as a search through every step does", () => {
    const found: unknown[] = [];
    for (const [seed, rate] of [
      [1, 3e3],
      [2, 1e6],
      [3, 1e12],
      [4, 40],
      [5, 0.01],
    ] as const) {
      const config: PlasticityConfig = { ...defaultConfig, motifs: [0, 3, 9] };
      const e = episode(config, [4, 5, 3], 12, seed);
      const { start } = parametersOf(e);
      const rule: Rule = { ...emptyRule, P: [tensor([[rate, -rate, rate]])] };
      const stream = streamOf(e);
      let wanted: unknown;
      for (let steps = 1; steps <= 12 && !wanted; steps++) {
        const part = { images: stream.images, labels: tensor(e.labels.slice(0, steps), { dtype: "int32" }) };
        const weights = lifetime(config, rule, start, part);
        const layer = weights.findIndex((w) => !w.data().every(Number.isFinite));
        if (layer >= 0) wanted = { step: steps - 1, layer: layer + 1 };
      }
      expect(findDivergence(config, rule, start, stream)).toEqual(wanted);
      found.push(wanted);
    }
    expect(found[4]).toBeUndefined();
    expect(new Set(found.map((x) => JSON.stringify(x))).size).toBeGreaterThan(2);
  });
});

describe("initialRule and initialStart", () => {
  const sizes = [6, 5, 4];

  it("begin with F0 alone, v = 1 / chemicals, and zeros of the scopes' shapes", () => {
    fc.assert(
      fc.property(configs, (config) => {
        const { P, K, v, b } = initialRule(config, sizes);
        expect(Object.keys(initialRule(config, sizes))).toEqual(ruleParts);
        const entries = config.scope === "layer" ? 2 : 1;
        expect(P).toHaveLength(entries);
        for (const p of P) {
          const row = config.motifs.map((motif) => (motif === 0 ? Math.fround(1e-3) : 0));
          expect(p.toArray()).toEqual(Array.from({ length: config.chemicals }, () => row));
        }
        const chemical = config.synapse !== "linear";
        expect([K.length, v.length]).toEqual(chemical ? [entries, entries] : [0, 0]);
        for (const k of K) expect(k.data().every((x) => x === 0)).toBe(true);
        for (const own of v) expect(own.data().every((x) => x === Math.fround(1 / config.chemicals))).toBe(true);
        const c = config.chemicals;
        const shapes = {
          none: [],
          layer: [[c], [c]],
          neuron: [
            [c, 5, 1],
            [c, 4, 1],
          ],
          synapse: [
            [c, 5, 6],
            [c, 4, 5],
          ],
        };
        expect(b.map(({ shape }) => shape)).toEqual(shapes[config.bias]);
      }),
      runs(50),
    );
  });

  it("draw W and B independently, within Xavier's bounds, the same for the same key", () => {
    const start = initialStart(Key.of(5), sizes);
    const again = initialStart(Key.of(5), sizes);
    for (const part of ["weights", "feedback"] as const) {
      expect(bitsOf(start[part])).toEqual(bitsOf(again[part]));
      start[part].forEach((w, l) => {
        expect(w.shape).toEqual([sizes[l + 1], sizes[l]]);
        const bound = Math.fround(Math.sqrt(6 / (sizes[l] + sizes[l + 1])));
        expect(w.data().every((x) => Math.abs(x) <= bound)).toBe(true);
        expect(Math.max(...w.data().map(Math.abs))).toBeGreaterThan(bound / 2);
      });
    }
    expect(bitsOf(start.weights)).not.toEqual(bitsOf(start.feedback));
  });

  it("draw separate initial weights for each chemical, with the bounds of an array of three dimensions", () => {
    const apart = initialStart(Key.of(5), sizes, { initialChemicals: "own", chemicals: 3 });
    apart.weights.forEach((w, l) => {
      expect(w.shape).toEqual([3, sizes[l + 1], sizes[l]]);
      const bound = Math.fround(Math.sqrt(6 / (sizes[l] * (sizes[l + 1] + 3))));
      expect(w.data().every((x) => Math.abs(x) <= bound)).toBe(true);
      expect(Math.max(...w.data().map(Math.abs))).toBeGreaterThan(bound / 2);
      expect(new Set(w.data()).size).toBeGreaterThan(w.size * 0.9);
    });
    expect(bitsOf(apart.feedback)).toEqual(bitsOf(initialStart(Key.of(5), sizes).feedback));
  });
});

describe("checkConfig", () => {
  it.each([
    [{ motifs: [] }, "no motif is on"],
    [{ motifs: [0, 10] }, "motif 10 does not exist"],
    [{ motifs: [0, 1.5] }, "motif 1.5 does not exist"],
    [{ motifs: [2, 2] }, "motifs [2,2] name one twice"],
    [{ synapse: "chemical", chemicals: 0 }, "0 chemicals: use a whole number of at least 1"],
    [{ chemicals: 2 }, "the linear rule has no chemicals; 2 were asked for"],
    [{ bias: "layer" }, 'the linear rule has no bias; "layer" was asked for'],
    [{ tauMin: 0.5 }, "time constants from 0.5 to 50"],
    [{ tauMin: 60 }, "time constants from 60 to 50"],
    [{ beta: 0 }, "beta is 0: it must be positive"],
  ] as const)("%j", (wrong, message) => {
    const config = { ...defaultConfig, ...wrong } as PlasticityConfig;
    expect(() => checkConfig(config)).toThrow(`[plasticity] ${message}`);
    expect(() => initialRule(config, [3, 2])).toThrow(RangeError);
  });

  it("accepts what is allowed", () => {
    fc.assert(
      fc.property(configs, (config) => {
        expect(() => checkConfig(config)).not.toThrow();
      }),
      runs(50),
    );
  });
});

it("accuracyOf counts rows whose first largest logit is at the label", () => {
  const logits = tensor([
    [1, 5, 2],
    [7, 7, 1],
    [7, 7, 1],
    [-3, -2, -1],
  ]);
  expect(accuracyOf(logits, tensor([1, 0, 1, 2], { dtype: "int32" }))).toBe(0.75);
});

it("r2Of is 1 for exact predictions, 0 for the mean, negative for anything worse", () => {
  const targets = tensor([
    [1, 10],
    [2, 30],
    [3, 20],
  ]);
  expect(r2Of(targets, targets)).toBe(1);
  expect(r2Of(tensor([[2, 20]]).broadcastTo([3, 2]), targets)).toBe(0);
  // 1 - (0 + 0 + 1 + 0 + 400 + 0) / (2 + 200)
  const off = tensor([
    [1, 10],
    [2, 10],
    [4, 20],
  ]);
  expect(r2Of(off, targets)).toBeCloseTo(1 - 401 / 202, 5);
  expect(r2Of(tensor([[1], [2]]), tensor([[4], [4]]))).toBeNaN();
});
