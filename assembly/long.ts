// Sums of many terms. Added one after another, a million equal numbers lose three digits, since the total grows until
// a term is less than what rounding takes from it. So a sum of more than LONG terms is cut into runs of RUN terms: each run
// is added as a short sum is, and the runs' sums are added with compensation: what rounding takes from the total at each
// addition is known exactly (Knuth 1969, the error of a sum; Neumaier 1974) and is added at the end. Then the error does not
// grow with the number of runs. Sums of up to LONG terms, such as all of the published networks, have the bits of a short
// sum.

import { BYTES, bytesOf, LANES, loadUpTo, storeUpTo } from "./simd";

/** Sums of up to so many terms are added in one go. */
export const LONG: i32 = 1024;

/** Terms of a run of a long sum. */
export const RUN: i32 = 256;

/** How many terms of a sum are added in one go: all of them, or a run. */
export function runOf(terms: i32): i32 {
  return terms <= LONG ? max(1, terms) : RUN;
}

/** Bytes that the sums of m n results of k terms need beside them: for long ones, those of a run and what the totals lost. */
export function longScratch(m: i32, n: i32, k: i32): i32 {
  return k <= LONG ? 0 : 2 * <i32>BYTES * m * n;
}

/** What rounding took from total + next, which came to `sum`; exact. */
@inline
export function lost(total: Float, next: Float, sum: Float): Float {
  const added = sum - total;
  return total - (sum - added) + (next - added);
}

/** The total and what it lost on the way; a total that left the finite numbers stays as it is. */
@inline
export function settled(total: Float, missing: Float): Float {
  return missing == missing ? total + missing : total;
}

/** `lost` of a vector of sums. */
@inline
export function lostEach(total: v128, next: v128, sum: v128): v128 {
  const added = lanes.sub(sum, total);
  return lanes.add(lanes.sub(total, lanes.sub(sum, added)), lanes.sub(next, added));
}

/** `settled` of a vector of sums. */
@inline
export function settledEach(total: v128, missing: v128): v128 {
  return v128.bitselect(lanes.add(total, missing), total, lanes.eq(missing, missing));
}

/** Adds a vector of the sums of a run to the totals, and to `missing` what that lost. */
@inline
export function addVector(totals: usize, missing: usize, next: v128): void {
  const total = v128.load(totals);
  const sum = lanes.add(total, next);
  v128.store(missing, lanes.add(v128.load(missing), lostEach(total, next, sum)));
  v128.store(totals, sum);
}

/** Adds the sums of a run to the totals, n of each, and to `missing` what that lost. */
export function addRun(totals: usize, missing: usize, run: usize, n: i32): void {
  for (; n > 0; n -= LANES, totals += 16, missing += 16, run += 16) {
    const total = loadUpTo(totals, n);
    const next = loadUpTo(run, n);
    const sum = lanes.add(total, next);
    storeUpTo(missing, lanes.add(loadUpTo(missing, n), lostEach(total, next, sum)), n);
    storeUpTo(totals, sum, n);
  }
}

/** Adds to n totals what they lost. */
export function settle(totals: usize, missing: usize, n: i32): void {
  for (; n > 0; n -= LANES, totals += 16, missing += 16) {
    storeUpTo(totals, settledEach(loadUpTo(totals, n), loadUpTo(missing, n)), n);
  }
}

/** A vector of the elements of a matrix of `rows` rows, each row times its weight, summed row after row. */
@inline
function weightedRun(a: usize, row: usize, x: usize, step: usize, rows: i32, n: i32): v128 {
  let s = lanes.splat(0);
  for (; rows > 0; rows--, a += row, x += step) s = lanes.add(s, lanes.mul(v128.load_splat<Float>(x), loadUpTo(a, n)));
  return s;
}

/** out (n) = the sum of m > LONG rows of a (m, n), row i times the number at x + i step. */
export function longColumns(out: usize, a: usize, x: usize, step: usize, m: i32, n: i32): void {
  const row = bytesOf(n);
  for (; n >= 4 * LANES; n -= 4 * LANES, out += 64, a += 64) {
    let t0 = lanes.splat(0);
    let t1 = t0;
    let t2 = t0;
    let t3 = t0;
    let l0 = t0;
    let l1 = t0;
    let l2 = t0;
    let l3 = t0;
    let p = a;
    let q = x;
    for (let left = m; left > 0; left -= RUN) {
      let s0 = lanes.splat(0);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      for (let rows = min(left, RUN); rows > 0; rows--, p += row, q += step) {
        const weight = v128.load_splat<Float>(q);
        s0 = lanes.add(s0, lanes.mul(weight, v128.load(p)));
        s1 = lanes.add(s1, lanes.mul(weight, v128.load(p, 16)));
        s2 = lanes.add(s2, lanes.mul(weight, v128.load(p, 32)));
        s3 = lanes.add(s3, lanes.mul(weight, v128.load(p, 48)));
      }
      let sum = lanes.add(t0, s0);
      l0 = lanes.add(l0, lostEach(t0, s0, sum));
      t0 = sum;
      sum = lanes.add(t1, s1);
      l1 = lanes.add(l1, lostEach(t1, s1, sum));
      t1 = sum;
      sum = lanes.add(t2, s2);
      l2 = lanes.add(l2, lostEach(t2, s2, sum));
      t2 = sum;
      sum = lanes.add(t3, s3);
      l3 = lanes.add(l3, lostEach(t3, s3, sum));
      t3 = sum;
    }
    v128.store(out, settledEach(t0, l0));
    v128.store(out, settledEach(t1, l1), 16);
    v128.store(out, settledEach(t2, l2), 32);
    v128.store(out, settledEach(t3, l3), 48);
  }
  for (; n > 0; n -= LANES, out += 16, a += 16) {
    let total = lanes.splat(0);
    let missing = total;
    for (let done = 0; done < m; done += RUN) {
      const run = weightedRun(a + <usize>done * row, row, x + <usize>done * step, step, min(RUN, m - done), n);
      const sum = lanes.add(total, run);
      missing = lanes.add(missing, lostEach(total, run, sum));
      total = sum;
    }
    storeUpTo(out, settledEach(total, missing), n);
  }
}
