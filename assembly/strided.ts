// Copies between two strided views of memory: transposes, slices, flips and pads. Strides count elements and
// may be negative; words are moved as they are, so any type of the same width will do.
import { at, LANES, loadTail, storeTail } from "./simd";

/** out[i o0 + j o1 + k o2] = x[i x0 + j x1 + k x2] over the grid (n0, n1, n2) */
// biome-ignore format: three sizes, then three strides for each side
export function copyStrided(out: usize, x: usize, n0: i32, n1: i32, n2: i32, o0: i32, o1: i32, o2: i32, x0: i32, x1: i32, x2: i32): void {
  const dense = o2 == 1 && x2 == 1;
  for (let i = 0; i < n0; i++) {
    for (let j = 0; j < n1; j++) {
      let p = at(out, i * o0 + j * o1);
      let q = at(x, i * x0 + j * x1);
      let n = n2;
      if (dense) {
        for (; n >= LANES; n -= LANES, p += 16, q += 16) v128.store(p, v128.load(q));
        if (n > 0) storeTail(p, loadTail(q, n), n);
      } else {
        for (; n > 0; n--, p = at(p, o2), q = at(q, x2)) store<Word>(p, load<Word>(q));
      }
    }
  }
}
