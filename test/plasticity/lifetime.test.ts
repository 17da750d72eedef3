// Lifetimes and their meta-gradients against the float64 oracle of lifetime64.ts, over all kinds of rules and sizes.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Checkpoint, grad, Key, type Tensor, tensor, valueAndGrad } from "../../src/index.js";
import {
  accuracyOf,
  checkConfig,
  defaultConfig,
  findDivergence,
  initialRule,
  initialStart,
  lifetime,
  logitsOf,
  lossOf,
  type PlasticityConfig,
  type Rule,
  r2Of,
  type Start,
  type Stream,
  timeScales,
} from "../../src/plasticity/index.js";
import { bitsOf, floats, relativeError } from "../laws/oracle.js";
import { runs } from "../laws/settings.js";
import * as oracle from "./lifetime64.js";

type Nested = number | readonly Nested[];

/** Nested arrays of float32 numbers. */
function nested(key: Key, shape: readonly number[], low: number, high: number): Nested {
  const data = floats(
    key,
    shape.reduce((a, b) => a * b, 1),
    low,
    high,
  );
  let at = 0;
  const nest = (axis: number): Nested =>
    axis === shape.length ? data[at++] : Array.from({ length: shape[axis] }, () => nest(axis + 1));
  return nest(0);
}

/** An episode as plain numbers, from which both sides are made. */
interface Episode {
  readonly config: PlasticityConfig;
  readonly rule: { readonly P: Nested[]; readonly K: Nested[]; readonly v: Nested[]; readonly b: Nested[] };
  readonly weights: Nested[];
  readonly feedback: Nested[];
  readonly images: number[][];
  readonly labels: number[];
  readonly queries: number[][];
  readonly answers: number[];
  /** For a linear head, in place of labels and answers. */
  readonly targets: number[][];
  readonly wanted: number[][];
}

function episode(config: PlasticityConfig, sizes: readonly number[], steps: number, seed: number): Episode {
  const key = Key.of(seed);
  const { chemicals, motifs, synapse, bias, scope } = config;
  const layers = sizes.length - 1;
  const entries = scope === "layer" ? layers : 1;
  const draw = (id: number, count: number, shape: (l: number) => number[], low: number, high: number): Nested[] =>
    Array.from({ length: count }, (_, l) => nested(key.fold(id).fold(l), shape(l), low, high));
  const plain = synapse === "linear";
  const biasShape = (l: number): number[] => {
    if (bias === "layer") return [chemicals];
    return [chemicals, sizes[l + 1], bias === "synapse" ? sizes[l] : 1];
  };
  const classes = sizes[layers];
  return {
    config,
    rule: {
      P: draw(1, entries, () => [chemicals, motifs.length], -0.1, 0.1),
      K: plain ? [] : draw(2, entries, () => [chemicals, chemicals], -0.3, 0.3),
      v: plain ? [] : draw(3, entries, () => [chemicals], 0.3, 1.1),
      b: bias === "none" ? [] : draw(4, layers, biasShape, -0.05, 0.05),
    },
    weights: draw(5, layers, (l) => [sizes[l + 1], sizes[l]], -0.9, 0.9),
    feedback: draw(6, layers, (l) => [sizes[l + 1], sizes[l]], -0.9, 0.9),
    images: nested(key.fold(7), [steps, sizes[0]], config.inputGate === "one" ? -1 : 0, 1) as number[][],
    labels: Array.from({ length: steps }, (_, i) => key.fold(8).integer(i, classes)),
    queries: nested(key.fold(9), [3, sizes[0]], 0, 1) as number[][],
    answers: [0, 1, 2].map((i) => key.fold(10).integer(i, classes)),
    targets: nested(key.fold(11), [steps, classes], -1, 1) as number[][],
    wanted: nested(key.fold(12), [3, classes], -1, 1) as number[][],
  };
}

interface Parameters {
  readonly rule: Rule;
  readonly start: Start;
}

const tensors = (list: readonly Nested[]): Tensor[] => list.map((value) => tensor(value));
const parametersOf = ({ rule, weights, feedback }: Episode): Parameters => ({
  rule: { P: tensors(rule.P), K: tensors(rule.K), v: tensors(rule.v), b: tensors(rule.b) },
  start: { weights: tensors(weights), feedback: tensors(feedback) },
});
const wantedOf = ({ head }: PlasticityConfig, labels: number[], targets: number[][]): Tensor =>
  head === "linear" ? tensor(targets) : tensor(labels, { dtype: "int32" });
