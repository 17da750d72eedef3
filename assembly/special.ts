// Special functions: powers and logarithms to the bases 2 and 10, the complement of the error function, the
// logarithm of the gamma function and its derivatives. Within 0.501 ULP for float32, 2 ULP for float64. `out` may be x.
// They are no part of the core, which every program carries: those of float32 are a module of their own.
import { map } from "./each";
import * as double from "./float64/functions";
import { digamma as digammaOf, lgamma as lgammaOf } from "./log-gamma";
import { SINGLE } from "./simd";
import * as single from "./single";

export { polygamma } from "./polygamma";

@unmanaged
class Exp2 {
  @inline apply(x: Float): Float {
    return SINGLE ? <Float>single.exp2(<f32>x) : <Float>double.exp2(x);
  }
}

@unmanaged
class Log2 {
  @inline apply(x: Float): Float {
    return SINGLE ? <Float>single.log2(<f32>x) : <Float>double.log2(x);
  }
}

@unmanaged
class Log10 {
  @inline apply(x: Float): Float {
    return SINGLE ? <Float>single.log10(<f32>x) : <Float>double.log10(x);
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

/** out = 2^x */
export function exp2(out: usize, x: usize, n: i32): void {
  map<Exp2>(out, x, n);
}

/** out = the logarithm of x to the base 2; exact for powers of 2 */
export function log2(out: usize, x: usize, n: i32): void {
  map<Log2>(out, x, n);
}

/** out = the logarithm of x to the base 10 */
export function log10(out: usize, x: usize, n: i32): void {
  map<Log10>(out, x, n);
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
