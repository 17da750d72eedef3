// Tensors joined along an axis, and taken apart again.

import { type AnyOp, anyType, apply, checkTensors, type Op, zerosLike } from "../autodiff/index.js";
import { checkKind, kindOf, quote, type Shape, showShape, sizeOf, type Tensor } from "../core/index.js";
import { expandDims } from "./permute.js";
import { reshape } from "./shape.js";
import { sliceAxis } from "./slice.js";
import { broadcastTo } from "./stretch.js";
import { copyAlong, copyReference, stridesOf, type Walk } from "./strided.js";
import { axesOf } from "./sum.js";

function joined(shapes: readonly Shape[], axis: number): number[] {
  return shapes[0].map((size, i) => (i === axis ? shapes.reduce((total, shape) => total + shape[axis], 0) : size));
}

/** Where each part goes. */
function places(shapes: readonly Shape[], axis: number): Walk[] {
  const strides = stridesOf(joined(shapes, axis));
  let start = 0;
  return shapes.map((shape) => {
    const walk = { start, strides };
    start += shape[axis] * strides[axis];
    return walk;
  });
}

/** y = the parts one after another along `axis`. */
export const concatOp: Op<{ axis: number }> = {
  name: "concat",
  types: anyType,
  shapes: (parts, { axis }) => {
    const [first] = parts;
    for (const { shape } of parts) {
      if (shape.length !== first.rank || shape.some((size, i) => i !== axis && size !== first.shape[i])) {
        throw new RangeError(
          `[concat] shapes ${showShape(first.shape)} and ${showShape(shape)} differ beside axis ${quote(axis)}. ` +
            "All other sizes must agree; reshape or slice one.",
        );
      }
    }
    return [
      joined(
        parts.map((part) => part.shape),
        axis,
      ),
    ];
  },
  forward: ([y], parts, { axis }) => {
    const to = places(
      parts.map((part) => part.shape),
      axis,
    );
    parts.forEach((part, i) => {
      copyAlong(y, part, part.shape, to[i], { start: 0, strides: stridesOf(part.shape) });
    });
  },
  vjp: ([dy], { inputs, attributes: { axis }, needs }) => {
    let at = 0;
    return inputs.map((part, i) => {
      const begin = at;
      at += part.shape[axis];
      return needs(i) ? sliceAxis(dy!, axis, begin, at) : undefined;
    });
  },
  jvp: (tangents, { inputs, attributes }) => [
    apply(
      concatOp,
      tangents.map((tangent, i) => tangent ?? zerosLike(inputs[i])),
      attributes,
    ),
  ],
  reference: (parts, { axis }) => {
    const shapes = parts.map((part) => part.shape);
    const data = new Float64Array(sizeOf(joined(shapes, axis)));
    const to = places(shapes, axis);
    parts.forEach((part, i) => {
      copyReference(data, part.data, part.shape, to[i], { start: 0, strides: stridesOf(part.shape) });
    });
    return [{ shape: joined(shapes, axis), data }];
  },
  domain: [
    { inputs: [{ shape: [2, 3] }, { shape: [2, 1] }, { shape: [2, 2] }], attributes: { axis: 1 } },
    { inputs: [{ shape: [2] }, { shape: [3] }], attributes: { axis: 0 } },
  ],
};

function checkParts(op: string, parts: readonly Tensor[]): void {
  if (!Array.isArray(parts)) {
    throw new TypeError(`[${op}] the first argument is ${kindOf(parts)}, not a list of tensors. Write ${op}([a, b]).`);
  }
  checkTensors(op, parts);
}

/**
 * The tensors one after another along `axis` (default 0); all other sizes must agree.
 *
 * @throws RangeError for no tensors, an axis outside the shape, or sizes that differ.
 * @example concat([tensor([[1, 2]]), tensor([[3, 4]])], 1) // [[1, 2, 3, 4]]
 */
