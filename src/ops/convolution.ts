// Convolution of images [n, height, width, channels] (NHWC, as in TensorFlow and on most accelerators): windows laid out as
// rows (Chellapilla, Puri and Simard 2006), then a matrix product.

import { type AnyOp, apply, type Op, sumOf } from "../autodiff/index.js";
import { type Shape, sizeOf, type Tensor, withScratch } from "../core/index.js";
import { mul } from "./elementwise.js";
import { byGroup, checkGroups } from "./groups.js";
import { matmul, multiply } from "./matmul.js";
import { patches, patchesAdd, patchesInto, visit, type Windows } from "./patches.js";
import { reshape } from "./shape.js";
import { sum } from "./sum.js";
import {
  acrossOnly,
  asOneRow,
  type ConvolutionOptions,
  checkFilter,
  checkImages,
  checkWindowOptions,
  type WindowOptions1d,
  windowsOf,
} from "./windows.js";

/** Bytes of windows that are laid out at a time: half of a second-level cache of 512 KiB. */
const LAID_OUT = 2 ** 18;

/** Windows (rows, inner) of images, and the filter (inner, outputs) as a matrix. */
const innerOf = (filter: { readonly shape: Shape }): number => sizeOf(filter.shape.slice(0, 3));
const asMatrix = (filter: Tensor): Tensor => reshape(filter, [innerOf(filter), filter.shape[3]]);
const asRows = (windows: Tensor, inner: number): Tensor => reshape(windows, [windows.size / inner, inner]);

/**
 * y = the windows of images x times the filter. Some windows at a time are laid out and used while they
 * are in the cache; nothing of them is kept for the way back, which lays them out again.
 */
export const conv2dOp: Op<Windows> = {
  name: "conv2d",
  shapes: ([x, filter], { grid }) => [[x.shape[0], ...grid, filter.shape[3]]],
  forward: ([y], [x, filter], windows) => {
    const [n, height, width, channels] = x.shape;
    const [inner, outputs] = [innerOf(filter), filter.shape[3]];
    const [down, across] = windows.grid;
    // Rows of windows at a time: those of several images, or some of those of one.
    const fit = Math.floor(LAID_OUT / (x.type.bytes * Math.max(1, across * inner)));
    const band = Math.max(1, Math.min(down, fit));
    const step = Math.max(1, Math.min(n, Math.floor(fit / Math.max(1, down))));
    withScratch(x.type.bytes * step * band * across * inner, (scratch) => {
      for (let image = 0; image < n; image += step) {
        const count = Math.min(step, n - image);
        for (let row = 0; row < down; row += band) {
          const rows = Math.min(band, down - row);
          const before = [windows.before[0] - row * windows.stride[0], windows.before[1]] as const;
          const part = { ...windows, grid: [rows, across] as const, before };
          const from = x.addressOf(image * height * width * channels);
          patchesInto(x.type, scratch, from, count, channels, part, 0);
          const to = y.addressOf((image * down + row) * across * outputs);
          multiply(y.type, to, scratch, filter.address, count * rows * across, outputs, inner);
        }
      }
    });
  },
  vjp: ([dy], { inputs: [x, filter], attributes: windows, needs }) => {
    const rows = reshape(dy!, [-1, filter.shape[3]]);
    const inner = innerOf(filter);
    const laid = (): Shape => [...dy!.shape.slice(0, 3), filter.shape[0] * filter.shape[1], filter.shape[2]];
    return [
      needs(0) ? patchesAdd(reshape(matmul(rows, asMatrix(filter), { b: true }), laid()), windows) : undefined,
      needs(1) ? reshape(matmul(asRows(patches(x, windows), inner), rows, { a: true }), filter.shape) : undefined,
    ];
  },
  jvp: ([dx, df], { inputs: [x, filter], attributes }) => [
    sumOf(dx && apply(conv2dOp, [dx, filter], attributes), df && apply(conv2dOp, [x, df], attributes)),
  ],
  reference: ([x, filter], windows) => {
    const [n, , , channels] = x.shape;
    const [inner, outputs] = [innerOf(filter), filter.shape[3]];
    const shape = [n, ...windows.grid, outputs];
    const data = new Float64Array(sizeOf(shape));
    visit(n, channels, windows, (window, image) => {
      const row = Math.floor(window / inner);
      const value = image < 0 ? 0 : x.data[image];
      for (let o = 0; o < outputs; o++) data[row * outputs + o] += value * filter.data[(window % inner) * outputs + o];
    });
    return [{ shape, data }];
  },
  domain: [
    {
      inputs: [{ shape: [2, 4, 5, 2] }, { shape: [2, 3, 2, 3] }],
      attributes: { image: [4, 5], grid: [3, 2], kernel: [2, 3], stride: [1, 2], dilation: [1, 1], before: [0, 0] },
    },
    {
      inputs: [{ shape: [2, 3, 4, 2] }, { shape: [2, 2, 2, 1] }],
      attributes: { image: [3, 4], grid: [2, 4], kernel: [2, 2], stride: [2, 1], dilation: [2, 1], before: [1, 1] },
    },
  ],
};

