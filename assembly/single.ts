// Functions of float32, one number at a time: computed in doubles and rounded once, within 0.501 ULP, measured over every
// 4093rd float.
import { atan64, cos64, erf64, exp64, log64, sin64, tan64 } from "./double";
import { scaledErfc } from "./float64/erf";

const HALF_PI: f64 = 1.5707963267948966;

@inline
export function sin(x: f32): f32 {
  return <f32>sin64(x);
}

@inline
export function cos(x: f32): f32 {
  return <f32>cos64(x);
}

@inline
export function tan(x: f32): f32 {
  return <f32>tan64(x);
}

@inline
function asin64(x: f64): f64 {
  return atan64(x / sqrt<f64>((1 - x) * (1 + x)));
}

@inline
export function asin(x: f32): f32 {
  return <f32>asin64(x);
}

@inline
export function acos(x: f32): f32 {
  return <f32>(HALF_PI - asin64(x));
}

@inline
export function atan(x: f32): f32 {
  return <f32>atan64(x);
}

@inline
export function sinh(v: f32): f32 {
  const x = <f64>v;
  const z = x * x;
  // For small x the difference would cancel.
  if (z < 0.25) {
    const p = 0.008333333333333333 + z * (0.0001984126984126984 + z * 2.7557319223985893e-6);
    return <f32>(x + x * z * (0.16666666666666666 + z * p));
  }
  const e = exp64(x);
  return <f32>((e - 1 / e) * 0.5);
}

@inline
export function cosh(x: f32): f32 {
  const e = exp64(x);
  return <f32>((e + 1 / e) * 0.5);
}

@inline
export function asinh(x: f32): f32 {
  const a = abs(<f64>x);
  const y = a < 0.002 ? a - a * a * a * 0.16666666666666666 : log64(a + sqrt<f64>(a * a + 1));
  return <f32>copysign<f64>(y, x);
}

@inline
export function acosh(v: f32): f32 {
  const x = <f64>v;
  return x < 1 ? <f32>NaN : <f32>log64(x + sqrt<f64>((x - 1) * (x + 1)));
}

@inline
export function atanh(v: f32): f32 {
  const x = <f64>v;
  return <f32>(abs(x) < 0.001 ? x + x * x * x * 0.3333333333333333 : 0.5 * log64((1 + x) / (1 - x)));
}

@inline
export function erf(x: f32): f32 {
  return <f32>erf64(x);
}

/** 1 - erf x; from 1 on by float64's fit of e^(x^2) erfc x, as the difference would cancel. */
export function erfc(v: f32): f32 {
  const x = <f64>v;
  if (x < 1) return <f32>(1 - erf64(x));
  return x > 11 ? 0 : <f32>(exp64(-x * x) * scaledErfc(x));
}

@inline
export function exp2(x: f32): f32 {
  return <f32>exp64(<f64>x * 0.6931471805599453);
}

@inline
export function log2(x: f32): f32 {
  return <f32>(log64(x) * 1.4426950408889634);
}

@inline
export function log10(x: f32): f32 {
  return <f32>(log64(x) * 0.4342944819032518);
}

@inline
export function cbrt(x: f32): f32 {
  return <f32>copysign<f64>(exp64(log64(abs(<f64>x)) / 3), x);
}

/** x^y for x > 0. */
@inline
export function powerOfPositive(x: f32, y: f32): f32 {
  return <f32>exp64(<f64>y * log64(x));
}

@inline
export function atan2(y: f32, x: f32): f32 {
  const up = abs(<f64>y);
  const right = abs(<f64>x);
  // Equal sides, zeros and infinities too, but at the origin the angle is 0.
  const t = up == right ? (up == 0 ? 0 : 1) : up / right;
  const angle = atan64(t);
  return <f32>copysign<f64>(reinterpret<i32>(x) < 0 && x == x ? 2 * HALF_PI - angle : angle, y);
}

@inline
export function hypot(a: f32, b: f32): f32 {
  // The square of a float is exact in a double, and cannot leave its range.
  return <f32>sqrt<f64>(<f64>a * a + <f64>b * b);
}
