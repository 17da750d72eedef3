// Layers that normalise each item separately: layer norm, group norm and RMS norm. None has a state. For statistics over a
// batch, see batch-norm.ts.

import { quote, type Shape, showShape, sizeOf, type Tensor } from "../core/index.js";
import { add, div, maximum, mean, mul, ones, reciprocal, reshape, sqrt, square, sub, zeros } from "../ops/index.js";
import { unitOf } from "../ops/internal.js";
import { checkCount, type LayerDescription, type LayerKind } from "./layer.js";

/** Options of layers that normalise. */
export interface NormOptions {
  /** Added to the variance, or to the mean square: above 0; 1e-5 by default. */
  readonly eps?: number;
}

/** Options of `layerNorm`. */
export type LayerNormOptions = NormOptions;

/** A layer of layer norm. */
export interface LayerNormLayer extends LayerDescription, NormOptions {
  /** This kind. */
  readonly kind: "layerNorm";
}

/** A layer of group norm. */
export interface GroupNormLayer extends LayerDescription, NormOptions {
  /** This kind. */
  readonly kind: "groupNorm";
  /** How many groups the channels are divided into. */
  readonly groups: number;
}

/** A layer of RMS norm. */
export interface RmsNormLayer extends LayerDescription, NormOptions {
  /** This kind. */
  readonly kind: "rmsNorm";
}

/**
 * Layer normalisation along the last axis: (x - mean) / sqrt(variance + eps) * `scale` + `bias`, where `scale` begins at 1
 * and `bias` at 0 (Ba, Kiros and Hinton 2016, equation 4). The variance is divided by n.
 *
 * @example
 * network({ input: [8], layers: [layerNorm()] }).init(Key.of(0)); // [{ scale: [1, 1, 1, 1, 1, 1, 1, 1], bias: [0, 0, 0, 0, 0, 0, 0, 0] }]
 */
export const layerNorm = (options: NormOptions = {}): LayerNormLayer => ({ kind: "layerNorm", ...options });

/**
 * Group normalisation (Wu and He 2018): the channels, along the last axis, are divided into `groups` of neighbours, and each
 * group of an example is normalised over its channels and all places: (x - mean) / sqrt(variance + eps) * `scale` + `bias`.
 * `scale` begins at 1 and `bias` at 0, with one number per channel. The variance is divided by n.
 *
 * @example network({ input: [8, 8, 4], layers: [groupNorm(2)] }).output // [8, 8, 4]
 */
export const groupNorm = (groups: number, options: NormOptions = {}): GroupNormLayer => ({
  kind: "groupNorm",
  groups,
  ...options,
});

/**
 * RMS normalisation along the last axis: x / sqrt(mean of x^2 + eps) * `scale`, where `scale` begins at 1 (Zhang and
 * Sennrich 2019). No mean is subtracted, and there is no bias.
 *
 * @example network({ input: [8], layers: [rmsNorm()] }).init(Key.of(0)) // [{ scale: [1, 1, 1, 1, 1, 1, 1, 1] }]
 */
export const rmsNorm = (options: NormOptions = {}): RmsNormLayer => ({ kind: "rmsNorm", ...options });

const EPS = 1e-5;
const widthOf = (input: Shape): number => input[input.length - 1];

/** Throws a RangeError for an `eps` that is not above 0, and for items without an axis. */
export function checkNorm(op: string, eps: number, input: Shape): void {
  if (!(eps > 0 && Number.isFinite(eps)))
    throw new RangeError(`[${op}] \`eps\` is ${quote(eps)}. Give a finite number above 0.`);
  if (input.length === 0)
    throw new RangeError(`[${op}] items of shape ${showShape(input)} have no axis. Make the input's shape [1].`);
}

/** x / sqrt(mean square + eps) over these axes, of x or of its distance from the mean; squares of large numbers do not overflow. */
function normal(x: Tensor, axes: readonly number[], eps: number, centre = true): Tensor {
  const unit = maximum(unitOf(x, axes), 1);
  const inUnits = div(x, unit);
  const part = centre ? sub(inUnits, mean(inUnits, axes, true)) : inUnits;
  return div(part, sqrt(add(mean(square(part), axes, true), mul(square(reciprocal(unit)), eps))));
}

/** The record of layer norms. */
export const layerNormKind: LayerKind<LayerNormLayer> = {
  options: ["eps"],
  shape: ({ eps = EPS }, input) => {
    checkNorm("layerNorm", eps, input);
    return input;
  },
  init: (_, input, _key, options) => ({
    scale: ones([widthOf(input)], options),
    bias: zeros([widthOf(input)], options),
  }),
  apply: ({ eps = EPS }, { scale, bias }, x) => add(mul(normal(x, [-1], eps), scale), bias),
};

/** The record of group norms. */
export const groupNormKind: LayerKind<GroupNormLayer> = {
  options: ["groups", "eps"],
  shape: ({ groups, eps = EPS }, input) => {
    checkNorm("groupNorm", eps, input);
    checkCount("groupNorm", "`groups`", groups);
    if (widthOf(input) % groups !== 0) {
      throw new RangeError(
        `[groupNorm] ${widthOf(input)} channels cannot be divided into ${groups} equal groups. Give a number that divides them.`,
      );
    }
    return input;
  },
  init: (_, input, _key, options) => ({
    scale: ones([widthOf(input)], options),
    bias: zeros([widthOf(input)], options),
  }),
  apply: ({ groups, eps = EPS }, { scale, bias }, x) => {
    const places = sizeOf(x.shape.slice(1, -1));
    const grouped = reshape(x, [x.shape[0], places, groups, scale.size / groups]);
    return add(mul(reshape(normal(grouped, [1, 3], eps), x.shape), scale), bias);
  },
};

/** The record of RMS norms. */
export const rmsNormKind: LayerKind<RmsNormLayer> = {
  options: ["eps"],
  shape: ({ eps = EPS }, input) => {
    checkNorm("rmsNorm", eps, input);
    return input;
  },
  init: (_, input, _key, options) => ({ scale: ones([widthOf(input)], options) }),
  apply: ({ eps = EPS }, { scale }, x) => mul(normal(x, [-1], eps, false), scale),
};
