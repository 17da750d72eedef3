// Elements by number, and their sums back: each pair of kernels are transposes of one another. Arrays are seen as
// (outer, axis, inner); the numbers are int32 and must lie on the axis. Sums are taken in the order of the numbers.
import { at } from "./simd";

/** out (outer, n, inner) = x (outer, axis, inner) at the places `index` (n) of its axis */
export function take(out: usize, x: usize, index: usize, outer: i32, axis: i32, n: i32, inner: i32): void {
  for (let o = 0; o < outer; o++, x = at(x, axis * inner)) {
    for (let i = 0; i < n; i++, out = at(out, inner)) {
      memory.copy(out, at(x, load<i32>(at(index, i)) * inner), <usize>inner << 2);
    }
  }
}

/** out (outer, axis, inner) += x (outer, n, inner) at the places `index` (n) of its axis */
export function takeAdd(out: usize, x: usize, index: usize, outer: i32, axis: i32, n: i32, inner: i32): void {
  for (let o = 0; o < outer; o++, out = at(out, axis * inner)) {
    for (let i = 0; i < n; i++) {
      const row = at(out, load<i32>(at(index, i)) * inner);
      for (let k = 0; k < inner; k++, x += 4) {
        const p = at(row, k);
        store<f32>(p, load<f32>(p) + load<f32>(x));
      }
    }
  }
}

/** out (outer, n, inner) = x (outer, axis, inner), each element from its own place `index` (outer, n, inner) */
export function takeAlong(out: usize, x: usize, index: usize, outer: i32, axis: i32, n: i32, inner: i32): void {
  for (let o = 0; o < outer; o++, x = at(x, axis * inner)) {
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < inner; k++, out += 4, index += 4) {
        store<f32>(out, load<f32>(at(x, load<i32>(index) * inner + k)));
      }
    }
  }
}

/** out (outer, axis, inner) += x (outer, n, inner), each element at its own place `index` (outer, n, inner) */
export function takeAlongAdd(out: usize, x: usize, index: usize, outer: i32, axis: i32, n: i32, inner: i32): void {
  for (let o = 0; o < outer; o++, out = at(out, axis * inner)) {
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < inner; k++, x += 4, index += 4) {
        const p = at(out, load<i32>(index) * inner + k);
        store<f32>(p, load<f32>(p) + load<f32>(x));
      }
    }
  }
}
