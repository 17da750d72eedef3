// Episodes drawn at random, as plain numbers, and both sides made from them: ours, and the oracle's of lifetime64.ts.
import fc from "fast-check";
import { type Checkpoint, Key, type OfType, type Tensor, tensor } from "../../src/index.js";
import { feedbackConfig } from "../../src/plasticity/feedback/plastic.js";
import {
  defaultConfig,
  emptyRule,
  lifetime,
  logitsOf,
  lossOf,
  type PlasticityConfig,
  type Rule,
  ruleParts,
  type Start,
  type Stream,
  timeScales,
} from "../../src/plasticity/index.js";
import { floats, relativeError } from "../laws/oracle.js";
import * as oracle from "./lifetime64.js";

type Nested = number | readonly Nested[];

/** Nested arrays of float32 numbers. */
export function nested(key: Key, shape: readonly number[], low: number, high: number): Nested {
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
export interface Episode {
  readonly config: PlasticityConfig;
  readonly rule: { readonly [Part in keyof Rule]: Nested[] };
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

/** The parts of a rule that only some have; their draws are their own, so that those of others stay what they were. */
function later(
  config: PlasticityConfig,
  draw: (id: number, count: number, shape: () => number[], low: number, high: number) => Nested[],
  entries: number,
) {
  const { chemicals, synapse, scales, feedback, feedbackChemicals: back, feedbackMotifs } = config;
  const plastic = feedback === "plastic" ? entries : 0;
  const held = config.feedbackSynapse === "linear" ? 0 : plastic;
  return {
    tau: draw(20, scales === "learned" ? entries : 0, () => [chemicals], -0.025, 0.025),
    s: draw(21, synapse === "gated" ? entries : 0, () => [2 * chemicals, chemicals + 6], -0.02, 0.02),
    feedbackP: draw(22, plastic, () => [back, feedbackMotifs.length], -0.1, 0.1),
    feedbackK: draw(23, held, () => [back, back], -0.3, 0.3),
    feedbackV: draw(24, held, () => [back], 0.3, 1.1),
  };
}

export function episode(config: PlasticityConfig, sizes: readonly number[], steps: number, seed: number): Episode {
  const key = Key.of(seed);
  const { chemicals, motifs, synapse, bias, scope } = config;
  const layers = sizes.length - 1;
  const entries = scope === "layer" ? layers : 1;
  const draw = (id: number, count: number, shape: (l: number) => number[], low: number, high: number): Nested[] =>
    Array.from({ length: count }, (_, l) => nested(key.fold(id).fold(l), shape(l), low, high));
  const plain = synapse === "linear" || synapse === "cascade";
  const biasShape = (l: number): number[] => {
    if (bias === "layer") return [chemicals];
    return [chemicals, sizes[l + 1], bias === "synapse" ? sizes[l] : 1];
  };
  const classes = sizes[layers];
  return {
    config,
    rule: {
      ...later(config, draw, entries),
      P: draw(1, entries, () => [synapse === "cascade" ? 1 : chemicals, motifs.length], -0.1, 0.1),
      K: plain ? [] : draw(2, entries, () => [chemicals, chemicals], -0.3, 0.3),
      v: plain ? [] : draw(3, entries, () => [chemicals], 0.3, 1.1),
      b: bias === "none" ? [] : draw(4, layers, biasShape, -0.05, 0.05),
    },
    weights: draw(5, layers, (l) => [sizes[l + 1], sizes[l]], -0.9, 0.9),
    feedback: draw(6, layers, (l) => [sizes[config.feedback === "direct" ? layers : l + 1], sizes[l]], -0.9, 0.9),
    images: nested(key.fold(7), [steps, sizes[0]], config.inputGate === "one" ? -1 : 0, 1) as number[][],
    labels: Array.from({ length: steps }, (_, i) => key.fold(8).integer(i, classes)),
    queries: nested(key.fold(9), [3, sizes[0]], 0, 1) as number[][],
    answers: [0, 1, 2].map((i) => key.fold(10).integer(i, classes)),
    targets: nested(key.fold(11), [steps, classes], -1, 1) as number[][],
    wanted: nested(key.fold(12), [3, classes], -1, 1) as number[][],
  };
}

export interface Parameters {
  readonly rule: Rule;
  readonly start: Start;
}

export const tensors = (list: readonly Nested[], options: OfType = {}): Tensor[] =>
  list.map((value) => tensor(value, options));
export const parametersOf = ({ rule, weights, feedback }: Episode, options: OfType = {}): Parameters => ({
  rule: { ...emptyRule, ...Object.fromEntries(ruleParts.map((part) => [part, tensors(rule[part], options)])) },
  start: { weights: tensors(weights, options), feedback: tensors(feedback, options) },
});
export const wantedOf = (
  { head }: PlasticityConfig,
  labels: number[],
  targets: number[][],
  options: OfType = {},
): Tensor => (head === "linear" ? tensor(targets, options) : tensor(labels, { dtype: "int32" }));
export const streamOf = ({ config, images, labels, targets }: Episode, options: OfType = {}): Stream => ({
  images: tensor(images, options),
  labels: wantedOf(config, labels, targets, options),
});

export function metaLoss(e: Episode, checkpoint: Checkpoint, options: OfType = {}): (p: Parameters) => Tensor {
  const [stream, queries] = [streamOf(e, options), tensor(e.queries, options)];
  const wanted = wantedOf(e.config, e.answers, e.wanted, options);
  return ({ rule, start }) => {
    const weights = lifetime(e.config, rule, start, stream, { checkpoint });
    return lossOf(logitsOf(weights, queries, e.config.beta), wanted, e.config.head);
  };
}

/** The oracle's loss of these weights. */
export const loss64 = (e: Episode, weights: readonly oracle.Matrix[]): number =>
  e.config.head === "linear"
    ? oracle.squaredLossOf(weights, e.queries, e.wanted, e.config.beta)
    : oracle.lossOf(weights, e.queries, e.answers, e.config.beta);

/** The same episode for the oracle, with time scales as tensors of this type have them. Biases get rows and columns. */
export function life64(e: Episode, { dtype = "float32" }: OfType = {}): oracle.Life64 {
  const rounded = (list: readonly number[]): number[] => (dtype === "float32" ? list.map(Math.fround) : [...list]);
  const scales = timeScales(e.config);
  const [y, z] = [rounded(scales.y), rounded(scales.z)];
  const b = e.rule.b.map((own) => (own as Nested[]).map((x) => (typeof x === "number" ? [[x]] : x)));
  const { momentumOutput: output, feedback, beta } = e.config;
  const synapse = e.config.synapse as oracle.Synapse;
  const motifs = e.config.motifs as number[];
  const { feedbackP, feedbackK, feedbackV, tau, s, ...first } = e.rule;
  const rule = { ...first, b, ...(tau.length > 0 && { tau }), ...(s.length > 0 && { s }) } as unknown as oracle.Rule64;
  const back = feedbackConfig(e.config);
  const backScales = timeScales(back);
  const plastic = {
    ...{ synapse: back.synapse, motifs: back.motifs, rule: { P: feedbackP, K: feedbackK, v: feedbackV } },
    y: back.synapse === "chemical" ? backScales.y.map(() => 1) : rounded(backScales.y),
    z: rounded(backScales.z),
  } as unknown as NonNullable<oracle.Life64["plastic"]>;
  const { weights, images, labels } = e;
  return {
    ...{ synapse, output, motifs, symmetric: feedback === "symmetric", beta, y, z, rule, images, labels },
    weights: weights as oracle.Matrix[],
    feedback: e.feedback as oracle.Matrix[],
    ...(e.config.head === "linear" ? { targets: e.targets } : {}),
    ungated: e.config.inputGate === "one",
    ...{ direct: feedback === "direct", signs: feedback === "sign", ...(feedback === "plastic" && { plastic }) },
    ...{ chemicals: e.config.chemicals, tau: [e.config.tauMin, e.config.tauMax] },
  };
}

export const copied = <T>(value: T): T => JSON.parse(JSON.stringify(value));

/** Runs through all numbers of a nested array, each as a place to read and write. */
export function* places(value: unknown): Generator<{ list: number[]; at: number }> {
  if (!Array.isArray(value)) return;
  for (let i = 0; i < value.length; i++) {
    if (typeof value[i] === "number") yield { list: value as number[], at: i };
    else yield* places(value[i]);
  }
}

/** Of a tensor with many elements some, spread evenly: every difference costs two lifetimes. */
export const chosen = <T>(all: readonly T[]): T[] => {
  const stride = Math.ceil(all.length / 5);
  return all.filter((_, i) => i % stride === (all.length >> 1) % stride);
};

/** The derivative of `f` at 0 by central differences of fourth order, good to about 1e-12 of the size of `f`. */
function fourthOrder(f: (by: number) => number): number {
  const step = 3e-4;
  const across = (by: number): number => f(by) - f(-by);
  return (8 * across(step) - across(2 * step)) / (12 * step);
}

/** The meta-gradient by central differences of the oracle: for each part, an array of the chosen for each tensor. */
export function differences(e: Episode, options: OfType = {}): Record<string, number[][]> {
  const base = life64(e, options);
  const { history } = oracle.live(base);
  const life: oracle.Life64 = copied({ ...base, history });
  const loss = (): number => {
    const { weights } = oracle.live(life);
    return loss64(e, weights);
  };
  const ofList = (list: readonly unknown[]): number[][] =>
    list.map((part) =>
      chosen(Array.from(places(part))).map(({ list: numbers, at }) => {
        const x = numbers[at];
        const slope = fourthOrder((by) => {
          numbers[at] = x + by;
          return loss();
        });
        numbers[at] = x;
        return slope;
      }),
    );
  const { P, K, v, b, tau = [], s = [] } = life.rule;
  const back = life.plastic?.rule ?? { P: [], K: [], v: [] };
  return {
    ...{ P: ofList(P), K: ofList(K), v: ofList(v), b: ofList(b), tau: ofList(tau), s: ofList(s) },
    ...{ feedbackP: ofList(back.P), feedbackK: ofList(back.K), feedbackV: ofList(back.v) },
    weights: ofList(life.weights),
    feedback: ofList(life.feedback),
  };
}

export const sizesOf = fc.tuple(
  fc.integer({ min: 1, max: 9 }),
  fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 0, maxLength: 2 }),
  fc.integer({ min: 2, max: 6 }),
);

export const configs: fc.Arbitrary<PlasticityConfig> = fc
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

export const episodesOf = (rules: fc.Arbitrary<PlasticityConfig>): fc.Arbitrary<Episode> =>
  fc
    .tuple(rules, sizesOf, fc.integer({ min: 1, max: 5 }), fc.nat(0xffff))
    .map(([config, [first, hidden, last], steps, seed]) => episode(config, [first, ...hidden, last], steps, seed));

export const episodes = episodesOf(configs);

/** Numbers to answer with, from inputs of any sign. */
export const regressions = episodesOf(
  fc
    .tuple(configs, fc.constantFrom("softplus" as const, "one" as const))
    .map(([config, inputGate]) => ({ ...config, head: "linear" as const, inputGate })),
);

/** Error against the largest element of the array, or a thousandth of the largest of all: float32 carries no more. */
export function gradientError(got: readonly Tensor[], wanted: readonly number[][], largest: number): number {
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
