// The chemical step of a row for one to eight chemicals, unrolled. The type parameter is a class with as many bytes as
// there are chemicals, so that `offsetof` is a constant and the branches on it vanish at compile time. The arithmetic
// and its order are those of any.ts, so the bits are too; a row's last partial block is left to that file.
//
// Measured against any.ts on a 170 x 784 layer: see bench/README.md.
import { at, BYTES, bytesOf, LANES } from "../simd";
import { tanhOf } from "../vectors";
import { accumulate, muladd, Step } from "./step";

@unmanaged class One { a: u8 }
@unmanaged class Two { a: u8; b: u8 }
@unmanaged class Three { a: u8; b: u8; c: u8 }
@unmanaged class Four { a: u8; b: u8; c: u8; d: u8 }
@unmanaged class Five { a: u8; b: u8; c: u8; d: u8; e: u8 }
@unmanaged class Six { a: u8; b: u8; c: u8; d: u8; e: u8; f: u8 }
@unmanaged class Seven { a: u8; b: u8; c: u8; d: u8; e: u8; f: u8; g: u8 }
@unmanaged class Eight { a: u8; b: u8; c: u8; d: u8; e: u8; f: u8; g: u8; h: u8 }

/** Whole blocks of row i for one to eight chemicals; returns the synapses done, none for more chemicals. */
export function forwardFew(s: Step, i: i32): i32 {
  switch (s.chemicals) {
    case 1: return forward<One>(s, i);
    case 2: return forward<Two>(s, i);
    case 3: return forward<Three>(s, i);
    case 4: return forward<Four>(s, i);
    case 5: return forward<Five>(s, i);
    case 6: return forward<Six>(s, i);
    case 7: return forward<Seven>(s, i);
    case 8: return forward<Eight>(s, i);
  }
  return 0;
}

/** The cotangents of whole blocks of row i; returns the synapses done, none for more than eight. */
export function backwardFew(s: Step, i: i32): i32 {
  switch (s.chemicals) {
    case 1: return backward<One>(s, i);
    case 2: return backward<Two>(s, i);
    case 3: return backward<Three>(s, i);
    case 4: return backward<Four>(s, i);
    case 5: return backward<Five>(s, i);
    case 6: return backward<Six>(s, i);
    case 7: return backward<Seven>(s, i);
    case 8: return backward<Eight>(s, i);
  }
  return 0;
}

function forward<N>(s: Step, i: i32): i32 {
  const whole = s.nIn & -LANES;
  const plane = s.plane;
  const row = s.row;
  const bank = offsetof<N>() * row;
  const k = s.k;
  const y = s.y;
  const z = s.z;
  const v = s.v;
  const r0 = s.r0;
  const r1 = s.r1;
  const r2 = s.r2;
  const left = at(s.left, i);
  const start = (<usize>i) * bytesOf(s.nIn);
  const h = s.h + start;
  const hNext = s.hNext + start;
  const wNext = s.wNext + start;
  const bias = s.b + (<usize>i) * s.bRow;
  const bChemical = s.bChemical;
  const bVector = s.bVector;
  for (let j: usize = 0, end = bytesOf(whole); j < end; j += 16) {
    const a0 = v128.load(r0 + j);
    const a1 = v128.load(r1 + j);
    const a2 = v128.load(r2 + j);
    const p = h + j;
    const h0 = v128.load(p);
    const h1 = offsetof<N>() > 1 ? v128.load(p + plane) : h0;
    const h2 = offsetof<N>() > 2 ? v128.load(p + 2 * plane) : h0;
    const h3 = offsetof<N>() > 3 ? v128.load(p + 3 * plane) : h0;
    const h4 = offsetof<N>() > 4 ? v128.load(p + 4 * plane) : h0;
    const h5 = offsetof<N>() > 5 ? v128.load(p + 5 * plane) : h0;
    const h6 = offsetof<N>() > 6 ? v128.load(p + 6 * plane) : h0;
    const h7 = offsetof<N>() > 7 ? v128.load(p + 7 * plane) : h0;
    const o = hNext + j;
    const b = bVector ? bias + j : bias;
    let out = lanes.splat(0);
    {
      const q = drive<N>(0, b, bVector, left, bank, a0, a1, a2, k, h0, h1, h2, h3, h4, h5, h6, h7);
      out = relax(0, o, h0, q, y, z, v, out);
    }
    if (offsetof<N>() > 1) {
      const q = drive<N>(1, b + bChemical, bVector, left + row, bank, a0, a1, a2, k, h0, h1, h2, h3, h4, h5, h6, h7);
      out = relax(1, o + plane, h1, q, y, z, v, out);
    }
    if (offsetof<N>() > 2) {
      const q = drive<N>(2, b + 2 * bChemical, bVector, left + 2 * row, bank, a0, a1, a2, k, h0, h1, h2, h3, h4, h5, h6, h7);
      out = relax(2, o + 2 * plane, h2, q, y, z, v, out);
    }
    if (offsetof<N>() > 3) {
      const q = drive<N>(3, b + 3 * bChemical, bVector, left + 3 * row, bank, a0, a1, a2, k, h0, h1, h2, h3, h4, h5, h6, h7);
      out = relax(3, o + 3 * plane, h3, q, y, z, v, out);
    }
    if (offsetof<N>() > 4) {
      const q = drive<N>(4, b + 4 * bChemical, bVector, left + 4 * row, bank, a0, a1, a2, k, h0, h1, h2, h3, h4, h5, h6, h7);
      out = relax(4, o + 4 * plane, h4, q, y, z, v, out);
    }
    if (offsetof<N>() > 5) {
      const q = drive<N>(5, b + 5 * bChemical, bVector, left + 5 * row, bank, a0, a1, a2, k, h0, h1, h2, h3, h4, h5, h6, h7);
      out = relax(5, o + 5 * plane, h5, q, y, z, v, out);
    }
    if (offsetof<N>() > 6) {
      const q = drive<N>(6, b + 6 * bChemical, bVector, left + 6 * row, bank, a0, a1, a2, k, h0, h1, h2, h3, h4, h5, h6, h7);
      out = relax(6, o + 6 * plane, h6, q, y, z, v, out);
    }
    if (offsetof<N>() > 7) {
      const q = drive<N>(7, b + 7 * bChemical, bVector, left + 7 * row, bank, a0, a1, a2, k, h0, h1, h2, h3, h4, h5, h6, h7);
      out = relax(7, o + 7 * plane, h7, q, y, z, v, out);
    }
    v128.store(wNext + j, out);
  }
  return whole;
}

