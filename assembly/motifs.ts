// The ten plasticity motifs as three vectors (Shervani-Tabar and Rosenbaum 2023, equations 14-23).
//
// Every motif is an outer product of small vectors or the weight itself, so the drive of chemical c on the synapse from
// j to i is  left[0,c,i] yPre[j] + left[1,c,i] ePre[j] + left[2,c,i] u[j] - p3 W[i,j],  where u = W' y and
//   left0 = -(p0 + p5 m + p7 a) e + p9 y     m = sum y
//   left1 = -(p1 + p6 a + p8 s) y - p2 e - p4     a = u . ePre
//   left2 = -p9 y                            s = e . z, z = W yPre
// and no matrix of a single motif ever exists. P holds the ten coefficients of each chemical.

import { dot } from "./reduce";
import { at, foldAdd, loadTail, loadUpTo, storeTail } from "./simd";

/** The sum of n elements, one after another. */
function sumOf(x: usize, n: i32): f32 {
  let sum: f32 = 0;
  for (let i = 0; i < n; i++) sum += load<f32>(at(x, i));
  return sum;
}

@inline
function coefficient(p: usize, i: usize): f32 {
  return load<f32>(p + (i << 2));
}

/** left (3, chemicals, nOut) from P (chemicals, 10) and the layer's vectors: y, e, z of size nOut, ePre, u of size nIn. */
export function motifFactors(
  left: usize, p: usize, chemicals: i32, y: usize, e: usize, z: usize, ePre: usize, u: usize, nOut: i32, nIn: i32,
): void {
  const m = sumOf(y, nOut);
  const a = dot(u, ePre, nIn);
  const s = dot(e, z, nOut);
  const row = (<usize>nOut) << 2;
  const bank = (<usize>chemicals) * row;
  for (let c = 0; c < chemicals; c++, p += 40, left += row) {
    const onE = f32x4.splat(-(coefficient(p, 0) + coefficient(p, 5) * m + coefficient(p, 7) * a));
    const onY = f32x4.splat(-(coefficient(p, 1) + coefficient(p, 6) * a + coefficient(p, 8) * s));
    const p2 = f32x4.splat(coefficient(p, 2));
    const p4 = f32x4.splat(coefficient(p, 4));
    const p9 = f32x4.splat(coefficient(p, 9));
    for (let i = 0; i < nOut; i += 4) {
      const rest = nOut - i;
      const yi = rest >= 4 ? v128.load(at(y, i)) : loadTail(at(y, i), rest);
      const ei = rest >= 4 ? v128.load(at(e, i)) : loadTail(at(e, i), rest);
      const oja = f32x4.mul(p9, yi);
      const left0 = f32x4.add(f32x4.mul(onE, ei), oja);
      const left1 = f32x4.sub(f32x4.sub(f32x4.mul(onY, yi), f32x4.mul(p2, ei)), p4);
      const out = at(left, i);
      if (rest >= 4) {
        v128.store(out, left0);
        v128.store(out + bank, left1);
        v128.store(out + 2 * bank, f32x4.neg(oja));
      } else {
        storeTail(out, left0, rest);
        storeTail(out + bank, left1, rest);
        storeTail(out + 2 * bank, f32x4.neg(oja), rest);
      }
    }
  }
}

/** out = alpha x + out */
function addScaled(out: usize, x: usize, n: i32, alpha: f32): void {
  const scale = f32x4.splat(alpha);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    v128.store(at(out, i), f32x4.add(f32x4.mul(scale, v128.load(at(x, i))), v128.load(at(out, i))));
  }
  if (i < n) {
    const sum = f32x4.add(f32x4.mul(scale, loadTail(at(x, i), n - i)), loadTail(at(out, i), n - i));
    storeTail(at(out, i), sum, n - i);
  }
}

/**
 * The cotangents of `motifFactors`: gLeft (3, chemicals, nOut) in; gP (chemicals, 10), gY, gE, gZ (nOut), gEPre, gU
 * (nIn) out. gP[3] is 0: the decay is no part of `left`.
 */
