// Pooling of images [n, height, width, channels] and of signals [n, length, channels]: windows laid out, then the largest or
// the mean of each.

import { apply } from "../autodiff/index.js";
import { fromNumbers, type Shape, type Tensor } from "../core/index.js";
import { fullLike } from "./create.js";
import { div } from "./elementwise.js";
import { max, maxOp } from "./extremes.js";
import { stack } from "./join.js";
import { mean } from "./mean.js";
import { patches } from "./patches.js";
import { reshape } from "./shape.js";
import { slice } from "./slice.js";
import { sum } from "./sum.js";
import {
  acrossOnly,
  asOneRow,
  type ConvolutionOptions,
  checkImages,
  checkWindowOptions,
  type PaddedWindows,
  type Pair,
  pairOf,
  type WindowOptions1d,
  windowsOf,
} from "./windows.js";

interface Ceil {
  /**
   * Whether windows that reach beyond the padding at the end count, as long as they begin before it; default false, where
   * what is left at the end is seen by no window.
   */
  readonly ceil?: boolean;
}

interface Count {
  /** Whether padding counts as zeros in the mean; default false, where a mean is over what lies in the image. */
  readonly countPadding?: boolean;
}

/** How windows of pooling move; `stride` is the window's size by default. */
export interface PoolOptions extends ConvolutionOptions, Ceil {}

/** How windows of a mean move, and what they count. */
export interface AvgPoolOptions extends PoolOptions, Count {}

/** How windows of pooling move along a signal. */
export interface PoolOptions1d extends WindowOptions1d, Ceil {}

/** How windows of a mean move along a signal, and what they count. */
export interface AvgPoolOptions1d extends PoolOptions1d, Count {}

function pooled(op: string, x: Tensor, size: Pair, { ceil, ...options }: PoolOptions): PaddedWindows {
  const kernel = pairOf(op, "window", size);
  checkImages(op, x);
  const windows = windowsOf(op, [x.shape[1], x.shape[2]], kernel, { stride: kernel, ...options }, ceil);
  if (([0, 1] as const).some((direction) => inside(windows, direction).some((count) => count === 0))) {
    throw new RangeError(`[${op}] a window lies outside the image altogether. Pad by less than the window's size.`);
  }
  return windows;
}

/** How many elements of each window lie in the image, or with `padded` in its padding too, along one direction. */
function inside(windows: PaddedWindows, direction: 0 | 1, padded = false): number[] {
  const { image, grid, kernel, stride, dilation, before, after } = windows;
  const [low, high] = padded ? [-before[direction], image[direction] + after[direction]] : [0, image[direction]];
  return Array.from({ length: grid[direction] }, (_, i) => {
    const start = i * stride[direction] - before[direction];
    const places = Array.from({ length: kernel[direction] }, (_, k) => start + k * dilation[direction]);
    return places.filter((place) => place >= low && place < high).length;
  });
}

/**
 * The largest element of each window of `size` (a number or [height, width]), channel by channel. What is outside the
 * image never counts. Where several are the largest, they share the derivative equally.
 *
 * @throws RangeError for windows that do not fit, and for one that sees nothing of the image.
 * @example maxPool(ones([1, 4, 4, 3]), 2) // (1, 2, 2, 3)
 */
export function maxPool(x: Tensor, size: Pair, options: PoolOptions = {}): Tensor {
  checkWindowOptions("maxPool", options, "ceil");
  const windows = pooled("maxPool", x, size, options);
  const elements = patches(x, windows, Number.NEGATIVE_INFINITY);
  const block = { from: 3, to: 4 };
  const padded = ([0, 1] as const).some((d) => inside(windows, d).some((count) => count < windows.kernel[d]));
  if (!padded) return apply(maxOp, [elements], block);
  return apply(maxOp, [elements, patches(fullLike(x, 1), windows)], block);
}

/**
 * The mean of each window of `size` (a number or [height, width]), channel by channel, over what lies in the image; with
 * `countPadding` over the padding too, as zeros.
 *
 * @throws RangeError for windows that do not fit, and for one that sees nothing of the image.
 * @example avgPool(ones([1, 4, 4, 3]), 2) // (1, 2, 2, 3)
 */
