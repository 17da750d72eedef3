// Broadcasting as in NumPy: shapes are aligned at their last axis, and a size of 1 stretches. The kernels know grids of
// rows and columns with a stride for each operand; most pairs of shapes collapse to one grid, the rest is a loop of them.

import type { Array64 } from "../autodiff/index.js";
import {
  empty,
  emptyLike,
  type FloatKernels,
  kernelsOf,
  quote,
  type Shape,
  showShape,
  sizeOf,
  type Tensor,
} from "../core/index.js";

/** A kernel over a grid of two operands. */
export type GridKernel =
  | ("add" | "sub" | "mul" | "div" | "chain" | "chainOver" | "maximum" | "minimum" | "greater" | "equal")
  | ("pow" | "mod" | "atan2" | "hypot");

/** The common shape of two operands. Throws, naming `op`, when they do not fit. */
export function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  // An operand that repeats the last axes of the other, as a bias does, changes nothing. No closure, which would be garbage
  // for each op.
  if (isTail(b, a)) return a;
  if (isTail(a, b)) return b;
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let axis = 0; axis < rank; axis++) {
    const x = a[axis - rank + a.length] ?? 1;
    const y = b[axis - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new RangeError(
        `[${op}] shapes ${showShape(a)} and ${showShape(b)} do not broadcast: sizes ${quote(x)} and ${quote(y)} differ. ` +
          "Reshape one so that the sizes are equal or 1.",
      );
    }
    shape[axis] = x === 1 ? y : x;
  }
  return shape;
}

/** Whether `tail` is the last sizes of `shape`, or all of them. */
function isTail(tail: Shape, shape: Shape): boolean {
  const start = shape.length - tail.length;
  if (start < 0) return false;
  for (let i = 0; i < tail.length; i++) if (tail[i] !== shape[start + i]) return false;
  return true;
}

/** Element strides of an operand along the axes of `out`: 0 where it is stretched. */
function stridesIn(out: Shape, shape: Shape): number[] {
  const strides = new Array<number>(out.length).fill(0);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1) strides[axis + out.length - shape.length] = stride;
    stride *= shape[axis];
  }
  return strides;
}

interface Axis {
  size: number;
  a: number;
  b: number;
}

/** The axes of `out`, neighbours merged where both operands walk through them without a jump. */
function mergedAxes(out: Shape, a: Shape, b: Shape): Axis[] {
  const [aStrides, bStrides] = [stridesIn(out, a), stridesIn(out, b)];
  const axes: Axis[] = [];
  out.forEach((size, i) => {
    if (size === 1) return;
    const next = { size, a: aStrides[i], b: bStrides[i] };
    const last = axes.at(-1);
    if (last && last.a === next.a * size && last.b === next.b * size) {
      last.size *= size;
      last.a = next.a;
      last.b = next.b;
    } else axes.push(next);
  });
  return axes;
}

/** Runs a grid kernel over broadcast operands; `out` has their common shape. */
export function runGrid(kernel: GridKernel, out: Tensor, a: Tensor, b: Tensor): void {
  const { kernels, bytes } = a.type;
  const run = kernels[kernel];
  if (a.size === out.size && b.size === out.size) {
    run(out.address, a.address, b.address, 1, out.size, 0, 1, 0, 1);
    return;
  }
  if (out.size === 0) return;
  // The commonest pairs beside equal shapes need no axes.
  if (b.size === 1 && a.size === out.size) {
    run(out.address, a.address, b.address, 1, out.size, 0, 1, 0, 0);
    return;
  }
  if (a.size === 1 && b.size === out.size) {
    run(out.address, a.address, b.address, 1, out.size, 0, 0, 0, 1);
    return;
  }
  if (a.size === out.size && isTail(b.shape, out.shape)) {
    run(out.address, a.address, b.address, out.size / b.size, b.size, b.size, 1, 0, 1);
    return;
  }
  runAxes(run, bytes, out, a, b);
}

/** Runs a grid kernel over operands of any shapes: the two innermost axes are its grid, the others are walked here. */
function runAxes(run: FloatKernels[GridKernel], bytes: number, out: Tensor, a: Tensor, b: Tensor): void {
  const axes = mergedAxes(out.shape, a.shape, b.shape);
  const column = axes.pop() ?? { size: 1, a: 0, b: 0 };
  const row = axes.pop() ?? { size: 1, a: 0, b: 0 };
  const grid = row.size * column.size;
  const visit = (depth: number, at: number, aAt: number, bAt: number): number => {
    if (depth === axes.length) {
      run(at, aAt, bAt, row.size, column.size, row.a, column.a, row.b, column.b);
      return at + bytes * grid;
    }
    const { size, a: aStep, b: bStep } = axes[depth];
    let next = at;
    for (let i = 0; i < size; i++) next = visit(depth + 1, next, aAt + bytes * i * aStep, bAt + bytes * i * bStep);
    return next;
  };
  visit(0, out.address, a.address, b.address);
}

/** The float64 twin of `runGrid`. */
export function gridReference(a: Array64, b: Array64, f: (x: number, y: number) => number): Array64[] {
  const shape = broadcastShapes("reference", a.shape, b.shape);
  const strides = [stridesIn(shape, a.shape), stridesIn(shape, b.shape)];
  const data = Float64Array.from({ length: sizeOf(shape) }, (_, flat) => {
    let [rest, aAt, bAt] = [flat, 0, 0];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const index = rest % shape[axis];
      rest = (rest - index) / shape[axis];
      aAt += index * strides[0][axis];
      bAt += index * strides[1][axis];
    }
    return f(a.data[aAt], b.data[bAt]);
  });
  return [{ shape, data }];
}

/** A constant of shape [] and of the type of `like`, in the current place; without one, float32. */
export function scalar(value: number, like?: Tensor): Tensor {
  const out = like ? emptyLike(like, []) : empty([]);
  kernelsOf(out).fill(out.address, 1, value);
  return out;
}