export function motifFactorsVjp(
  gP: usize, gY: usize, gE: usize, gZ: usize, gEPre: usize, gU: usize,
  gLeft: usize, p: usize, chemicals: i32, y: usize, e: usize, z: usize, ePre: usize, u: usize, nOut: i32, nIn: i32,
): void {
  const m = sumOf(y, nOut);
  const a = dot(u, ePre, nIn);
  const s = dot(e, z, nOut);
  const row = (<usize>nOut) << 2;
  const bank = (<usize>chemicals) * row;
  let gM: f32 = 0;
  let gA: f32 = 0;
  let gS: f32 = 0;
  memory.fill(gY, 0, row);
  memory.fill(gE, 0, row);
  for (let c = 0; c < chemicals; c++, p += 40, gP += 40, gLeft += row) {
    const g0 = gLeft;
    const g1 = gLeft + bank;
    const g2 = gLeft + 2 * bank;
    const eOn0 = dot(e, g0, nOut);
    const yOn1 = dot(y, g1, nOut);
    store<f32>(gP, -eOn0);
    store<f32>(gP, -yOn1, 4);
    store<f32>(gP, -dot(e, g1, nOut), 8);
    store<f32>(gP, 0, 12);
    store<f32>(gP, -sumOf(g1, nOut), 16);
    store<f32>(gP, -m * eOn0, 20);
    store<f32>(gP, -a * yOn1, 24);
    store<f32>(gP, -a * eOn0, 28);
    store<f32>(gP, -s * yOn1, 32);
    store<f32>(gP, dot(y, g0, nOut) - dot(y, g2, nOut), 36);
    const p9 = coefficient(p, 9);
    gM -= coefficient(p, 5) * eOn0;
    gA -= coefficient(p, 7) * eOn0 + coefficient(p, 6) * yOn1;
    gS -= coefficient(p, 8) * yOn1;
    addScaled(gE, g0, nOut, -(coefficient(p, 0) + coefficient(p, 5) * m + coefficient(p, 7) * a));
    addScaled(gE, g1, nOut, -coefficient(p, 2));
    addScaled(gY, g0, nOut, p9);
    addScaled(gY, g1, nOut, -(coefficient(p, 1) + coefficient(p, 6) * a + coefficient(p, 8) * s));
    addScaled(gY, g2, nOut, -p9);
  }
  for (let i = 0; i < nOut; i++) store<f32>(at(gY, i), load<f32>(at(gY, i)) + gM);
  addScaled(gE, z, nOut, gS);
  memory.fill(gZ, 0, row);
  addScaled(gZ, e, nOut, gS);
  const bytes = (<usize>nIn) << 2;
  memory.fill(gEPre, 0, bytes);
  addScaled(gEPre, u, nIn, gA);
  memory.fill(gU, 0, bytes);
  addScaled(gU, ePre, nIn, gA);
}

/**
 * The linear rule (Shervani-Tabar and Rosenbaum 2023, equation 5): wNext = w + left . right - decay w, for w (nOut,
 * nIn), left (3, nOut), and right the three vectors r0, r1, r2 (nIn). `decay` is the address of p3.
 */
export function linearStep(
  wNext: usize, w: usize, left: usize, r0: usize, r1: usize, r2: usize, decay: usize, nOut: i32, nIn: i32,
): void {
  const p3 = v128.load32_splat(decay);
  const row = (<usize>nOut) << 2;
  for (let i = 0; i < nOut; i++) {
    const l0 = v128.load32_splat(at(left, i));
    const l1 = v128.load32_splat(at(left, i) + row);
    const l2 = v128.load32_splat(at(left, i) + 2 * row);
    for (let j = 0; j < nIn; j += 4) {
      const rest = nIn - j;
      const whole = rest >= 4;
      const a = whole ? v128.load(at(r0, j)) : loadTail(at(r0, j), rest);
      const b = whole ? v128.load(at(r1, j)) : loadTail(at(r1, j), rest);
      const c = whole ? v128.load(at(r2, j)) : loadTail(at(r2, j), rest);
      const x = whole ? v128.load(at(w, j)) : loadTail(at(w, j), rest);
      const drive = f32x4.add(f32x4.add(f32x4.mul(l0, a), f32x4.mul(l1, b)), f32x4.mul(l2, c));
      const next = f32x4.add(x, f32x4.sub(drive, f32x4.mul(p3, x)));
      if (whole) v128.store(at(wNext, j), next);
      else storeTail(at(wNext, j), next, rest);
    }
    w += (<usize>nIn) << 2;
    wNext += (<usize>nIn) << 2;
  }
}

