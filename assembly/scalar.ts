// Functions one number at a time: rarer than those of elementwise.ts, so accuracy matters more than speed (5 to 20 ns an
// element of float32). Within 0.501 ULP for float32, 2 ULP for float64. `out` may be an operand.
import { map, zip } from "./each";
import * as double from "./float64/functions";
import { BYTES, SINGLE } from "./simd";
import * as single from "./single";

@unmanaged
class Floor {
  @inline apply(x: Float): Float {
    return Float.floor(x);
  }
}

@unmanaged
class Ceil {
  @inline apply(x: Float): Float {
    return Float.ceil(x);
  }
}

@unmanaged
class Round {
  @inline apply(x: Float): Float {
    return Float.nearest(x);
  }
}

@unmanaged
class Sin {
  @inline apply(x: Float): Float {
    return SINGLE ? <Float>single.sin(<f32>x) : <Float>double.sin(x);
  }
}

@unmanaged
class Cos {
  @inline apply(x: Float): Float {
    return SINGLE ? <Float>single.cos(<f32>x) : <Float>double.cos(x);
  }
}

@unmanaged
class Tan {
  @inline apply(x: Float): Float {
    return SINGLE ? <Float>single.tan(<f32>x) : <Float>double.tan(x);
  }
}

@unmanaged
class Asin {
  @inline apply(x: Float): Float {
    return SINGLE ? <Float>single.asin(<f32>x) : <Float>double.asin(x);
  }
}

@unmanaged
class Acos {
  @inline apply(x: Float): Float {
    return SINGLE ? <Float>single.acos(<f32>x) : <Float>double.acos(x);
  }
}

@unmanaged
class Atan {
  @inline apply(x: Float): Float {
    return SINGLE ? <Float>single.atan(<f32>x) : <Float>double.atan(x);
  }
}

@unmanaged
class Sinh {
  @inline apply(x: Float): Float {
    return SINGLE ? <Float>single.sinh(<f32>x) : <Float>double.sinh(x);
  }
}

@unmanaged
class Cosh {
  @inline apply(x: Float): Float {
    return SINGLE ? <Float>single.cosh(<f32>x) : <Float>double.cosh(x);
  }
}

@unmanaged
class Asinh {
  @inline apply(x: Float): Float {
    return SINGLE ? <Float>single.asinh(<f32>x) : <Float>double.asinh(x);
  }
}

@unmanaged
class Acosh {
  @inline apply(x: Float): Float {
    return SINGLE ? <Float>single.acosh(<f32>x) : <Float>double.acosh(x);
  }
}

@unmanaged
class Atanh {
  @inline apply(x: Float): Float {
    return SINGLE ? <Float>single.atanh(<f32>x) : <Float>double.atanh(x);
  }
}

@unmanaged
class Erf {
  @inline apply(x: Float): Float {
    return SINGLE ? <Float>single.erf(<f32>x) : <Float>double.erf(x);
  }
}

@unmanaged
class Cbrt {
  @inline apply(x: Float): Float {
    return SINGLE ? <Float>single.cbrt(<f32>x) : <Float>double.cbrt(x);
  }
}

/** x^y as IEEE 754 has it: 1 for y = 0 or x = 1 even with NaN, NaN for negative x and a fraction y. */
function power(x: Float, y: Float): Float {
  if (y == 0 || x == 1) return 1;
  const a = abs(x);
  const size: Float = a == 1 ? <Float>1 : SINGLE ? <Float>single.powerOfPositive(<f32>a, <f32>y) : <Float>double.powerOfPositive(a, y);
  // A negative base, -0 among them, gives its sign to odd powers; all floats from 2^24 on are even, doubles from 2^53.
  if (reinterpret<Word>(x) >= 0 || x != x) return x == x ? size : x;
  if (Float.floor(y) != y) return x < 0 && a != Infinity ? <Float>NaN : y == y ? size : y;
  return Float.floor(y * 0.5) != y * 0.5 ? -size : size;
}

