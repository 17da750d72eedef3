// The chemical step for any number of chemicals, and for the partial block at the end of a row: chunk by chunk of a row,
// one chemical after another. A chunk is short enough for all its operands to stay in the first-level cache and long
// enough for sums to live in registers; four sources are taken at a time, so that a sum is not written and read for each.
//
// A row's whole vectors and its last synapses, fewer than a vector has, are the same code compiled twice: the type parameter says
// which it is. Asked at every load and store instead, a lifetime with ten chemicals and its gradient took a third longer
// (24.2 ms of CPU time a step against 18.2, turn by turn).
import { at, BYTES, bytesOf, LANES, loadTail, storeTail } from "../simd";
import { tanhOf } from "../vectors";
import { CHEMICAL, CHUNK, MOMENTUM_TANH, muladd, Step } from "./step";

/** As many bytes as say which: none for whole vectors, one for the last synapses of a row. */
@unmanaged class Whole {}
@unmanaged class Last { a: u8 }

// Not loadUpTo and storeUpTo of simd.ts: their third case, nothing left, cannot occur here.
@inline
function read<T>(p: usize, rest: i32): v128 {
  return offsetof<T>() ? loadTail(p, rest) : v128.load(p);
}

@inline
function write<T>(p: usize, x: v128, rest: i32): void {
  if (offsetof<T>()) storeTail(p, x, rest);
  else v128.store(p, x);
}

@inline
function splat(p: usize, i: usize): v128 {
  return v128.load_splat<Float>(p + BYTES * i);
}

/** Row i from synapse j on. */
export function forwardAny(s: Step, i: i32, j: i32): void {
  const whole = s.nIn & -LANES;
  for (; j < whole; j += CHUNK) forwardChunk<Whole>(s, i, j, min(CHUNK, whole - j));
  if (whole < s.nIn) forwardChunk<Last>(s, i, whole, s.nIn - whole);
}

/** `count` synapses of row i from j on. */
function forwardChunk<T>(s: Step, i: i32, j: i32, count: i32): void {
  const column = bytesOf(j);
  const here = (<usize>i) * bytesOf(s.nIn) + column;
  const n = <usize>s.chemicals;
  const plane = s.plane;
  const h = s.h + here;
  const bank = n * s.row;
  const wNext = s.wNext + here;
  const w = s.w + here;
  const plain = s.mode == CHEMICAL;
  for (let c: usize = 0; c < n; c++) {
    const l = at(s.left, i) + c * s.row;
    const l0 = v128.load_splat<Float>(l);
    const l1 = v128.load_splat<Float>(l + bank);
    const l2 = v128.load_splat<Float>(l + 2 * bank);
    const bias = s.b + (<usize>i) * s.bRow + c * s.bChemical;
    const next = s.hNext + here + c * plane;
    // q waits where h' will stand.
    for (let t = 0; t < count; t += LANES) {
      const rest = count - t;
      const o = bytesOf(t);
      let q = s.bVector ? read<T>(bias + column + o, rest) : v128.load_splat<Float>(bias);
      q = muladd(l0, read<T>(s.r0 + column + o, rest), q);
      q = muladd(l1, read<T>(s.r1 + column + o, rest), q);
      q = muladd(l2, read<T>(s.r2 + column + o, rest), q);
      if (!plain) q = lanes.sub(q, lanes.mul(splat(s.p3, c), read<T>(w + o, rest)));
      write<T>(next + o, q, rest);
    }
    addSources<T>(next, 0, s.k + BYTES * c * n, BYTES, h, plane, n, count);
    const y = splat(s.y, c);
    const z = splat(s.z, c);
    const v = splat(s.v, c);
    const own = h + c * plane;
    for (let t = 0; t < count; t += LANES) {
      const rest = count - t;
      const o = bytesOf(t);
      const x = lanes.add(lanes.mul(y, read<T>(own + o, rest)), lanes.mul(z, tanhOf(read<T>(next + o, rest))));
      write<T>(next + o, x, rest);
      write<T>(wNext + o, muladd(v, x, c == 0 ? lanes.splat(0) : read<T>(wNext + o, rest)), rest);
    }
  }
  if (plain) return;
  for (let t = 0; t < count; t += LANES) {
    const rest = count - t;
    const o = bytesOf(t);
    const out = read<T>(wNext + o, rest);
    write<T>(wNext + o, lanes.add(read<T>(w + o, rest), s.mode == MOMENTUM_TANH ? tanhOf(out) : out), rest);
  }
}

