// Kernels that join two operands element by element, broadcast over a grid of rows and columns: an operand's strides say
// how it walks along each. `out` may be one of the operands.
import { at, LANES, loadTail, storeTail } from "./simd";
import { ones } from "./vectors";

/** One row of a grid, each operand either dense (step 1) or one element repeated (step 0). */
@inline
function zipRow<Op>(out: usize, a: usize, b: usize, n: i32, aStep: i32, bStep: i32): void {
  const op = changetype<Op>(0);
  const aBytes = (<usize>aStep) << 4;
  const bBytes = (<usize>bStep) << 4;
  let left = lanes.splat(0);
  let right = left;
  if (n > 0) {
    left = v128.load_splat<Float>(a);
    right = v128.load_splat<Float>(b);
  }
  if (aStep & bStep) {
    for (; n >= 4 * LANES; n -= 4 * LANES, out += 64, a += 64, b += 64) {
      v128.store(out, op.apply(v128.load(a), v128.load(b)));
      v128.store(out, op.apply(v128.load(a, 16), v128.load(b, 16)), 16);
      v128.store(out, op.apply(v128.load(a, 32), v128.load(b, 32)), 32);
      v128.store(out, op.apply(v128.load(a, 48), v128.load(b, 48)), 48);
    }
  }
  for (; n >= LANES; n -= LANES, out += 16, a += aBytes, b += bBytes) {
    if (aStep) left = v128.load(a);
    if (bStep) right = v128.load(b);
    v128.store(out, op.apply(left, right));
  }
  if (n > 0) {
    if (aStep) left = loadTail(a, n);
    if (bStep) right = loadTail(b, n);
    storeTail(out, op.apply(left, right), n);
  }
}

/** out = op(a, b) over a grid whose operands may repeat along rows and columns. */
@inline
function zip<Op>(
  out: usize,
  a: usize,
  b: usize,
  rows: i32,
  cols: i32,
  aRow: i32,
  aCol: i32,
  bRow: i32,
  bCol: i32,
): void {
  // A single column is a row in disguise, and a grid whose rows follow one another is one long row.
  if (cols == 1 && <u32>aRow <= 1 && <u32>bRow <= 1) {
    cols = rows;
    rows = 1;
    aCol = aRow;
    bCol = bRow;
  } else if (aRow == cols * aCol && bRow == cols * bCol) {
    cols *= rows;
    rows = 1;
  }
  for (let r = 0; r < rows; r++) {
    zipRow<Op>(at(out, r * cols), at(a, r * aRow), at(b, r * bRow), cols, aCol, bCol);
  }
}

@unmanaged
export class Add {
  @inline apply(a: v128, b: v128): v128 {
    return lanes.add(a, b);
  }
}

@unmanaged
class Sub {
  @inline apply(a: v128, b: v128): v128 {
    return lanes.sub(a, b);
  }
}

@unmanaged
export class Mul {
  @inline apply(a: v128, b: v128): v128 {
    return lanes.mul(a, b);
  }
}

/** a b, and 0 where either is 0, whatever the other. */
@unmanaged
class Chain {
  @inline apply(a: v128, b: v128): v128 {
    const zero = lanes.splat(0);
    return v128.andnot(lanes.mul(a, b), v128.or(lanes.eq(a, zero), lanes.eq(b, zero)));
  }
}

/** a / b, and 0 where a is 0, whatever b. */
@unmanaged
class ChainOver {
  @inline apply(a: v128, b: v128): v128 {
    return v128.andnot(lanes.div(a, b), lanes.eq(a, lanes.splat(0)));
  }
}

@unmanaged
class Div {
  @inline apply(a: v128, b: v128): v128 {
    return lanes.div(a, b);
  }
}

@unmanaged
class Maximum {
  @inline apply(a: v128, b: v128): v128 {
    return lanes.max(a, b);
  }
}

@unmanaged
class Minimum {
  @inline apply(a: v128, b: v128): v128 {
    return lanes.min(a, b);
  }
}

@unmanaged
class Greater {
  @inline apply(a: v128, b: v128): v128 {
    return v128.and(lanes.gt(a, b), ones());
  }
}

@unmanaged
class Equal {
  @inline apply(a: v128, b: v128): v128 {
    return v128.and(lanes.eq(a, b), ones());
  }
}

/** d (1 - y^2), rounded as the three plain kernels round it. */
@unmanaged
class TanhGrad {
  @inline apply(d: v128, y: v128): v128 {
    return lanes.mul(d, lanes.sub(ones(), lanes.mul(y, y)));
  }
}

/** d y (1 - y), rounded as the three plain kernels round it. */
@unmanaged
class SigmoidGrad {
  @inline apply(d: v128, y: v128): v128 {
    return lanes.mul(d, lanes.mul(y, lanes.sub(ones(), y)));
  }
}

/** out = the cotangent d of y = tanh x as that of x */
export function tanhGrad(out: usize, d: usize, y: usize, n: i32): void {
  zipRow<TanhGrad>(out, d, y, n, 1, 1);
}

/** out = the cotangent d of y = sigmoid x as that of x */
export function sigmoidGrad(out: usize, d: usize, y: usize, n: i32): void {
  zipRow<SigmoidGrad>(out, d, y, n, 1, 1);
}

/** out = a + b */
// biome-ignore format: the nine parameters of `zip`
export function add(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  zip<Add>(out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}

/** out = a - b */
// biome-ignore format: the nine parameters of `zip`
export function sub(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  zip<Sub>(out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}

/** out = a b */
// biome-ignore format: the nine parameters of `zip`
export function mul(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  zip<Mul>(out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}

/** out = a b, and 0 where either is 0, whatever the other */
// biome-ignore format: the nine parameters of `zip`
export function chain(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  zip<Chain>(out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}

/** out = a / b, and 0 where a is 0, whatever b */
// biome-ignore format: the nine parameters of `zip`
export function chainOver(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  zip<ChainOver>(out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}

/** out = a / b */
// biome-ignore format: the nine parameters of `zip`
export function div(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  zip<Div>(out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}

/** out = the larger of a and b; NaN if either is */
// biome-ignore format: the nine parameters of `zip`
export function maximum(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  zip<Maximum>(out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}

/** out = the smaller of a and b; NaN if either is */
// biome-ignore format: the nine parameters of `zip`
export function minimum(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  zip<Minimum>(out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}

/** out = 1 where a > b, else 0 */
// biome-ignore format: the nine parameters of `zip`
export function greater(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  zip<Greater>(out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}

/** out = 1 where a = b, else 0 */
// biome-ignore format: the nine parameters of `zip`
export function equal(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  zip<Equal>(out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}
