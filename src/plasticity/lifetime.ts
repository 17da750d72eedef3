// A lifetime: a network learns online from a stream of images with labels or targets, in one pass with one image per
// step, by its plasticity rule alone. It is a pure function of rule, start and stream, and can be differentiated as a
// whole.
import { apply, type Checkpoint, checkTensors, loop, rowOp } from "../autodiff/index.js";
import { checkMade, checkOptions, kernelsOf, scope, type Tensor } from "../core/index.js";
import { feedbackSignals, feedbackSynapses } from "./feedback/plastic.js";
import { type Input, inputOf, type Start, signalsThrough } from "./network.js";
import type { PlasticityConfig } from "./rule/config.js";
import type { Rule } from "./rule/parts.js";
import type { LayerState } from "./synapses/kind.js";
import { synapsesOf } from "./synapses/layers.js";
import type { TimeScales } from "./synapses/time-scales.js";
import { targetsOf } from "./targets.js";

/** The examples that a network learns from, step by step. */
export interface Stream {
  /** (steps, pixels); must not be negative unless `inputGate` is "one"; ideally from 0 to 1. */
  readonly images: Tensor;
  /**
   * The correct answer at each step: int32 (steps), an output unit, or floats (steps, outputs), the target of every
   * output.
   */
  readonly labels: Tensor;
}

/** Options of `lifetime`. */
export interface LifetimeOptions {
  /** What the tape stores; "auto" by default. The bits do not depend on it. */
  readonly checkpoint?: Checkpoint;
  /** Time scales that replace those of the configuration. */
  readonly scales?: TimeScales;
  /**
   * Corrects the weights of layer `layer`, counted from 0, at the beginning and after every step, and is differentiated
   * with the rest: `daleLifetime` of `synaptape/bio` returns such a function. Chemicals are not affected.
   */
  readonly constrain?: (weight: Tensor, layer: number) => Tensor;
  /**
   * A network from an earlier lifetime under the same rule, which continues with this stream as if it had never
   * stopped, to the bit; by default the network begins at `start`.
   */
  readonly from?: Life | undefined;
}

/** A network after a lifetime. */
export interface Life {
  /** Its weights, (nOut, nIn) for each layer. */
  readonly weights: readonly Tensor[];
  /** Its feedback weights: the initial ones, unless they are plastic. */
  readonly feedback: readonly Tensor[];
  /** The state of each layer: its weights and its chemicals. */
  readonly layers: readonly LayerState[];
  /** The state of plastic feedback weights, layer by layer; empty if they are not plastic. */
  readonly feedbackLayers: readonly LayerState[];
}

/** What changes at every step. */
interface LifeState {
  readonly layers: readonly LayerState[];
  /** The state of plastic feedback weights; empty if they are not plastic. */
  readonly feedback: readonly LayerState[];
}

/** Throws a TypeError unless rule, start and stream are of one type of float, since nothing is promoted. */
export function checkTypes({ P: [{ dtype }] }: Rule, { weights, feedback }: Start, { images, labels }: Stream): void {
  const given = { weights, feedback, images: [images], labels: labels.type.isFloat ? [labels] : [] };
  for (const [name, tensors] of Object.entries(given)) {
    const other = tensors.find((tensor) => tensor.dtype !== dtype);
    if (!other) continue;
    throw new TypeError(
      `[lifetime] the rule is ${dtype}, and \`${name}\` are ${other.dtype}: all must be of one type. ` +
        `Use cast(x, "${dtype}").`,
    );
  }
}

/** Throws a RangeError for weights that were drawn for another configuration. */
export function checkStart({ initialChemicals }: PlasticityConfig, { weights }: Start): void {
  const own = initialChemicals === "own";
  const other = weights.find(({ rank }) => rank !== (own ? 3 : 2));
  if (!other) return;
  const wanted = own ? "(chemicals, nOut, nIn), one for each chemical" : "(nOut, nIn)";
  throw new RangeError(
    `[lifetime] initial weights have the shape [${other.shape.join(", ")}], but chemicals that begin with ` +
      `"${initialChemicals}" need ${wanted}. Draw them with initialStart(key, sizes, config).`,
  );
}

/**
 * A network after a lifetime. At each step: one forward pass, errors are sent back, then all layers change at once, and
 * so do plastic feedback weights. A step forward costs about (16 + 14 chemicals) multiply-adds per weight, and with
 * "off" it stores (chemicals + 1) numbers per weight, for the linear, chemical and momentum kinds.
 *
 * In float64 (rule, start and stream; see `initialRule` and `initialStart`) the same equations run as plain ops, since the
 * fused kernels are of float32: slower, and a step stores several times as many numbers.
 *
 * @example
 * const [rule, start] = [initialRule(defaultConfig, [4, 3, 2]), initialStart(Key.of(0), [4, 3, 2])];
 * const stream = { images: ones([6, 4]), labels: tensor([0, 1, 0, 1, 0, 1], { dtype: "int32" }) };
 * live(defaultConfig, rule, start, stream).weights.map(({ shape }) => shape); // [[3, 4], [2, 3]]
 */