/** How the filters of groups of channels move. */
export interface GroupedOptions extends ConvolutionOptions {
  /**
   * Into how many groups the channels are divided, each convolved with its own share of the filters; default 1. A filter
   * then has the channels of one group.
   */
  readonly groups?: number;
}

/**
 * Images [n, height, width, channels] convolved with `filter` [height, width, channels / groups, outputs] (not mirrored, as
 * in all such libraries): shape [n, rows, columns, outputs].
 *
 * @throws RangeError for shapes that do not fit.
 * @example conv2d(ones([1, 8, 8, 3]), ones([3, 3, 3, 16]), { padding: "same" }) // (1, 8, 8, 16)
 */
export function conv2d(x: Tensor, filter: Tensor, options: GroupedOptions = {}): Tensor {
  checkImages("conv2d", x);
  checkWindowOptions("conv2d", options, "groups");
  const { groups = 1, ...moves } = options;
  checkGroups("conv2d", groups, [x, 3], [filter, 3]);
  checkFilter("conv2d", filter, 4, 2, x.shape[3] / groups, "[height, width, channels / groups, outputs]");
  const [, rows, columns] = x.shape;
  const windows = windowsOf("conv2d", [rows, columns], [filter.shape[0], filter.shape[1]], moves);
  return byGroup(groups, [x, 3], [filter, 3], (part, filters) => apply(conv2dOp, [part, filters], windows));
}

/** How the filters of groups of channels move along a signal. */
export interface GroupedOptions1d extends WindowOptions1d {
  /** Into how many groups the channels are divided; default 1. */
  readonly groups?: number;
}

/**
 * Signals [n, length, channels] convolved with `filter` `[length, channels / groups, outputs]`: shape
 * `[n, length', outputs]`. Padding is a word, a number, or [before, after].
 *
 * @example conv1d(tensor([[[1], [2], [3]]]), tensor([[[1]], [[1]]])) // [[[3], [5]]]
 */
export function conv1d(x: Tensor, filter: Tensor, options: GroupedOptions1d = {}): Tensor {
  checkWindowOptions("conv1d", options, "groups");
  const { groups = 1 } = options;
  return asOneRow("conv1d", x, (images) => {
    checkGroups("conv1d", groups, [images, 3], [filter, 2]);
    checkFilter("conv1d", filter, 3, 1, x.shape[2] / groups, "[length, channels / groups, outputs]");
    return conv2d(images, reshape(filter, [1, ...filter.shape]), acrossOnly(options));
  });
}

/**
 * Each channel of the images [n, height, width, channels] convolved with its own filters of `filter`
 * `[height, width, channels, multiplier]`: shape `[n, rows, columns, channels * multiplier]`, a channel's results together.
 *
 * @example depthwiseConv2d(ones([1, 8, 8, 3]), ones([3, 3, 3, 2])) // (1, 6, 6, 6)
 */
export function depthwiseConv2d(x: Tensor, filter: Tensor, options: ConvolutionOptions = {}): Tensor {
  checkImages("depthwiseConv2d", x);
  checkWindowOptions("depthwiseConv2d", options);
  checkFilter("depthwiseConv2d", filter, 4, 2, x.shape[3], "[height, width, channels, multiplier]");
  const [height, width, channels, multiplier] = filter.shape;
  const windows = windowsOf("depthwiseConv2d", [x.shape[1], x.shape[2]], [height, width], options);
  const rows = reshape(patches(x, windows), [-1, height * width, channels, 1]);
  const products = mul(rows, reshape(filter, [height * width, channels, multiplier]));
  return reshape(sum(products, 1), [x.shape[0], ...windows.grid, channels * multiplier]);
}

/** Every record of this file. */
export const convolutionOps = [conv2dOp] as unknown as readonly AnyOp[];
