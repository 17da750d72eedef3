// The functions of a vector of floats, for the type that is compiled.
import * as exponential from "./float64/exponential";
import * as logarithm from "./float64/logarithm";
import * as double from "./float64/constants";
import * as curves from "./float64/sigmoid";
import { softplus } from "./float64/softplus";
import { SINGLE } from "./simd";
import { exp4, expm1_4, log1p_4, log4, one4, sigmoid4, signBit4, tanh4 } from "./transcendental";

/** 1 in every lane. */
@inline
export function ones(): v128 {
  return SINGLE ? one4() : double.one();
}

/** The sign bit in every lane. */
@inline
export function signBits(): v128 {
  return SINGLE ? signBit4() : double.signBit();
}

/** e^x */
@inline
export function expOf(x: v128): v128 {
  return SINGLE ? exp4(x) : exponential.exp(x);
}

/** e^x - 1 */
@inline
export function expm1Of(x: v128): v128 {
  return SINGLE ? expm1_4(x) : exponential.expm1(x);
}

/** ln x */
@inline
export function logOf(x: v128): v128 {
  return SINGLE ? log4(x) : logarithm.log(x);
}

/** ln(1 + x) */
@inline
export function log1pOf(x: v128): v128 {
  return SINGLE ? log1p_4(x) : logarithm.log1p(x);
}

/** tanh x */
@inline
export function tanhOf(x: v128): v128 {
  return SINGLE ? tanh4(x) : curves.tanh(x);
}

/** 1 / (1 + e^-x) */
@inline
export function sigmoidOf(x: v128): v128 {
  return SINGLE ? sigmoid4(x) : curves.sigmoid(x);
}

/** max(x, 0) + ln(1 + e^-|beta x|) / beta */
@inline
export function softplusOf(x: v128, beta: v128): v128 {
  if (!SINGLE) return softplus(x, beta);
  const e = exp4(v128.or(f32x4.mul(x, beta), signBit4()));
  return f32x4.add(f32x4.max(x, f32x4.splat(0)), f32x4.div(log1p_4(e), beta));
}
