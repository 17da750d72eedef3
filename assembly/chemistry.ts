// The fused chemical step: one pass over the synapses of a layer, forward and backward.
//
// A synapse holds chemicals h_c with time scales y_c, z_c. With the drive as three vectors (motifs.ts),
//   q_c = b_c + sum_k left[k,c,i] right_k[j] - p3_c w + sum_m K[c,m] h_m
//   h'_c = y_c h_c + z_c tanh q_c
//   w' = sum_c v_c h'_c                 chemical synapse: the caller puts K - p3 v' for K, since w = v . h
//   w' = w + g(sum_c v_c h'_c)          momentum synapse, g the identity or tanh
// so that all ten motifs cost as much as three and no array of (motif, nOut, nIn) exists.
//
// Arrays: h, h' (chemicals, nOut, nIn); left (3, chemicals, nOut); right r0, r1, r2 (nIn); K (chemicals, chemicals),
// K[target, source]; v, y, z (chemicals). The bias of chemical c and row i is at b + c bChemical + i bRow bytes: one
// number for the row, or with `bVector` a row of nIn numbers.
import { at, foldAdd, loadTail, storeTail } from "./simd";
import { tanh4 } from "./transcendental";

/** How w' comes from v . h'. */
const CHEMICAL = 0;
const MOMENTUM_TANH = 2;

@inline
function read(p: usize, whole: bool, rest: i32): v128 {
  return whole ? v128.load(p) : loadTail(p, rest);
}

@inline
function write(p: usize, x: v128, whole: bool, rest: i32): void {
  if (whole) v128.store(p, x);
  else storeTail(p, x, rest);
}

@inline
function splat(p: usize, i: i32): v128 {
  return v128.load32_splat(at(p, i));
}

@inline
function muladd(a: v128, b: v128, c: v128): v128 {
  return f32x4.add(f32x4.mul(a, b), c);
}

/** Forward. w and p3 (stride `p3Stride` bytes) are read for momentum synapses only. */
export function chemicalStep(
  hNext: usize, wNext: usize, h: usize, left: usize, r0: usize, r1: usize, r2: usize,
  k: usize, v: usize, y: usize, z: usize, b: usize, bChemical: i32, bRow: i32, bVector: bool,
  mode: i32, w: usize, p3: usize, p3Stride: i32, chemicals: i32, nOut: i32, nIn: i32,
): void {
  const bank = ((<usize>chemicals) * (<usize>nOut)) << 2;
  const plane = ((<usize>nOut) * (<usize>nIn)) << 2;
  for (let i = 0; i < nOut; i++) {
    const start = ((<usize>i) * (<usize>nIn)) << 2;
    for (let j = 0; j < nIn; j += 4) {
      const rest = nIn - j;
      const whole = rest >= 4;
      const a0 = read(at(r0, j), whole, rest);
      const a1 = read(at(r1, j), whole, rest);
      const a2 = read(at(r2, j), whole, rest);
      const here = start + ((<usize>j) << 2);
      const weight = mode == CHEMICAL ? f32x4.splat(0) : read(w + here, whole, rest);
      let out = f32x4.splat(0);
      for (let c = 0; c < chemicals; c++) {
        const l = at(left, c * nOut + i);
        const bias = b + c * bChemical + i * bRow;
        let q = bVector ? read(at(bias, j), whole, rest) : b ? v128.load32_splat(bias) : f32x4.splat(0);
        q = muladd(v128.load32_splat(l), a0, q);
        q = muladd(v128.load32_splat(l + bank), a1, q);
        q = muladd(v128.load32_splat(l + 2 * bank), a2, q);
        if (mode != CHEMICAL) q = f32x4.sub(q, f32x4.mul(v128.load32_splat(p3 + c * p3Stride), weight));
        for (let m = 0; m < chemicals; m++) {
          q = muladd(splat(k, c * chemicals + m), read(h + m * plane + here, whole, rest), q);
        }
        const own = read(h + c * plane + here, whole, rest);
        const next = f32x4.add(f32x4.mul(splat(y, c), own), f32x4.mul(splat(z, c), tanh4(q)));
        write(hNext + c * plane + here, next, whole, rest);
        out = muladd(splat(v, c), next, out);
      }
      if (mode == MOMENTUM_TANH) out = tanh4(out);
      if (mode != CHEMICAL) out = f32x4.add(weight, out);
      write(wNext + here, out, whole, rest);
    }
  }
}

