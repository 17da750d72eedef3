// What a layer is: plain data that describes it, and one record of functions for each kind of layer. A network is a list of
// descriptions, and a kind of your own is one more record.

import type { Key, Shape, Tensor } from "../core/index.js";
import { quote } from "../core/index.js";
import type { OfType } from "../ops/index.js";
import type { Fans, Initialiser } from "./initialisers.js";

/** A layer as plain data that fits into JSON: its kind and its options. Made by `dense` and similar functions. */
export interface LayerDescription {
  /** The name of its kind. */
  readonly kind: string;
  /** Its options, which must fit into JSON. */
  readonly [option: string]: unknown;
}

/** The parameters of one layer by name; empty for a layer that has none. */
export type LayerParams = Readonly<Record<string, Tensor>>;

/** What a layer keeps from batch to batch, not changed by optimizers, by name; empty for most layers. */
export type LayerState = Readonly<Record<string, Tensor>>;

/** The result of a layer with a state, and its state for the next batch. */
export interface Applied {
  /** The result for the batch. */
  readonly y: Tensor;
  /** The next state, with the same names as the first one. */
  readonly state: LayerState;
}

/** The synapses of a layer: which parameter holds them, and what its axes mean. */
export interface Synapses extends Fans {
  /** The name of the parameter. */
  readonly parameter: string;
  /** Its shape. */
  readonly shape: Shape;
  /** The axis of the presynaptic units: inputs, or input channels. */
  readonly presynaptic: number;
  /** The axis of the postsynaptic units: outputs, or output channels. */
  readonly postsynaptic: number;
  /** The distribution of the first weights; see `initialise`. */
  readonly initialiser: Initialiser;
}

/** What a layer is given when it is applied. */
export interface LayerContext {
  /** Whether the network is being trained; dropout only acts then. */
  readonly training: boolean;
  /** The layer's own key for random draws; missing if `apply` was given none. */
  readonly key?: Key;
  /** The layer's state; empty for a layer without one. */
  readonly state: LayerState;
}

/**
 * A kind of layer. Shapes are those of one item, without the leading axis of the batch: [784], [28, 28, 1].
 *
 * ```ts
 * const scale: LayerKind<{ kind: "scale"; by: number }> = {
 *   options: ["by"],
 *   shape: (_, input) => input,
 *   apply: ({ by }, _, x) => x.mul(by),
 * };
 * network({ input: [784], layers: [dense(10), { kind: "scale", by: 2 }] }, { scale });
 * ```
 */
export interface LayerKind<D extends LayerDescription = LayerDescription> {
  /** The names of the options that a description may have in addition to its kind. */
  readonly options: readonly string[];
  /**
   * The shape of the result for an item of shape `input`. Throws a RangeError for options and shapes that do not fit.
   */
  shape(layer: D, input: Shape): Shape;
  /** The first parameters, of the network's type, `options.dtype`. If it is left out, the layer has no parameters. */
  init?(layer: D, input: Shape, key: Key, options: OfType): LayerParams;
  /** The first state, of the network's type, `options.dtype`. If it is left out, the layer has no state. */
  state?(layer: D, input: Shape, options: OfType): LayerState;
  /**
   * The result [n, ...shape] for a batch x [n, ...input]. A layer whose state changes with the batch returns
   * `{ y, state }`; gradients treat the new state as a constant.
   */
  apply(layer: D, params: LayerParams, x: Tensor, context: LayerContext): Tensor | Applied;
  /** Its synapses. If it is left out, the layer has none, even if it has parameters. */
  synapses?(layer: D, input: Shape): Synapses;
}

/** Throws a RangeError unless `value` is a whole number from 1 up. */
export function checkCount(op: string, what: string, value: unknown): void {
  if (!Number.isSafeInteger(value) || (value as number) < 1) {
    throw new RangeError(`[${op}] ${what} is ${quote(value)}. Give a whole number from 1 up.`);
  }
}
