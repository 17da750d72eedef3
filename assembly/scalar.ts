// Functions one number at a time, computed in doubles and rounded once: rarer than those of elementwise.ts, and worth
// more accuracy than speed (5 to 20 ns an element). The bounds, in units of the last place, were measured over every
// 4093rd float. `out` may be an operand.
import { atan64, cos64, erf64, exp64, log64, sin64, tan64 } from "./double";
import { at } from "./simd";

const HALF_PI: f64 = 1.5707963267948966;

@inline
function map<Op>(out: usize, x: usize, n: i32): void {
  for (; n > 0; n--, out += 4, x += 4) store<f32>(out, changetype<Op>(0).apply(load<f32>(x)));
}

/** out = op(a, b) over a grid whose operands may repeat along rows and columns, as in binary.ts. */
@inline
function zip<Op>(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  for (let r = 0; r < rows; r++) {
    let p = at(a, r * aRow);
    let q = at(b, r * bRow);
    for (let c = 0; c < cols; c++, out += 4, p = at(p, aCol), q = at(q, bCol)) {
      store<f32>(out, changetype<Op>(0).apply(load<f32>(p), load<f32>(q)));
    }
  }
}

@unmanaged
class Floor {
  @inline apply(x: f32): f32 {
    return f32.floor(x);
  }
}

@unmanaged
class Ceil {
  @inline apply(x: f32): f32 {
    return f32.ceil(x);
  }
}

@unmanaged
class Round {
  @inline apply(x: f32): f32 {
    return f32.nearest(x);
  }
}

@unmanaged
class Sin {
  @inline apply(x: f32): f32 {
    return <f32>sin64(x);
  }
}

@unmanaged
class Cos {
  @inline apply(x: f32): f32 {
    return <f32>cos64(x);
  }
}

@unmanaged
class Tan {
  @inline apply(x: f32): f32 {
    return <f32>tan64(x);
  }
}

@inline
function asin64(x: f64): f64 {
  return atan64(x / sqrt<f64>((1 - x) * (1 + x)));
}

@unmanaged
class Asin {
  @inline apply(x: f32): f32 {
    return <f32>asin64(x);
  }
}

@unmanaged
class Acos {
  @inline apply(x: f32): f32 {
    return <f32>(HALF_PI - asin64(x));
  }
}

@unmanaged
class Atan {
  @inline apply(x: f32): f32 {
    return <f32>atan64(x);
  }
}

