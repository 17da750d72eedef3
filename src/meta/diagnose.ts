// What a rule does inside the networks that learn by it: measurements of one episode, taken after its lifetime, without
// a gradient (Shervani-Tabar and Rosenbaum 2023, figures 4 to 7 and equations 11 and 12). They are for figures,
// computed in float64 from the network's own float32 numbers; training does not depend on them.
import { checkKind, Key, scope, type Tensor } from "../core/index.js";
import type { Dataset } from "../data/index.js";
import { matvec, oneHot } from "../ops/index.js";
import {
  type Life,
  learnedScales,
  live,
  type Rule,
  type Signals,
  type Stream,
  type Synapses,
  signalsOf,
  synapsesOf,
  timeScales,
} from "../plasticity/index.js";
import { feedbackPath, synapseKind } from "../plasticity/internal.js";
import type { TrainConfig } from "./config.js";
import { checkEpisode, drawEpisode } from "./episode.js";
import { median } from "./guard.js";
import { partOf } from "./part-of.js";
import { type Floats, floatsOf } from "./rule-values.js";

/**
 * The measurements of one episode: a line of diagnostics.jsonl. Lists have one entry per layer, from the first on,
 * unless stated otherwise, and null where a measure has no meaning.
 */
export interface Diagnosis {
  /** From 1. */
  readonly episode: number;
  /**
   * Angle in degrees between the error that is sent back and the one that backpropagation would send, each the mean
   * over the queries; the list begins with the error at the input, so it has one entry more than there are layers. The
   * last is 0.
   */
  readonly errorAngles: readonly (number | null)[];
  /** Angle in degrees between the feedback weights and the weights; null where their shapes differ. */
  readonly feedbackAngles: readonly (number | null)[];
  /** E1 = |Y' W^T - (Y W) W^T|^2 over the queries, Y' before the layer and Y after it: 0 where Oja's rule has converged. */
  readonly orthonormality: readonly number[];
  /** |w_T| / |w_0|: the length of the weights at the end relative to the start. */
  readonly leak: readonly number[];
  /** |w_T|. */
  readonly weights: readonly number[];
  /** Length of each chemical at the end, layer by layer; empty lists for a rule without chemicals. */
  readonly chemicals: readonly (readonly number[])[];
  /**
   * Share of the synapses of each layer whose tanh was saturated in the last step, |q| > 1, over all chemicals; null for
   * synapses without fixed time scales.
   */
  readonly saturated: readonly (number | null)[];
  /**
   * Fixed time constants 1 / z of the chemicals, fastest first; empty for a rule without chemicals, or with chemicals
   * that set their own.
   */
  readonly timeConstants: readonly number[];
  /**
   * Time constants 1 / Z of the chemicals in the last step, layer by layer, of h' = Y h + Z tanh(K h + P F + b): fixed,
   * learned (`scales: "learned"`), or of gates, Z = sigmoid(logit(z) + a_Z), which differ from synapse to synapse;
   * there Z is the median over the layer. Infinity (null in a file) for a closed gate. Empty lists for synapses without
   * chemicals.
   */
  readonly effectiveTimeConstants: readonly (readonly number[])[];
  /**
   * Y, the share of themselves that the chemicals keep in the last step, in the same form. Gates set Y and Z
   * independently.
   */
  readonly effectiveKept: readonly (readonly number[])[];
  /** Length of P, entry by entry of the rule. */
  readonly P: readonly number[];
  /** Length of K, entry by entry of the rule. */
  readonly K: readonly number[];
}

/** tanh(1), beyond which a synapse counts as saturated. */
const SATURATED = 0.7615941559557649;

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};
const length = (a: ArrayLike<number>): number => Math.sqrt(dot(a, a));

/**
 * The angle between two vectors in degrees; null if one of them is 0.
 *
 * @example [angle([1, 0], [1, 1]), angle([1, 0], [-2, 0]), angle([1, 0], [0, 0])] // [45, 180, null]
 */
export function angle(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  checkKind("angle", "the first vector", a, "a list of numbers");
  checkKind("angle", "the second vector", b, "a list of numbers");
  const cosine = dot(a, b) / (length(a) * length(b));
  if (!Number.isFinite(cosine)) return null;
  // biome-ignore lint/plugin: an angle that is only shown
  return (Math.acos(Math.max(-1, Math.min(1, cosine))) * 180) / Math.PI;
}

/**
 * Runs episode `index` (from 0) again under the rule, and measures.
 *
 * @param sizes the network's widths, from `layerSizes`.
 * @example
 * const config = { ...defaultTrainConfig("rcn"), ways: 2, shots: 2, queries: 2, hidden: [8], episodes: 2 };
 * const images = glyphs({ perClass: 8 });
 * const sizes = layerSizes(config, images);
 * const rule = initialRule(config.plasticity, sizes);
 * const { episode, errorAngles } = diagnose(config, sizes, images, rule, 0);
 * episode; // 1
 * errorAngles.length; // 3
 */
