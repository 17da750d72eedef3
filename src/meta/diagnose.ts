// What a rule does inside the networks that live by it: measures of one episode, taken after its lifetime, without a
// gradient (Shervani-Tabar and Rosenbaum 2023, figures 4 to 7 and equations 11 and 12). They are for figures, computed in
// float64 from the network's own float32 numbers; training does not depend on them.
import { Key, scope, type Tensor } from "../core/index.js";
import type { Dataset } from "../data/index.js";
import { matvec, oneHot } from "../ops/index.js";
import { live, type Rule, type Signals, signalsOf, synapsesOf, timeScales } from "../plasticity/index.js";
import type { TrainConfig } from "./config.js";
import { drawEpisode } from "./episode.js";

/**
 * One episode's measures: a line of diagnostics.jsonl. Lists are by layer from the first on, unless they say otherwise;
 * null where a measure has no meaning.
 */
export interface Diagnosis {
  /** From 1. */
  readonly episode: number;
  /**
   * Angle in degrees between the error that is sent back and the one that backpropagation would send, each the mean over
   * the queries; from the input's error on, so one entry more than there are layers. The last is 0.
   */
  readonly errorAngles: readonly (number | null)[];
  /** Angle in degrees between the feedback weights and the weights; null where their shapes differ. */
  readonly feedbackAngles: readonly (number | null)[];
  /** E1 = |Y' W^T - (Y W) W^T|^2 over the queries, Y' before the layer and Y after it: 0 where Oja's rule has converged. */
  readonly orthonormality: readonly number[];
  /** |w_T| / |w_0|: what became of the length of the weights. */
  readonly leak: readonly number[];
  /** |w_T|. */
  readonly weights: readonly number[];
  /** Length of each chemical at the end, layer by layer; empty lists for a rule without. */
  readonly chemicals: readonly (readonly number[])[];
  /**
   * Share of the synapses of each layer whose tanh was saturated in the last step, |q| > 1, over all chemicals; null for
   * synapses without fixed time scales.
   */
  readonly saturated: readonly (number | null)[];
  /** Fixed time constants 1 / z of the chemicals, fastest first; empty for a rule without, or that sets its own. */
  readonly timeConstants: readonly number[];
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

/** The angle between two vectors in degrees; null where one of them is 0. */
export function angle(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  const cosine = dot(a, b) / (length(a) * length(b));
  if (!Number.isFinite(cosine)) return null;
  return (Math.acos(Math.max(-1, Math.min(1, cosine))) * 180) / Math.PI; // display
}

/**
 * Lives episode `index` (from 0) again under the rule, and measures.
 *
 * @param sizes the network's widths, from `layerSizes`.
 */
export function diagnose(
  config: TrainConfig,
  sizes: readonly number[],
  dataset: Dataset,
  rule: Rule,
  index: number,
): Diagnosis {
  return scope(() => {
    const { plasticity } = config;
    const { start, stream, queries } = drawEpisode(config, Key.of(config.seed).fold(index), sizes, dataset);
    const { weights, feedback, layers } = live(plasticity, rule, start, stream);
    const synapses = synapsesOf(plasticity, rule, weights.length);
    const numbers = (x: Tensor): Float32Array => x.data() as Float32Array;
    const rows = askedBy(queries.images, queries.labels, sizes[sizes.length - 1]);
    const sent = rows.map(([x, t]) => signalsOf(weights, feedback, x, t, plasticity));
    const symmetric = { ...plasticity, feedback: "symmetric" } as const;
    const right = rows.map(([x, t]) => signalsOf(weights, weights, x, t, symmetric));
    const errorAt = (signals: readonly Signals[][], at: number): Float64Array =>
      meanOf(signals.map((layers) => numbers(at === 0 ? layers[0].ePre : layers[at - 1].e)));
    const chemistry = fixedScales(config);
    const [steps, ...each] = stream.labels.shape;
    // Only the saturation of the last step asks for what was before it, which takes another lifetime.
    const before =
      chemistry && live(plasticity, rule, start, { ...stream, labels: stream.labels.view([steps - 1, ...each]) });
    return {
      episode: index + 1,
      errorAngles: sizes.map((_, at) => angle(errorAt(sent, at), errorAt(right, at))),
      feedbackAngles: weights.map((w, layer) => {
        const back = plasticity.feedback === "symmetric" ? w : feedback[layer];
        return back?.size === w.size && String(back.shape) === String(w.shape)
          ? angle(numbers(back), numbers(w))
          : null;
      }),
      orthonormality: weights.map((w, layer) =>
        sent.reduce((sum, layers) => {
          const [y, back] = [numbers(layers[layer].z), numbers(matvec(w, layers[layer].u))];
          return sum + y.reduce((total, z, i) => total + (z - back[i]) ** 2, 0);
        }, 0),
      ),
      leak: weights.map(
        (w, layer) => length(numbers(w)) / length(numbers(synapses[layer].begin(start.weights[layer]).w)),
      ),
      weights: weights.map((w) => length(numbers(w))),
      chemicals: layers.map(({ h }) => (h.length > 0 ? chemicalsOf(h[0]).map(length) : [])),
      saturated: layers.map(({ h }, layer) => {
        if (!chemistry || !before) return null;
        return saturation(chemicalsOf(before.layers[layer].h[0]), chemicalsOf(h[0]), chemistry);
      }),
      timeConstants: chemistry ? chemistry.z.map((z) => 1 / z) : [],
      P: rule.P.map((p) => length(numbers(p))),
      K: rule.K.map((k) => length(numbers(k))),
    };
  });
}

/** The time scales of synapses that have h' = y h + z tanh(q) with fixed ones. */
function fixedScales({ plasticity }: TrainConfig): { y: number[]; z: number[] } | undefined {
  const known = plasticity.synapse === "chemical" || plasticity.synapse === "momentum";
  return known && plasticity.scales === "fixed" && plasticity.normalise === "none" ? timeScales(plasticity) : undefined;
}

/** Each query's input and, as numbers for every output, what is right. */
function askedBy(images: Tensor, wanted: Tensor, outputs: number): [Tensor, Tensor][] {
  const targets = wanted.dtype === "int32" ? oneHot(wanted, outputs) : wanted;
  return Array.from({ length: images.shape[0] }, (_, index) => [images.row(index), targets.row(index)]);
}

/** The chemicals of one layer, each as plain numbers. */
function chemicalsOf(h: Tensor): Float32Array[] {
  const [count] = h.shape;
  const data = h.data() as Float32Array;
  const size = data.length / count;
  return Array.from({ length: count }, (_, c) => data.subarray(c * size, (c + 1) * size));
}

/** The share of |tanh(q)| beyond tanh(1), from the chemicals before and after a step: tanh(q) = (h' - y h) / z. */
function saturation(
  before: readonly Float32Array[],
  after: readonly Float32Array[],
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

function meanOf(vectors: readonly Float32Array[]): Float64Array {
  const sum = new Float64Array(vectors[0].length);
  for (const v of vectors) for (let i = 0; i < sum.length; i++) sum[i] += v[i] / vectors.length;
  return sum;
}
