// Tensors from numbers.
import {
  checkShape,
  type DType,
  empty,
  fromNumbers,
  type Key,
  kernels,
  type NestedNumbers,
  type Shape,
  showShape,
  sizeOf,
  type Tensor,
} from "../core/index.js";

/** Options of `tensor`. */
export interface TensorOptions {
  /** Default: the shape of the nested arrays, or one axis for a typed array. */
  readonly shape?: Shape;
  /** Default float32. */
  readonly dtype?: DType;
}

/**
 * A tensor of the given numbers: a number, nested arrays of equal lengths, or a typed array. Lives in the scope it is
 * made in; outside every scope until it is disposed or collected.
 */
export function tensor(
  values: NestedNumbers | Float32Array | Float64Array | Int32Array,
  options: TensorOptions = {},
): Tensor {
  const found: number[] = [];
  const flat = ArrayBuffer.isView(values) ? values : flatten(values, 0, found);
  const shape = options.shape ?? (ArrayBuffer.isView(values) ? [values.length] : found);
  checkShape("tensor", shape);
  if (sizeOf(shape) !== flat.length) {
    throw new RangeError(
      `[tensor] ${flat.length} numbers do not fill shape ${showShape(shape)}, which holds ${sizeOf(shape)}.`,
    );
  }
  return fromNumbers(flat, shape, options.dtype ?? "float32");
}

function flatten(values: NestedNumbers, depth: number, shape: number[]): number[] {
  if (typeof values === "number") {
    if (depth !== shape.length)
      throw new RangeError(`[tensor] a number at depth ${depth} among arrays. Nest all numbers equally deep.`);
    return [values];
  }
  if (!Array.isArray(values))
    throw new TypeError(`[tensor] ${typeof values} found; numbers and arrays of numbers are needed.`);
  if (shape.length === depth) shape.push(values.length);
  else if (shape[depth] !== values.length) {
    throw new RangeError(
      `[tensor] arrays of lengths ${shape[depth]} and ${values.length} at depth ${depth}. Make them equal.`,
    );
  }
  return values.flatMap((value) => flatten(value, depth + 1, shape));
}

/** A tensor with every element `value`. */
export function full(shape: Shape, value: number): Tensor {
  checkShape("full", shape);
  const out = empty(shape);
  kernels().fill(out.address, out.size, value);
  return out;
}

/** A tensor of zeros. */
export const zeros = (shape: Shape): Tensor => full(shape, 0);

/** A tensor of ones. */
export const ones = (shape: Shape): Tensor => full(shape, 1);

/** Random tensors. The same key gives the same bits on every engine; use a key once. */
export const random = {
  /** Uniform on [low, high), by default [0, 1): the stream of `jax.random.uniform` for the same key. */
  uniform(key: Key, shape: Shape, { low = 0, high = 1 }: { low?: number; high?: number } = {}): Tensor {
    checkShape("random.uniform", shape);
    const out = empty(shape);
    kernels().randomUniform(out.address, key.hi, key.lo, out.size, low, high);
    return out;
  },
  /** Normal with the given mean (0) and standard deviation (1), by the inverse error function (Giles 2010). */
  normal(key: Key, shape: Shape, { mean = 0, std = 1 }: { mean?: number; std?: number } = {}): Tensor {
    checkShape("random.normal", shape);
    const out = empty(shape);
    kernels().randomNormal(out.address, key.hi, key.lo, out.size, mean, std);
    return out;
  },
};
