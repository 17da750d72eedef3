// Between float32 and float64. Two elements at a time; `out` and `x` must not overlap.

/** out (float64) = x (float32), n elements; exact */
export function toFloat64(out: usize, x: usize, n: i32): void {
  for (; n >= 2; n -= 2, out += 16, x += 8) v128.store(out, f64x2.promote_low_f32x4(v128.load64_zero(x)));
  if (n > 0) store<f64>(out, <f64>load<f32>(x));
}

/** out (float32) = x (float64), n elements; rounded to the nearest, the even one of two */
export function toFloat32(out: usize, x: usize, n: i32): void {
  for (; n >= 2; n -= 2, out += 8, x += 16) v128.store_lane<f64>(out, f32x4.demote_f64x2_zero(v128.load(x)), 0);
  if (n > 0) store<f32>(out, <f32>load<f64>(x));
}