/** sum += x at p. */
@inline
function accumulate(p: usize, x: v128): void {
  v128.store(p, f32x4.add(v128.load(p), x));
}

/** Bytes of `scratch` that `chemicalStepVjp` needs. */
export function chemicalScratch(chemicals: i32): i32 {
  return 16 * (2 * chemicals * chemicals + 14 * chemicals);
}

/**
 * Backward. In: h and the stored h', the cotangents gHNext (0: none) and gWNext as a matrix (0: none) plus up to two
 * outer products lA rA', lB rB' (0: none). Out: gH, gLeft, gR0..gR2, gK, gV, gY, gZ; the row sums of the bias's
 * cotangent in gB (chemicals, nOut), or with `bVector` all of it (chemicals, nOut, nIn); for momentum synapses gW and
 * gP3 (chemicals).
 *
 * tanh q is not computed again: it is (h' - y h) / z, whose error, about 2^-24 |h| / z, enters the derivative 1 - s^2
 * multiplied by 2 |s|. Sums over a row are taken in four lanes, then over rows in the same lanes, then folded.
 */
export function chemicalStepVjp(
  gH: usize, gLeft: usize, gR0: usize, gR1: usize, gR2: usize, gK: usize, gV: usize, gY: usize, gZ: usize,
  gB: usize, bVector: bool, gW: usize, gP3: usize,
  gHNext: usize, gWNext: usize, lA: usize, rA: usize, lB: usize, rB: usize,
  hNext: usize, h: usize, left: usize, r0: usize, r1: usize, r2: usize,
  k: usize, v: usize, y: usize, z: usize, mode: i32, w: usize, p3: usize, p3Stride: i32,
  scratch: usize, chemicals: i32, nOut: i32, nIn: i32,
): void {
  const bank = ((<usize>chemicals) * (<usize>nOut)) << 2;
  const plane = ((<usize>nOut) * (<usize>nIn)) << 2;
  const n = <usize>chemicals;
  const one = f32x4.splat(1);
  // Totals over all rows, then sums of the row under way, then what a block of four synapses passes on.
  const totals = scratch;
  const sumK = totals + 16 * (n * n + 4 * n);
  const sumV = sumK + 16 * n * n;
  const sumY = sumV + 16 * n;
  const sumZ = sumY + 16 * n;
  const sumP = sumZ + 16 * n;
  const sumLeft = sumP + 16 * n;
  const sumB = sumLeft + 48 * n;
  const rs = sumB + 16 * n;
  const gs = rs + 16 * n;
  const rowVectors = n * n + 4 * n;
  memory.fill(totals, 0, 16 * rowVectors);
  const bytes = (<usize>nIn) << 2;
  memory.fill(gR0, 0, bytes);
  memory.fill(gR1, 0, bytes);
  memory.fill(gR2, 0, bytes);

  for (let i = 0; i < nOut; i++) {
    const start = ((<usize>i) * (<usize>nIn)) << 2;
    memory.fill(sumK, 0, 16 * (rowVectors + 4 * n));
    for (let j = 0; j < nIn; j += 4) {
      const rest = nIn - j;
      const whole = rest >= 4;
      const here = start + ((<usize>j) << 2);
      const a0 = read(at(r0, j), whole, rest);
      const a1 = read(at(r1, j), whole, rest);
      const a2 = read(at(r2, j), whole, rest);
      let g = gWNext ? read(gWNext + here, whole, rest) : f32x4.splat(0);
      if (lA) g = muladd(splat(lA, i), read(at(rA, j), whole, rest), g);
      if (lB) g = muladd(splat(lB, i), read(at(rB, j), whole, rest), g);
      let gWeight = g;
      if (mode == MOMENTUM_TANH) {
        let out = f32x4.splat(0);
        for (let c = 0; c < chemicals; c++) {
          out = muladd(splat(v, c), read(hNext + c * plane + here, whole, rest), out);
        }
        const t = tanh4(out);
        g = f32x4.mul(g, f32x4.sub(one, f32x4.mul(t, t)));
      }
      const weight = mode == CHEMICAL ? f32x4.splat(0) : read(w + here, whole, rest);
      let g0 = read(at(gR0, j), whole, rest);
      let g1 = read(at(gR1, j), whole, rest);
      let g2 = read(at(gR2, j), whole, rest);
      for (let c = 0; c < chemicals; c++) {
        const lane = (<usize>c) << 4;
        const old = read(h + c * plane + here, whole, rest);
        const next = read(hNext + c * plane + here, whole, rest);
        const zc = splat(z, c);
        const s = f32x4.div(f32x4.sub(next, f32x4.mul(splat(y, c), old)), zc);
        let gc = f32x4.mul(splat(v, c), g);
        if (gHNext) gc = f32x4.add(read(gHNext + c * plane + here, whole, rest), gc);
        const r = f32x4.mul(f32x4.mul(zc, gc), f32x4.sub(one, f32x4.mul(s, s)));
        v128.store(rs + lane, r);
        v128.store(gs + lane, gc);
        accumulate(sumV + lane, f32x4.mul(g, next));
        accumulate(sumY + lane, f32x4.mul(gc, old));
        accumulate(sumZ + lane, f32x4.mul(gc, s));
        if (bVector) write(gB + c * plane + here, r, whole, rest);
        else accumulate(sumB + lane, r);
        accumulate(sumLeft + 3 * lane, f32x4.mul(r, a0));
        accumulate(sumLeft + 3 * lane + 16, f32x4.mul(r, a1));
        accumulate(sumLeft + 3 * lane + 32, f32x4.mul(r, a2));
        const l = at(left, c * nOut + i);
        g0 = muladd(v128.load32_splat(l), r, g0);
        g1 = muladd(v128.load32_splat(l + bank), r, g1);
        g2 = muladd(v128.load32_splat(l + 2 * bank), r, g2);
        if (mode != CHEMICAL) {
          accumulate(sumP + lane, f32x4.mul(r, weight));
          gWeight = f32x4.sub(gWeight, f32x4.mul(v128.load32_splat(p3 + c * p3Stride), r));
        }
      }
      write(at(gR0, j), g0, whole, rest);
      write(at(gR1, j), g1, whole, rest);
      write(at(gR2, j), g2, whole, rest);
      if (mode != CHEMICAL) write(gW + here, gWeight, whole, rest);
      for (let m = 0; m < chemicals; m++) {
        const old = read(h + m * plane + here, whole, rest);
        let gm = f32x4.mul(splat(y, m), v128.load(gs + ((<usize>m) << 4)));
        for (let c = 0; c < chemicals; c++) {
          const r = v128.load(rs + ((<usize>c) << 4));
          gm = muladd(splat(k, c * chemicals + m), r, gm);
          accumulate(sumK + ((<usize>(c * chemicals + m)) << 4), f32x4.mul(r, old));
        }
        write(gH + m * plane + here, gm, whole, rest);
      }
    }
    for (let t: usize = 0; t < rowVectors; t++) accumulate(totals + 16 * t, v128.load(sumK + 16 * t));
    for (let c = 0; c < chemicals; c++) {
      const out = at(gLeft, c * nOut + i);
      const sums = sumLeft + 48 * (<usize>c);
      store<f32>(out, foldAdd(v128.load(sums)));
      store<f32>(out + bank, foldAdd(v128.load(sums, 16)));
      store<f32>(out + 2 * bank, foldAdd(v128.load(sums, 32)));
      if (!bVector) store<f32>(at(gB, c * nOut + i), foldAdd(v128.load(sumB + 16 * (<usize>c))));
    }
  }
  foldInto(gK, totals, n * n);
  foldInto(gV, totals + 16 * n * n, n);
  foldInto(gY, totals + 16 * (n * n + n), n);
  foldInto(gZ, totals + 16 * (n * n + 2 * n), n);
  if (mode != CHEMICAL) {
    for (let c: usize = 0; c < n; c++) {
      store<f32>(gP3 + (c << 2), -foldAdd(v128.load(totals + 16 * (n * n + 3 * n + c))));
    }
  }
}

/** out[t] = the sum of the four lanes of vector t. */
function foldInto(out: usize, vectors: usize, count: usize): void {
  for (let t: usize = 0; t < count; t++) store<f32>(out + (t << 2), foldAdd(v128.load(vectors + (t << 4))));
}