/**
 * The cotangents of `linearStep`, from that of wNext as a matrix (0: none) plus up to two outer products lA rA', lB rB'
 * (0: none): gW, gLeft (3, nOut), gR0..gR2 and, at gDecay, that of p3.
 */
export function linearStepVjp(
  gW: usize, gLeft: usize, gR0: usize, gR1: usize, gR2: usize, gDecay: usize,
  gNext: usize, lA: usize, rA: usize, lB: usize, rB: usize,
  w: usize, left: usize, r0: usize, r1: usize, r2: usize, decay: usize, nOut: i32, nIn: i32,
): void {
  const p3 = v128.load32_splat(decay);
  const row = (<usize>nOut) << 2;
  const bytes = (<usize>nIn) << 2;
  memory.fill(gR0, 0, bytes);
  memory.fill(gR1, 0, bytes);
  memory.fill(gR2, 0, bytes);
  let total = f32x4.splat(0);
  for (let i = 0; i < nOut; i++) {
    const l0 = v128.load32_splat(at(left, i));
    const l1 = v128.load32_splat(at(left, i) + row);
    const l2 = v128.load32_splat(at(left, i) + 2 * row);
    let sum0 = f32x4.splat(0);
    let sum1 = sum0;
    let sum2 = sum0;
    let sumP = sum0;
    for (let j = 0; j < nIn; j += 4) {
      const rest = nIn - j;
      let g = f32x4.splat(0);
      if (gNext) g = loadUpTo(at(gNext, j), rest);
      if (lA) g = f32x4.add(g, f32x4.mul(v128.load32_splat(at(lA, i)), loadUpTo(at(rA, j), rest)));
      if (lB) g = f32x4.add(g, f32x4.mul(v128.load32_splat(at(lB, i)), loadUpTo(at(rB, j), rest)));
      sum0 = f32x4.add(sum0, f32x4.mul(g, loadUpTo(at(r0, j), rest)));
      sum1 = f32x4.add(sum1, f32x4.mul(g, loadUpTo(at(r1, j), rest)));
      sum2 = f32x4.add(sum2, f32x4.mul(g, loadUpTo(at(r2, j), rest)));
      sumP = f32x4.add(sumP, f32x4.mul(g, loadUpTo(at(w, j), rest)));
      const g0 = f32x4.add(loadUpTo(at(gR0, j), rest), f32x4.mul(l0, g));
      const g1 = f32x4.add(loadUpTo(at(gR1, j), rest), f32x4.mul(l1, g));
      const g2 = f32x4.add(loadUpTo(at(gR2, j), rest), f32x4.mul(l2, g));
      const gw = f32x4.sub(g, f32x4.mul(p3, g));
      if (rest >= 4) {
        v128.store(at(gR0, j), g0);
        v128.store(at(gR1, j), g1);
        v128.store(at(gR2, j), g2);
        v128.store(at(gW, j), gw);
      } else {
        storeTail(at(gR0, j), g0, rest);
        storeTail(at(gR1, j), g1, rest);
        storeTail(at(gR2, j), g2, rest);
        storeTail(at(gW, j), gw, rest);
      }
    }
    store<f32>(at(gLeft, i), foldAdd(sum0));
    store<f32>(at(gLeft, i) + row, foldAdd(sum1));
    store<f32>(at(gLeft, i) + 2 * row, foldAdd(sum2));
    total = f32x4.add(total, sumP);
    if (gNext) gNext += bytes;
    gW += bytes;
    w += bytes;
  }
  store<f32>(gDecay, -foldAdd(total));
}