/** q of chemical c: bias, three vectors, couplings. */
@inline
function drive<N>(
  c: usize, b: usize, bVector: bool, left: usize, bank: usize, a0: v128, a1: v128, a2: v128,
  k: usize, h0: v128, h1: v128, h2: v128, h3: v128, h4: v128, h5: v128, h6: v128, h7: v128,
): v128 {
  let q = bVector ? v128.load(b) : v128.load_splat<Float>(b);
  q = muladd(v128.load_splat<Float>(left), a0, q);
  q = muladd(v128.load_splat<Float>(left + bank), a1, q);
  q = muladd(v128.load_splat<Float>(left + 2 * bank), a2, q);
  const from = k + BYTES * offsetof<N>() * c;
  q = muladd(v128.load_splat<Float>(from), h0, q);
  if (offsetof<N>() > 1) q = muladd(v128.load_splat<Float>(from, BYTES), h1, q);
  if (offsetof<N>() > 2) q = muladd(v128.load_splat<Float>(from, 2 * BYTES), h2, q);
  if (offsetof<N>() > 3) q = muladd(v128.load_splat<Float>(from, 3 * BYTES), h3, q);
  if (offsetof<N>() > 4) q = muladd(v128.load_splat<Float>(from, 4 * BYTES), h4, q);
  if (offsetof<N>() > 5) q = muladd(v128.load_splat<Float>(from, 5 * BYTES), h5, q);
  if (offsetof<N>() > 6) q = muladd(v128.load_splat<Float>(from, 6 * BYTES), h6, q);
  if (offsetof<N>() > 7) q = muladd(v128.load_splat<Float>(from, 7 * BYTES), h7, q);
  return q;
}

/** Stores h' = y h + z tanh q of chemical c and returns out + v h'. */
@inline
function relax(c: usize, o: usize, h: v128, q: v128, y: usize, z: usize, v: usize, out: v128): v128 {
  const old = lanes.mul(v128.load_splat<Float>(y + BYTES * c), h);
  const next = lanes.add(old, lanes.mul(v128.load_splat<Float>(z + BYTES * c), tanhOf(q)));
  v128.store(o, next);
  return muladd(v128.load_splat<Float>(v + BYTES * c), next, out);
}

