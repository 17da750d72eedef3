// The fully connected layer: x W + b.

import type { Key, Shape, Tensor } from "../core/index.js";
import { add, matmul, reshape, zeros } from "../ops/index.js";
import { type Initialiser, type InitialiserKind, initialise, initialiserOf } from "./initialisers.js";
import { checkCount, type LayerDescription, type LayerKind, type Synapses } from "./layer.js";

/** Options of `dense`. */
export interface DenseOptions {
  /** Whether a bias is added; true by default. */
  readonly bias?: boolean;
  /** How the weights are initialised; "xavierUniform" by default. The bias begins at 0. */
  readonly init?: InitialiserKind | Initialiser;
}

/** A dense layer. */
export interface DenseLayer extends LayerDescription, DenseOptions {
  /** This kind. */
  readonly kind: "dense";
  /** How many units it has. */
  readonly units: number;
}

/**
 * A fully connected layer of `units`: x W + b along the last axis, with `weight` (n_in, n_out) and `bias` (n_out). The
 * width of its input follows from the layer before.
 *
 * @example network({ input: [784], layers: [dense(10)] }).init(Key.of(0))[0].weight // (784, 10)
 */
export const dense = (units: number, options: DenseOptions = {}): DenseLayer => ({ kind: "dense", units, ...options });

function synapsesOf({ units, init }: DenseLayer, input: Shape): Synapses {
  const fanIn = input[input.length - 1];
  return {
    parameter: "weight",
    shape: [fanIn, units],
    presynaptic: 0,
    postsynaptic: 1,
    fanIn,
    fanOut: units,
    initialiser: initialiserOf("dense", init, "xavierUniform"),
  };
}

/** The record of dense layers. */
export const denseKind: LayerKind<DenseLayer> = {
  options: ["units", "bias", "init"],
  shape: ({ units }, input) => {
    checkCount("dense", "`units`", units);
    if (input.length === 0) throw new RangeError("[dense] items are single numbers. Make the input's shape [1].");
    return [...input.slice(0, -1), units];
  },
  init: (layer, input, key: Key, options) => {
    const synapses = synapsesOf(layer, input);
    const weight = initialise(synapses.initialiser, key, synapses.shape, synapses, options);
    return layer.bias === false ? { weight } : { weight, bias: zeros([layer.units], options) };
  },
  apply: (_, { weight, bias }, x) => {
    const y = matmul(x.rank === 2 ? x : reshape(x, [-1, weight.shape[0]]), weight);
    const shaped: Tensor = x.rank === 2 ? y : reshape(y, [...x.shape.slice(0, -1), weight.shape[1]]);
    return bias ? add(shaped, bias) : shaped;
  },
  synapses: synapsesOf,
};