const streamOf = ({ config, images, labels, targets }: Episode): Stream => ({
  images: tensor(images),
  labels: wantedOf(config, labels, targets),
});

function metaLoss(e: Episode, checkpoint: Checkpoint): (p: Parameters) => Tensor {
  const [stream, queries] = [streamOf(e), tensor(e.queries)];
  const wanted = wantedOf(e.config, e.answers, e.wanted);
  return ({ rule, start }) => {
    const weights = lifetime(e.config, rule, start, stream, { checkpoint });
    return lossOf(logitsOf(weights, queries, e.config.beta), wanted, e.config.head);
  };
}

/** The oracle's loss of these weights. */
const loss64 = (e: Episode, weights: readonly oracle.Matrix[]): number =>
  e.config.head === "linear"
    ? oracle.squaredLossOf(weights, e.queries, e.wanted, e.config.beta)
    : oracle.lossOf(weights, e.queries, e.answers, e.config.beta);

/** The same episode for the oracle. Biases get rows and columns. */
function life64(e: Episode): oracle.Life64 {
  const scales = timeScales(e.config);
  // The float32 core keeps y and z as floats.
  const [y, z] = [scales.y.map(Math.fround), scales.z.map(Math.fround)];
  const b = e.rule.b.map((own) => (own as Nested[]).map((x) => (typeof x === "number" ? [[x]] : x)));
  const { synapse, momentumOutput: output, motifs, feedback, beta } = e.config;
  const rule = { ...e.rule, b } as unknown as oracle.Rule64;
  const { weights, images, labels } = e;
  return {
    ...{ synapse, output, motifs, symmetric: feedback === "symmetric", beta, y, z, rule, images, labels },
    weights: weights as oracle.Matrix[],
    feedback: e.feedback as oracle.Matrix[],
    ...(e.config.head === "linear" ? { targets: e.targets } : {}),
    ungated: e.config.inputGate === "one",
  };
}

const copied = <T>(value: T): T => JSON.parse(JSON.stringify(value));

/** Runs through all numbers of a nested array, each as a place to read and write. */
function* places(value: unknown): Generator<{ list: number[]; at: number }> {
  if (!Array.isArray(value)) return;
  for (let i = 0; i < value.length; i++) {
    if (typeof value[i] === "number") yield { list: value as number[], at: i };
    else yield* places(value[i]);
  }
}

/** Of a tensor with many elements some, spread evenly: every difference costs two lifetimes. */
const chosen = <T>(all: readonly T[]): T[] => {
  const stride = Math.ceil(all.length / 5);
  return all.filter((_, i) => i % stride === (all.length >> 1) % stride);
};

/** The meta-gradient by central differences of the oracle: for each part, an array of the chosen for each tensor. */
function differences(e: Episode): Record<string, number[][]> {
  const base = life64(e);
  const { history } = oracle.live(base);
  const life: oracle.Life64 = copied({ ...base, history });
  const loss = (): number => {
    const { weights } = oracle.live(life);
    return loss64(e, weights);
  };
  const step = 1e-5;
  const ofList = (list: readonly unknown[]): number[][] =>
    list.map((part) =>
      chosen(Array.from(places(part))).map(({ list: numbers, at }) => {
        const x = numbers[at];
        numbers[at] = x + step;
        const up = loss();
        numbers[at] = x - step;
        const down = loss();
        numbers[at] = x;
        return (up - down) / (2 * step);
      }),
    );
  const { P, K, v, b } = life.rule;
  return {
    P: ofList(P),
    K: ofList(K),
    v: ofList(v),
    b: ofList(b),
    weights: ofList(life.weights),
    feedback: ofList(life.feedback),
  };
}

const sizesOf = fc.tuple(
  fc.integer({ min: 1, max: 9 }),
  fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 0, maxLength: 2 }),
  fc.integer({ min: 2, max: 6 }),
);

const configs: fc.Arbitrary<PlasticityConfig> = fc
  .record({
    synapse: fc.constantFrom("linear" as const, "chemical" as const, "momentum" as const),
    motifs: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], { minLength: 1 }),
    chemicals: fc.integer({ min: 1, max: 6 }),
    scope: fc.constantFrom("shared" as const, "layer" as const),
    bias: fc.constantFrom("none" as const, "layer" as const, "neuron" as const, "synapse" as const),
    feedback: fc.constantFrom("fixed" as const, "symmetric" as const),
    momentumOutput: fc.constantFrom("tanh" as const, "identity" as const),
    beta: fc.constantFrom(2, 10),
    tauMin: fc.constantFrom(1, 1.5, 2),
  })
  .map((drawn) => ({
    ...defaultConfig,
    ...drawn,
    chemicals: drawn.synapse === "linear" ? 1 : drawn.chemicals,
    bias: drawn.synapse === "linear" ? ("none" as const) : drawn.bias,
  }));

