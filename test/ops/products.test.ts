// Stacks of matrices, convolution and pooling, against plain loops in float64.
import { describe, expect, it } from "vitest";
import type { Tensor } from "../../src/core/index.js";
import * as ops from "../../src/ops/index.js";
import { type Composed, expectDerivatives, type Numbers } from "./composed.js";
import { contract } from "./contract.js";

const labelled = (expression: string, f: Composed["f"], ...shapes: number[][]): Composed => ({
  name: `${expression} of ${shapes.map((shape) => `[${shape}]`).join(" and ")}`,
  f,
  reference: (...x) => contract(expression, ...x),
  inputs: shapes.map((shape) => ({ shape })),
});
const products: Composed[] = [
  labelled("bij,bjk->bik", (a, b) => ops.matmul(a, b), [2, 3, 4], [2, 4, 2]),
  labelled("abij,jk->abik", (a, b) => ops.matmul(a, b), [2, 1, 2, 3], [3, 2]),
  labelled("ij,bjk->bik", (a, b) => ops.matmul(a, b), [2, 3], [2, 3, 2]),
  labelled("bji,bkj->bik", (a, b) => ops.matmul(a, b, { a: true, b: true }), [2, 3, 2], [2, 4, 3]),
  labelled("bji,bjk->bik", (a, b) => ops.matmul(a, b, { a: true }), [2, 3, 2], [2, 3, 4]),
  labelled("bij,j->bi", (a, b) => ops.matmul(a, b), [2, 3, 4], [4]),
  labelled("j,bjk->bk", (a, b) => ops.matmul(a, b), [3], [2, 3, 2]),
  labelled("i,ij->j", (a, b) => ops.matmul(a, b), [3], [3, 2]),
  labelled("i,ji->j", (a, b) => ops.matmul(a, b, { b: true }), [3], [2, 3]),
  labelled("i,i->", (a, b) => ops.dot(a, b), [4], [4]),
  {
    name: "stacks that broadcast",
    f: (a, b) => ops.matmul(a, b),
    reference: (a, b) => contract("aij,bjk->abik", { ...a, shape: [2, 2, 3] }, b),
    inputs: [{ shape: [2, 1, 2, 3] }, { shape: [2, 3, 2] }],
  },
];

describe("products", () => {
  it.each(products.map((c) => [c.name, c] as const))("%s", (_, c) => expectDerivatives(c));

  it("matmul and dot say what does not fit", () => {
    expect(() => ops.matmul(ops.ones([2, 3, 4]), ops.ones([2, 3, 4]))).toThrow("[matmul] inner sizes differ");
    expect(() => ops.matmul(ops.ones([2, 3, 4]), ops.ones([3, 4, 2]))).toThrow("[matmul] shapes [2] and [3]");
    expect(() => ops.dot(ops.ones([2]), ops.ones([3]))).toThrow("[dot] two vectors of one length are needed");
  });
});

interface Window {
  readonly size: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly before: readonly [number, number];
  readonly grid: readonly [number, number];
  readonly dilation?: readonly [number, number];
}

/** Calls `f` for each window (n, i, j) with the places (element, image row, image column) that lie inside. */
function windows(
  [n, height, width]: readonly number[],
  { size, stride, before, grid, dilation = [1, 1] }: Window,
  f: (image: number, seen: { k: number; at: number }[]) => void,
): void {
  for (let image = 0; image < n; image++) {
    for (let i = 0; i < grid[0]; i++) {
      for (let j = 0; j < grid[1]; j++) {
        const seen: { k: number; at: number }[] = [];
        for (let k = 0; k < size[0] * size[1]; k++) {
          const row = i * stride[0] - before[0] + Math.floor(k / size[1]) * dilation[0];
          const column = j * stride[1] - before[1] + (k % size[1]) * dilation[1];
          if (row >= 0 && row < height && column >= 0 && column < width) {
            seen.push({ k, at: (image * height + row) * width + column });
          }
        }
        f(image, seen);
      }
    }
  }
}

function convolved(x: Numbers, filter: Numbers, window: Window, depthwise = false): number[] {
  const [, , channels, outputs] = filter.shape;
  const result: number[] = [];
  windows(x.shape, window, (_, seen) => {
    const y = new Array<number>(depthwise ? channels * outputs : outputs).fill(0);
    for (const { k, at } of seen) {
      for (let c = 0; c < channels; c++) {
        for (let o = 0; o < outputs; o++) {
          const product = x.data[at * channels + c] * filter.data[(k * channels + c) * outputs + o];
          y[depthwise ? c * outputs + o : o] += product;
        }
      }
    }
    result.push(...y);
  });
  return result;
}

function pooled(x: Numbers, window: Window, join: (seen: number[]) => number): number[] {
  const channels = x.shape[3];
  const result: number[] = [];
  windows(x.shape, window, (_, seen) => {
    for (let c = 0; c < channels; c++) result.push(join(seen.map(({ at }) => x.data[at * channels + c])));
  });
  return result;
}

