// Batch normalisation (Ioffe and Szegedy 2015, "Batch normalization: accelerating deep network training by reducing
// internal covariate shift", algorithms 1 and 2): a layer whose state is running statistics.

import { stop } from "../autodiff/index.js";
import { quote, type Shape, showShape, type Tensor } from "../core/index.js";
import { add, div, mean, mul, ones, sqrt, square, sub, zeros } from "../ops/index.js";
import type { LayerDescription, LayerKind } from "./layer.js";

/** Options of `batchNorm`. */
export interface BatchNormOptions {
  /** How far the running statistics move towards those of a batch: above 0 and at most 1; 0.1 by default. */
  readonly momentum?: number;
  /** Added to the variance: above 0; 1e-5 by default. */
  readonly eps?: number;
}

/** A layer of batch normalisation. */
export interface BatchNormLayer extends LayerDescription, BatchNormOptions {
  /** This kind. */
  readonly kind: "batchNorm";
}

/**
 * Batch normalisation of each unit or channel, along the last axis: (x - mean) / sqrt(variance + eps) * `scale` + `bias`,
 * where `scale` begins at 1 and `bias` at 0. During training, mean and variance are those of the batch, over examples and
 * places in an image, and the variance is divided by n. The running statistics in the layer's state move towards them by
 * `momentum`, with a variance divided by n - 1, as in PyTorch. Otherwise the running statistics are used and do not change.
 *
 * @example network({ input: [8], layers: [dense(16), batchNorm(), activation("relu"), dense(2)] }).output // [2]
 */
export const batchNorm = (options: BatchNormOptions = {}): BatchNormLayer => ({ kind: "batchNorm", ...options });

const [MOMENTUM, EPS] = [0.1, 1e-5];
const widthOf = (input: Shape): number => input[input.length - 1];

/** The record of batch normalisations. */
export const batchNormKind: LayerKind<BatchNormLayer> = {
  options: ["momentum", "eps"],
  shape: ({ momentum = MOMENTUM, eps = EPS }, input) => {
    if (!(momentum > 0 && momentum <= 1)) {
      throw new RangeError(`[batchNorm] \`momentum\` is ${quote(momentum)}. Give a number above 0 and at most 1.`);
    }
    if (!(eps > 0 && Number.isFinite(eps)))
      throw new RangeError(`[batchNorm] \`eps\` is ${quote(eps)}. Give a finite number above 0.`);
    if (input.length === 0)
      throw new RangeError(`[batchNorm] items of shape ${showShape(input)} have no axis. Make the input's shape [1].`);
    return input;
  },
  init: (_, input, _key, options) => ({
    scale: ones([widthOf(input)], options),
    bias: zeros([widthOf(input)], options),
  }),
  state: (_, input, options) => ({
    mean: zeros([widthOf(input)], options),
    variance: ones([widthOf(input)], options),
  }),
  apply: ({ momentum = MOMENTUM, eps = EPS }, { scale, bias }, x, { training, state }) => {
    const normal = (centred: Tensor, variance: Tensor): Tensor =>
      add(mul(div(centred, sqrt(add(variance, eps))), scale), bias);
    if (!training) return normal(sub(x, state.mean), state.variance);
    const count = x.size / scale.size;
    if (count < 2) {
      throw new RangeError("[batchNorm] a batch with one value per unit has no variance. Train with larger batches.");
    }
    const axes = Array.from({ length: x.rank - 1 }, (_, axis) => axis);
    const middle = mean(x, axes);
    const centred = sub(x, middle);
    const variance = mean(square(centred), axes);
    const runningMean = (old: Tensor, now: Tensor, factor: number): Tensor =>
      add(mul(old, 1 - momentum), mul(stop(now), momentum * factor));
    return {
      y: normal(centred, variance),
      state: {
        mean: runningMean(state.mean, middle, 1),
        variance: runningMean(state.variance, variance, count / (count - 1)),
      },
    };
  },
};
