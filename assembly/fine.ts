// exp and log in doubles, for what is computed in doubles whatever the type: precise enough to be rounded to float32, or
// for float64 itself.
import { exp64, log64 } from "./double";
import { exp, log } from "./float64/elementary";
import { SINGLE } from "./simd";

/** e^x */
@inline
export function expFine(x: f64): f64 {
  return SINGLE ? exp64(x) : exp(x);
}

/** ln x */
@inline
export function logFine(x: f64): f64 {
  return SINGLE ? log64(x) : log(x);
}
