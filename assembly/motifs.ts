// The ten plasticity motifs as three vectors (Shervani-Tabar and Rosenbaum 2023, equations 14-23).
//
// Every motif is an outer product of small vectors or the weight itself, so the drive of chemical c on the synapse from
// j to i is  left[0,c,i] yPre[j] + left[1,c,i] ePre[j] + left[2,c,i] u[j] - p3 W[i,j],  where u = W' y and
//   left0 = -(p0 + p5 m + p7 a) e + p9 y     m = sum y
//   left1 = -(p1 + p6 a + p8 s) y - p2 e - p4     a = u . ePre
//   left2 = -p9 y                            s = e . z, z = W yPre
// and no matrix of a single motif ever exists. P holds the ten coefficients of each chemical.

import { dot } from "./reduce";
import { at, BYTES, bytesOf, LANES, loadTail, storeTail } from "./simd";

/** The sum of n elements, one after another. */
function sumOf(x: usize, n: i32): Float {
  let sum: Float = 0;
  for (let i = 0; i < n; i++) sum += load<Float>(at(x, i));
  return sum;
}

@inline
function coefficient(p: usize, i: usize): Float {
  return load<Float>(p + BYTES * i);
}

/** left (3, chemicals, nOut) from P (chemicals, 10) and the layer's vectors: y, e, z of size nOut, ePre, u of size nIn. */
export function motifFactors(
  left: usize, p: usize, chemicals: i32, y: usize, e: usize, z: usize, ePre: usize, u: usize, nOut: i32, nIn: i32,
): void {
  const m = sumOf(y, nOut);
  const a = dot(u, ePre, nIn);
  const s = dot(e, z, nOut);
  const row = bytesOf(nOut);
  const bank = (<usize>chemicals) * row;
  for (let c = 0; c < chemicals; c++, p += 10 * BYTES, left += row) {
    const onE = lanes.splat(-(coefficient(p, 0) + coefficient(p, 5) * m + coefficient(p, 7) * a));
    const onY = lanes.splat(-(coefficient(p, 1) + coefficient(p, 6) * a + coefficient(p, 8) * s));
    const p2 = lanes.splat(coefficient(p, 2));
    const p4 = lanes.splat(coefficient(p, 4));
    const p9 = lanes.splat(coefficient(p, 9));
    for (let i = 0; i < nOut; i += LANES) {
      const rest = nOut - i;
      const yi = rest >= LANES ? v128.load(at(y, i)) : loadTail(at(y, i), rest);
      const ei = rest >= LANES ? v128.load(at(e, i)) : loadTail(at(e, i), rest);
      const oja = lanes.mul(p9, yi);
      const left0 = lanes.add(lanes.mul(onE, ei), oja);
      const left1 = lanes.sub(lanes.sub(lanes.mul(onY, yi), lanes.mul(p2, ei)), p4);
      const out = at(left, i);
      if (rest >= LANES) {
        v128.store(out, left0);
        v128.store(out + bank, left1);
        v128.store(out + 2 * bank, lanes.neg(oja));
      } else {
        storeTail(out, left0, rest);
        storeTail(out + bank, left1, rest);
        storeTail(out + 2 * bank, lanes.neg(oja), rest);
      }
    }
  }
}

/**
 * The mean square of each motif's matrix, (10): each is an outer product, so its square is that of two vectors, except the
 * weights' own.
 *
 * @param w the weights; 0 where nobody asks for the square of the decay, which is then 0.
 */
export function motifSquares(
  out: usize, w: usize, y: usize, e: usize, z: usize, yPre: usize, ePre: usize, u: usize, nOut: i32, nIn: i32,
): void {
  const m = sumOf(y, nOut);
  const a = dot(u, ePre, nIn);
  const s = dot(e, z, nOut);
  const share = <Float>1 / (<Float>nOut * <Float>nIn);
  const yy = dot(y, y, nOut) * share;
  const ee = dot(e, e, nOut) * share;
  const before = dot(yPre, yPre, nIn);
  const errors = dot(ePre, ePre, nIn);
  let apart: Float = 0;
  for (let j = 0; j < nIn; j++) {
    const by = load<Float>(at(yPre, j)) - load<Float>(at(u, j));
    apart += by * by;
  }
  const onInputs = ee * before;
  const onErrors = yy * errors;
  store<Float>(out, onInputs);
  store<Float>(out, onErrors, BYTES);
  store<Float>(out, ee * errors, 2 * BYTES);
  store<Float>(out, w ? dot(w, w, nOut * nIn) * share : 0, 3 * BYTES);
  store<Float>(out, errors / <Float>nIn, 4 * BYTES);
  store<Float>(out, m * m * onInputs, 5 * BYTES);
  store<Float>(out, a * a * onErrors, 6 * BYTES);
  store<Float>(out, a * a * onInputs, 7 * BYTES);
  store<Float>(out, s * s * onErrors, 8 * BYTES);
  store<Float>(out, yy * apart, 9 * BYTES);
}

/** out = alpha x + out */
function addScaled(out: usize, x: usize, n: i32, alpha: Float): void {
  const scale = lanes.splat(alpha);
  let i = 0;
  for (; i + LANES <= n; i += LANES) {
    v128.store(at(out, i), lanes.add(lanes.mul(scale, v128.load(at(x, i))), v128.load(at(out, i))));
  }
  if (i < n) {
    const sum = lanes.add(lanes.mul(scale, loadTail(at(x, i), n - i)), loadTail(at(out, i), n - i));
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
  const row = bytesOf(nOut);
  const bank = (<usize>chemicals) * row;
  let gM: Float = 0;
  let gA: Float = 0;
  let gS: Float = 0;
  memory.fill(gY, 0, row);
  memory.fill(gE, 0, row);
  for (let c = 0; c < chemicals; c++, p += 10 * BYTES, gP += 10 * BYTES, gLeft += row) {
    const g0 = gLeft;
    const g1 = gLeft + bank;
    const g2 = gLeft + 2 * bank;
    const eOn0 = dot(e, g0, nOut);
    const yOn1 = dot(y, g1, nOut);
    store<Float>(gP, -eOn0);
    store<Float>(gP, -yOn1, BYTES);
    store<Float>(gP, -dot(e, g1, nOut), 2 * BYTES);
    store<Float>(gP, 0, 3 * BYTES);
    store<Float>(gP, -sumOf(g1, nOut), 4 * BYTES);
    store<Float>(gP, -m * eOn0, 5 * BYTES);
    store<Float>(gP, -a * yOn1, 6 * BYTES);
    store<Float>(gP, -a * eOn0, 7 * BYTES);
    store<Float>(gP, -s * yOn1, 8 * BYTES);
    store<Float>(gP, dot(y, g0, nOut) - dot(y, g2, nOut), 9 * BYTES);
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
  for (let i = 0; i < nOut; i++) store<Float>(at(gY, i), load<Float>(at(gY, i)) + gM);
  addScaled(gE, z, nOut, gS);
  memory.fill(gZ, 0, row);
  addScaled(gZ, e, nOut, gS);
  const bytes = bytesOf(nIn);
  memory.fill(gEPre, 0, bytes);
  addScaled(gEPre, u, nIn, gA);
  memory.fill(gU, 0, bytes);
  addScaled(gU, ePre, nIn, gA);
}
