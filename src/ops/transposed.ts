// Transposed convolution: the transpose of the linear map that `conv2d` is, so that small images become large ones
// (Dumoulin and Visin 2016, "A guide to convolution arithmetic for deep learning", chapter 4).

import { quote, type Tensor } from "../core/index.js";
import { matmul } from "./batch.js";
import type { GroupedOptions, GroupedOptions1d } from "./convolution.js";
import { byGroup, checkGroups } from "./groups.js";
import { patchesAdd } from "./patches.js";
import { transpose } from "./permute.js";
import { reshape } from "./shape.js";
import { acrossOnly, around, asOneRow, checkFilter, checkImages, type Pair, pairOf, windowsOf } from "./windows.js";

/** How a transposed filter moves. */
export interface TransposedOptions extends GroupedOptions {
  /**
   * Rows and columns added at the end of the result, a number or [down, right], less than the stride; default 0. Several
   * sizes of image give the same size of convolution: this says which is meant.
   */
  readonly outputPadding?: number | readonly [number, number];
}

/** The size of the image whose convolution has `count` windows. */
function sizeBefore(
  padding: GroupedOptions["padding"],
  direction: 0 | 1,
  count: number,
  reach: number,
  stride: number,
): number {
  if (padding === "same") return count * stride;
  const [before, after] = around(padding ?? "valid", direction, 0, reach, stride);
  return (count - 1) * stride + reach - before - after;
}

/** The two whole numbers of at least 0 and below the stride that `value` gives. */
function extraOf(op: string, value: Pair, stride: readonly [number, number]): readonly [number, number] {
  const pair = typeof value === "number" ? ([value, value] as const) : value;
  pair.forEach((n, direction) => {
    if (Number.isInteger(n) && n >= 0 && n < stride[direction]) return;
    throw new RangeError(
      `[${op}] outputPadding ${quote(n)} for a stride of ${stride[direction]}: a whole number of at least 0, below the stride.`,
    );
  });
  return pair;
}

/**
 * The transpose of `conv2d`: images [n, height, width, channels] and `filter` [height, width, channels, outputs / groups]
 * give [n, rows, columns, outputs], where each number of an image is multiplied with the filter, and what overlaps is added.
 * Padding takes rows and columns away: (height - 1) * stride + dilation * (filter's height - 1) + 1, less the padding on both
 * sides, rows come out; with "same" height * stride.
 *
 * @throws RangeError for shapes that do not fit, and if nothing is left.
 * @example convTranspose2d(ones([1, 4, 4, 16]), ones([2, 2, 16, 3]), { stride: 2 }) // (1, 8, 8, 3)
 */
export function convTranspose2d(
  x: Tensor,
  filter: Tensor,
  { groups = 1, outputPadding = 0, ...options }: TransposedOptions = {},
): Tensor {
  const op = "convTranspose2d";
  checkImages(op, x);
  checkGroups(op, groups, [x, 3], [filter, 2]);
  checkFilter(op, filter, 4, 2, x.shape[3], "[height, width, channels, outputs / groups]");
  const stride = pairOf(op, "stride", options.stride ?? 1);
  const dilation = pairOf(op, "dilation", options.dilation ?? 1);
  const extra = extraOf(op, outputPadding, stride);
  const [n, ...grid] = x.shape.slice(0, 3);
  const [height, width, , outputs] = filter.shape;
  const [rows, columns] = ([0, 1] as const).map((direction) => {
    const reach = (filter.shape[direction] - 1) * dilation[direction] + 1;
    const size = sizeBefore(options.padding, direction, grid[direction], reach, stride[direction]) + extra[direction];
    if (size >= 1) return size;
    throw new RangeError(`[${op}] the padding leaves ${quote(size)} of the result. Pad by less.`);
  });
  if (options.padding === "same" && extra.some((more) => more > 0)) {
    throw new RangeError(
      `[${op}] outputPadding makes no sense with padding: "same", which says how large the result is.`,
    );
  }
  const windows = windowsOf(op, [rows, columns], [height, width], options);
  return byGroup(groups, [x, 3], [filter, 2], (part, filters) => {
    const channels = part.shape[3];
    const matrix = reshape(transpose(filters, [0, 1, 3, 2]), [height * width * outputs, channels]);
    const spread = matmul(reshape(part, [-1, channels]), matrix, { b: true });
    return patchesAdd(reshape(spread, [n, ...grid, height * width, outputs]), windows);
  });
}

/** How a transposed filter moves along a signal. */
export interface TransposedOptions1d extends GroupedOptions1d {
  /** Numbers added at the end of the result, less than the stride; default 0. */
  readonly outputPadding?: number;
}

/**
 * The transpose of `conv1d`: signals [n, length, channels] and `filter` [length, channels, outputs / groups] give
 * [n, length', outputs], as in `convTranspose2d`.
 *
 * @example convTranspose1d(tensor([[[1], [2]]]), tensor([[[1]], [[1]]]), { stride: 2 }) // [[[1], [1], [2], [2]]]
 */
export function convTranspose1d(x: Tensor, filter: Tensor, options: TransposedOptions1d = {}): Tensor {
  const { outputPadding = 0, groups = 1 } = options;
  return asOneRow("convTranspose1d", x, (images) => {
    checkGroups("convTranspose1d", groups, [images, 3], [filter, 1]);
    checkFilter("convTranspose1d", filter, 3, 1, x.shape[2], "[length, channels, outputs / groups]");
    const across = { ...acrossOnly(options), outputPadding: [0, outputPadding] as const };
    return convTranspose2d(images, reshape(filter, [1, ...filter.shape]), across);
  });
}
