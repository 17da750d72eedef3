// Tensors from numbers.
import { checkTensors } from "../autodiff/index.js";
import {
  builtInName,
  checkOptions,
  checkShape,
  checkTyped,
  type DType,
  emptyOf,
  fromNumbers,
  kernelsOf,
  MOST_AXES,
  type NestedNumbers,
  ownShape,
  quote,
  type Shape,
  showShape,
  sizeOf,
  type Tensor,
  typeNamed,
} from "../core/index.js";

/** Options of `tensor`. */
export interface TensorOptions {
  /** Default: the shape of the nested arrays, or one axis for a typed array. */
  readonly shape?: Shape;
  /** Default float32. */
  readonly dtype?: DType;
}

/** Options of what makes tensors of a shape. */
export interface OfType {
  /** Type of the elements; float32 by default. */
  readonly dtype?: DType;
}

const ofDefault: OfType = {};

/** The type that options say, float32 if none. */
function typeOf(op: string, options: OfType): DType {
  if (options !== ofDefault) checkTyped(op, options);
  return options.dtype ?? "float32";
}

/** A typed array of numbers. */
export type NumberArray =
  | (Float32Array | Float64Array | Int8Array | Uint8Array | Uint8ClampedArray | Int16Array | Uint16Array)
  | (Int32Array | Uint32Array | BigInt64Array | BigUint64Array);

/** The numbers of a typed array; those of 64 bits as ordinary numbers. */
function numbersOf(values: ArrayBufferView): ArrayLike<number> {
  const kind = builtInName(values);
  if (kind === "DataView") throw new TypeError("[tensor] a DataView has no type. Pass a typed array.");
  if (!kind.startsWith("Big")) return values as unknown as ArrayLike<number>;
  return Float64Array.from(values as BigInt64Array, Number);
}

/**
 * A tensor of the given numbers: a number, nested arrays of equal lengths, or a typed array, also one of 64-bit integers,
 * such as labels are stored as elsewhere. Lives in the scope it is made in; outside every scope until it is disposed or
 * collected.
 *
 * @throws RangeError for numbers that do not fill the shape, or that int32 cannot hold; TypeError for values that are not numbers.
 * @example tensor([[1, 2], [3, 4]]).shape // [2, 2]
 */
export function tensor(values: NestedNumbers | NumberArray, options: TensorOptions = {}): Tensor {
  checkOptions("tensor", options, ["shape", "dtype"]);
  const found: number[] = [];
  const typed = ArrayBuffer.isView(values) ? numbersOf(values) : undefined;
  const flat = typed ?? flatten(values as NestedNumbers, 0, found);
  const shape = options.shape === undefined ? (typed ? [typed.length] : found) : ownShape("tensor", options.shape);
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
  if (depth === MOST_AXES && Array.isArray(values)) {
    throw new RangeError(
      `[tensor] arrays are nested more than ${MOST_AXES} deep, and a tensor has at most ${MOST_AXES} axes.`,
    );
  }
  if (!Array.isArray(values)) {
    const cure = /bigint|boolean/.test(typeof values) ? " Write Number(x)." : "";
    throw new TypeError(`[tensor] ${typeof values} found; numbers and arrays of numbers are needed.${cure}`);
  }
  if (shape.length === depth) shape.push(values.length);
  else if (shape[depth] !== values.length) {
    throw new RangeError(
      `[tensor] arrays of lengths ${shape[depth]} and ${values.length} at depth ${depth}. Make them equal.`,
    );
  }
  return values.flatMap((value) => flatten(value, depth + 1, shape));
}

/**
 * A tensor with every element `value`.
 *
 * @throws RangeError for a value that int32 cannot hold, if that is the type.
 * @example full([2, 2], 0.5) // [[0.5, 0.5], [0.5, 0.5]]
 */
export function full(shape: Shape, value: number, options: OfType = ofDefault): Tensor {
  const out = emptyOf(typeNamed(typeOf("full", options)), ownShape("full", shape));
  kernelsOf(out).fill(out.address, out.size, value);
  return out;
}

