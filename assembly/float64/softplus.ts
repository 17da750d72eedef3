// softplus of two doubles at once, within 2 ULP.
import { constant, half, one, rounder, signBit } from "./constants";
import { EXP, highOf, integerOf, lowOf, scaled, shifted, tailOf } from "./exponential";
import { logOf } from "./logarithm";

/** 2^27 + 1, which halves a double (Dekker 1971). */
@lazy
const SPLITTER = memory.data<f64>([134217729]);

/** The error of p = a b; exact (Dekker 1971), NaN where a part overflows. */
@inline
function productError(a: v128, b: v128, p: v128): v128 {
  const c = f64x2.mul(a, constant(SPLITTER, 0));
  const aHigh = f64x2.sub(c, f64x2.sub(c, a));
  const aLow = f64x2.sub(a, aHigh);
  const d = f64x2.mul(b, constant(SPLITTER, 0));
  const bHigh = f64x2.sub(d, f64x2.sub(d, b));
  const bLow = f64x2.sub(b, bHigh);
  const e = f64x2.sub(f64x2.mul(aHigh, bHigh), p);
  return f64x2.add(f64x2.add(f64x2.add(e, f64x2.mul(aHigh, bLow)), f64x2.mul(aLow, bHigh)), f64x2.mul(aLow, bLow));
}

@lazy
const SQRT2 = memory.data<f64>([1.4142135623730951]);

/**
 * max(x, 0) + ln(1 + e^-|beta x|) / beta. The product, the exponential and the sum are kept with what rounding took from
 * them: each would cost a digit where the logarithm is small.
 */
@inline
export function softplus(v: v128, beta: v128): v128 {
  const product = f64x2.mul(v, beta);
  let error = productError(v, beta, product);
  error = v128.and(error, f64x2.eq(error, error));
  const x = f64x2.pmax(v128.or(product, signBit()), constant(EXP, 9));
  const s = shifted(x);
  const n = f64x2.sub(s, rounder());
  const high = highOf(x, n);
  const tail = tailOf(high, f64x2.add(lowOf(n), v128.xor(error, v128.and(product, signBit()))));
  const t = f64x2.add(high, tail);
  const y = f64x2.add(one(), t);
  const rest = f64x2.add(f64x2.sub(t, f64x2.sub(y, one())), f64x2.sub(tail, f64x2.sub(t, high)));
  const k = integerOf(s);
  const e = scaled(y, k);
  const eRest = scaled(rest, k);
  // 1 + e is 2^j (1 + f + fRest) with j = 0 or 1.
  const upper = f64x2.gt(f64x2.add(one(), e), constant(SQRT2, 0));
  const d = f64x2.sub(e, one());
  const dRest = f64x2.add(f64x2.sub(e, f64x2.add(d, one())), eRest);
  const f = v128.bitselect(f64x2.mul(d, half()), e, upper);
  const fRest = v128.bitselect(f64x2.mul(dRest, half()), eRest, upper);
  const slope = f64x2.mul(fRest, f64x2.sub(one(), f));
  const log = logOf(f, slope, v128.and(one(), upper));
  return f64x2.add(f64x2.max(v, f64x2.splat(0)), f64x2.div(log, beta));
}
