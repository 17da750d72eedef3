// Elements by number, and their sums back: each pair of kernels are transposes of one another. Arrays are seen as
// (outer, axis, inner); the numbers are int32 and must lie on the axis. Sums are taken in the order of the numbers.
import { at, atInteger, BYTES, bytesOf } from "./simd";

/** out (outer, n, inner) = x (outer, axis, inner) at the places `index` (n) of its axis */
export function take(out: usize, x: usize, index: usize, outer: i32, axis: i32, n: i32, inner: i32): void {
  for (let o = 0; o < outer; o++, x = at(x, axis * inner)) {
    for (let i = 0; i < n; i++, out = at(out, inner)) {
      memory.copy(out, at(x, load<i32>(atInteger(index, i)) * inner), bytesOf(inner));
    }
  }
}

/** out (outer, axis, inner) += x (outer, n, inner) at the places `index` (n) of its axis */
export function takeAdd(out: usize, x: usize, index: usize, outer: i32, axis: i32, n: i32, inner: i32): void {
  for (let o = 0; o < outer; o++, out = at(out, axis * inner)) {
    for (let i = 0; i < n; i++) {
      const row = at(out, load<i32>(atInteger(index, i)) * inner);
      for (let k = 0; k < inner; k++, x += BYTES) {
        const p = at(row, k);
        store<Float>(p, load<Float>(p) + load<Float>(x));
      }
    }
  }
}

/** out (outer, n, inner) = x (outer, axis, inner), each element from its own place `index` (outer, n, inner) */
export function takeAlong(out: usize, x: usize, index: usize, outer: i32, axis: i32, n: i32, inner: i32): void {
  for (let o = 0; o < outer; o++, x = at(x, axis * inner)) {
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < inner; k++, out += BYTES, index += 4) {
        store<Float>(out, load<Float>(at(x, load<i32>(index) * inner + k)));
      }
    }
  }
}

/** out (outer, axis, inner) += x (outer, n, inner), each element at its own place `index` (outer, n, inner) */
export function takeAlongAdd(out: usize, x: usize, index: usize, outer: i32, axis: i32, n: i32, inner: i32): void {
  for (let o = 0; o < outer; o++, out = at(out, axis * inner)) {
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < inner; k++, x += BYTES, index += 4) {
        const p = at(out, load<i32>(index) * inner + k);
        store<Float>(p, load<Float>(p) + load<Float>(x));
      }
    }
  }
}
