// The linear rule (Shervani-Tabar and Rosenbaum 2023, equation 5): wNext = w + left . right - decay w, for w (nOut, nIn),
// left (3, nOut), and right the three vectors r0, r1, r2 (nIn).
//
// Rows are taken four at a time, so that what they share is loaded once, and what is summed over rows is stored once. Each
// element is still computed, and each sum added, in the order of one row after another.
import { PLACE } from "./chemistry/step";
import { at, bytesOf, foldAdd, LANES, loadUpTo, storeUpTo } from "./simd";

/** Rows taken at a time. */
const ROWS: i32 = 4;

/** x + (((l0 r0 + l1 r1) + l2 r2) - p3 x) */
@inline
function moved(x: v128, l0: v128, l1: v128, l2: v128, r0: v128, r1: v128, r2: v128, p3: v128): v128 {
  const drive = lanes.add(lanes.add(lanes.mul(l0, r0), lanes.mul(l1, r1)), lanes.mul(l2, r2));
  return lanes.add(x, lanes.sub(drive, lanes.mul(p3, x)));
}

/** `decay` is the address of p3. */
export function linearStep(
  wNext: usize, w: usize, left: usize, r0: usize, r1: usize, r2: usize, decay: usize, nOut: i32, nIn: i32,
): void {
  const p3 = v128.load_splat<Float>(decay);
  const bank = bytesOf(nOut);
  const row = bytesOf(nIn);
  // Where fewer than four rows are left, the last one is computed again.
  for (let i = 0; i < nOut; i += ROWS) {
    const last = nOut - 1;
    const a = at(left, i);
    const b = at(left, min(i + 1, last));
    const c = at(left, min(i + 2, last));
    const d = at(left, min(i + 3, last));
    const a0 = v128.load_splat<Float>(a);
    const b0 = v128.load_splat<Float>(b);
    const c0 = v128.load_splat<Float>(c);
    const d0 = v128.load_splat<Float>(d);
    const a1 = v128.load_splat<Float>(a + bank);
    const b1 = v128.load_splat<Float>(b + bank);
    const c1 = v128.load_splat<Float>(c + bank);
    const d1 = v128.load_splat<Float>(d + bank);
    const a2 = v128.load_splat<Float>(a + 2 * bank);
    const b2 = v128.load_splat<Float>(b + 2 * bank);
    const c2 = v128.load_splat<Float>(c + 2 * bank);
    const d2 = v128.load_splat<Float>(d + 2 * bank);
    const toB = <usize>(min(i + 1, last) - i) * row;
    const toC = <usize>(min(i + 2, last) - i) * row;
    const toD = <usize>(min(i + 3, last) - i) * row;
    let from = w + <usize>i * row;
    let to = wNext + <usize>i * row;
    let x = r0;
    let y = r1;
    let z = r2;
    let n = nIn;
    for (; n >= LANES; n -= LANES, from += 16, to += 16, x += 16, y += 16, z += 16) {
      const vx = v128.load(x);
      const vy = v128.load(y);
      const vz = v128.load(z);
      v128.store(to, moved(v128.load(from), a0, a1, a2, vx, vy, vz, p3));
      v128.store(to + toB, moved(v128.load(from + toB), b0, b1, b2, vx, vy, vz, p3));
      v128.store(to + toC, moved(v128.load(from + toC), c0, c1, c2, vx, vy, vz, p3));
      v128.store(to + toD, moved(v128.load(from + toD), d0, d1, d2, vx, vy, vz, p3));
    }
    if (n > 0) {
      const vx = loadUpTo(x, n);
      const vy = loadUpTo(y, n);
      const vz = loadUpTo(z, n);
      storeUpTo(to, moved(loadUpTo(from, n), a0, a1, a2, vx, vy, vz, p3), n);
      storeUpTo(to + toB, moved(loadUpTo(from + toB, n), b0, b1, b2, vx, vy, vz, p3), n);
      storeUpTo(to + toC, moved(loadUpTo(from + toC, n), c0, c1, c2, vx, vy, vz, p3), n);
      storeUpTo(to + toD, moved(loadUpTo(from + toD, n), d0, d1, d2, vx, vy, vz, p3), n);
    }
  }
}
/** The operands of a backward step, in the place of the step under way. */
@unmanaged
class Backward {
  gW: usize;
  gR0: usize;
  gR1: usize;
  gR2: usize;
  gNext: usize;
  lA: usize;
  rA: usize;
  lB: usize;
  rB: usize;
  w: usize;
  left: usize;
  r0: usize;
  r1: usize;
  r2: usize;
  decay: usize;
  nOut: i32;
  nIn: i32;
}

/** Behind them the sums of two rows under way, four vectors each: with r0, r1, r2 and w. */
const SUMS: usize = PLACE + 80;
const ROW_OF_SUMS: usize = 64;

/**
 * Whole vectors of rows i and i + 1, for a cotangent with a matrix and one or `both` outer products. `of0`, `of12`
 * and `ofDecay` say whether the cotangents of r0, of r1 and r2, and of the decay are wanted.
 */