/**
 * out += the sum over n rows x, `xStep` bytes apart, of a coefficient each, `kStep` bytes apart. With `sums`, the row
 * `old` times each x is added to the vectors there, `LANES kStep` bytes apart.
 */
@inline
function addSources<T>(
  out: usize, sums: usize, k: usize, kStep: usize, x: usize, xStep: usize, n: usize, count: i32, old: usize = 0,
): void {
  const sumStep = <usize>LANES * kStep;
  let c: usize = 0;
  for (; c + 4 <= n; c += 4, x += 4 * xStep, k += 4 * kStep, sums += 4 * sumStep) {
    const k0 = v128.load_splat<Float>(k);
    const k1 = v128.load_splat<Float>(k + kStep);
    const k2 = v128.load_splat<Float>(k + 2 * kStep);
    const k3 = v128.load_splat<Float>(k + 3 * kStep);
    let s0 = old ? v128.load(sums) : k0;
    let s1 = old ? v128.load(sums + sumStep) : k0;
    let s2 = old ? v128.load(sums + 2 * sumStep) : k0;
    let s3 = old ? v128.load(sums + 3 * sumStep) : k0;
    for (let t = 0; t < count; t += LANES) {
      const rest = count - t;
      const o = bytesOf(t);
      const x0 = read<T>(x + o, rest);
      const x1 = read<T>(x + xStep + o, rest);
      const x2 = read<T>(x + 2 * xStep + o, rest);
      const x3 = read<T>(x + 3 * xStep + o, rest);
      write<T>(out + o, muladd(k3, x3, muladd(k2, x2, muladd(k1, x1, muladd(k0, x0, read<T>(out + o, rest))))), rest);
      if (old) {
        const m = read<T>(old + o, rest);
        s0 = muladd(x0, m, s0);
        s1 = muladd(x1, m, s1);
        s2 = muladd(x2, m, s2);
        s3 = muladd(x3, m, s3);
      }
    }
    if (old) {
      v128.store(sums, s0);
      v128.store(sums + sumStep, s1);
      v128.store(sums + 2 * sumStep, s2);
      v128.store(sums + 3 * sumStep, s3);
    }
  }
  for (; c < n; c++, x += xStep, k += kStep, sums += sumStep) {
    const k0 = v128.load_splat<Float>(k);
    let s0 = old ? v128.load(sums) : k0;
    for (let t = 0; t < count; t += LANES) {
      const rest = count - t;
      const o = bytesOf(t);
      const x0 = read<T>(x + o, rest);
      write<T>(out + o, muladd(k0, x0, read<T>(out + o, rest)), rest);
      if (old) s0 = muladd(x0, read<T>(old + o, rest), s0);
    }
    if (old) v128.store(sums, s0);
  }
}

/** The cotangents of row i from synapse j on. */
export function backwardAny(s: Step, i: i32, j: i32): void {
  const whole = s.nIn & -LANES;
  for (; j < whole; j += CHUNK) backwardChunk<Whole>(s, i, j, min(CHUNK, whole - j));
  if (whole < s.nIn) backwardChunk<Last>(s, i, whole, s.nIn - whole);
}

