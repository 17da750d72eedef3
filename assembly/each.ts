// Functions of one and of two numbers over arrays of them, one element at a time.
import { at, BYTES } from "./simd";

/** out = op(x) */
@inline
export function map<Op>(out: usize, x: usize, n: i32): void {
  for (; n > 0; n--, out += BYTES, x += BYTES) store<Float>(out, changetype<Op>(0).apply(load<Float>(x)));
}

/** out = op(a, b) over a grid whose operands may repeat along rows and columns, as in binary.ts. */
@inline
export function zip<Op>(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  for (let r = 0; r < rows; r++) {
    let p = at(a, r * aRow);
    let q = at(b, r * bRow);
    for (let c = 0; c < cols; c++, out += BYTES, p = at(p, aCol), q = at(q, bCol)) {
      store<Float>(out, changetype<Op>(0).apply(load<Float>(p), load<Float>(q)));
    }
  }
}