const same: Window = { size: [3, 2], stride: [2, 1], before: [1, 0], grid: [2, 3] };
const image = { shape: [2, 3, 3, 2] };
const convolutions: Composed[] = [
  {
    name: "conv2d, valid",
    f: (x, w) => ops.conv2d(x, w),
    reference: (x, w) => convolved(x, w, { size: [2, 2], stride: [1, 1], before: [0, 0], grid: [2, 2] }),
    inputs: [image, { shape: [2, 2, 2, 3] }],
  },
  {
    name: "conv2d, same, with stride",
    f: (x, w) => ops.conv2d(x, w, { padding: "same", stride: [2, 1] }),
    reference: (x, w) => convolved(x, w, same),
    inputs: [image, { shape: [3, 2, 2, 2] }],
  },
  {
    name: "conv2d with dilation and padding on one side",
    f: (x, w) =>
      ops.conv2d(x, w, {
        dilation: 2,
        padding: [
          [1, 0],
          [0, 2],
        ],
      }),
    reference: (x, w) =>
      convolved(x, w, { size: [2, 2], stride: [1, 1], before: [1, 0], grid: [2, 3], dilation: [2, 2] }),
    inputs: [image, { shape: [2, 2, 2, 1] }],
  },
  {
    name: "conv1d",
    f: (x, w) => ops.conv1d(x, w, { stride: 2, padding: 1 }),
    reference: (x, w) =>
      convolved(
        { shape: [2, 1, 5, 2], data: x.data },
        { shape: [1, 3, 2, 2], data: w.data },
        { size: [1, 3], stride: [1, 2], before: [0, 1], grid: [1, 3] },
      ),
    inputs: [{ shape: [2, 5, 2] }, { shape: [3, 2, 2] }],
  },
  {
    name: "depthwiseConv2d",
    f: (x, w) => ops.depthwiseConv2d(x, w, { padding: "same", stride: [2, 1] }),
    reference: (x, w) => convolved(x, w, same, true),
    inputs: [image, { shape: [3, 2, 2, 2] }],
  },
  {
    name: "maxPool",
    f: (x) => ops.maxPool(x, [3, 2], { padding: "same", stride: [2, 1] }).square(),
    reference: (x) => pooled(x, same, (seen) => Math.max(...seen) ** 2),
    inputs: [image],
  },
  {
    name: "avgPool",
    f: (x) => ops.avgPool(x, [3, 2], { padding: "same", stride: [2, 1] }).square(),
    reference: (x) => pooled(x, same, (seen) => (seen.reduce((a, b) => a + b) / seen.length) ** 2),
    inputs: [image],
  },
  {
    name: "maxPool by its own size",
    f: (x) => ops.maxPool(x, 2),
    reference: (x) => pooled(x, { size: [2, 2], stride: [2, 2], before: [0, 0], grid: [2, 1] }, (s) => Math.max(...s)),
    inputs: [{ shape: [1, 4, 3, 2] }],
  },
];

describe("convolution and pooling", () => {
  it.each(convolutions.map((c) => [c.name, c] as const))("%s", (_, c) => expectDerivatives(c));

  it("same keeps ceil(size / stride), as TensorFlow", () => {
    const shapeOf = (stride: number): readonly number[] =>
      ops.conv2d(ops.ones([1, 7, 8, 1]), ops.ones([3, 3, 1, 1]), { padding: "same", stride }).shape;
    expect([1, 2, 3].map(shapeOf)).toEqual([
      [1, 7, 8, 1],
      [1, 4, 4, 1],
      [1, 3, 3, 1],
    ]);
  });

  it("says what does not fit", () => {
    const [x, w] = [ops.ones([1, 4, 4, 2]), ops.ones([3, 3, 1, 1])];
    const use = (f: () => Tensor): string => {
      try {
        f();
      } catch (error) {
        return String(error);
      }
      return "nothing";
    };
    expect(use(() => ops.conv2d(x, w))).toContain("[conv2d] a filter of shape [3, 3, 1, 1] does not fit 2 channels");
    expect(use(() => ops.conv2d(ops.ones([4, 4, 1]), w))).toContain("[conv2d] images of shape [4, 4, 1]");
    expect(use(() => ops.maxPool(x, 5))).toContain("[maxPool] a window of 5 does not fit into 4");
    expect(use(() => ops.maxPool(x, 2, { stride: 0 }))).toContain("[maxPool] stride 0");
    expect(use(() => ops.avgPool(x, 2, { padding: 2 }))).toContain("[avgPool] a window lies outside the image");
    expect(use(() => ops.maxPool(x, 2, { padding: -1 }))).toContain("[maxPool] padding [-1, -1]");
    expect(use(() => ops.conv1d(x, w))).toContain("[conv1d] signals of shape [1, 4, 4, 2]");
  });
});