/**
 * A tensor of zeros.
 *
 * @example zeros([2, 2]) // [[0, 0], [0, 0]]
 */
export const zeros = (shape: Shape, options: OfType = ofDefault): Tensor => full(shape, 0, options);

/**
 * A tensor of ones.
 *
 * @example ones([2, 2]) // [[1, 1], [1, 1]]
 */
export const ones = (shape: Shape, options: OfType = ofDefault): Tensor => full(shape, 1, options);

/**
 * A tensor of the shape and the type of `x` with every element `value`.
 *
 * @example fullLike(tensor([1, 2]), 7) // [7, 7]
 */
export function fullLike(x: Tensor, value: number): Tensor {
  checkTensors("fullLike", [x]);
  return full(x.shape, value, { dtype: x.dtype });
}

/**
 * A tensor of zeros of the shape of `x`, as `fullLike`.
 *
 * @example zerosLike(tensor([5, 6])) // [0, 0]
 */
export const zerosLike = (x: Tensor): Tensor => fullLike(x, 0);

/**
 * A tensor of ones of the shape of `x`, as `fullLike`.
 *
 * @example onesLike(tensor([5, 6])) // [1, 1]
 */
export const onesLike = (x: Tensor): Tensor => fullLike(x, 1);

/**
 * The numbers from `start` (included) to `end` (excluded) in steps of `step` (default 1); a lone argument is the end,
 * and the start is 0. float32 unless `dtype` says otherwise.
 *
 * @throws RangeError for a step of 0.
 * @example arange(2, 8, 2) // [2, 4, 6]
 */
export function arange(start: number, end?: number, step = 1, dtype: DType = "float32"): Tensor {
  const [from, to] = end === undefined ? [0, start] : [start, end];
  const count = Math.max(0, Math.ceil((to - from) / step));
  if (!Number.isSafeInteger(count)) {
    throw new RangeError(
      `[arange] ${quote(from)} to ${quote(to)} by ${quote(step)} has no end. Give finite numbers and a step that is not 0.`,
    );
  }
  return fromNumbers(
    Float64Array.from({ length: count }, (_, i) => from + i * step),
    [count],
    dtype,
  );
}

/**
 * `count` (default 50) numbers at equal distances from `start` to `stop`, both included; of one number, `start`.
 *
 * @example linspace(0, 1, 5) // [0, 0.25, 0.5, 0.75, 1]
 */
export function linspace(start: number, stop: number, count = 50, options: OfType = {}): Tensor {
  checkShape("linspace", [count]);
  const dtype = typeOf("linspace", options);
  const step = count > 1 ? (stop - start) / (count - 1) : 0;
  return fromNumbers(
    Float64Array.from({ length: count }, (_, i) => (i === count - 1 && i > 0 ? stop : start + i * step)),
    [count],
    dtype,
  );
}

function matrix(
  op: string,
  rows: number,
  columns: number,
  options: OfType,
  value: (row: number, column: number) => boolean,
): Tensor {
  checkShape(op, [rows, columns]);
  const dtype = typeOf(op, options);
  const data = Float32Array.from({ length: rows * columns }, (_, i) =>
    Number(value(Math.floor(i / columns), i % columns)),
  );
  return fromNumbers(data, [rows, columns], dtype);
}

/**
 * A matrix with ones on the diagonal that begins in column `offset` (negative: further down), zeros elsewhere.
 *
 * @example eye(2) // [[1, 0], [0, 1]]
 */
export const eye = (rows: number, columns = rows, offset = 0, options: OfType = {}): Tensor =>
  matrix("eye", rows, columns, options, (i, j) => j === i + offset);

/**
 * A matrix with ones on and below the diagonal that begins in column `offset`, zeros above.
 *
 * @example tri(3) // [[1, 0, 0], [1, 1, 0], [1, 1, 1]]
 */
export const tri = (rows: number, columns = rows, offset = 0, options: OfType = {}): Tensor =>
  matrix("tri", rows, columns, options, (i, j) => j <= i + offset);
