// Networks as plain trees: a description of layers, one after the other, with `init`, which draws the parameters, and
// `apply`, which is a function of the parameters, so that every transform and every optimizer works with it.

import { checkTensors } from "../autodiff/index.js";
import {
  checkKey,
  checkKind,
  checkMade,
  checkOptions,
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
import { mambaKind } from "./mamba.js";
import { groupNormKind, layerNormKind, rmsNormKind } from "./norms.js";
import { activationKind, dropoutKind, flattenKind } from "./simple.js";
import { gainKind, tauGateKind } from "./tau-gate.js";

/** A network as plain data, which fits into JSON and can be sent to a worker. `network` makes a network from it. */
export interface NetworkDescription {
  /** The shape of one item of its input: [784], [28, 28, 1]. */
  readonly input: Shape;
  /** The layers, first to last. */
  readonly layers: readonly LayerDescription[];
  /** The type of parameters and states; "float32" by default. Float inputs must have the same type. */
  readonly dtype?: FloatName;
}

/** The parameters of a network: those of layer i at index i, empty for a layer that has none. */
export type Params = readonly LayerParams[];

/** The states of a network's layers: that of layer i at index i, empty for a layer that has none. */
export type States = readonly LayerState[];

/** A layer at its place in a network. */
export interface PlacedLayer {
  /** The description of the layer. */
  readonly description: LayerDescription;
  /** The shape of an item of its input. */
  readonly input: Shape;
  /** The shape of an item of its result. */
  readonly output: Shape;
  /** Its synapses, if it has any. */
  readonly synapses?: Synapses;
}

/** How a network is applied. */
export interface ApplyOptions {
  /** Whether the network is being trained; dropout only acts then. False by default. */
  readonly training?: boolean;
  /** The key for random draws: layer i uses `key.fold(i)`. Needed for training with dropout. */
  readonly key?: Key;
  /** The states of the layers; by default the first ones, `states()`. */
  readonly states?: States;
}

/** The result of `run`. */
export interface NetworkRun {
  /** The results of all layers, first to last. The last one is the result of the network. */
  readonly activations: readonly Tensor[];
  /** The result of the network, [n, ...output]. */
  readonly y: Tensor;
  /** The states after this batch. Only layers such as `batchNorm` change theirs, and only during training. */
  readonly states: States;
}

/** A network. Made by `network`. */
export interface Network {
  /** The description that it was made from. */
  readonly description: NetworkDescription;
  /** The layers, first to last. */
  readonly layers: readonly PlacedLayer[];
  /** The shape of one item of its result. */
  readonly output: Shape;
  /** The first parameters: layer i draws from `key.fold(i)`. */
  init(key: Key): Params;
  /** The first states of the layers, such as running statistics, which change with batches and not by an optimizer. */
  states(): States;
  /** The result [n, ...output] for a batch x [n, ...input]. */
  apply(params: Params, x: Tensor, options?: ApplyOptions): Tensor;
  /** The results of all layers, first to last, as `apply` computes them, for example to look at hidden units. */
  activations(params: Params, x: Tensor, options?: ApplyOptions): Tensor[];
  /** The result of `apply` with the results of all layers and the states for the next batch, which `scan` can carry. */
  run(params: Params, x: Tensor, options?: ApplyOptions): NetworkRun;
}

/** Throws unless this is a network. */
export const checkNetwork = (op: string, net: Network): void =>
  checkMade(op, "the network", net, ["description", "layers", "apply", "states"], "Make one with network().");

/** The built-in kinds of layers by name. Pass your own kinds in the second argument of `network`. */
export const layerKinds: Readonly<Record<string, LayerKind>> = {
  dense: denseKind,
  conv2d: conv2dKind,
  maxPool: maxPoolKind,
  avgPool: avgPoolKind,
  flatten: flattenKind,
  dropout: dropoutKind,
  layerNorm: layerNormKind,
  groupNorm: groupNormKind,
  mamba: mambaKind,
  rmsNorm: rmsNormKind,
  batchNorm: batchNormKind,
  activation: activationKind,
  tauGate: tauGateKind,
  gain: gainKind,
};

/**
 * Makes a network.
 *
 * ```ts
 * const net = network({ input: [784], layers: [dense(128), activation("relu"), dense(10)] });
 * const params = net.init(Key.of(0));
 * const loss = (p: Params) => crossEntropy(net.apply(p, x), labels).mean();
 * const { value, grad } = valueAndGrad(loss)(params);
 * ```
 *
 * @param kinds further kinds of layers, in addition to `layerKinds`, by name.
 * @throws InputError for a kind or an option that does not exist, and a RangeError for sizes that do not fit. Both name the
 * layer.
 */
export function network(description: NetworkDescription, kinds: Readonly<Record<string, LayerKind>> = {}): Network {
  checkOptions("network", description, ["input", "layers", "dtype"]);
  const { input, layers: descriptions, dtype = floatNames[0] } = description;
  checkKind("network", "`layers`", descriptions, "a list");
  checkShape("network", input);
  if (!floatNames.includes(dtype)) {
    throw new InputError(`[network] \`dtype\` is ${quote(dtype)}. Use "float32" or "float64".`);
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

  const init = (key: Key): Params => {
    checkKey("network", key, "the key of init");
    return scope(() =>
      layers.map(({ description, input }, i) => records[i].init?.(description, input, key.fold(i), { dtype }) ?? {}),
    );
  };

  const states = (): States =>
    scope(() => layers.map(({ description, input }, i) => records[i].state?.(description, input, { dtype }) ?? {}));

  const run = (params: Params, x: Tensor, options: ApplyOptions = {}): NetworkRun => {
    checkOptions("network", options, ["training", "key", "states"]);
    checkKind("network", "what the layers' parameters are given as", params, "a list");
    checkTensors("network", [x]);
    const { training = false, key, states: before = states() } = options;
    if (params.length !== layers.length) {
      throw new RangeError(
        `[network] there are parameters of ${params.length} layers, but the network has ${layers.length}. Pass what init gave, or a tree of the same structure.`,
      );
    }
    if (before.length !== layers.length) {
      throw new RangeError(
        `[network] there are states of ${before.length} layers, but the network has ${layers.length}. Pass what states() or run gave.`,
      );
    }
    if (!sameShape(x.shape.slice(1), input)) {
      throw new RangeError(
        `[network] a batch has shape ${showShape(x.shape)}. Reshape it to [n, ${input.join(", ")}].`,
      );
    }
    if (x.type.isFloat && x.dtype !== dtype) {
      throw new TypeError(
        `[network] a batch is ${x.dtype}, but the network is ${dtype}. Use cast(x, "${dtype}"), or give the network's ` +
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

/** The result of `f`. Its RangeErrors are thrown again with the layer in which they happened. */
function placed<T>(layer: LayerDescription, index: number, f: () => T): T {
  try {
    return f();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new RangeError(`[network] layer ${index} (${layer.kind}): ${cause.message}`, { cause });
  }
}
