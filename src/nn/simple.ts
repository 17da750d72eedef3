// Layers without synapses: activation functions, flatten, dropout.

import { quote, sizeOf, type Tensor } from "../core/index.js";
import * as ops from "../ops/index.js";
import type { LayerDescription, LayerKind } from "./layer.js";

const functions = {
  relu: ops.relu,
  leakyRelu: (x: Tensor) => ops.leakyRelu(x),
  elu: (x: Tensor) => ops.elu(x),
  selu: ops.selu,
  gelu: ops.gelu,
  silu: ops.silu,
  softplus: (x: Tensor) => ops.softplus(x),
  softsign: ops.softsign,
  sigmoid: ops.sigmoid,
  tanh: ops.tanh,
  softmax: (x: Tensor) => ops.softmax(x),
} satisfies Readonly<Record<string, (x: Tensor) => Tensor>>;

/** The names of the activation functions. Each is the op of that name; "softmax" runs along the last axis. */
export type ActivationName = keyof typeof functions;

/** An activation function as a layer. */
export interface ActivationLayer extends LayerDescription {
  /** This kind. */
  readonly kind: "activation";
  /** The name of the function. */
  readonly function: ActivationName;
}

/**
 * A layer that applies the activation function of this name.
 *
 * @example network({ input: [2], layers: [activation("relu")] }).apply([{}], tensor([[-1, 2]])) // [[0, 2]]
 */
export const activation = (name: ActivationName): ActivationLayer => ({ kind: "activation", function: name });

/** The record of activation functions. */
export const activationKind: LayerKind<ActivationLayer> = {
  options: ["function"],
  shape: (layer, input) => {
    if (!Object.hasOwn(functions, layer.function)) {
      throw new RangeError(
        `[activation] there is no function ${quote(layer.function)}. Use ${Object.keys(functions).join(", ")}.`,
      );
    }
    return input;
  },
  apply: (layer, _, x) => functions[layer.function](x),
};

/** A layer that flattens items. */
export interface FlattenLayer extends LayerDescription {
  /** This kind. */
  readonly kind: "flatten";
}

/**
 * A layer that flattens each item to a list of numbers, row by row, as dense layers need it after layers over images.
 *
 * @example network({ input: [28, 28, 1], layers: [flatten()] }).output // [784]
 */
export const flatten = (): FlattenLayer => ({ kind: "flatten" });

/** The record of flattening layers. */
export const flattenKind: LayerKind<FlattenLayer> = {
  options: [],
  shape: (_, input) => [sizeOf(input)],
  apply: (_layer, _params, x) => ops.reshape(x, [x.shape[0], sizeOf(x.shape.slice(1))]),
};

/** A dropout layer. */
export interface DropoutLayer extends LayerDescription {
  /** This kind. */
  readonly kind: "dropout";
  /** The probability with which an element is dropped. */
  readonly rate: number;
}

/**
 * During training, each element becomes 0 with probability `rate` and is otherwise divided by 1 - rate, so that its mean does
 * not change (Srivastava et al. 2014, in the inverted form). At other times, nothing changes. The layer draws from the key
 * given to `apply`.
 *
 * @example network({ input: [8], layers: [dense(16), dropout(0.5), dense(2)] }).output // [2]
 */
export const dropout = (rate: number): DropoutLayer => ({ kind: "dropout", rate });

/** The record of dropout layers. */
export const dropoutKind: LayerKind<DropoutLayer> = {
  options: ["rate"],
  shape: ({ rate }, input) => {
    if (!(rate >= 0 && rate < 1))
      throw new RangeError(`[dropout] \`rate\` is ${quote(rate)}. Give a number from 0 to below 1.`);
    return input;
  },
  apply: ({ rate }, _, x, { training, key }) => {
    if (!training || rate === 0) return x;
    if (!key)
      throw new RangeError("[dropout] training needs a key. Pass one: apply(params, x, { training: true, key }).");
    return ops.mul(x, ops.mul(ops.random.bernoulli(key, 1 - rate, x.shape, { dtype: x.dtype }), 1 / (1 - rate)));
  },
};