const episodesOf = (rules: fc.Arbitrary<PlasticityConfig>): fc.Arbitrary<Episode> =>
  fc
    .tuple(rules, sizesOf, fc.integer({ min: 1, max: 5 }), fc.nat(0xffff))
    .map(([config, [first, hidden, last], steps, seed]) => episode(config, [first, ...hidden, last], steps, seed));

const episodes = episodesOf(configs);

/** Numbers to answer with, from inputs of any sign. */
const regressions = episodesOf(
  fc
    .tuple(configs, fc.constantFrom("softplus" as const, "one" as const))
    .map(([config, inputGate]) => ({ ...config, head: "linear" as const, inputGate })),
);

/** Error against the largest element of the array, or a thousandth of the largest of all: float32 carries no more. */
function gradientError(got: readonly Tensor[], wanted: readonly number[][], largest: number): number {
  return Math.max(
    0,
    ...got.map((x, l) => {
      const own = chosen([...x.data()]);
      const floor = 1e-3 * largest;
      // The floor beside both sides sets the scale where all of an array is smaller.
      return relativeError([...own, floor], [...wanted[l], floor]);
    }),
  );
}

describe("lifetime", () => {
  it.each([
    ["a softmax head", episodes, 40],
    ["a linear head", regressions, 25],
  ])("is the float64 oracle's: weights, loss, gradient of everything learned and given; %s", (_, drawn, count) => {
    fc.assert(
      fc.property(drawn, (e) => {
        const parameters = parametersOf(e);
        const life = life64(e);
        const wanted = oracle.live(life).weights;
        // An error without bound can make a random rule diverge, faster than any number of digits can follow.
        fc.pre(wanted.flat(2).every((w) => Math.abs(w) < 2));
        const got = lifetime(e.config, parameters.rule, parameters.start, streamOf(e));
        got.forEach((w, l) => {
          expect(relativeError(w.data(), wanted[l].flat())).toBeLessThan(2e-5);
        });
        const { value, grad: g } = valueAndGrad(metaLoss(e, "auto"), { unused: "zero" })(parameters);
        const loss = loss64(e, wanted);
        expect(relativeError([value.item()], [loss])).toBeLessThan(2e-5);
        const slopes = differences(e);
        const largest = Math.max(...Object.values(slopes).flat(2).map(Math.abs));
        for (const [part, list] of Object.entries({ ...g.rule, ...g.start })) {
          expect(gradientError(list, slopes[part], largest), part).toBeLessThan(3e-4);
        }
      }),
      runs(count),
    );
  });

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

  it("passes no gradient through symmetric feedback, and reads no B there", () => {
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
      "[lifetime] targets of shape [3, 1] for 2 output units: float32 [steps, 2] is needed",
    );
  });

  it("takes one-hot targets as the labels that they are, to the bit", () => {
    const e = episode(defaultConfig, [4, 5, 3], 6, 2);
    const { rule, start } = parametersOf(e);
    const hot = tensor(e.labels.map((label) => [0, 1, 2].map((unit) => Number(unit === label))));
    const stream = streamOf(e);
    expect(bitsOf(lifetime(e.config, rule, start, { ...stream, labels: hot }))).toEqual(
      bitsOf(lifetime(e.config, rule, start, stream)),
    );
  });
});

describe("findDivergence", () => {
  it("finds the first step and layer, as trying every step would", () => {
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
      const rule: Rule = { P: [tensor([[rate, -rate, rate]])], K: [], v: [], b: [] };
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

  it("draw W and B apart, within Xavier's bounds, the same for the same key", () => {
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
});

describe("checkConfig", () => {
  it.each([
    [{ motifs: [] }, "no motif is on"],
    [{ motifs: [0, 10] }, "motif 10 does not exist"],
    [{ motifs: [0, 1.5] }, "motif 1.5 does not exist"],
    [{ motifs: [2, 2] }, "motifs 2,2 name one twice"],
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
      fc.property(configs, (config) => checkConfig(config)),
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

it("r2Of is 1 for what is right, 0 for the mean, negative for what is worse", () => {
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