export function avgPool(x: Tensor, size: Pair, options: AvgPoolOptions = {}): Tensor {
  checkWindowOptions("avgPool", options, "ceil", "countPadding");
  const { countPadding = false, ...moves } = options;
  const windows = pooled("avgPool", x, size, moves);
  const total = sum(patches(x, windows), 3);
  const [rows, columns] = ([0, 1] as const).map((direction) => inside(windows, direction, countPadding));
  const shape: Shape = [rows.length, columns.length, 1];
  const counts = rows.flatMap((down) => columns.map((right) => down * right));
  return div(total, fromNumbers(counts, shape, x.dtype));
}

/**
 * `maxPool` along signals [n, length, channels].
 *
 * @example maxPool1d(tensor([[[1], [2], [3], [4]]]), 2) // [[[2], [4]]]
 */
export function maxPool1d(x: Tensor, size: number, options: PoolOptions1d = {}): Tensor {
  checkWindowOptions("maxPool1d", options, "ceil");
  return asOneRow("maxPool1d", x, (images) => maxPool(images, [1, size], acrossOnly(options)));
}

/**
 * `avgPool` along signals [n, length, channels].
 *
 * @example avgPool1d(tensor([[[1], [2], [3], [4]]]), 2) // [[[1.5], [3.5]]]
 */
export function avgPool1d(x: Tensor, size: number, options: AvgPoolOptions1d = {}): Tensor {
  checkWindowOptions("avgPool1d", options, "ceil", "countPadding");
  return asOneRow("avgPool1d", x, (images) => avgPool(images, [1, size], acrossOnly(options)));
}

/** What `reduce` makes of images cut into a grid of `size`, whatever their own size. */
function adaptive(op: string, x: Tensor, size: Pair, reduce: (part: Tensor, axes: number[]) => Tensor): Tensor {
  checkImages(op, x);
  const grid = pairOf(op, "size", size);
  const [n, height, width, channels] = x.shape;
  if (height === 0 || width === 0) throw new RangeError(`[${op}] the images have no places to pool.`);
  const [rows, columns] = [height, width].map((length, direction) =>
    Array.from({ length: grid[direction] }, (_, i) => {
      const count = grid[direction];
      return [Math.floor((i * length) / count), Math.ceil(((i + 1) * length) / count)] as const;
    }),
  );
  const parts = rows.flatMap(([top, bottom]) =>
    columns.map(([left, right]) => reduce(slice(x, [0, top, left, 0], [n, bottom, right, channels]), [1, 2])),
  );
  return reshape(stack(parts, 1), [n, ...grid, channels]);
}

/**
 * The largest element of each cell of a grid of `size` (a number or [rows, columns]) laid over images of any size, channel
 * by channel: shape [n, rows, columns, channels]. Cell i of m along a side of n is floor(i n / m) .. ceil((i + 1) n / m), as
 * in PyTorch, so that neighbours overlap where m does not divide n.
 *
 * @example adaptiveMaxPool(ones([1, 7, 7, 3]), 2) // (1, 2, 2, 3)
 */
export function adaptiveMaxPool(x: Tensor, size: Pair): Tensor {
  return adaptive("adaptiveMaxPool", x, size, max);
}

/**
 * The mean of each cell of a grid of `size` laid over images of any size; the cells are those of `adaptiveMaxPool`.
 *
 * @example adaptiveAvgPool(ones([1, 7, 7, 3]), 2) // (1, 2, 2, 3)
 */
export function adaptiveAvgPool(x: Tensor, size: Pair): Tensor {
  return adaptive("adaptiveAvgPool", x, size, mean);
}

/**
 * `adaptiveMaxPool` along signals [n, length, channels]: shape [n, size, channels].
 *
 * @example adaptiveMaxPool1d(tensor([[[1], [2], [3], [4]]]), 2) // [[[2], [4]]]
 */
export function adaptiveMaxPool1d(x: Tensor, size: number): Tensor {
  return asOneRow("adaptiveMaxPool1d", x, (images) => adaptiveMaxPool(images, [1, size]));
}

/**
 * `adaptiveAvgPool` along signals [n, length, channels]: shape [n, size, channels].
 *
 * @example adaptiveAvgPool1d(tensor([[[1], [2], [3], [4]]]), 2) // [[[1.5], [3.5]]]
 */
export function adaptiveAvgPool1d(x: Tensor, size: number): Tensor {
  return asOneRow("adaptiveAvgPool1d", x, (images) => adaptiveAvgPool(images, [1, size]));
}
