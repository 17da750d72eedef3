// Convolution and pooling of images [n, height, width, channels] (NHWC, as in TensorFlow and on most accelerators).
// Both are windows laid out as rows (Chellapilla, Puri and Simard 2006), then a matrix product or a reduction.

import { type AnyOp, apply, checkTensors, type Op, sumOf } from "../autodiff/index.js";
import { fromNumbers, quote, type Shape, showShape, sizeOf, type Tensor, withScratch } from "../core/index.js";
import { fullLike } from "./create.js";
import { div, mul } from "./elementwise.js";
import { maxOp } from "./extremes.js";
import { matmul, multiply } from "./matmul.js";
import { patches, patchesAdd, patchesInto, visit, type Windows } from "./patches.js";
import { reshape } from "./shape.js";
import { sum } from "./sum.js";

/** One number for both directions, or [down, right]. */
type Pair = number | readonly [number, number];

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

function pairOf(op: string, what: string, value: Pair): [number, number] {
  const [down, right] = typeof value === "number" ? [value, value] : value;
  for (const n of [down, right]) {
    if (!Number.isInteger(n) || n < 1)
      throw new RangeError(`[${op}] ${what} ${quote(n)}: a whole number of at least 1.`);
  }
  return [down, right];
}

/** Rows or columns before and after, along one direction. */
function around(
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
  return typeof side === "number" ? [side, side] : side;
}

function checkImages(op: string, x: Tensor): void {
  checkTensors(op, [x]);
  if (x.rank !== 4) {
    throw new RangeError(
      `[${op}] images of shape ${showShape(x.shape)}: [n, height, width, channels] is needed. Use reshape or expandDims.`,
    );
  }
}

function windowsOf(op: string, x: Tensor, kernel: readonly [number, number], options: ConvolutionOptions): Windows {
  const stride = pairOf(op, "stride", options.stride ?? 1);
  const dilation = pairOf(op, "dilation", options.dilation ?? 1);
  const image: [number, number] = [x.shape[1], x.shape[2]];
  const along = ([0, 1] as const).map((direction) => {
    const reach = (kernel[direction] - 1) * dilation[direction] + 1;
    const [before, after] = around(options.padding ?? "valid", direction, image[direction], reach, stride[direction]);
    if (![before, after].every((n) => Number.isInteger(n) && n >= 0)) {
      throw new RangeError(
        `[${op}] padding [${quote(before)}, ${quote(after)}]: whole numbers of at least 0, "same" or "valid".`,
      );
    }
    const room = image[direction] + before + after - reach;
    if (room < 0) {
      throw new RangeError(
        `[${op}] a window of ${reach} does not fit into ${image[direction]} with padding [${quote(before)}, ${quote(after)}]. ` +
          'Use padding: "same", or a smaller window.',
      );
    }
    return { before, count: Math.floor(room / stride[direction]) + 1 };
  });
  return {
    image,
    kernel,
    stride,
    dilation,
    grid: [along[0].count, along[1].count],
    before: [along[0].before, along[1].before],
  };
}

function checkFilter(op: string, filter: Tensor, rank: number, axis: number, channels: number, wanted: string): void {
  checkTensors(op, [filter]);
  if (filter.rank !== rank || filter.shape[axis] !== channels) {
    throw new RangeError(
      `[${op}] a filter of shape ${showShape(filter.shape)} does not fit ${channels} channels: ${wanted} is needed.`,
    );
  }
}

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

/**
 * Images [n, height, width, channels] convolved with `filter` [height, width, channels, outputs] (not mirrored, as in
 * all such libraries): shape [n, rows, columns, outputs].
 *
 * @throws RangeError for shapes that do not fit.
 */
export function conv2d(x: Tensor, filter: Tensor, options: ConvolutionOptions = {}): Tensor {
  checkImages("conv2d", x);
  checkFilter("conv2d", filter, 4, 2, x.shape[3], "[height, width, channels, outputs]");
  const [height, width] = filter.shape;
  return apply(conv2dOp, [x, filter], windowsOf("conv2d", x, [height, width], options));
}

/**
 * Signals [n, length, channels] convolved with `filter` `[length, channels, outputs]`: shape `[n, length', outputs]`.
 * Padding is a word, a number, or [before, after].
 */