function backwardChunk<T>(s: Step, i: i32, j: i32, count: i32): void {
  const column = bytesOf(j);
  const here = (<usize>i) * bytesOf(s.nIn) + column;
  const n = <usize>s.chemicals;
  const plane = s.plane;
  const bank = n * s.row;
  const g = s.gs;
  const plain = s.mode == CHEMICAL;
  onOutput<T>(s, i, column, here, count);
  for (let c: usize = 0; c < n; c++) {
    const lane = c << 4;
    const l = at(s.left, i) + c * s.row;
    const l0 = v128.load_splat<Float>(l);
    const l1 = v128.load_splat<Float>(l + bank);
    const l2 = v128.load_splat<Float>(l + 2 * bank);
    const y = splat(s.y, c);
    const z = splat(s.z, c);
    const v = splat(s.v, c);
    const h = s.h + here + c * plane;
    const hNext = s.hNext + here + c * plane;
    const gHNext = s.gHNext ? s.gHNext + here + c * plane : 0;
    const gH = s.gH + here + c * plane;
    const gB = s.bVector ? s.gB + here + c * plane : 0;
    const rs = s.rs + c * (BYTES * CHUNK);
    let sumV = v128.load(s.sumV + lane);
    let sumY = v128.load(s.sumY + lane);
    let sumZ = v128.load(s.sumZ + lane);
    let sumB = v128.load(s.sumB + lane);
    let sum0 = v128.load(s.sumLeft + 3 * lane);
    let sum1 = v128.load(s.sumLeft + 3 * lane + 16);
    let sum2 = v128.load(s.sumLeft + 3 * lane + 32);
    for (let t = 0; t < count; t += LANES) {
      const rest = count - t;
      const o = bytesOf(t);
      const gw = v128.load(g + o);
      const old = read<T>(h + o, rest);
      const next = read<T>(hNext + o, rest);
      const th = lanes.div(lanes.sub(next, lanes.mul(y, old)), z);
      let gc = lanes.mul(v, gw);
      if (gHNext) gc = lanes.add(read<T>(gHNext + o, rest), gc);
      const r = lanes.mul(lanes.mul(z, gc), lanes.sub(lanes.splat(1), lanes.mul(th, th)));
      v128.store(rs + o, r);
      write<T>(gH + o, lanes.mul(y, gc), rest);
      sumV = muladd(gw, next, sumV);
      sumY = muladd(gc, old, sumY);
      sumZ = muladd(gc, th, sumZ);
      if (gB) write<T>(gB + o, r, rest);
      else sumB = lanes.add(sumB, r);
      const p = column + o;
      sum0 = muladd(r, read<T>(s.r0 + p, rest), sum0);
      sum1 = muladd(r, read<T>(s.r1 + p, rest), sum1);
      sum2 = muladd(r, read<T>(s.r2 + p, rest), sum2);
      write<T>(s.gR0 + p, muladd(l0, r, read<T>(s.gR0 + p, rest)), rest);
      write<T>(s.gR1 + p, muladd(l1, r, read<T>(s.gR1 + p, rest)), rest);
      write<T>(s.gR2 + p, muladd(l2, r, read<T>(s.gR2 + p, rest)), rest);
    }
    v128.store(s.sumV + lane, sumV);
    v128.store(s.sumY + lane, sumY);
    v128.store(s.sumZ + lane, sumZ);
    v128.store(s.sumB + lane, sumB);
    v128.store(s.sumLeft + 3 * lane, sum0);
    v128.store(s.sumLeft + 3 * lane + 16, sum1);
    v128.store(s.sumLeft + 3 * lane + 32, sum2);
    if (!plain) onDecay<T>(s, here, rs, splat(s.p3, c), s.sumP + lane, count);
  }
  for (let m: usize = 0; m < n; m++) {
    const old = s.h + here + m * plane;
    addSources<T>(s.gH + here + m * plane, s.sumK + (m << 4), s.k + BYTES * m, BYTES * n, s.rs, BYTES * CHUNK, n, count, old);
  }
}

/** The cotangent of v . h' over the chunk, whole vectors at gs; for momentum synapses also what w gets directly. */
function onOutput<T>(s: Step, i: i32, column: usize, here: usize, count: i32): void {
  const n = <usize>s.chemicals;
  for (let t = 0; t < count; t += LANES) {
    const rest = count - t;
    const o = bytesOf(t);
    let g = s.gWNext ? read<T>(s.gWNext + here + o, rest) : lanes.splat(0);
    if (s.lA) g = muladd(splat(s.lA, i), read<T>(s.rA + column + o, rest), g);
    if (s.lB) g = muladd(splat(s.lB, i), read<T>(s.rB + column + o, rest), g);
    if (s.mode != CHEMICAL) write<T>(s.gW + here + o, g, rest);
    if (s.mode == MOMENTUM_TANH) {
      let out = lanes.splat(0);
      for (let c: usize = 0; c < n; c++) out = muladd(splat(s.v, c), read<T>(s.hNext + here + c * s.plane + o, rest), out);
      const th = tanhOf(out);
      g = lanes.mul(g, lanes.sub(lanes.splat(1), lanes.mul(th, th)));
    }
    v128.store(s.gs + o, g);
  }
}

/** The decay -p3 w of a momentum synapse: its share of gW, and the sum for p3. */
function onDecay<T>(s: Step, here: usize, rs: usize, p3: v128, total: usize, count: i32): void {
  let sum = v128.load(total);
  for (let t = 0; t < count; t += LANES) {
    const rest = count - t;
    const o = bytesOf(t);
    const r = v128.load(rs + o);
    sum = muladd(r, read<T>(s.w + here + o, rest), sum);
    write<T>(s.gW + here + o, lanes.sub(read<T>(s.gW + here + o, rest), lanes.mul(p3, r)), rest);
  }
  v128.store(total, sum);
}
