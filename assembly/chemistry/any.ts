// The chemical step for any number of chemicals, block by block of four synapses, and for the partial block at the end
// of a row: everything goes through memory.
import { at, loadTail, storeTail } from "../simd";
import { tanh4 } from "../transcendental";
import { accumulate, CHEMICAL, MOMENTUM_TANH, muladd, Step } from "./step";

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
function splat(p: usize, i: usize): v128 {
  return v128.load32_splat(p + (i << 2));
}

/** Row i from synapse j on. */
export function forwardAny(s: Step, i: i32, j: i32): void {
  for (; j + 4 <= s.nIn; j += 4) forwardBlock(s, i, j, true, 4);
  if (j < s.nIn) forwardBlock(s, i, j, false, s.nIn - j);
}

@inline
function forwardBlock(s: Step, i: i32, j: i32, whole: bool, rest: i32): void {
  const column = (<usize>j) << 2;
  const here = (<usize>i) * ((<usize>s.nIn) << 2) + column;
  const n = <usize>s.chemicals;
  const plane = s.plane;
  const h = s.h + here;
  const bank = n * s.row;
  const a0 = read(s.r0 + column, whole, rest);
  const a1 = read(s.r1 + column, whole, rest);
  const a2 = read(s.r2 + column, whole, rest);
  const weight = s.mode == CHEMICAL ? f32x4.splat(0) : read(s.w + here, whole, rest);
  let out = f32x4.splat(0);
  let l = at(s.left, i);
  let k = s.k;
  let bias = s.b + (<usize>i) * s.bRow;
  for (let c: usize = 0; c < n; c++, l += s.row, bias += s.bChemical) {
    let q = s.bVector ? read(bias + column, whole, rest) : v128.load32_splat(bias);
    q = muladd(v128.load32_splat(l), a0, q);
    q = muladd(v128.load32_splat(l + bank), a1, q);
    q = muladd(v128.load32_splat(l + 2 * bank), a2, q);
    if (s.mode != CHEMICAL) q = f32x4.sub(q, f32x4.mul(splat(s.p3, c), weight));
    for (let m: usize = 0, p = h; m < n; m++, p += plane, k += 4) {
      q = muladd(v128.load32_splat(k), read(p, whole, rest), q);
    }
    const own = read(h + c * plane, whole, rest);
    const next = f32x4.add(f32x4.mul(splat(s.y, c), own), f32x4.mul(splat(s.z, c), tanh4(q)));
    write(s.hNext + here + c * plane, next, whole, rest);
    out = muladd(splat(s.v, c), next, out);
  }
  if (s.mode == MOMENTUM_TANH) out = tanh4(out);
  if (s.mode != CHEMICAL) out = f32x4.add(weight, out);
  write(s.wNext + here, out, whole, rest);
}

/** The cotangents of row i from synapse j on. */
export function backwardAny(s: Step, i: i32, j: i32): void {
  for (; j + 4 <= s.nIn; j += 4) backwardBlock(s, i, j, true, 4);
  if (j < s.nIn) backwardBlock(s, i, j, false, s.nIn - j);
}

@inline
function backwardBlock(s: Step, i: i32, j: i32, whole: bool, rest: i32): void {
  const column = (<usize>j) << 2;
  const here = (<usize>i) * ((<usize>s.nIn) << 2) + column;
  const n = <usize>s.chemicals;
  const plane = s.plane;
  const bank = n * s.row;
  const one = f32x4.splat(1);
  const a0 = read(s.r0 + column, whole, rest);
  const a1 = read(s.r1 + column, whole, rest);
  const a2 = read(s.r2 + column, whole, rest);
  let g = s.gWNext ? read(s.gWNext + here, whole, rest) : f32x4.splat(0);
  if (s.lA) g = muladd(splat(s.lA, i), read(s.rA + column, whole, rest), g);
  if (s.lB) g = muladd(splat(s.lB, i), read(s.rB + column, whole, rest), g);
  let gWeight = g;
  if (s.mode == MOMENTUM_TANH) {
    let out = f32x4.splat(0);
    for (let c: usize = 0; c < n; c++) {
      out = muladd(splat(s.v, c), read(s.hNext + here + c * plane, whole, rest), out);
    }
    const t = tanh4(out);
    g = f32x4.mul(g, f32x4.sub(one, f32x4.mul(t, t)));
  }
  const weight = s.mode == CHEMICAL ? f32x4.splat(0) : read(s.w + here, whole, rest);
  let g0 = read(s.gR0 + column, whole, rest);
  let g1 = read(s.gR1 + column, whole, rest);
  let g2 = read(s.gR2 + column, whole, rest);
  let l = at(s.left, i);
  for (let c: usize = 0; c < n; c++, l += s.row) {
    const lane = c << 4;
    const old = read(s.h + here + c * plane, whole, rest);
    const next = read(s.hNext + here + c * plane, whole, rest);
    const z = splat(s.z, c);
    const t = f32x4.div(f32x4.sub(next, f32x4.mul(splat(s.y, c), old)), z);
    let gc = f32x4.mul(splat(s.v, c), g);
    if (s.gHNext) gc = f32x4.add(read(s.gHNext + here + c * plane, whole, rest), gc);
    const r = f32x4.mul(f32x4.mul(z, gc), f32x4.sub(one, f32x4.mul(t, t)));
    v128.store(s.rs + lane, r);
    v128.store(s.gs + lane, gc);
    accumulate(s.sumV + lane, f32x4.mul(g, next));
    accumulate(s.sumY + lane, f32x4.mul(gc, old));
    accumulate(s.sumZ + lane, f32x4.mul(gc, t));
    if (s.bVector) write(s.gB + here + c * plane, r, whole, rest);
    else accumulate(s.sumB + lane, r);
    accumulate(s.sumLeft + 3 * lane, f32x4.mul(r, a0));
    accumulate(s.sumLeft + 3 * lane + 16, f32x4.mul(r, a1));
    accumulate(s.sumLeft + 3 * lane + 32, f32x4.mul(r, a2));
    g0 = muladd(v128.load32_splat(l), r, g0);
    g1 = muladd(v128.load32_splat(l + bank), r, g1);
    g2 = muladd(v128.load32_splat(l + 2 * bank), r, g2);
    if (s.mode != CHEMICAL) {
      accumulate(s.sumP + lane, f32x4.mul(r, weight));
      gWeight = f32x4.sub(gWeight, f32x4.mul(splat(s.p3, c), r));
    }
  }
  write(s.gR0 + column, g0, whole, rest);
  write(s.gR1 + column, g1, whole, rest);
  write(s.gR2 + column, g2, whole, rest);
  if (s.mode != CHEMICAL) write(s.gW + here, gWeight, whole, rest);
  for (let m: usize = 0; m < n; m++) {
    const old = read(s.h + here + m * plane, whole, rest);
    let gm = f32x4.mul(splat(s.y, m), v128.load(s.gs + (m << 4)));
    for (let c: usize = 0, k = m; c < n; c++, k += n) {
      const r = v128.load(s.rs + (c << 4));
      gm = muladd(splat(s.k, k), r, gm);
      accumulate(s.sumK + (k << 4), f32x4.mul(r, old));
    }
    write(s.gH + here + m * plane, gm, whole, rest);
  }
}
