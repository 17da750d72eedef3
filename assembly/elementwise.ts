// Kernels that treat every element alike. `out` may be the operand itself.
//
// An op is an unmanaged class of no fields whose `apply` is inlined into a driver: `map` for one operand, `mapWith`
// for one operand and a number. Two operands: see binary.ts.
import { Add, Mul } from "./binary";
import { loadTail, storeTail } from "./simd";
import { exp4, expm1_4, log1p_4, log4, one4, sigmoid4, signBit4, tanh4 } from "./transcendental";

/** out = op(x), two vectors at a time so that one's latency hides behind the other. */
@inline
function map<Op>(out: usize, x: usize, n: i32): void {
  const op = changetype<Op>(0);
  for (; n >= 8; n -= 8, out += 32, x += 32) {
    const a = op.apply(v128.load(x));
    const b = op.apply(v128.load(x, 16));
    v128.store(out, a);
    v128.store(out, b, 16);
  }
  for (; n > 0; n -= 4, out += 16, x += 16) {
    const y = op.apply(n >= 4 ? v128.load(x) : loadTail(x, n));
    if (n >= 4) v128.store(out, y);
    else storeTail(out, y, n);
  }
}

/** out = op(x, c) for a number c. */
@inline
function mapWith<Op>(out: usize, x: usize, n: i32, c: f32): void {
  const op = changetype<Op>(0);
  const right = f32x4.splat(c);
  for (; n >= 8; n -= 8, out += 32, x += 32) {
    const a = op.apply(v128.load(x), right);
    const b = op.apply(v128.load(x, 16), right);
    v128.store(out, a);
    v128.store(out, b, 16);
  }
  for (; n > 0; n -= 4, out += 16, x += 16) {
    const y = op.apply(n >= 4 ? v128.load(x) : loadTail(x, n), right);
    if (n >= 4) v128.store(out, y);
    else storeTail(out, y, n);
  }
}

@unmanaged
class Neg {
  @inline apply(x: v128): v128 {
    return f32x4.neg(x);
  }
}

@unmanaged
class Abs {
  @inline apply(x: v128): v128 {
    return f32x4.abs(x);
  }
}

@unmanaged
class Sign {
  @inline apply(x: v128): v128 {
    const signed = v128.or(v128.and(x, signBit4()), one4());
    return v128.bitselect(signed, x, f32x4.gt(f32x4.abs(x), f32x4.splat(0)));
  }
}

@unmanaged
class Square {
  @inline apply(x: v128): v128 {
    return f32x4.mul(x, x);
  }
}

@unmanaged
class Sqrt {
  @inline apply(x: v128): v128 {
    return f32x4.sqrt(x);
  }
}

@unmanaged
class Reciprocal {
  @inline apply(x: v128): v128 {
    return f32x4.div(one4(), x);
  }
}

@unmanaged
class Relu {
  @inline apply(x: v128): v128 {
    return f32x4.max(x, f32x4.splat(0));
  }
}

@unmanaged
class Exp {
  @inline apply(x: v128): v128 {
    return exp4(x);
  }
}

@unmanaged
class Expm1 {
  @inline apply(x: v128): v128 {
    return expm1_4(x);
  }
}

@unmanaged
class Log {
  @inline apply(x: v128): v128 {
    return log4(x);
  }
}

@unmanaged
class Log1p {
  @inline apply(x: v128): v128 {
    return log1p_4(x);
  }
}

@unmanaged
class Tanh {
  @inline apply(x: v128): v128 {
    return tanh4(x);
  }
}

@unmanaged
class Sigmoid {
  @inline apply(x: v128): v128 {
    return sigmoid4(x);
  }
}

@unmanaged
class Softplus {
  @inline apply(x: v128, beta: v128): v128 {
    const e = exp4(v128.or(f32x4.mul(x, beta), signBit4()));
    return f32x4.add(f32x4.max(x, f32x4.splat(0)), f32x4.div(log1p_4(e), beta));
  }
}

@unmanaged
class SoftplusGate {
  @inline apply(y: v128, beta: v128): v128 {
    return f32x4.neg(expm1_4(f32x4.neg(f32x4.mul(y, beta))));
  }
}