@unmanaged
class Sinh {
  @inline apply(v: f32): f32 {
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
}

@unmanaged
class Cosh {
  @inline apply(x: f32): f32 {
    const e = exp64(x);
    return <f32>((e + 1 / e) * 0.5);
  }
}

@unmanaged
class Asinh {
  @inline apply(x: f32): f32 {
    const a = abs(<f64>x);
    const y = a < 0.002 ? a - a * a * a * 0.16666666666666666 : log64(a + sqrt<f64>(a * a + 1));
    return <f32>copysign<f64>(y, x);
  }
}

@unmanaged
class Acosh {
  @inline apply(v: f32): f32 {
    const x = <f64>v;
    return x < 1 ? <f32>NaN : <f32>log64(x + sqrt<f64>((x - 1) * (x + 1)));
  }
}

@unmanaged
class Atanh {
  @inline apply(v: f32): f32 {
    const x = <f64>v;
    return <f32>(abs(x) < 0.001 ? x + x * x * x * 0.3333333333333333 : 0.5 * log64((1 + x) / (1 - x)));
  }
}

@unmanaged
class Erf {
  @inline apply(x: f32): f32 {
    return <f32>erf64(x);
  }
}

@unmanaged
class Cbrt {
  @inline apply(x: f32): f32 {
    return <f32>copysign<f64>(exp64(log64(abs(<f64>x)) / 3), x);
  }
}

/** x^y as IEEE 754 has it: 1 for y = 0 or x = 1 even with NaN, NaN for negative x and a fraction y. */
function power(x: f32, y: f32): f32 {
  if (y == 0 || x == 1) return 1;
  const a = abs(x);
  const size: f32 = a == 1 ? <f32>1 : <f32>exp64(<f64>y * log64(a));
  // A negative base, -0 among them, gives its sign to odd powers; all floats from 2^24 on are even.
  if (reinterpret<i32>(x) >= 0 || x != x) return x == x ? size : x;
  if (f32.floor(y) != y) return x < 0 && a != Infinity ? <f32>NaN : y == y ? size : y;
  return f32.floor(y * 0.5) != y * 0.5 ? -size : size;
}

@unmanaged
class Pow {
  @inline apply(x: f32, y: f32): f32 {
    return power(x, y);
  }
}

@unmanaged
class Mod {
  @inline apply(a: f32, b: f32): f32 {
    const r = a % b;
    if (r == 0) return copysign<f32>(0, b);
    return r < 0 != b < 0 ? r + b : r;
  }
}

@unmanaged
class Atan2 {
  @inline apply(y: f32, x: f32): f32 {
    const up = abs(<f64>y);
    const right = abs(<f64>x);
    // Equal sides, zeros and infinities too, but at the origin the angle is 0.
    const t = up == right ? (up == 0 ? 0 : 1) : up / right;
    const angle = atan64(t);
    return <f32>copysign<f64>(reinterpret<i32>(x) < 0 && x == x ? 2 * HALF_PI - angle : angle, y);
  }
}

@unmanaged
class Hypot {
  @inline apply(a: f32, b: f32): f32 {
    // As IEEE 754 has it, infinite even beside NaN.
    if (abs(a) == Infinity || abs(b) == Infinity) return Infinity;
    // The square of a float is exact in a double, and cannot leave its range.
    return <f32>sqrt<f64>(<f64>a * a + <f64>b * b);
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

/** out = sin x, within 0.501 ULP for every finite x */
export function sin(out: usize, x: usize, n: i32): void {
  map<Sin>(out, x, n);
}

/** out = cos x, within 0.501 ULP for every finite x */
export function cos(out: usize, x: usize, n: i32): void {
  map<Cos>(out, x, n);
}

/** out = tan x, within 0.501 ULP for every finite x */
export function tan(out: usize, x: usize, n: i32): void {
  map<Tan>(out, x, n);
}

/** out = arcsin x, within 0.501 ULP; NaN outside [-1, 1] */
export function asin(out: usize, x: usize, n: i32): void {
  map<Asin>(out, x, n);
}

/** out = arccos x, within 0.501 ULP; NaN outside [-1, 1] */
export function acos(out: usize, x: usize, n: i32): void {
  map<Acos>(out, x, n);
}

/** out = arctan x, within 0.501 ULP */
export function atan(out: usize, x: usize, n: i32): void {
  map<Atan>(out, x, n);
}

/** out = sinh x, within 0.501 ULP */
export function sinh(out: usize, x: usize, n: i32): void {
  map<Sinh>(out, x, n);
}

/** out = cosh x, within 0.501 ULP */
export function cosh(out: usize, x: usize, n: i32): void {
  map<Cosh>(out, x, n);
}

/** out = arsinh x, within 0.501 ULP */
export function asinh(out: usize, x: usize, n: i32): void {
  map<Asinh>(out, x, n);
}

/** out = arcosh x, within 0.501 ULP; NaN below 1 */
export function acosh(out: usize, x: usize, n: i32): void {
  map<Acosh>(out, x, n);
}

/** out = artanh x, within 0.501 ULP; NaN outside [-1, 1] */
export function atanh(out: usize, x: usize, n: i32): void {
  map<Atanh>(out, x, n);
}

/** out = erf x, within 0.501 ULP */
export function erf(out: usize, x: usize, n: i32): void {
  map<Erf>(out, x, n);
}

/** out = the cube root of x, within 0.501 ULP */
export function cbrt(out: usize, x: usize, n: i32): void {
  map<Cbrt>(out, x, n);
}

/** out = a^b, within 0.501 ULP */
// biome-ignore format: the nine parameters of `zip`
export function pow(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  zip<Pow>(out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}

/** out = x^c for a number c */
export function powScalar(out: usize, x: usize, n: i32, c: f32): void {
  for (; n > 0; n--, out += 4, x += 4) store<f32>(out, power(load<f32>(x), c));
}

/** out = a - b floor(a / b), with the sign of b; exact but for one sum */
// biome-ignore format: the nine parameters of `zip`
export function mod(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  zip<Mod>(out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}

/** out = the angle of the point (b, a), from -pi to pi, within 0.501 ULP */
// biome-ignore format: the nine parameters of `zip`
export function atan2(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  zip<Atan2>(out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}

/** out = the root of a^2 + b^2, within 0.501 ULP; nothing overflows on the way */
// biome-ignore format: the nine parameters of `zip`
export function hypot(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  zip<Hypot>(out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}
