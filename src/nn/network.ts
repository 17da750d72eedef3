// Networks as plain trees: a description of layers, one after the other, with `init`, which draws the parameters, and
// `apply`, which is a function of the parameters, so that every transform and every optimizer takes it.

import {
  checkShape,
  type FloatName,
  floatNames,
  InputError,
  type Key,
  quote,
  type Shape,
  sameShape,
  scope,
  showShape,
  Tensor,
} from "../core/index.js";
import { batchNormKind } from "./batch-norm.js";
import { avgPoolKind, conv2dKind, maxPoolKind } from "./convolution.js";
import { denseKind } from "./dense.js";
import type { LayerDescription, LayerKind, LayerParams, LayerState, Synapses } from "./layer.js";
import { groupNormKind, layerNormKind, rmsNormKind } from "./norms.js";
import { activationKind, dropoutKind, flattenKind } from "./simple.js";
import { gainKind, tauGateKind } from "./tau-gate.js";

/** A network as plain data: JSON keeps it, a worker can be sent it, `network` makes it work. */
export interface NetworkDescription {
  /** The shape of one item of its input: [784], [28, 28, 1]. */
  readonly input: Shape;
  /** The layers, first to last. */
  readonly layers: readonly LayerDescription[];
  /** The type of parameters and states; "float32" by default. Inputs are to be of the same. */
  readonly dtype?: FloatName;
}

/** The parameters of a network: those of layer i at place i, an empty object for a layer that has none. */
export type Params = readonly LayerParams[];

/** The states of a network's layers: that of layer i at place i, an empty record for a layer that has none. */
export type States = readonly LayerState[];

/** A layer in its place in a network. */
export interface PlacedLayer {
  /** The layer. */
  readonly description: LayerDescription;
  /** The shape of an item that comes in. */
  readonly input: Shape;
  /** The shape of an item that goes out. */
  readonly output: Shape;
  /** What its synapses are, if it has any. */
  readonly synapses?: Synapses;
}

/** How a network is applied. */
export interface ApplyOptions {
  /** Whether this is training: dropout drops only then. Default false. */
  readonly training?: boolean;
  /** What layers draw from; layer i takes `key.fold(i)`. Needed while training with dropout. */
  readonly key?: Key;
  /** The states of the layers; default: their first ones, `states()`. */
  readonly states?: States;
}

/** What `run` gives. */
export interface NetworkRun {
  /** The results of all layers, first to last: what hidden units do. The last one is the network's. */
  readonly activations: readonly Tensor[];
  /** The result. */
  readonly y: Tensor;
  /** The states after this batch: those that were given, but for layers that a batch changes, such as `batchNorm` in training. */
  readonly states: States;
}

/** A network: what it is, and the two functions that it consists of. Made by `network`. */
export interface Network {
  /** What it was made from. */
  readonly description: NetworkDescription;
  /** The layers in their places. */
  readonly layers: readonly PlacedLayer[];
  /** The shape of one item of its result. */
  readonly output: Shape;
  /** The first parameters: layer i draws from `key.fold(i)`. */
  init(key: Key): Params;
  /** The first states of the layers, which batches change and optimizers do not: running statistics. */
  states(): States;
  /** The result [n, ...output] for a batch x [n, ...input]. */
  apply(params: Params, x: Tensor, options?: ApplyOptions): Tensor;
  /** The results of all layers, first to last, as `apply` computes them: what hidden units do. */
  activations(params: Params, x: Tensor, options?: ApplyOptions): Tensor[];
  /** The result as `apply` gives it, with the results of all layers and the states for the next batch: a carry for `scan`. */
  run(params: Params, x: Tensor, options?: ApplyOptions): NetworkRun;
}

/** The kinds of layers that there are. A record of one's own goes into the second argument of `network`. */
export const layerKinds: Readonly<Record<string, LayerKind>> = {
  dense: denseKind,
  conv2d: conv2dKind,
  maxPool: maxPoolKind,
  avgPool: avgPoolKind,
  flatten: flattenKind,
  dropout: dropoutKind,
  layerNorm: layerNormKind,
  groupNorm: groupNormKind,
  rmsNorm: rmsNormKind,
  batchNorm: batchNormKind,
  activation: activationKind,
  tauGate: tauGateKind,
  gain: gainKind,
};