function backward<N>(s: Step, i: i32): i32 {
  const whole = s.nIn & -LANES;
  const plane = s.plane;
  const row = s.row;
  const bank = offsetof<N>() * row;
  const k = s.k;
  const y = s.y;
  const z = s.z;
  const v = s.v;
  const left = at(s.left, i);
  const start = (<usize>i) * bytesOf(s.nIn);
  const h = s.h + start;
  const hNext = s.hNext + start;
  const gH = s.gH + start;
  const gHNext = s.gHNext ? s.gHNext + start : 0;
  const gWNext = s.gWNext ? s.gWNext + start : 0;
  const gB = s.bVector ? s.gB + start : 0;
  const lA = s.lA ? at(s.lA, i) : 0;
  const lB = s.lB ? at(s.lB, i) : 0;
  const zero = lanes.splat(0);
  for (let j: usize = 0, end = bytesOf(whole); j < end; j += 16) {
    let g = gWNext ? v128.load(gWNext + j) : zero;
    if (lA) g = muladd(v128.load_splat<Float>(lA), v128.load(s.rA + j), g);
    if (lB) g = muladd(v128.load_splat<Float>(lB), v128.load(s.rB + j), g);
    const p = h + j;
    const o = hNext + j;
    const gp = gHNext ? gHNext + j : 0;
    const b = gB ? gB + j : 0;

    const q0 = pull(s, 0, p, o, gp, b, g, y, z, v, j);
    let q1 = q0;
    let q2 = q0;
    let q3 = q0;
    let q4 = q0;
    let q5 = q0;
    let q6 = q0;
    let q7 = q0;
    if (offsetof<N>() > 1) q1 = pull(s, 1, p + plane, o + plane, gp ? gp + plane : 0, b ? b + plane : 0, g, y, z, v, j);
    if (offsetof<N>() > 2) {
      q2 = pull(s, 2, p + 2 * plane, o + 2 * plane, gp ? gp + 2 * plane : 0, b ? b + 2 * plane : 0, g, y, z, v, j);
    }
    if (offsetof<N>() > 3) {
      q3 = pull(s, 3, p + 3 * plane, o + 3 * plane, gp ? gp + 3 * plane : 0, b ? b + 3 * plane : 0, g, y, z, v, j);
    }
    if (offsetof<N>() > 4) {
      q4 = pull(s, 4, p + 4 * plane, o + 4 * plane, gp ? gp + 4 * plane : 0, b ? b + 4 * plane : 0, g, y, z, v, j);
    }
    if (offsetof<N>() > 5) {
      q5 = pull(s, 5, p + 5 * plane, o + 5 * plane, gp ? gp + 5 * plane : 0, b ? b + 5 * plane : 0, g, y, z, v, j);
    }
    if (offsetof<N>() > 6) {
      q6 = pull(s, 6, p + 6 * plane, o + 6 * plane, gp ? gp + 6 * plane : 0, b ? b + 6 * plane : 0, g, y, z, v, j);
    }
    if (offsetof<N>() > 7) {
      q7 = pull(s, 7, p + 7 * plane, o + 7 * plane, gp ? gp + 7 * plane : 0, b ? b + 7 * plane : 0, g, y, z, v, j);
    }
    onRight<N>(s.gR0 + j, left, row, q0, q1, q2, q3, q4, q5, q6, q7);
    onRight<N>(s.gR1 + j, left + bank, row, q0, q1, q2, q3, q4, q5, q6, q7);
    onRight<N>(s.gR2 + j, left + 2 * bank, row, q0, q1, q2, q3, q4, q5, q6, q7);

    const gs = s.gs;
    onSource<N>(s, 0, p, gH + j, gs, y, k, q0, q1, q2, q3, q4, q5, q6, q7);
    if (offsetof<N>() > 1) onSource<N>(s, 1, p + plane, gH + j + plane, gs, y, k, q0, q1, q2, q3, q4, q5, q6, q7);
    if (offsetof<N>() > 2) onSource<N>(s, 2, p + 2 * plane, gH + j + 2 * plane, gs, y, k, q0, q1, q2, q3, q4, q5, q6, q7);
    if (offsetof<N>() > 3) onSource<N>(s, 3, p + 3 * plane, gH + j + 3 * plane, gs, y, k, q0, q1, q2, q3, q4, q5, q6, q7);
    if (offsetof<N>() > 4) onSource<N>(s, 4, p + 4 * plane, gH + j + 4 * plane, gs, y, k, q0, q1, q2, q3, q4, q5, q6, q7);
    if (offsetof<N>() > 5) onSource<N>(s, 5, p + 5 * plane, gH + j + 5 * plane, gs, y, k, q0, q1, q2, q3, q4, q5, q6, q7);
    if (offsetof<N>() > 6) onSource<N>(s, 6, p + 6 * plane, gH + j + 6 * plane, gs, y, k, q0, q1, q2, q3, q4, q5, q6, q7);
    if (offsetof<N>() > 7) onSource<N>(s, 7, p + 7 * plane, gH + j + 7 * plane, gs, y, k, q0, q1, q2, q3, q4, q5, q6, q7);
  }
  return whole;
}

