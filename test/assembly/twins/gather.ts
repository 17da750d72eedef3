// Scalar twins of assembly/gather.ts and assembly/order.ts.
import { add, runningSum, sumOfRuns, tabulate } from "./arithmetic.js";

export interface Blocks {
  readonly outer: number;
  readonly axis: number;
  readonly n: number;
  readonly inner: number;
}

/** For each element of (outer, n, inner): its index in (outer, axis, inner) when `place` tells its place on the axis. */
function sources({ outer, axis, n, inner }: Blocks, place: (flat: number, i: number) => number): number[] {
  return Array.from({ length: outer * n * inner }, (_, flat) => {
    const [o, i, k] = [Math.floor(flat / (n * inner)), Math.floor(flat / inner) % n, flat % inner];
    return (o * axis + place(flat, i)) * inner + k;
  });
}

export function take(x: Float32Array, index: Int32Array, blocks: Blocks, along: boolean): Float32Array {
  const from = sources(blocks, (flat, i) => index[along ? flat : i]);
  return tabulate(from.length, (i) => x[from[i]]);
}

export function takeAdd(y: Float32Array, x: Float32Array, index: Int32Array, blocks: Blocks, along: boolean) {
  const out = y.slice();
  sources(blocks, (flat, i) => index[along ? flat : i]).forEach((to, i) => {
    out[to] = add(out[to], x[i]);
  });
  return out;
}

/** Up to 1,024 terms one after another; of more, each run of 256 begins again at zero, on top of all before it. */
export function cumsum(x: Float32Array, axis: number, inner: number, backward: boolean): Float32Array {
  const run = axis <= 1024 ? axis : 256;
  return tabulate(x.length, (i) => {
    const place = Math.floor(i / inner) % axis;
    const first = i - place * inner;
    const nth = backward ? axis - 1 - place : place;
    const term = (k: number) => x[first + (backward ? axis - 1 - k : k) * inner];
    const start = nth - (nth % run);
    const rest = runningSum(nth - start + 1, (k) => term(start + k));
    return start === 0 ? rest : add(sumOfRuns(start, run, term), rest);
  });
}

export function argsort(x: Float32Array, outer: number, axis: number, inner: number, count: number, down: boolean) {
  const out = new Int32Array(outer * count * inner);
  for (let lane = 0; lane < outer * inner; lane++) {
    const [o, k] = [Math.floor(lane / inner), lane % inner];
    const value = (i: number) => x[(o * axis + i) * inner + k];
    const order = Array.from({ length: axis }, (_, i) => i).sort((a, b) => {
      const [p, q] = [value(a), value(b)];
      if (Number.isNaN(p) || Number.isNaN(q)) return Number(Number.isNaN(p)) - Number(Number.isNaN(q));
      return p === q ? 0 : p < q !== down ? -1 : 1;
    });
    for (let i = 0; i < count; i++) out[(o * count + i) * inner + k] = order[i];
  }
  return out;
}
