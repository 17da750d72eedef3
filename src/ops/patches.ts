// Windows over images, and their sums back: two ops, each the other's transpose. Convolution and pooling are made of
// them, so their derivatives of any order are too.

import { type AnyOp, type Array64, apply, type Op } from "../autodiff/index.js";
import { type ElementType, kernelsOf, type Shape, sizeOf, type Tensor } from "../core/index.js";

/** Where the windows are; the pairs are [down, right]. */
export interface Windows {
  /** Sizes of the image and of the grid of windows. */
  readonly image: readonly [number, number];
  readonly grid: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  /** How far the first window begins outside the image. */
  readonly before: readonly [number, number];
}

/** What a window sees outside the image. */
interface Filled extends Windows {
  readonly fill: number;
}

type Sizes = [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

/** The kernels' sizes from n on. */
function sizes(n: number, channels: number, { image, grid, kernel, stride, dilation, before }: Windows): Sizes {
  return [n, ...image, channels, ...kernel, ...grid, ...stride, ...before, ...dilation];
}

/** Calls `f` with each element of the windows and the element of the image it sees, or -1. */
export function visit(n: number, channels: number, w: Windows, f: (window: number, image: number) => void): void {
  let flat = 0;
  const [height, width] = w.image;
  for (let image = 0; image < n; image++) {
    for (let o = 0; o < w.grid[0] * w.grid[1]; o++) {
      for (let k = 0; k < w.kernel[0] * w.kernel[1]; k++) {
        const i = Math.floor(o / w.grid[1]) * w.stride[0] - w.before[0] + Math.floor(k / w.kernel[1]) * w.dilation[0];
        const j = (o % w.grid[1]) * w.stride[1] - w.before[1] + (k % w.kernel[1]) * w.dilation[1];
        const inside = i >= 0 && i < height && j >= 0 && j < width;
        for (let c = 0; c < channels; c++) f(flat++, inside ? ((image * height + i) * width + j) * channels + c : -1);
      }
    }
  }
}

const windowShape = (n: number, channels: number, { grid, kernel }: Windows): Shape => [
  n,
  ...grid,
  kernel[0] * kernel[1],
  channels,
];

const samples: Windows[] = [
  { image: [4, 5], grid: [3, 2], kernel: [2, 3], stride: [1, 2], dilation: [1, 1], before: [0, 0] },
  { image: [3, 4], grid: [2, 4], kernel: [2, 2], stride: [2, 1], dilation: [2, 1], before: [1, 1] },
];

/** y[n, i, j, k, c] = element k of window (i, j) of image n (height, width, channels). */
export const patchesOp: Op<Filled> = {
  name: "patches",
  shapes: ([x], windows) => [windowShape(x.shape[0], x.shape[3], windows)],
  forward: ([y], [x], windows) =>
    patchesInto(x.type, y.address, x.address, x.shape[0], x.shape[3], windows, windows.fill),
  vjp: ([dy], { attributes: { fill: _, ...windows } }) => [apply(patchesAddOp, [dy!], windows)],
  jvp: ([dx], { attributes }) => [dx && apply(patchesOp, [dx], { ...attributes, fill: 0 })],
  reference: ([x], windows) => {
    const [n, , , channels] = x.shape;
    const shape = windowShape(n, channels, windows);
    const data = new Float64Array(sizeOf(shape));
    visit(n, channels, windows, (window, image) => {
      data[window] = image < 0 ? windows.fill : x.data[image];
    });
    return [{ shape, data }];
  },
  domain: samples.map((windows) => ({
    inputs: [{ shape: [2, ...windows.image, 2] }],
    attributes: { ...windows, fill: 0.5 },
  })),
};

/** y = the windows x added up where they see the image: the transpose of `patches`. */
export const patchesAddOp: Op<Windows> = {
  name: "patchesAdd",
  shapes: ([x], { image }) => [[x.shape[0], ...image, x.shape[4]]],
  forward: ([y], [x], windows) => {
    kernelsOf(y).fill(y.address, y.size, 0);
    kernelsOf(y).patchesAdd(y.address, x.address, ...sizes(x.shape[0], x.shape[4], windows));
  },
  vjp: ([dy], { attributes }) => [apply(patchesOp, [dy!], { ...attributes, fill: 0 })],
  jvp: ([dx], { attributes }) => [dx && apply(patchesAddOp, [dx], attributes)],
  reference: ([x], windows): Array64[] => {
    const [n, channels] = [x.shape[0], x.shape[4]];
    const shape = [n, ...windows.image, channels];
    const data = new Float64Array(sizeOf(shape));
    visit(n, channels, windows, (window, image) => {
      if (image >= 0) data[image] += x.data[window];
    });
    return [{ shape, data }];
  },
  domain: samples.map((windows) => ({ inputs: [{ shape: [...windowShape(2, 2, windows)] }], attributes: windows })),
};

/** Lays the windows of n images at `x` out at `out`; by addresses. */
export function patchesInto(
  type: ElementType,
  out: number,
  x: number,
  n: number,
  channels: number,
  windows: Windows,
  fill: number,
): void {
  type.kernels.patches(out, x, ...sizes(n, channels, windows), fill);
}

/** The windows [n, rows, columns, elements, channels] added up where they see the image. */
export function patchesAdd(x: Tensor, windows: Windows): Tensor {
  return apply(patchesAddOp, [x], windows);
}

/** The windows of images [n, height, width, channels] as [n, rows, columns, elements, channels]. */
export function patches(x: Tensor, windows: Windows, fill = 0): Tensor {
  return apply(patchesOp, [x], { ...windows, fill });
}

/** Every record of this file. */
export const patchOps = [patchesOp, patchesAddOp] as unknown as readonly AnyOp[];
