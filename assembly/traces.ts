// Traces of real-time recurrent learning: how far each synapse has moved the states that it acts on. They are the largest thing
// that such learning reads and writes, so a step goes through them once. A module of its own for float32, as only credit uses it.
import { at, bytesOf, LANES, loadTail, storeTail } from "./simd";

/** d x + s b, every product rounded, as three plain kernels round it. */
@inline
function next(d: v128, x: v128, s: v128, b: v128): v128 {
  return lanes.add(lanes.mul(d, x), lanes.mul(s, b));
}

/** out (rows, cols) = decay (rows) times the rows of x (rows, cols), plus the outer product of a (rows) and b (cols) */
export function decayOuter(out: usize, x: usize, decay: usize, a: usize, b: usize, rows: i32, cols: i32): void {
  const width = bytesOf(cols);
  for (let i = 0; i < rows; i++, out += width, x += width) {
    const d = v128.load_splat<Float>(at(decay, i));
    const s = v128.load_splat<Float>(at(a, i));
    let p: usize = 0;
    let left = cols;
    for (; left >= 4 * LANES; left -= 4 * LANES, p += 64) {
      v128.store(out + p, next(d, v128.load(x + p), s, v128.load(b + p)));
      v128.store(out + p, next(d, v128.load(x + p, 16), s, v128.load(b + p, 16)), 16);
      v128.store(out + p, next(d, v128.load(x + p, 32), s, v128.load(b + p, 32)), 32);
      v128.store(out + p, next(d, v128.load(x + p, 48), s, v128.load(b + p, 48)), 48);
    }
    for (; left >= LANES; left -= LANES, p += 16) {
      v128.store(out + p, next(d, v128.load(x + p), s, v128.load(b + p)));
    }
    if (left > 0) storeTail(out + p, next(d, loadTail(x + p, left), s, loadTail(b + p, left)), left);
  }
}