export function live(
  config: PlasticityConfig,
  rule: Rule,
  start: Start,
  stream: Stream,
  options: LifetimeOptions = {},
): Life {
  checkMade(
    "plasticity",
    "the configuration",
    config,
    ["synapse", "motifs", "feedback"],
    "Give a preset's, or one of defaultConfig.",
  );
  checkMade("plasticity", "the rule", rule, ["P", "K", "v", "b"], "Make one with initialRule().");
  checkMade("plasticity", "the start", start, ["weights"], "Make one with initialStart().");
  checkMade("plasticity", "the stream", stream, ["images", "labels"], "Give { images, labels }.");
  checkOptions("plasticity", options, ["checkpoint", "scales", "constrain", "from"]);
  checkStart(config, start);
  checkTypes(rule, start, stream);
  const last = start.weights[start.weights.length - 1];
  const targets = targetsOf(stream.labels, last.shape.at(-2) as number, last.dtype);
  const inputs: Inputs = {
    steps: targets.shape[0],
    targetAt: (index) => apply(rowOp, [targets], { index }),
    inputAt: (index) => inputOf(apply(rowOp, [stream.images], { index }), config),
  };
  return liveThrough(config, rule, start, inputs, options);
}

/** What a network learns from, as its first layer meets it. */
export interface Inputs {
  readonly steps: number;
  /** The input of a step, from 0. */
  inputAt(step: number): Input;
  /** The target of every output at a step, (outputs). */
  targetAt(step: number): Tensor;
}

/** `live` on inputs that reach the first layer in any way; the arguments have been checked. */
export function liveThrough(
  config: PlasticityConfig,
  rule: Rule,
  start: Start,
  inputs: Inputs,
  { checkpoint = "auto", scales, constrain, from }: LifetimeOptions,
): Life {
  const layers = start.weights.length;
  const synapses = synapsesOf(config, rule, layers, scales);
  const feedback = feedbackSynapses(config, rule, layers);
  const put = (own: LayerState, layer: number): LayerState =>
    constrain ? { ...own, w: constrain(own.w, layer) } : own;
  const begin: LifeState = {
    layers: from?.layers ?? start.weights.map((w, layer) => put(synapses[layer].begin(w), layer)),
    feedback: from?.feedbackLayers ?? feedback.map((own, layer) => own.begin(start.feedback[layer])),
  };
  const throughOf = (state: LifeState): readonly Tensor[] =>
    feedback.length > 0 ? state.feedback.map(({ w }) => w) : start.feedback;
  const step = (state: LifeState, index: number): LifeState => {
    const input = inputs.inputAt(index);
    const target = inputs.targetAt(index);
    const through = throughOf(state);
    const weights = state.layers.map(({ w }) => w);
    const signals = signalsThrough(weights, through, input, target, config);
    return {
      layers: state.layers.map((own, layer) => put(synapses[layer].step(own, signals[layer]), layer)),
      feedback: state.feedback.map((own, layer) =>
        feedback[layer].step(own, feedbackSignals(through[layer], signals[layer])),
      ),
    };
  };
  const end = loop<LifeState>(inputs.steps, begin, step, { checkpoint });
  return {
    weights: end.layers.map(({ w }) => w),
    feedback: throughOf(end),
    layers: end.layers,
    feedbackLayers: end.feedback,
  };
}

/**
 * The weights, layer by layer, each (nOut, nIn), after a lifetime: see `live`.
 *
 * @example
 * const [rule, start] = [initialRule(defaultConfig, [4, 3, 2]), initialStart(Key.of(0), [4, 3, 2])];
 * const stream = { images: ones([6, 4]), labels: tensor([0, 1, 0, 1, 0, 1], { dtype: "int32" }) };
 * lifetime(defaultConfig, rule, start, stream).map(({ shape }) => shape); // [[3, 4], [2, 3]]
 */
export function lifetime(
  config: PlasticityConfig,
  rule: Rule,
  start: Start,
  stream: Stream,
  options: LifetimeOptions = {},
): Tensor[] {
  return [...live(config, rule, start, stream, options).weights];
}

/** Where a lifetime first has a number that is not finite. */
export interface Divergence {
  /** Steps done before that. */
  readonly step: number;
  /** Layer, from 1. */
  readonly layer: number;
}

/**
 * Runs the lifetime again and finds the first step and layer with a weight that is infinite or NaN.
 *
 * @example
 * const [rule, start] = [initialRule(defaultConfig, [4, 3, 2]), initialStart(Key.of(0), [4, 3, 2])];
 * const stream = { images: ones([6, 4]), labels: tensor([0, 1, 0, 1, 0, 1], { dtype: "int32" }) };
 * findDivergence(defaultConfig, rule, start, stream); // undefined
 */
export function findDivergence(
  config: PlasticityConfig,
  rule: Rule,
  start: Start,
  stream: Stream,
  options: LifetimeOptions = {},
): Divergence | undefined {
  checkMade("findDivergence", "the stream", stream, ["images", "labels"], "Give { images, labels }.");
  checkTensors("findDivergence", [stream.images, stream.labels]);
  const [steps, ...each] = stream.labels.shape;
  const finite = (count: number): number =>
    scope(() => {
      const part = { images: stream.images, labels: stream.labels.view([count, ...each]) };
      const weights = lifetime(config, rule, start, part, options);
      return weights.findIndex((w) => kernelsOf(w).countNonFinite(w.address, w.size) > 0);
    });
  let [low, high] = [0, steps];
  if (finite(steps) < 0) return undefined;
  // A weight that is not finite never becomes finite again, so the first such step can be found by bisection.
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (finite(middle) < 0) low = middle;
    else high = middle;
  }
  return { step: low, layer: finite(high) + 1 };
}