@unmanaged
class ToInteger {
  @inline apply(x: v128): v128 {
    return i32x4.trunc_sat_f32x4_s(x);
  }
}

@unmanaged
class ToFloat {
  @inline apply(x: v128): v128 {
    return f32x4.convert_i32x4_s(x);
  }
}

/** out = the int32 of x, cut toward zero; NaN is 0, and what does not fit the nearest that does */
export function toInteger(out: usize, x: usize, n: i32): void {
  map<ToInteger>(out, x, n);
}

/** out = the float of an int32, rounded beyond 2^24 */
export function toFloat(out: usize, x: usize, n: i32): void {
  map<ToFloat>(out, x, n);
}

/** out = -x */
export function neg(out: usize, x: usize, n: i32): void {
  map<Neg>(out, x, n);
}

/** out = |x| */
export function abs(out: usize, x: usize, n: i32): void {
  map<Abs>(out, x, n);
}

/** out = 1 or -1; 0 keeps its sign, NaN stays NaN */
export function sign(out: usize, x: usize, n: i32): void {
  map<Sign>(out, x, n);
}

/** out = x^2 */
export function square(out: usize, x: usize, n: i32): void {
  map<Square>(out, x, n);
}

/** out = the square root of x */
export function sqrt(out: usize, x: usize, n: i32): void {
  map<Sqrt>(out, x, n);
}

/** out = 1 / x */
export function reciprocal(out: usize, x: usize, n: i32): void {
  map<Reciprocal>(out, x, n);
}

/** out = max(x, 0); NaN stays NaN */
export function relu(out: usize, x: usize, n: i32): void {
  map<Relu>(out, x, n);
}

/** out = e^x */
export function exp(out: usize, x: usize, n: i32): void {
  map<Exp>(out, x, n);
}

/** out = e^x - 1 */
export function expm1(out: usize, x: usize, n: i32): void {
  map<Expm1>(out, x, n);
}

/** out = ln x */
export function log(out: usize, x: usize, n: i32): void {
  map<Log>(out, x, n);
}

/** out = ln(1 + x) */
export function log1p(out: usize, x: usize, n: i32): void {
  map<Log1p>(out, x, n);
}

/** out = tanh x */
export function tanh(out: usize, x: usize, n: i32): void {
  map<Tanh>(out, x, n);
}

/** out = 1 / (1 + e^-x) */
export function sigmoid(out: usize, x: usize, n: i32): void {
  map<Sigmoid>(out, x, n);
}

/** out = max(x, 0) + log1p(e^-|beta x|) / beta */
export function softplus(out: usize, x: usize, n: i32, beta: f32): void {
  mapWith<Softplus>(out, x, n, beta);
}

/** out = -expm1(-beta y): the slope of softplus, sigmoid(beta z), written in its value y */
export function softplusGate(out: usize, y: usize, n: i32, beta: f32): void {
  mapWith<SoftplusGate>(out, y, n, beta);
}

/** out = x + c */
export function addScalar(out: usize, x: usize, n: i32, c: f32): void {
  mapWith<Add>(out, x, n, c);
}

/** out = x c */
export function mulScalar(out: usize, x: usize, n: i32, c: f32): void {
  mapWith<Mul>(out, x, n, c);
}

/** out = value, n times */
export function fill(out: usize, n: i32, value: f32): void {
  const v = f32x4.splat(value);
  for (; n >= 4; n -= 4, out += 16) v128.store(out, v);
  if (n > 0) storeTail(out, v, n);
}

/** out = x, byte for byte; the two may overlap */
export function copy(out: usize, x: usize, bytes: i32): void {
  memory.copy(out, x, bytes);
}

/** out = a where condition is not zero (NaN is not), b elsewhere */
export function where(out: usize, condition: usize, a: usize, b: usize, n: i32): void {
  const zero = f32x4.splat(0);
  for (; n >= 4; n -= 4, out += 16, condition += 16, a += 16, b += 16) {
    v128.store(out, v128.bitselect(v128.load(a), v128.load(b), f32x4.ne(v128.load(condition), zero)));
  }
  if (n > 0) {
    const mask = f32x4.ne(loadTail(condition, n), zero);
    storeTail(out, v128.bitselect(loadTail(a, n), loadTail(b, n), mask), n);
  }
}
