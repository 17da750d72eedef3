// Where the windows of convolution and pooling stand: what the options mean, for images and for signals.

import { checkTensors } from "../autodiff/index.js";
import { checkKind, checkOptions, quote, showShape, type Tensor } from "../core/index.js";
import type { Windows } from "./patches.js";
import { reshape } from "./shape.js";

/** One number for both directions, or [down, right]. */
export type Pair = number | readonly [number, number];

/**
 * What surrounds the image: "valid" nothing (the default), "same" as much as makes the result ceil(size / stride) with
 * the odd row and column at the end, or rows and columns on each side: a number, [down, right], or
 * [[top, bottom], [left, right]].
 */
export type Padding =
  | "valid"
  | "same"
  | number
  | readonly [number, number]
  | readonly [readonly [number, number], readonly [number, number]];

/** How windows move. */
export interface WindowOptions {
  /** Default: 1 for convolution, the window's size for pooling. */
  readonly stride?: Pair;
  /** Default "valid". */
  readonly padding?: Padding;
}

/** How a filter moves. */
export interface ConvolutionOptions extends WindowOptions {
  /** Steps between the elements of the filter; default 1. */
  readonly dilation?: Pair;
}

/** The two whole numbers of at least 1 that `value` gives. */
export function pairOf(op: string, what: string, value: Pair): [number, number] {
  const pair = typeof value === "number" ? [value, value] : value;
  checkKind(op, what, pair, "a list");
  const [down, right] = pair;
  for (const n of [down, right]) {
    if (!Number.isInteger(n) || n < 1)
      throw new RangeError(`[${op}] ${what} ${quote(n)}: a whole number of at least 1.`);
  }
  return [down, right];
}

/** Throws for options of windows that nobody reads; `more`: names besides those of all windows. */
export const checkWindowOptions = (op: string, options: object, ...more: readonly string[]): void =>
  checkOptions(op, options, ["stride", "padding", "dilation", ...more]);

/** Rows or columns before and after, along one direction. */
export function around(
  padding: Padding,
  direction: 0 | 1,
  size: number,
  reach: number,
  stride: number,
): readonly [number, number] {
  if (padding === "valid") return [0, 0];
  if (padding === "same") {
    const total = Math.max((Math.ceil(size / stride) - 1) * stride + reach - size, 0);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  }
  const side = typeof padding === "number" ? padding : padding[direction];
  const ends = typeof side === "number" ? ([side, side] as const) : side;
  checkKind("padding", "the padding of one direction", ends, "a list");
  return ends;
}

/** Throws unless `x` is a stack of images, [n, height, width, channels]. */
export function checkImages(op: string, x: Tensor): void {
  checkTensors(op, [x]);
  if (x.rank !== 4) {
    throw new RangeError(
      `[${op}] images of shape ${showShape(x.shape)}: [n, height, width, channels] is needed. Use reshape or expandDims.`,
    );
  }
}

/** Windows, and how far the image is padded at its end. */
export interface PaddedWindows extends Windows {
  readonly after: readonly [number, number];
}

/** Where windows of size `kernel` stand over an image. With `ceil`, the last ones may reach beyond the padding. */
export function windowsOf(
  op: string,
  image: readonly [number, number],
  kernel: readonly [number, number],
  options: ConvolutionOptions,
  ceil = false,
): PaddedWindows {
  const stride = pairOf(op, "stride", options.stride ?? 1);
  const dilation = pairOf(op, "dilation", options.dilation ?? 1);
  const along = ([0, 1] as const).map((direction) => {
    const [size, step] = [image[direction], stride[direction]];
    const reach = (kernel[direction] - 1) * dilation[direction] + 1;
    const [before, after] = around(options.padding ?? "valid", direction, size, reach, step);
    if (![before, after].every((n) => Number.isInteger(n) && n >= 0)) {
      throw new RangeError(
        `[${op}] padding [${quote(before)}, ${quote(after)}]: whole numbers of at least 0, "same" or "valid".`,
      );
    }
    const room = size + before + after - reach;
    if (room < 0) {
      throw new RangeError(
        `[${op}] a window of ${reach} does not fit into ${size} with padding [${quote(before)}, ${quote(after)}]. ` +
          'Use padding: "same", or a smaller window.',
      );
    }
    const count = (ceil ? Math.ceil(room / step) : Math.floor(room / step)) + 1;
    // A window that would begin in the padding at the end is none.
    return { before, after, count: ceil && (count - 1) * step >= size + before ? count - 1 : count };
  });
  return {
    image,
    kernel,
    stride,
    dilation,
    grid: [along[0].count, along[1].count],
    before: [along[0].before, along[1].before],
    after: [along[0].after, along[1].after],
  };
}

/** Throws for a filter of another rank, or of other channels along `axis`. */
export function checkFilter(
  op: string,
  filter: Tensor,
  rank: number,
  axis: number,
  channels: number,
  wanted: string,
): void {
  checkTensors(op, [filter]);
  if (filter.rank !== rank || filter.shape[axis] !== channels) {
    throw new RangeError(
      `[${op}] a filter of shape ${showShape(filter.shape)} does not fit ${channels} channels: ${wanted} is needed.`,
    );
  }
}

/** What surrounds a signal: as `Padding`, a number for both ends, or [before, after]. */
export type Padding1d = "valid" | "same" | number | readonly [number, number];

/** How windows move along a signal. */
export interface WindowOptions1d {
  /** Default: 1 for convolution, the window's size for pooling. */
  readonly stride?: number;
  /** Steps between the elements of a window; default 1. */
  readonly dilation?: number;
  /** Default "valid". */
  readonly padding?: Padding1d;
}

/** Options of signals as those of images of one row; the others stay. */
export function acrossOnly<O extends WindowOptions1d>(options: O): Omit<O, keyof WindowOptions1d> & ConvolutionOptions {
  const { stride, dilation, padding, ...rest } = options;
  const ends = typeof padding === "number" ? ([padding, padding] as const) : padding;
  return {
    ...rest,
    ...(stride !== undefined && { stride: [1, stride] as const }),
    ...(dilation !== undefined && { dilation: [1, dilation] as const }),
    ...(ends !== undefined && { padding: typeof ends === "string" ? ends : ([[0, 0], ends] as const) }),
  };
}

/** What `f` does to signals [n, length, channels] as images of one row. */
export function asOneRow(op: string, x: Tensor, f: (images: Tensor) => Tensor): Tensor {
  checkTensors(op, [x]);
  if (x.rank !== 3) {
    throw new RangeError(`[${op}] signals of shape ${showShape(x.shape)}: [n, length, channels] is needed.`);
  }
  const [n, length, channels] = x.shape;
  const y = f(reshape(x, [n, 1, length, channels]));
  return reshape(y, [n, y.shape[2], y.shape[3]]);
}
