// From one type of element to another.

import { type AnyOp, apply, checkTensors, type Op } from "../autodiff/index.js";
import { type DType, type Tensor, typeNamed } from "../core/index.js";

/** Converts `n` elements at `x`; by addresses. */
type Conversion = (out: number, x: number, n: number) => void;

/** The way from each type to each other. */
const conversions: Readonly<Record<DType, Readonly<Partial<Record<DType, Conversion>>>>> = {
  int32: {
    float32: (out, x, n) => typeNamed("float32").kernels.toFloat(out, x, n),
    float64: (out, x, n) => typeNamed("float64").kernels.toFloat(out, x, n),
  },
  float32: {
    int32: (out, x, n) => typeNamed("float32").kernels.toInteger(out, x, n),
    float64: (out, x, n) => typeNamed("float64").kernels.toFloat64!(out, x, n),
  },
  float64: {
    int32: (out, x, n) => typeNamed("float64").kernels.toInteger(out, x, n),
    float32: (out, x, n) => typeNamed("float64").kernels.toFloat32!(out, x, n),
  },
};

/** An op that gives one type of element, whatever it takes. Its derivative is 1 between floats, else 0. */
function castTo(name: string, gives: DType, rounded: (x: number) => number): Op {
  return {
    name,
    batch: "elementwise",
    types: { takes: "any", gives },
    shapes: ([x]) => [x.shape],
    forward: ([y], [x]) => conversions[x.dtype][gives]!(y.address, x.address, x.size),
    vjp: ([dy], { inputs: [x] }) => [x.type.isFloat && dy?.type.isFloat ? cast(dy, x.dtype) : undefined],
    jvp: ([dx]) => [dx && typeNamed(gives).isFloat ? cast(dx, gives) : undefined],
    reference: ([x]) => [{ shape: x.shape, data: x.data.map(rounded) }],
    domain: [],
  };
}

/** y = x cut toward zero, int32; constant almost everywhere */
export const toIntegerOp = castTo("toInteger", "int32", Math.trunc);
/** y = x as float32 */
export const toFloatOp = castTo("toFloat", "float32", Math.fround);
/** y = x as float64 */
export const toDoubleOp = castTo("toDouble", "float64", (x) => x);

const casts: Readonly<Record<DType, Op>> = { float32: toFloatOp, float64: toDoubleOp, int32: toIntegerOp };

/**
 * `x` as another type of element. Floats become int32 cut toward zero: NaN becomes 0, and what does not fit into 32 bits
 * the nearest that does. Integers beyond 2^24 are rounded in float32; so are float64's numbers, to the nearest, and what
 * is beyond float32's range is infinite. Between floats the derivative passes, in the type of x; int32 has none.
 *
 * @example cast(tensor([1.7, -1.7]), "int32") // [1, -1]
 */
export function cast(x: Tensor, dtype: DType): Tensor {
  checkTensors("cast", [x]);
  typeNamed(dtype);
  return x.dtype === dtype ? x : apply(casts[dtype], [x], undefined);
}

/** `x` if it is of floats, else as float32. */
export const asFloat = (x: Tensor): Tensor => (x.type.isFloat ? x : cast(x, "float32"));

/** Every record of this file. */
export const castOps = [toIntegerOp, toFloatOp, toDoubleOp] as unknown as readonly AnyOp[];