@unmanaged
class Pow {
  @inline apply(x: Float, y: Float): Float {
    return power(x, y);
  }
}

@unmanaged
class Mod {
  @inline apply(a: Float, b: Float): Float {
    const r = a % b;
    if (r == 0) return copysign<Float>(0, b);
    return r < 0 != b < 0 ? r + b : r;
  }
}

@unmanaged
class Atan2 {
  @inline apply(y: Float, x: Float): Float {
    return SINGLE ? <Float>single.atan2(<f32>y, <f32>x) : <Float>double.atan2(y, x);
  }
}

@unmanaged
class Hypot {
  @inline apply(a: Float, b: Float): Float {
    // As IEEE 754 has it, infinite even beside NaN.
    if (abs(a) == Infinity || abs(b) == Infinity) return Infinity;
    return SINGLE ? <Float>single.hypot(<f32>a, <f32>b) : <Float>double.hypot(a, b);
  }
}

/** out = the largest integer that is not above x */
export function floor(out: usize, x: usize, n: i32): void {
  map<Floor>(out, x, n);
}

/** out = the smallest integer that is not below x */
export function ceil(out: usize, x: usize, n: i32): void {
  map<Ceil>(out, x, n);
}

/** out = the nearest integer, at a half the even one */
export function round(out: usize, x: usize, n: i32): void {
  map<Round>(out, x, n);
}

/** out = sin x */
export function sin(out: usize, x: usize, n: i32): void {
  map<Sin>(out, x, n);
}

/** out = cos x */
export function cos(out: usize, x: usize, n: i32): void {
  map<Cos>(out, x, n);
}

/** out = tan x */
export function tan(out: usize, x: usize, n: i32): void {
  map<Tan>(out, x, n);
}

/** out = arcsin x; NaN outside [-1, 1] */
export function asin(out: usize, x: usize, n: i32): void {
  map<Asin>(out, x, n);
}

/** out = arccos x; NaN outside [-1, 1] */
export function acos(out: usize, x: usize, n: i32): void {
  map<Acos>(out, x, n);
}

/** out = arctan x */
export function atan(out: usize, x: usize, n: i32): void {
  map<Atan>(out, x, n);
}

/** out = sinh x */
export function sinh(out: usize, x: usize, n: i32): void {
  map<Sinh>(out, x, n);
}

/** out = cosh x */
export function cosh(out: usize, x: usize, n: i32): void {
  map<Cosh>(out, x, n);
}

/** out = arsinh x */
export function asinh(out: usize, x: usize, n: i32): void {
  map<Asinh>(out, x, n);
}

/** out = arcosh x; NaN below 1 */
export function acosh(out: usize, x: usize, n: i32): void {
  map<Acosh>(out, x, n);
}

/** out = artanh x; NaN outside [-1, 1] */
export function atanh(out: usize, x: usize, n: i32): void {
  map<Atanh>(out, x, n);
}

/** out = erf x */
export function erf(out: usize, x: usize, n: i32): void {
  map<Erf>(out, x, n);
}

/** out = the cube root of x */
export function cbrt(out: usize, x: usize, n: i32): void {
  map<Cbrt>(out, x, n);
}

/** out = a^b */
// biome-ignore format: the nine parameters of `zip`
export function pow(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  zip<Pow>(out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}

/** out = x^c for a number c */
export function powScalar(out: usize, x: usize, n: i32, c: Float): void {
  for (; n > 0; n--, out += BYTES, x += BYTES) store<Float>(out, power(load<Float>(x), c));
}

/** out = a - b floor(a / b), with the sign of b; exact but for one sum */
// biome-ignore format: the nine parameters of `zip`
export function mod(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  zip<Mod>(out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}

/** out = the angle of the point (b, a), from -pi to pi */
// biome-ignore format: the nine parameters of `zip`
export function atan2(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  zip<Atan2>(out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}

/** out = the root of a^2 + b^2; nothing overflows on the way */
// biome-ignore format: the nine parameters of `zip`
export function hypot(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  zip<Hypot>(out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}
