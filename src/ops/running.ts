// Running sums, products and extremes along an axis, in either direction, with or without the element itself.

import { type AnyOp, apply, checkTensors, type Op } from "../autodiff/index.js";
import { type Shape, sizeOf, type Tensor } from "../core/index.js";
import { reversed } from "./elementwise.js";
import { takeAlong } from "./gather.js";
import { cumsumOp, cumsum as fromStart, isAfter } from "./order.js";
import { pad } from "./padding.js";
import { cumprod as productsFromStart } from "./product.js";
import { flip, sliceAxis } from "./slice.js";
import { axesOf } from "./sum.js";

/** Options of running sums and products. */
export interface RunningOptions {
  /** From the end of the axis instead of its start; false by default. */
  readonly reverse?: boolean;
  /** Without the element itself, so that the first is a sum or product of nothing; false by default. */
  readonly exclusive?: boolean;
}

/** `x` one place later along `axis`, with `first` at its start; in `reverse` one place earlier, with it at the end. */
function shifted(x: Tensor, axis: number, reverse: boolean, first: number): Tensor {
  const length = x.shape[axis];
  if (length === 0) return x;
  const rest = reverse ? sliceAxis(x, axis, 1, length) : sliceAxis(x, axis, 0, length - 1);
  return pad(
    rest,
    x.shape.map((_, i): [number, number] => (i !== axis ? [0, 0] : reverse ? [0, 1] : [1, 0])),
    first,
  );
}

/**
 * The sums of `x` along `axis` (default 0) from its start up to each place, added one after another; with `reverse` from the
 * end back to each place, with `exclusive` without the element there.
 *
 * @example cumsum(tensor([1, 2, 3]), 0, { exclusive: true }) // [0, 1, 3]
 */
export function cumsum(x: Tensor, axis = 0, { reverse = false, exclusive = false }: RunningOptions = {}): Tensor {
  if (!reverse && !exclusive) return fromStart(x, axis);
  checkTensors("cumsum", [x]);
  const [at] = axesOf("cumsum", x, axis);
  // The shift comes first: taking the element off afterwards would lose digits.
  const terms = exclusive ? shifted(x, at, reverse, 0) : x;
  return apply(cumsumOp, [terms], { axis: at, backward: reverse });
}

/**
 * The products of `x` along `axis` (default 0) from its start up to each place; with `reverse` from the end back to each
 * place, with `exclusive` without the element there. Derivatives are right at zeros too.
 *
 * @example cumprod(tensor([1, 2, 3])) // [1, 2, 6]
 */
export function cumprod(x: Tensor, axis = 0, { reverse = false, exclusive = false }: RunningOptions = {}): Tensor {
  if (!reverse && !exclusive) return productsFromStart(x, axis);
  checkTensors("cumprod", [x]);
  const [at] = axesOf("cumprod", x, axis);
  const factors = exclusive ? shifted(x, at, reverse, 1) : x;
  return reverse ? flip(productsFromStart(flip(factors, at), at), at) : productsFromStart(factors, at);
}

/** y = for each place the place of the largest so far along `axis`: the first of equals, the first NaN for good. */
const cumMaxPlacesOp: Op<{ axis: number }> = {
  name: "cumMaxPlaces",
  types: { takes: "any", gives: "int32" },
  shapes: ([x]) => [x.shape],
  forward: ([y], [x], { axis }) => leaders(x.elements, x.shape, axis, y.elements),
  vjp: () => [undefined],
  jvp: () => [undefined],
  reference: ([x], { axis }) => {
    const data = new Float64Array(x.data.length);
    leaders(x.data, x.shape, axis, data);
    return [{ shape: x.shape, data }];
  },
  domain: [],
};

function leaders(x: ArrayLike<number>, shape: Shape, axis: number, out: { [i: number]: number }): void {
  const [length, inner] = [shape[axis], sizeOf(shape.slice(axis + 1))];
  for (let i = 0; i < x.length; i++) {
    const place = Math.floor(i / inner) % length;
    const best = place === 0 ? 0 : out[i - inner];
    const largest = x[i + (best - place) * inner];
    out[i] = isAfter(x[i], largest) ? place : best;
  }
}

/**
 * The largest of `x` along `axis` (default 0) up to each place; from the first NaN on, NaN. The derivative goes to the first
 * of the equal largest.
 *
 * @example cumMax(tensor([1, 3, 2])) // [1, 3, 3]
 */
export function cumMax(x: Tensor, axis = 0): Tensor {
  checkTensors("cumMax", [x]);
  const [at] = axesOf("cumMax", x, axis);
  return takeAlong(x, apply(cumMaxPlacesOp, [x], { axis: at }), at);
}

/**
 * The smallest of `x` along `axis` (default 0) up to each place, as `cumMax`.
 *
 * @example cumMin(tensor([3, 1, 2])) // [3, 1, 1]
 */
export function cumMin(x: Tensor, axis = 0): Tensor {
  checkTensors("cumMin", [x]);
  return reversed(cumMax(reversed(x), axis));
}

/** Every record of this file. */
export const runningOps = [cumMaxPlacesOp] as unknown as readonly AnyOp[];
