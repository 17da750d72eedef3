// The error function, the gamma function and their relatives, one number at a time: within 0.501 ULP for float32, 2 ULP for
// float64. `out` may be x.
import { map } from "./each";
import * as double from "./float64/functions";
import { digamma as digammaOf, lgamma as lgammaOf } from "./log-gamma";
import { SINGLE } from "./simd";
import * as single from "./single";

@unmanaged
class Erf {
  @inline apply(x: Float): Float {
    return SINGLE ? <Float>single.erf(<f32>x) : <Float>double.erf(x);
  }
}

@unmanaged
class Erfc {
  @inline apply(x: Float): Float {
    return SINGLE ? <Float>single.erfc(<f32>x) : <Float>double.erfc(x);
  }
}

@unmanaged
class Lgamma {
  @inline apply(x: Float): Float {
    return <Float>lgammaOf(x);
  }
}

@unmanaged
class Digamma {
  @inline apply(x: Float): Float {
    return <Float>digammaOf(x);
  }
}

/** out = erf x */
export function erf(out: usize, x: usize, n: i32): void {
  map<Erf>(out, x, n);
}

/** out = 1 - erf x, relatively exact where that is small */
export function erfc(out: usize, x: usize, n: i32): void {
  map<Erfc>(out, x, n);
}

/** out = the logarithm of |gamma(x)|; infinite at 0 and the negative integers */
export function lgamma(out: usize, x: usize, n: i32): void {
  map<Lgamma>(out, x, n);
}

/** out = the derivative of the logarithm of gamma(x); NaN at 0 and the negative integers */
export function digamma(out: usize, x: usize, n: i32): void {
  map<Digamma>(out, x, n);
}