export function concat(parts: readonly Tensor[], axis = 0): Tensor {
  checkParts("concat", parts);
  if (parts.length === 0) throw new RangeError("[concat] nothing to join. Give one or more tensors.");
  const [at] = axesOf("concat", parts[0], axis);
  return parts.length === 1 ? parts[0] : apply(concatOp, parts, { axis: at });
}

/**
 * Tensors of one shape along a new axis at place `axis` (default 0) of the result.
 *
 * @example stack([tensor([1, 2]), tensor([3, 4])]) // [[1, 2], [3, 4]]
 */
export function stack(parts: readonly Tensor[], axis = 0): Tensor {
  checkParts("stack", parts);
  if (parts.length === 0) throw new RangeError("[stack] nothing to stack. Give one or more tensors.");
  const place = axis < 0 ? axis + parts[0].rank + 1 : axis;
  return concat(
    parts.map((part) => expandDims(part, axis)),
    place,
  );
}

/**
 * The parts of `x` along `axis` (default 0): `parts` equal ones, or parts of the given sizes.
 *
 * @throws RangeError if the sizes do not add up to the axis.
 * @example split(tensor([1, 2, 3, 4]), 2) // [[1, 2], [3, 4]]
 */
export function split(x: Tensor, parts: number | readonly number[], axis = 0): Tensor[] {
  checkTensors("split", [x]);
  const [at] = axesOf("split", x, axis);
  const length = x.shape[at];
  const sizes = typeof parts === "number" ? Array.from({ length: parts }, () => length / parts) : parts;
  checkKind("split", "parts", sizes, "a list");
  if (sizes.some((size) => !Number.isInteger(size) || size < 0) || sizes.reduce((a, b) => a + b, 0) !== length) {
    throw new RangeError(
      `[split] axis ${quote(axis)} of size ${length} does not split into ${typeof parts === "number" ? `${quote(parts)} equal parts` : `sizes ${quote(parts)}`}. ` +
        "Give sizes that add up to it.",
    );
  }
  let begin = 0;
  return sizes.map((size) => {
    begin += size;
    return sliceAxis(x, at, begin - size, begin);
  });
}

/**
 * `x` moved by `shift` places along `axis` (default 0); what leaves at the end comes back at the start.
 *
 * @example roll(tensor([1, 2, 3]), 1) // [3, 1, 2]
 */
export function roll(x: Tensor, shift: number, axis = 0): Tensor {
  checkTensors("roll", [x]);
  const [at] = axesOf("roll", x, axis);
  const length = x.shape[at];
  if (!Number.isInteger(shift)) throw new RangeError(`[roll] shift ${quote(shift)} is no whole number.`);
  const cut = length === 0 ? 0 : ((-shift % length) + length) % length;
  return cut === 0 ? x : concat([sliceAxis(x, at, cut, length), sliceAxis(x, at, 0, cut)], at);
}

/**
 * `x` repeated `counts[i]` times along axis i; fewer counts than axes speak of the last axes, more of new first ones.
 *
 * @example tile(tensor([1, 2]), 2) // [1, 2, 1, 2]
 */
export function tile(x: Tensor, counts: number | readonly number[]): Tensor {
  checkTensors("tile", [x]);
  const list = typeof counts === "number" ? [counts] : counts;
  checkKind("tile", "counts", list, "a list");
  const odd = list.find((count) => !Number.isInteger(count) || count < 0);
  if (odd !== undefined) throw new RangeError(`[tile] count ${quote(odd)}: counts are whole numbers of at least 0.`);
  const rank = Math.max(x.rank, list.length);
  let result = reshape(x, [...new Array<number>(rank - x.rank).fill(1), ...x.shape]);
  list.forEach((count, i) => {
    if (count === 1) return;
    const axis = rank - list.length + i;
    const { shape } = result;
    const [before, after] = [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis))];
    const copies = broadcastTo(reshape(result, [before, 1, after]), [before, count, after]);
    result = reshape(
      copies,
      shape.map((size, j) => (j === axis ? count * size : size)),
    );
  });
  return result;
}

/** Every record of this file. */
export const joinOps = [concatOp] as unknown as readonly AnyOp[];
