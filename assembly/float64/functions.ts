// Functions of one double. Their precision is still that of double.ts, about ten digits.
import { atan64, cos64, erf64, sin64, tan64 } from "../double";
import { exp, log } from "./elementary";

const HALF_PI: f64 = 1.5707963267948966;

export function sin(x: f64): f64 {
  return sin64(<f32>x);
}
export function cos(x: f64): f64 {
  return cos64(<f32>x);
}
export function tan(x: f64): f64 {
  return tan64(<f32>x);
}
export function asin(x: f64): f64 {
  return atan64(x / sqrt<f64>((1 - x) * (1 + x)));
}
export function acos(x: f64): f64 {
  return HALF_PI - asin(x);
}
export function atan(x: f64): f64 {
  return atan64(x);
}
export function sinh(x: f64): f64 {
  const e = exp(x);
  return (e - 1 / e) * 0.5;
}
export function cosh(x: f64): f64 {
  const e = exp(x);
  return (e + 1 / e) * 0.5;
}
export function asinh(x: f64): f64 {
  return copysign<f64>(log(abs(x) + sqrt<f64>(x * x + 1)), x);
}
export function acosh(x: f64): f64 {
  return log(x + sqrt<f64>((x - 1) * (x + 1)));
}
export function atanh(x: f64): f64 {
  return 0.5 * log((1 + x) / (1 - x));
}
export function erf(x: f64): f64 {
  return erf64(x);
}
export function cbrt(x: f64): f64 {
  return copysign<f64>(exp(log(abs(x)) / 3), x);
}
export function powerOfPositive(x: f64, y: f64): f64 {
  return exp(y * log(x));
}
export function atan2(y: f64, x: f64): f64 {
  const up = abs(y);
  const right = abs(x);
  const angle = atan64(up == right ? (up == 0 ? 0 : 1) : up / right);
  return copysign<f64>(reinterpret<i64>(x) < 0 && x == x ? 2 * HALF_PI - angle : angle, y);
}
export function hypot(a: f64, b: f64): f64 {
  return sqrt<f64>(a * a + b * b);
}