@inline
function pair(s: Backward, i: i32, both: bool, of0: bool, of12: bool, ofDecay: bool): void {
  const p3 = v128.load_splat<Float>(s.decay);
  const bank = bytesOf(s.nOut);
  const row = bytesOf(s.nIn);
  const here = at(s.left, i);
  const a0 = v128.load_splat<Float>(here);
  const b0 = v128.load_splat<Float>(at(here, 1));
  const a1 = v128.load_splat<Float>(here + bank);
  const b1 = v128.load_splat<Float>(at(here, 1) + bank);
  const a2 = v128.load_splat<Float>(here + 2 * bank);
  const b2 = v128.load_splat<Float>(at(here, 1) + 2 * bank);
  const aA = v128.load_splat<Float>(at(s.lA, i));
  const bA = v128.load_splat<Float>(at(s.lA, i + 1));
  const aB = both ? v128.load_splat<Float>(at(s.lB, i)) : lanes.splat(0);
  const bB = both ? v128.load_splat<Float>(at(s.lB, i + 1)) : lanes.splat(0);
  const r0 = s.r0;
  const r1 = s.r1;
  const r2 = s.r2;
  const rA = s.rA;
  const rB = s.rB;
  const gR0 = s.gR0;
  const gR1 = s.gR1;
  const gR2 = s.gR2;
  const w = s.w + <usize>i * row;
  const gNext = s.gNext + <usize>i * row;
  const gW = s.gW + <usize>i * row;
  let sa0 = lanes.splat(0);
  let sa1 = sa0;
  let sa2 = sa0;
  let saP = sa0;
  let sb0 = sa0;
  let sb1 = sa0;
  let sb2 = sa0;
  let sbP = sa0;
  const end = bytesOf(s.nIn & -LANES);
  for (let j: usize = 0; j < end; j += 16) {
    const vA = v128.load(rA + j);
    let ga = lanes.add(v128.load(gNext + j), lanes.mul(aA, vA));
    let gb = lanes.add(v128.load(gNext + row + j), lanes.mul(bA, vA));
    if (both) {
      const vB = v128.load(rB + j);
      ga = lanes.add(ga, lanes.mul(aB, vB));
      gb = lanes.add(gb, lanes.mul(bB, vB));
    }
    v128.store(gW + j, lanes.sub(ga, lanes.mul(p3, ga)));
    v128.store(gW + row + j, lanes.sub(gb, lanes.mul(p3, gb)));
    const v0 = v128.load(r0 + j);
    sa0 = lanes.add(sa0, lanes.mul(ga, v0));
    sb0 = lanes.add(sb0, lanes.mul(gb, v0));
    const v1 = v128.load(r1 + j);
    sa1 = lanes.add(sa1, lanes.mul(ga, v1));
    sb1 = lanes.add(sb1, lanes.mul(gb, v1));
    const v2 = v128.load(r2 + j);
    sa2 = lanes.add(sa2, lanes.mul(ga, v2));
    sb2 = lanes.add(sb2, lanes.mul(gb, v2));
    if (ofDecay) {
      saP = lanes.add(saP, lanes.mul(ga, v128.load(w + j)));
      sbP = lanes.add(sbP, lanes.mul(gb, v128.load(w + row + j)));
    }
    if (of0) addTwo(gR0 + j, a0, ga, b0, gb);
    if (of12) {
      addTwo(gR1 + j, a1, ga, b1, gb);
      addTwo(gR2 + j, a2, ga, b2, gb);
    }
  }
  storeSums(SUMS, sa0, sa1, sa2, saP);
  storeSums(SUMS + ROW_OF_SUMS, sb0, sb1, sb2, sbP);
}

/** out = (out + a x) + b y */
@inline
function addTwo(out: usize, a: v128, x: v128, b: v128, y: v128): void {
  v128.store(out, lanes.add(lanes.add(v128.load(out), lanes.mul(a, x)), lanes.mul(b, y)));
}

/** `pair`, compiled for what is wanted. */
@inline
function wanted(s: Backward, i: i32, both: bool, of0: bool, of12: bool, ofDecay: bool): void {
  if (of0 && ofDecay) pair(s, i, both, true, of12, true);
  else if (of0) pair(s, i, both, true, of12, false);
  else if (ofDecay) pair(s, i, both, false, of12, true);
  else pair(s, i, both, false, of12, false);
}

@inline
function storeSums(to: usize, s0: v128, s1: v128, s2: v128, sP: v128): void {
  v128.store(to, s0);
  v128.store(to, s1, 16);
  v128.store(to, s2, 32);
  v128.store(to, sP, 48);
}