/**
 * The network of this description.
 *
 * ```ts
 * const net = network({ input: [784], layers: [dense(128), activation("relu"), dense(10)] });
 * const params = net.init(Key.of(0));
 * const loss = (p: Params) => crossEntropy(net.apply(p, x), labels).mean();
 * const { value, grad } = valueAndGrad(loss)(params);
 * ```
 *
 * @param kinds kinds of layers besides `layerKinds`, by name.
 * @throws InputError for a kind or an option that does not exist, RangeError for sizes that do not fit; both name the
 * layer.
 */
export function network(description: NetworkDescription, kinds: Readonly<Record<string, LayerKind>> = {}): Network {
  const { input, layers: descriptions, dtype = floatNames[0] } = description;
  checkShape("network", input);
  if (!floatNames.includes(dtype)) {
    throw new InputError(`[network] \`dtype\` is ${quote(dtype)}: give "float32" or "float64".`);
  }
  const known = { ...layerKinds, ...kinds };
  const records = descriptions.map((layer, i) => recordOf(known, layer, i));
  let shape = input;
  const layers = descriptions.map((layer, i): PlacedLayer => {
    const before = shape;
    return placed(layer, i, () => {
      shape = scope(() => records[i].shape(layer, before));
      const synapses = records[i].synapses?.(layer, before);
      return { description: layer, input: before, output: shape, ...(synapses && { synapses }) };
    });
  });

  const init = (key: Key): Params =>
    scope(() =>
      layers.map(({ description, input }, i) => records[i].init?.(description, input, key.fold(i), { dtype }) ?? {}),
    );

  const states = (): States =>
    scope(() => layers.map(({ description, input }, i) => records[i].state?.(description, input, { dtype }) ?? {}));

  const run = (params: Params, x: Tensor, options: ApplyOptions = {}): NetworkRun => {
    const { training = false, key, states: before = states() } = options;
    if (params.length !== layers.length) {
      throw new RangeError(
        `[network] parameters of ${params.length} layers for a network of ${layers.length}. Pass what init gave, or a tree like it.`,
      );
    }
    if (before.length !== layers.length) {
      throw new RangeError(
        `[network] states of ${before.length} layers for a network of ${layers.length}. Pass what states() or run gave.`,
      );
    }
    if (!sameShape(x.shape.slice(1), input)) {
      throw new RangeError(
        `[network] a batch of shape ${showShape(x.shape)}: [n, ${input.join(", ")}] is needed. Use reshape.`,
      );
    }
    if (x.type.isFloat && x.dtype !== dtype) {
      throw new TypeError(
        `[network] a batch of ${x.dtype} for a network of ${dtype}. Use cast(x, "${dtype}"), or give the network's ` +
          "description another `dtype`.",
      );
    }
    const activations: Tensor[] = [];
    const after = layers.map(({ description }, i) => {
      const context = { training, state: before[i], ...(key && { key: key.fold(i) }) };
      const given = records[i].apply(description, params[i], activations[i - 1] ?? x, context);
      const { y, state } = given instanceof Tensor ? { y: given, state: before[i] } : given;
      activations.push(y);
      return state;
    });
    return { activations, y: activations.at(-1) ?? x, states: after };
  };

  return {
    description,
    layers,
    output: shape,
    init,
    states,
    activations: (params, x, options) => scope(() => [...run(params, x, options).activations]),
    apply: (params, x, options) => scope(() => run(params, x, options).y),
    run: (params, x, options) => scope(() => run(params, x, options)),
  };
}

/** The record for a layer. Throws for a kind or an option that does not exist. */
function recordOf(kinds: Readonly<Record<string, LayerKind>>, layer: LayerDescription, index: number): LayerKind {
  if (!Object.hasOwn(kinds, layer.kind)) {
    throw new InputError(
      `[network] layer ${index} is of the kind ${quote(layer.kind)}, which does not exist; there are ` +
        `${Object.keys(kinds).join(", ")}. Pass a record for it in the second argument.`,
    );
  }
  const record = kinds[layer.kind];
  const odd = Object.keys(layer).find((option) => option !== "kind" && !record.options.includes(option));
  if (odd !== undefined) {
    const all = record.options.length > 0 ? `there are ${record.options.join(", ")}` : "it has none";
    throw new InputError(`[network] layer ${index} (${layer.kind}) has no option ${quote(odd)}; ${all}. Remove it.`);
  }
  return record;
}

/** What `f` gives; an error says in which layer it happened. */
function placed<T>(layer: LayerDescription, index: number, f: () => T): T {
  try {
    return f();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new RangeError(`[network] layer ${index} (${layer.kind}): ${cause.message}`, { cause });
  }
}