export function conv1d(
  x: Tensor,
  filter: Tensor,
  options: {
    readonly stride?: number;
    readonly dilation?: number;
    readonly padding?: "valid" | "same" | number | readonly [number, number];
  } = {},
): Tensor {
  checkTensors("conv1d", [x, filter]);
  if (x.rank !== 3) {
    throw new RangeError(`[conv1d] signals of shape ${showShape(x.shape)}: [n, length, channels] is needed.`);
  }
  checkFilter("conv1d", filter, 3, 1, x.shape[2], "[length, channels, outputs]");
  const { padding = "valid", stride = 1, dilation = 1 } = options;
  const [n, length, channels] = x.shape;
  const sides = typeof padding === "number" ? ([padding, padding] as const) : padding;
  const y = conv2d(reshape(x, [n, 1, length, channels]), reshape(filter, [1, ...filter.shape]), {
    stride: [1, stride],
    dilation: [1, dilation],
    padding: typeof sides === "string" ? sides : [[0, 0], sides],
  });
  return reshape(y, [n, y.shape[2], y.shape[3]]);
}

/**
 * Each channel of the images [n, height, width, channels] convolved with its own filters of `filter`
 * `[height, width, channels, multiplier]`: shape `[n, rows, columns, channels * multiplier]`, a channel's results together.
 */
export function depthwiseConv2d(x: Tensor, filter: Tensor, options: ConvolutionOptions = {}): Tensor {
  checkImages("depthwiseConv2d", x);
  checkFilter("depthwiseConv2d", filter, 4, 2, x.shape[3], "[height, width, channels, multiplier]");
  const [height, width, channels, multiplier] = filter.shape;
  const windows = windowsOf("depthwiseConv2d", x, [height, width], options);
  const rows = reshape(patches(x, windows), [-1, height * width, channels, 1]);
  const products = mul(rows, reshape(filter, [height * width, channels, multiplier]));
  return reshape(sum(products, 1), [x.shape[0], ...windows.grid, channels * multiplier]);
}

function pooled(op: string, x: Tensor, size: Pair, options: WindowOptions): Windows {
  const kernel = pairOf(op, "window", size);
  checkImages(op, x);
  const windows = windowsOf(op, x, kernel, { stride: kernel, ...options });
  if ([...inside(windows, 0), ...inside(windows, 1)].some((count) => count <= 0)) {
    throw new RangeError(`[${op}] a window lies outside the image altogether. Pad by less than the window's size.`);
  }
  return windows;
}

/**
 * The largest element of each window of `size` (a number or [height, width]), channel by channel. What is outside the
 * image never counts. Where several are the largest, they share the derivative equally.
 */
export function maxPool(x: Tensor, size: Pair, options: WindowOptions = {}): Tensor {
  const windows = pooled("maxPool", x, size, options);
  const elements = patches(x, windows, Number.NEGATIVE_INFINITY);
  const block = { from: 3, to: 4 };
  const padded = ([0, 1] as const).some((d) => inside(windows, d).some((count) => count < windows.kernel[d]));
  if (!padded) return apply(maxOp, [elements], block);
  return apply(maxOp, [elements, patches(fullLike(x, 1), windows)], block);
}

/** The mean of each window of `size` (a number or [height, width]), channel by channel, over what lies in the image. */
export function avgPool(x: Tensor, size: Pair, options: WindowOptions = {}): Tensor {
  const windows = pooled("avgPool", x, size, options);
  const total = sum(patches(x, windows), 3);
  const [rows, columns] = ([0, 1] as const).map((direction) => inside(windows, direction));
  const shape: Shape = [rows.length, columns.length, 1];
  return div(
    total,
    fromNumbers(
      rows.flatMap((down) => columns.map((right) => down * right)),
      shape,
      "float32",
    ),
  );
}

/** How many elements of each window lie in the image, along one direction. */
function inside({ image, grid, kernel, stride, before }: Windows, direction: 0 | 1): number[] {
  return Array.from({ length: grid[direction] }, (_, i) => {
    const start = i * stride[direction] - before[direction];
    return Math.min(start + kernel[direction], image[direction]) - Math.max(start, 0);
  });
}

/** Every record of this file. */
export const convolutionOps = [conv2dOp] as unknown as readonly AnyOp[];
