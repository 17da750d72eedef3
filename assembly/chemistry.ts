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
//
// Backward, with s = tanh q, g_c = gh'_c + v_c gw' and r_c = z_c g_c (1 - s_c^2):
//   gh_m = y_m g_m + sum_c K[c,m] r_c    gK[c,m] = sum r_c h_m    gv_c = sum gw' h'_c    gb_c = sum r_c
//   gleft[k,c,i] = sum_j r_c right_k[j]   gright_k[j] = sum_c,i left[k,c,i] r_c   gy_c = sum g_c h_c   gz_c = sum g_c s_c
// tanh q is not computed again: it is (h' - y h) / z, whose error, about one rounding of |h| / z, enters 1 - s^2 multiplied by
// 2 |s|. Sums over a row are taken in the lanes of a vector, then over rows in the same lanes, then folded.
import { at, BYTES, bytesOf, foldAdd } from "./simd";
import { backwardAny, forwardAny } from "./chemistry/any";
import { backwardFew, forwardFew } from "./chemistry/few";
import { accumulate, CHEMICAL, CHUNK, Step, theStep } from "./chemistry/step";

/** A zero for synapses without bias. */
const NO_BIAS = memory.data<Float>([0]);

/** The step under way, with the operands of both directions. */
function stepOf(
  h: usize, hNext: usize, left: usize, r0: usize, r1: usize, r2: usize, k: usize, v: usize, y: usize, z: usize,
  mode: i32, w: usize, p3: usize, chemicals: i32, nOut: i32, nIn: i32,
): Step {
  const s = theStep();
  s.h = h;
  s.hNext = hNext;
  s.left = left;
  s.r0 = r0;
  s.r1 = r1;
  s.r2 = r2;
  s.k = k;
  s.v = v;
  s.y = y;
  s.z = z;
  s.mode = mode;
  s.w = w;
  s.p3 = p3;
  s.chemicals = chemicals;
  s.nIn = nIn;
  s.row = bytesOf(nOut);
  s.plane = bytesOf(nOut) * (<usize>nIn);
  return s;
}

/** Forward. w and p3 (chemicals) are read for momentum synapses only. */
export function chemicalStep(
  hNext: usize, wNext: usize, h: usize, left: usize, r0: usize, r1: usize, r2: usize,
  k: usize, v: usize, y: usize, z: usize, b: usize, bChemical: i32, bRow: i32, bVector: bool,
  mode: i32, w: usize, p3: usize, chemicals: i32, nOut: i32, nIn: i32,
): void {
  const s = stepOf(h, hNext, left, r0, r1, r2, k, v, y, z, mode, w, p3, chemicals, nOut, nIn);
  s.wNext = wNext;
  s.b = b ? b : NO_BIAS;
  s.bChemical = bChemical;
  s.bRow = bRow;
  s.bVector = bVector;
  for (let i = 0; i < nOut; i++) forwardAny(s, i, mode == CHEMICAL ? forwardFew(s, i) : 0);
}

/** Bytes of `scratch` that `chemicalStepVjp` needs. */
export function chemicalScratch(chemicals: i32): i32 {
  return 16 * (2 * chemicals * chemicals + 12 * chemicals) + <i32>BYTES * CHUNK * (chemicals + 1);
}

/**
 * Backward. In: h and the stored h', the cotangents gHNext (0: none) and gWNext as a matrix (0: none) plus up to two
 * outer products lA rA', lB rB' (0: none). Out: gH, gLeft, gR0..gR2, gK, gV, gY, gZ; the row sums of the bias's
 * cotangent in gB (chemicals, nOut), or with `bVector` all of it (chemicals, nOut, nIn); for momentum synapses gW and
 * gP3 (chemicals).
 */
export function chemicalStepVjp(
  gH: usize, gLeft: usize, gR0: usize, gR1: usize, gR2: usize, gK: usize, gV: usize, gY: usize, gZ: usize,
  gB: usize, bVector: bool, gW: usize, gP3: usize,
  gHNext: usize, gWNext: usize, lA: usize, rA: usize, lB: usize, rB: usize,
  hNext: usize, h: usize, left: usize, r0: usize, r1: usize, r2: usize,
  k: usize, v: usize, y: usize, z: usize, mode: i32, w: usize, p3: usize,
  scratch: usize, chemicals: i32, nOut: i32, nIn: i32,
): void {
  const s = stepOf(h, hNext, left, r0, r1, r2, k, v, y, z, mode, w, p3, chemicals, nOut, nIn);
  const n = <usize>chemicals;
  s.gH = gH;
  s.gR0 = gR0;
  s.gR1 = gR1;
  s.gR2 = gR2;
  s.gB = gB;
  s.bVector = bVector;
  s.gW = gW;
  s.gHNext = gHNext;
  s.gWNext = gWNext;
  s.lA = lA;
  s.rA = rA;
  s.lB = lB;
  s.rB = rB;
  // Totals over all rows of the sums for K, V, Y, Z and P, then the sums of the row under way.
  const totals = scratch;
  const kept = n * n + 4 * n;
  s.sumK = totals + 16 * kept;
  s.sumV = s.sumK + 16 * n * n;
  s.sumY = s.sumV + 16 * n;
  s.sumZ = s.sumY + 16 * n;
  s.sumP = s.sumZ + 16 * n;
  s.sumLeft = s.sumP + 16 * n;
  s.sumB = s.sumLeft + 48 * n;
  s.rs = s.sumB + 16 * n;
  s.gs = s.rs + BYTES * CHUNK * n;
  const bank = n * s.row;
  const bytes = bytesOf(nIn);
  memory.fill(totals, 0, 16 * kept);
  memory.fill(gR0, 0, bytes);
  memory.fill(gR1, 0, bytes);
  memory.fill(gR2, 0, bytes);

  for (let i = 0; i < nOut; i++) {
    memory.fill(s.sumK, 0, 16 * (kept + 4 * n));
    backwardAny(s, i, mode == CHEMICAL ? backwardFew(s, i) : 0);
    for (let t: usize = 0; t < kept; t++) accumulate(totals + 16 * t, v128.load(s.sumK + 16 * t));
    for (let c: usize = 0; c < n; c++) {
      const out = at(gLeft + c * s.row, i);
      const sums = s.sumLeft + 48 * c;
      store<Float>(out, foldAdd(v128.load(sums)));
      store<Float>(out + bank, foldAdd(v128.load(sums, 16)));
      store<Float>(out + 2 * bank, foldAdd(v128.load(sums, 32)));
      if (!bVector) store<Float>(at(gB + c * s.row, i), foldAdd(v128.load(s.sumB + 16 * c)));
    }
  }
  foldInto(gK, totals, n * n);
  foldInto(gV, totals + 16 * n * n, n);
  foldInto(gY, totals + 16 * (n * n + n), n);
  foldInto(gZ, totals + 16 * (n * n + 2 * n), n);
  if (mode != CHEMICAL) {
    for (let c: usize = 0; c < n; c++) {
      store<Float>(gP3 + BYTES * c, -foldAdd(v128.load(totals + 16 * (n * n + 3 * n + c))));
    }
  }
}

/** out[t] = the sum of the lanes of vector t. */
function foldInto(out: usize, vectors: usize, count: usize): void {
  for (let t: usize = 0; t < count; t++) store<Float>(out + BYTES * t, foldAdd(v128.load(vectors + 16 * t)));
}
