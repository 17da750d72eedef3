// exp and log of one double: a lane of the vector functions.
import * as exponential from "./exponential";
import * as logarithm from "./logarithm";

/** e^x */
export function exp(x: f64): f64 {
  return f64x2.extract_lane(exponential.exp(f64x2.splat(x)), 0);
}

/** ln x */
export function log(x: f64): f64 {
  return f64x2.extract_lane(logarithm.log(f64x2.splat(x)), 0);
}