/** What is left of row i, from column `done` on, for any cotangent; its sums begin at `sums` and end there. */
function restOfRow(s: Backward, i: i32, done: i32, of0: bool, of12: bool, ofDecay: bool, sums: usize): void {
  const p3 = v128.load_splat<Float>(s.decay);
  const bank = bytesOf(s.nOut);
  const row = <usize>i * bytesOf(s.nIn);
  const l0 = v128.load_splat<Float>(at(s.left, i));
  const l1 = v128.load_splat<Float>(at(s.left, i) + bank);
  const l2 = v128.load_splat<Float>(at(s.left, i) + 2 * bank);
  let sum0 = v128.load(sums);
  let sum1 = v128.load(sums, 16);
  let sum2 = v128.load(sums, 32);
  let sumP = v128.load(sums, 48);
  for (let j = done; j < s.nIn; j += LANES) {
    const n = s.nIn - j;
    let g = lanes.splat(0);
    if (s.gNext) g = loadUpTo(at(s.gNext + row, j), n);
    if (s.lA) g = lanes.add(g, lanes.mul(v128.load_splat<Float>(at(s.lA, i)), loadUpTo(at(s.rA, j), n)));
    if (s.lB) g = lanes.add(g, lanes.mul(v128.load_splat<Float>(at(s.lB, i)), loadUpTo(at(s.rB, j), n)));
    sum0 = lanes.add(sum0, lanes.mul(g, loadUpTo(at(s.r0, j), n)));
    sum1 = lanes.add(sum1, lanes.mul(g, loadUpTo(at(s.r1, j), n)));
    sum2 = lanes.add(sum2, lanes.mul(g, loadUpTo(at(s.r2, j), n)));
    if (ofDecay) sumP = lanes.add(sumP, lanes.mul(g, loadUpTo(at(s.w + row, j), n)));
    if (of0) addUpTo(at(s.gR0, j), l0, g, n);
    if (of12) {
      addUpTo(at(s.gR1, j), l1, g, n);
      addUpTo(at(s.gR2, j), l2, g, n);
    }
    storeUpTo(at(s.gW + row, j), lanes.sub(g, lanes.mul(p3, g)), n);
  }
  storeSums(sums, sum0, sum1, sum2, sumP);
}

/** out = out + l g, for a vector of which n elements are left. */
@inline
function addUpTo(out: usize, l: v128, g: v128, n: i32): void {
  storeUpTo(out, lanes.add(loadUpTo(out, n), lanes.mul(l, g)), n);
}

/**
 * The cotangents of `linearStep`, from that of wNext as a matrix (0: none) plus up to two outer products lA rA', lB rB'
 * (0: none): gW, gLeft (3, nOut), gR0 (0: not wanted), gR1 and gR2 (0: neither is wanted) and, at gDecay, that of p3 (0: not
 * wanted).
 */
export function linearStepVjp(
  gW: usize, gLeft: usize, gR0: usize, gR1: usize, gR2: usize, gDecay: usize,
  gNext: usize, lA: usize, rA: usize, lB: usize, rB: usize,
  w: usize, left: usize, r0: usize, r1: usize, r2: usize, decay: usize, nOut: i32, nIn: i32,
): void {
  const s = changetype<Backward>(PLACE);
  s.gW = gW;
  s.gR0 = gR0;
  s.gR1 = gR1;
  s.gR2 = gR2;
  s.gNext = gNext;
  s.lA = lA;
  s.rA = rA;
  s.lB = lB;
  s.rB = rB;
  s.w = w;
  s.left = left;
  s.r0 = r0;
  s.r1 = r1;
  s.r2 = r2;
  s.decay = decay;
  s.nOut = nOut;
  s.nIn = nIn;
  const of0 = gR0 != 0;
  const of12 = gR1 != 0;
  const ofDecay = gDecay != 0;
  const row = bytesOf(nIn);
  if (of0) memory.fill(gR0, 0, row);
  if (of12) {
    memory.fill(gR1, 0, row);
    memory.fill(gR2, 0, row);
  }
  let total = lanes.splat(0);
  for (let i = 0; i < nOut; ) {
    // Two at a time in the cases that rules have: r1 and r2 are constants only where W' y is not read.
    const rows = gNext && lA && (of12 || !lB) && i + 2 <= nOut ? 2 : 1;
    if (rows == 1) memory.fill(SUMS, 0, ROW_OF_SUMS);
    else if (!of12) wanted(s, i, false, of0, false, ofDecay);
    else if (lB) wanted(s, i, true, of0, true, ofDecay);
    else wanted(s, i, false, of0, true, ofDecay);
    const done = rows == 1 ? 0 : nIn & -LANES;
    for (let sums = SUMS; sums < SUMS + rows * ROW_OF_SUMS; sums += ROW_OF_SUMS, i++) {
      restOfRow(s, i, done, of0, of12, ofDecay, sums);
      const out = at(gLeft, i);
      store<Float>(out, foldAdd(v128.load(sums)));
      store<Float>(out + bytesOf(nOut), foldAdd(v128.load(sums, 16)));
      store<Float>(out + 2 * bytesOf(nOut), foldAdd(v128.load(sums, 32)));
      total = lanes.add(total, v128.load(sums, 48));
    }
  }
  if (ofDecay) store<Float>(gDecay, -foldAdd(total));
}
