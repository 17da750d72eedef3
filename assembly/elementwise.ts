// Kernels that treat every element alike. `out` may be the operand itself.
//
// An op is an unmanaged class of no fields whose `apply` is inlined into a driver: `map` for one operand, `mapWith`
// for one operand and a number. Two operands: see binary.ts.
import { Add, Mul } from "./binary";
import { BYTES, LANES, loadTail, SINGLE, storeTail } from "./simd";
import { expm1Of, expOf, log1pOf, logOf, ones, sigmoidOf, signBits, softplusOf, tanhOf } from "./vectors";

/** out = op(x), two vectors at a time so that one's latency hides behind the other. */
@inline
function map<Op>(out: usize, x: usize, n: i32): void {
  const op = changetype<Op>(0);
  for (; n >= 2 * LANES; n -= 2 * LANES, out += 32, x += 32) {
    const a = op.apply(v128.load(x));
    const b = op.apply(v128.load(x, 16));
    v128.store(out, a);
    v128.store(out, b, 16);
  }
  for (; n > 0; n -= LANES, out += 16, x += 16) {
    const y = op.apply(n >= LANES ? v128.load(x) : loadTail(x, n));
    if (n >= LANES) v128.store(out, y);
    else storeTail(out, y, n);
  }
}

/** out = op(x, c) for a number c. */
@inline
function mapWith<Op>(out: usize, x: usize, n: i32, c: Float): void {
  const op = changetype<Op>(0);
  const right = lanes.splat(c);
  for (; n >= 2 * LANES; n -= 2 * LANES, out += 32, x += 32) {
    const a = op.apply(v128.load(x), right);
    const b = op.apply(v128.load(x, 16), right);
    v128.store(out, a);
    v128.store(out, b, 16);
  }
  for (; n > 0; n -= LANES, out += 16, x += 16) {
    const y = op.apply(n >= LANES ? v128.load(x) : loadTail(x, n), right);
    if (n >= LANES) v128.store(out, y);
    else storeTail(out, y, n);
  }
}

@unmanaged
class Neg {
  @inline apply(x: v128): v128 {
    return lanes.neg(x);
  }
}

@unmanaged
class Abs {
  @inline apply(x: v128): v128 {
    return lanes.abs(x);
  }
}

@unmanaged
class Sign {
  @inline apply(x: v128): v128 {
    const signed = v128.or(v128.and(x, signBits()), ones());
    return v128.bitselect(signed, x, lanes.gt(lanes.abs(x), lanes.splat(0)));
  }
}

@unmanaged
class Square {
  @inline apply(x: v128): v128 {
    return lanes.mul(x, x);
  }
}

@unmanaged
class Sqrt {
  @inline apply(x: v128): v128 {
    return lanes.sqrt(x);
  }
}

@unmanaged
class Reciprocal {
  @inline apply(x: v128): v128 {
    return lanes.div(ones(), x);
  }
}

@unmanaged
class Relu {
  @inline apply(x: v128): v128 {
    return lanes.max(x, lanes.splat(0));
  }
}

@unmanaged
class Exp {
  @inline apply(x: v128): v128 {
    return expOf(x);
  }
}

@unmanaged
class Expm1 {
  @inline apply(x: v128): v128 {
    return expm1Of(x);
  }
}

@unmanaged
class Log {
  @inline apply(x: v128): v128 {
    return logOf(x);
  }
}

@unmanaged
class Log1p {
  @inline apply(x: v128): v128 {
    return log1pOf(x);
  }
}

@unmanaged
class Tanh {
  @inline apply(x: v128): v128 {
    return tanhOf(x);
  }
}

@unmanaged
class Sigmoid {
  @inline apply(x: v128): v128 {
    return sigmoidOf(x);
  }
}

@unmanaged
class Softplus {
  @inline apply(x: v128, beta: v128): v128 {
    return softplusOf(x, beta);
  }
}

@unmanaged
class SoftplusGate {
  @inline apply(y: v128, beta: v128): v128 {
    return lanes.neg(expm1Of(lanes.neg(lanes.mul(y, beta))));
  }
}

@unmanaged
class ToInteger {
  @inline apply(x: v128): v128 {
    return SINGLE ? i32x4.trunc_sat_f32x4_s(x) : i32x4.trunc_sat_f64x2_s_zero(x);
  }
}

@unmanaged
class ToFloat {
  @inline apply(x: v128): v128 {
    return SINGLE ? f32x4.convert_i32x4_s(x) : f64x2.convert_low_i32x4_s(x);
  }
}

/** out = the int32 of x, cut toward zero; NaN is 0, and what does not fit the nearest that does */
export function toInteger(out: usize, x: usize, n: i32): void {
  if (SINGLE) map<ToInteger>(out, x, n);
  else for (; n > 0; n--, out += 4, x += BYTES) v128.store_lane<i32>(out, changetype<ToInteger>(0).apply(v128.load64_zero(x)), 0);
}

/** out = the float of an int32; float32 rounds beyond 2^24 */
export function toFloat(out: usize, x: usize, n: i32): void {
  if (SINGLE) map<ToFloat>(out, x, n);
  else for (; n > 0; n--, out += BYTES, x += 4) store<Float>(out, <Float>load<i32>(x));
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
export function softplus(out: usize, x: usize, n: i32, beta: Float): void {
  mapWith<Softplus>(out, x, n, beta);
}

/** out = -expm1(-beta y): the slope of softplus, sigmoid(beta z), written in its value y */
export function softplusGate(out: usize, y: usize, n: i32, beta: Float): void {
  mapWith<SoftplusGate>(out, y, n, beta);
}

/** out = x + c */
export function addScalar(out: usize, x: usize, n: i32, c: Float): void {
  mapWith<Add>(out, x, n, c);
}

/** out = x c */
export function mulScalar(out: usize, x: usize, n: i32, c: Float): void {
  mapWith<Mul>(out, x, n, c);
}

/** out = value, n times */
export function fill(out: usize, n: i32, value: Float): void {
  const v = lanes.splat(value);
  for (; n >= LANES; n -= LANES, out += 16) v128.store(out, v);
  if (n > 0) storeTail(out, v, n);
}

/** out = x, byte for byte; the two may overlap */
export function copy(out: usize, x: usize, bytes: i32): void {
  memory.copy(out, x, bytes);
}

/** out = a where condition is not zero (NaN is not), b elsewhere */
export function where(out: usize, condition: usize, a: usize, b: usize, n: i32): void {
  const zero = lanes.splat(0);
  for (; n >= LANES; n -= LANES, out += 16, condition += 16, a += 16, b += 16) {
    v128.store(out, v128.bitselect(v128.load(a), v128.load(b), lanes.ne(v128.load(condition), zero)));
  }
  if (n > 0) {
    const mask = lanes.ne(loadTail(condition, n), zero);
    storeTail(out, v128.bitselect(loadTail(a, n), loadTail(b, n), mask), n);
  }
}