/** r of chemical c, with everything that needs only it: the sums for v, y, z, left and the bias. */
@inline
function pull(
  s: Step, c: usize, p: usize, o: usize, gp: usize, b: usize, g: v128, y: usize, z: usize, v: usize, j: usize,
): v128 {
  const old = v128.load(p);
  const next = v128.load(o);
  const zc = v128.load_splat<Float>(z + BYTES * c);
  const t = lanes.div(lanes.sub(next, lanes.mul(v128.load_splat<Float>(y + BYTES * c), old)), zc);
  let gc = lanes.mul(v128.load_splat<Float>(v + BYTES * c), g);
  if (gp) gc = lanes.add(v128.load(gp), gc);
  const r = lanes.mul(lanes.mul(zc, gc), lanes.sub(lanes.splat(1), lanes.mul(t, t)));
  v128.store(s.gs + 16 * c, gc);
  accumulate(s.sumV + 16 * c, lanes.mul(g, next));
  accumulate(s.sumY + 16 * c, lanes.mul(gc, old));
  accumulate(s.sumZ + 16 * c, lanes.mul(gc, t));
  if (b) v128.store(b, r);
  else accumulate(s.sumB + 16 * c, r);
  accumulate(s.sumLeft + 48 * c, lanes.mul(r, v128.load(s.r0 + j)));
  accumulate(s.sumLeft + 48 * c + 16, lanes.mul(r, v128.load(s.r1 + j)));
  accumulate(s.sumLeft + 48 * c + 32, lanes.mul(r, v128.load(s.r2 + j)));
  return r;
}

/** gright at p += sum_c left_c r_c. */
@inline
function onRight<N>(p: usize, left: usize, row: usize, q0: v128, q1: v128, q2: v128, q3: v128, q4: v128, q5: v128, q6: v128, q7: v128): void {
  let g = muladd(v128.load_splat<Float>(left), q0, v128.load(p));
  if (offsetof<N>() > 1) g = muladd(v128.load_splat<Float>(left + row), q1, g);
  if (offsetof<N>() > 2) g = muladd(v128.load_splat<Float>(left + 2 * row), q2, g);
  if (offsetof<N>() > 3) g = muladd(v128.load_splat<Float>(left + 3 * row), q3, g);
  if (offsetof<N>() > 4) g = muladd(v128.load_splat<Float>(left + 4 * row), q4, g);
  if (offsetof<N>() > 5) g = muladd(v128.load_splat<Float>(left + 5 * row), q5, g);
  if (offsetof<N>() > 6) g = muladd(v128.load_splat<Float>(left + 6 * row), q6, g);
  if (offsetof<N>() > 7) g = muladd(v128.load_splat<Float>(left + 7 * row), q7, g);
  v128.store(p, g);
}

/** gh of chemical m and the sums for column m of K. */
@inline
function onSource<N>(
  s: Step, m: usize, p: usize, gH: usize, gs: usize, y: usize, k: usize,
  q0: v128, q1: v128, q2: v128, q3: v128, q4: v128, q5: v128, q6: v128, q7: v128,
): void {
  const old = v128.load(p);
  const down = BYTES * offsetof<N>();
  const sum = 16 * offsetof<N>();
  const from = k + BYTES * m;
  const sums = s.sumK + 16 * m;
  let g = lanes.mul(v128.load_splat<Float>(y + BYTES * m), v128.load(gs + 16 * m));
  g = muladd(v128.load_splat<Float>(from), q0, g);
  accumulate(sums, lanes.mul(q0, old));
  if (offsetof<N>() > 1) {
    g = muladd(v128.load_splat<Float>(from + down), q1, g);
    accumulate(sums + sum, lanes.mul(q1, old));
  }
  if (offsetof<N>() > 2) {
    g = muladd(v128.load_splat<Float>(from + 2 * down), q2, g);
    accumulate(sums + 2 * sum, lanes.mul(q2, old));
  }
  if (offsetof<N>() > 3) {
    g = muladd(v128.load_splat<Float>(from + 3 * down), q3, g);
    accumulate(sums + 3 * sum, lanes.mul(q3, old));
  }
  if (offsetof<N>() > 4) {
    g = muladd(v128.load_splat<Float>(from + 4 * down), q4, g);
    accumulate(sums + 4 * sum, lanes.mul(q4, old));
  }
  if (offsetof<N>() > 5) {
    g = muladd(v128.load_splat<Float>(from + 5 * down), q5, g);
    accumulate(sums + 5 * sum, lanes.mul(q5, old));
  }
  if (offsetof<N>() > 6) {
    g = muladd(v128.load_splat<Float>(from + 6 * down), q6, g);
    accumulate(sums + 6 * sum, lanes.mul(q6, old));
  }
  if (offsetof<N>() > 7) {
    g = muladd(v128.load_splat<Float>(from + 7 * down), q7, g);
    accumulate(sums + 7 * sum, lanes.mul(q7, old));
  }
  v128.store(gH, g);
}
