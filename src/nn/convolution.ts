// Layers over images [height, width, channels]: convolution and pooling. They compute, and refuse sizes, as the ops of the
// same names do.

import type { Shape, Tensor } from "../core/index.js";
import { showShape } from "../core/index.js";
import * as ops from "../ops/index.js";
import { type Initialiser, type InitialiserKind, initialise, initialiserOf } from "./initialisers.js";
import { checkCount, type LayerDescription, type LayerKind, type Synapses } from "./layer.js";

/** One number for both directions, or [down, right]. */
export type Pair = number | readonly [number, number];

/** Options of `conv2d`. */
export interface Conv2dOptions extends ops.ConvolutionOptions {
  /** Whether a bias is added, one number per channel; true by default. */
  readonly bias?: boolean;
  /** How the filters are initialised; "xavierUniform" by default. The bias begins at 0. */
  readonly init?: InitialiserKind | Initialiser;
}

/** A convolutional layer. */
export interface Conv2dLayer extends LayerDescription, Conv2dOptions {
  /** This kind. */
  readonly kind: "conv2d";
  /** How many output channels it has. */
  readonly channels: number;
  /** The size of its filters. */
  readonly kernel: Pair;
}

/**
 * A convolution of images with `channels` filters of size `kernel`: `weight` [height, width, channels in, channels out]
 * and `bias` [channels out]. By default the stride is 1, the padding "valid" and the dilation 1.
 *
 * @example network({ input: [28, 28, 1], layers: [conv2d(8, 3)] }).output // [26, 26, 8]
 */
export const conv2d = (channels: number, kernel: Pair, options: Conv2dOptions = {}): Conv2dLayer => ({
  kind: "conv2d",
  channels,
  kernel,
  ...options,
});

/** A pooling layer. */
export interface PoolLayer extends LayerDescription, ops.WindowOptions {
  /** This kind. */
  readonly kind: "maxPool" | "avgPool";
  /** The size of its windows. */
  readonly size: Pair;
}

/**
 * The largest number of each window of `size`, channel by channel. By default windows lie side by side; see `stride`.
 *
 * @example network({ input: [28, 28, 1], layers: [maxPool(2)] }).output // [14, 14, 1]
 */
export const maxPool = (size: Pair, options: ops.WindowOptions = {}): PoolLayer => ({
  kind: "maxPool",
  size,
  ...options,
});

/**
 * The mean of each window of `size`, channel by channel. By default windows lie side by side; see `stride`.
 *
 * @example network({ input: [28, 28, 1], layers: [avgPool(2)] }).output // [14, 14, 1]
 */
export const avgPool = (size: Pair, options: ops.WindowOptions = {}): PoolLayer => ({
  kind: "avgPool",
  size,
  ...options,
});

const sides = (kernel: Pair): readonly [number, number] => (typeof kernel === "number" ? [kernel, kernel] : kernel);

function checkImage(op: string, input: Shape): void {
  if (input.length === 3) return;
  throw new RangeError(
    `[${op}] items have shape ${showShape(input)}. Make the network's input [height, width, channels], such as ` +
      "[28, 28, 1] for grey images, and put flatten() after the last layer over images.",
  );
}

/** The shape of the images that `f` makes from images of shape `input`, found by applying it to an empty batch. */
function imageShape(input: Shape, f: (x: Tensor) => Tensor): Shape {
  return f(ops.zeros([0, ...input])).shape.slice(1);
}

function synapsesOf({ channels, kernel, init }: Conv2dLayer, input: Shape): Synapses {
  const [height, width] = sides(kernel);
  return {
    parameter: "weight",
    shape: [height, width, input[2], channels],
    presynaptic: 2,
    postsynaptic: 3,
    fanIn: height * width * input[2],
    fanOut: height * width * channels,
    initialiser: initialiserOf("conv2d", init, "xavierUniform"),
  };
}

/** The options that are set, in the form that the ops take. */
function windowOptions({ stride, padding, dilation }: ops.ConvolutionOptions): ops.ConvolutionOptions {
  return {
    ...(stride !== undefined && { stride }),
    ...(padding !== undefined && { padding }),
    ...(dilation !== undefined && { dilation }),
  };
}

/** The record of convolutional layers. */
export const conv2dKind: LayerKind<Conv2dLayer> = {
  options: ["channels", "kernel", "stride", "padding", "dilation", "bias", "init"],
  shape: (layer, input) => {
    checkImage("conv2d", input);
    checkCount("conv2d", "`channels`", layer.channels);
    for (const side of sides(layer.kernel)) checkCount("conv2d", "a side of `kernel`", side);
    const filter = ops.zeros(synapsesOf(layer, input).shape);
    return imageShape(input, (x) => ops.conv2d(x, filter, windowOptions(layer)));
  },
  init: (layer, input, key, options) => {
    const synapses = synapsesOf(layer, input);
    const weight = initialise(synapses.initialiser, key, synapses.shape, synapses, options);
    return layer.bias === false ? { weight } : { weight, bias: ops.zeros([layer.channels], options) };
  },
  apply: (layer, { weight, bias }, x) => {
    const y = ops.conv2d(x, weight, windowOptions(layer));
    return bias ? ops.add(y, bias) : y;
  },
  synapses: synapsesOf,
};

const pooling = (kind: PoolLayer["kind"], pool: typeof ops.maxPool): LayerKind<PoolLayer> => ({
  options: ["size", "stride", "padding"],
  shape: (layer, input) => {
    checkImage(kind, input);
    return imageShape(input, (x) => pool(x, layer.size, windowOptions(layer)));
  },
  apply: (layer, _, x) => pool(x, layer.size, windowOptions(layer)),
});

/** The record of max-pooling layers. */
export const maxPoolKind = pooling("maxPool", ops.maxPool);
/** The record of average-pooling layers. */
export const avgPoolKind = pooling("avgPool", ops.avgPool);
