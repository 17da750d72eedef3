// Kernels that go along an axis in order: running sums, and sorting by merges.
import { lost, runOf, settled } from "./long";
import { at, atInteger } from "./simd";

/** out = the sums of x (outer, axis, inner) from the start of the axis to each place, or from the end backward */
export function cumsum(out: usize, x: usize, outer: i32, axis: i32, inner: i32, backward: i32): void {
  const step = backward ? -inner : inner;
  const run = runOf(axis);
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < inner; k++) {
      let i = (o * axis + (backward ? axis - 1 : 0)) * inner + k;
      let total: Float = 0;
      let missing: Float = 0;
      for (let left = axis; left > 0; left -= run) {
        const before = settled(total, missing);
        let next: Float = 0;
        for (let n = min(left, run); n > 0; n--, i += step) {
          next += load<Float>(at(x, i));
          store<Float>(at(out, i), before + next);
        }
        const sum = total + next;
        missing += lost(total, next, sum);
        total = sum;
      }
    }
  }
}

/** Whether b must come before a, which stands first: NaN comes last, equals stay. */
@inline
function before(b: Float, a: Float): bool {
  return b < a || (a != a && b == b);
}

/**
 * out (outer, count, inner) = the places of the `count` smallest elements of x (outer, axis, inner) in rising order,
 * with `descending` of the largest in falling order; the first of equals first, NaN last. Merges runs of 1, 2, 4 ...
 * between the halves of `scratch`, 2 axis int32 numbers.
 */
// biome-ignore format: one line a kernel
export function argsort(out: usize, x: usize, scratch: usize, outer: i32, axis: i32, inner: i32, count: i32, descending: i32): void {
  const sign: Float = descending ? -1 : 1;
  for (let lane = 0; lane < outer * inner; lane++) {
    const o = lane / inner;
    const k = lane % inner;
    const row = at(x, o * axis * inner + k);
    let from = scratch;
    let to = atInteger(scratch, axis);
    for (let i = 0; i < axis; i++) store<i32>(atInteger(from, i), i);
    for (let run = 1; run < axis; run <<= 1) {
      for (let start = 0; start < axis; start += run << 1) {
        const middle = min(start + run, axis);
        const end = min(middle + run, axis);
        let left = start;
        let right = middle;
        for (let i = start; i < end; i++) {
          let takeRight = left == middle;
          if (!takeRight && right < end) {
            const a = load<Float>(at(row, load<i32>(atInteger(from, left)) * inner)) * sign;
            const b = load<Float>(at(row, load<i32>(atInteger(from, right)) * inner)) * sign;
            takeRight = before(b, a);
          }
          store<i32>(atInteger(to, i), load<i32>(atInteger(from, takeRight ? right++ : left++)));
        }
      }
      const spare = from;
      from = to;
      to = spare;
    }
    for (let i = 0; i < count; i++) store<i32>(atInteger(out, (o * count + i) * inner + k), load<i32>(atInteger(from, i)));
  }
}