export function diagnose(
  config: TrainConfig,
  sizes: readonly number[],
  dataset: Dataset,
  rule: Rule,
  index: number,
): Diagnosis {
  checkEpisode("diagnose", config, sizes, dataset, rule);
  return scope(() => {
    const { plasticity } = config;
    const { start, stream, queries } = drawEpisode(config, Key.of(config.seed).fold(index), sizes, dataset);
    const steps = stream.labels.shape[0];
    const before = live(plasticity, rule, start, partOf(stream, 0, steps - 1));
    const last = partOf(stream, steps - 1, steps);
    const { weights, feedback, layers } = live(plasticity, rule, start, last, { from: before });
    const synapses = synapsesOf(plasticity, rule, weights.length);
    const numbers = (x: Tensor): Floats => x.data() as Floats;
    const rows = queryPairs(queries.images, queries.labels, sizes[sizes.length - 1]);
    const sent = rows.map(([x, t]) => signalsOf(weights, feedback, x, t, plasticity));
    const symmetric = { ...plasticity, feedback: "symmetric" } as const;
    const right = rows.map(([x, t]) => signalsOf(weights, weights, x, t, symmetric));
    const errorAt = (signals: readonly Signals[][], at: number): Float64Array =>
      meanOf(signals.map((layers) => numbers(at === 0 ? layers[0].ePre : layers[at - 1].e)));
    const chemistry = fixedScales(config);
    const scales = scalesOf(config, rule, before, last, synapses);
    return {
      episode: index + 1,
      errorAngles: sizes.map((_, at) => angle(errorAt(sent, at), errorAt(right, at))),
      feedbackAngles: weights.map((w, layer) => {
        const back = feedbackPath(plasticity.feedback).usesWeights ? w : feedback[layer];
        return back?.size === w.size && String(back.shape) === String(w.shape)
          ? angle(numbers(back), numbers(w))
          : null;
      }),
      orthonormality: weights.map((w, layer) =>
        sent.reduce((sum, layers) => {
          const [y, back] = [numbers(layers[layer].z), numbers(matvec(w, layers[layer].u))];
          return sum + Array.from(y).reduce((total, z, i) => total + (z - back[i]) ** 2, 0);
        }, 0),
      ),
      leak: weights.map(
        (w, layer) => length(numbers(w)) / length(numbers(synapses[layer].begin(start.weights[layer]).w)),
      ),
      weights: weights.map((w) => length(numbers(w))),
      chemicals: layers.map(({ h }) => (h.length > 0 ? chemicalsOf(h[0]).map(length) : [])),
      saturated: layers.map(({ h }, layer) =>
        chemistry ? saturation(chemicalsOf(before.layers[layer].h[0]), chemicalsOf(h[0]), chemistry) : null,
      ),
      timeConstants: chemistry ? chemistry.z.map((z) => 1 / z) : [],
      effectiveTimeConstants: scales.map(({ z }) => z.map((rate) => 1 / rate)),
      effectiveKept: scales.map(({ y }) => y),
      P: rule.P.map((p) => length(numbers(p))),
      K: rule.K.map((k) => length(numbers(k))),
    };
  });
}

/** The time scales of synapses with h' = y h + z tanh(q), if they are fixed. */
function fixedScales({ plasticity }: TrainConfig): { y: number[]; z: number[] } | undefined {
  const { fixedStep } = synapseKind(plasticity.synapse);
  return fixedStep && plasticity.scales === "fixed" && plasticity.normalise === "none"
    ? timeScales(plasticity)
    : undefined;
}

/**
 * How much of themselves chemicals keep, and how strongly they are driven, in the step from `before` to `last`, layer
 * by layer.
 */
function scalesOf(
  { plasticity, dtype }: TrainConfig,
  rule: Rule,
  { weights, feedback, layers }: Life,
  last: Stream,
  synapses: readonly Synapses[],
): { readonly y: readonly number[]; readonly z: readonly number[] }[] {
  if (!synapseKind(plasticity.synapse).scales) return layers.map(() => ({ y: [], z: [] }));
  const [[image, target]] = queryPairs(last.images, last.labels, weights[weights.length - 1].shape[0]);
  const signals = signalsOf(weights, feedback, image, target, plasticity);
  const entries = learnedScales(plasticity, rule);
  return synapses.map(({ gates }, layer) => {
    const set = gates?.(layers[layer], signals[layer]);
    if (set) return { y: chemicalsOf(set[0]).map(median), z: chemicalsOf(set[1]).map(median) };
    const { y, z } = entries[entries.length === 1 ? 0 : layer];
    // Rounded to the type of the run, as the core and gates at rest have them.
    return { y: [...floatsOf(y, dtype)], z: [...floatsOf(z, dtype)] };
  });
}

/** Each query's input and its correct answer, as numbers for every output. */
function queryPairs(images: Tensor, wanted: Tensor, outputs: number): [Tensor, Tensor][] {
  const targets = wanted.dtype === "int32" ? oneHot(wanted, outputs) : wanted;
  return Array.from({ length: images.shape[0] }, (_, index) => [images.row(index), targets.row(index)]);
}

/** The chemicals of one layer, each as plain numbers. */
function chemicalsOf(h: Tensor): Floats[] {
  const [count] = h.shape;
  const data = h.data() as Floats;
  const size = data.length / count;
  return Array.from({ length: count }, (_, c) => data.subarray(c * size, (c + 1) * size));
}

/** The share of |tanh(q)| beyond tanh(1), from the chemicals before and after a step: tanh(q) = (h' - y h) / z. */
function saturation(
  before: readonly Floats[],
  after: readonly Floats[],
  { y, z }: { y: readonly number[]; z: readonly number[] },
): number {
  let [count, beyond] = [0, 0];
  after.forEach((h, c) => {
    count += h.length;
    h.forEach((next, i) => {
      beyond += Number(Math.abs((next - y[c] * before[c][i]) / z[c]) > SATURATED);
    });
  });
  return beyond / count;
}

function meanOf(vectors: readonly Floats[]): Float64Array {
  const sum = new Float64Array(vectors[0].length);
  for (const v of vectors) for (let i = 0; i < sum.length; i++) sum[i] += v[i] / vectors.length;
  return sum;
}
