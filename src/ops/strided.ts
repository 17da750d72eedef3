// Walks through memory with a stride along each axis: what transposes, slices, pads and joins are made of.

import type { Shape, Tensor } from "../core/index.js";

/** Element strides of a row-major array. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** Where a walk begins and how far it steps along each axis, in elements. */
export interface Walk {
  readonly start: number;
  readonly strides: readonly number[];
}

interface Axis {
  size: number;
  to: number;
  from: number;
}

/** Copies `shape` elements of `x`, read along `from`, into `out`, written along `to`. */
export function copyAlong(out: Tensor, x: Tensor, shape: Shape, to: Walk, from: Walk): void {
  if (shape.includes(0)) return;
  const axes: Axis[] = [];
  shape.forEach((size, i) => {
    if (size === 1) return;
    const next = { size, to: to.strides[i], from: from.strides[i] };
    const last = axes.at(-1);
    // Neighbours through which both walks go without a jump are one axis.
    if (last && last.to === next.to * size && last.from === next.from * size) {
      last.size *= size;
      last.to = next.to;
      last.from = next.from;
    } else axes.push(next);
  });
  const none = { size: 1, to: 1, from: 1 };
  const [c, b, a] = [axes.pop() ?? none, axes.pop() ?? none, axes.pop() ?? none];
  const { kernels, bytes } = x.type;
  const run = kernels.copyStrided;
  const visit = (depth: number, o: number, p: number): void => {
    if (depth === axes.length) {
      run(o, p, a.size, b.size, c.size, a.to, b.to, c.to, a.from, b.from, c.from);
      return;
    }
    const axis = axes[depth];
    for (let i = 0; i < axis.size; i++) visit(depth + 1, o + bytes * i * axis.to, p + bytes * i * axis.from);
  };
  visit(0, out.addressOf(to.start), x.addressOf(from.start));
}

/** The float64 twin of `copyAlong`, in plain loops. */
export function copyReference(out: Float64Array, x: Float64Array, shape: Shape, to: Walk, from: Walk): void {
  const visit = (axis: number, o: number, p: number): void => {
    if (axis === shape.length) {
      out[o] = x[p];
      return;
    }
    for (let i = 0; i < shape[axis]; i++) visit(axis + 1, o + i * to.strides[axis], p + i * from.strides[axis]);
  };
  visit(0, to.start, from.start);
}
