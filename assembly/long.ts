// Sums of many terms. Added one after another, a million equal numbers lose three digits, since the total grows until
// a term is less than what rounding takes from it. So a sum of more than LONG terms is cut into runs of RUN terms: each run
// is added as a short sum is, and the runs' sums are added with compensation: what rounding takes from the total at each
// addition is known exactly (Knuth 1969, the error of a sum; Neumaier 1974) and is added at the end. Then the error does not
// grow with the number of runs. Sums of up to LONG terms, such as all of the published networks, have the bits of a short
// sum.

import { loadUpTo, storeUpTo } from "./simd";

/** Sums of up to so many terms are added in one go. */
export const LONG: i32 = 1024;

/** Terms of a run of a long sum. */
export const RUN: i32 = 256;

/** How many terms of a sum are added in one go: all of them, or a run. */
export function runOf(terms: i32): i32 {
  return terms <= LONG ? max(1, terms) : RUN;
}

/** What rounding took from total + next, which came to `sum`; exact. */
@inline
export function lost(total: f32, next: f32, sum: f32): f32 {
  const added = sum - total;
  return total - (sum - added) + (next - added);
}

/** The total and what it lost on the way; a total that left the finite numbers stays as it is. */
@inline
export function settled(total: f32, missing: f32): f32 {
  return missing == missing ? total + missing : total;
}

/** `lost` of four sums. */
@inline
export function lost4(total: v128, next: v128, sum: v128): v128 {
  const added = f32x4.sub(sum, total);
  return f32x4.add(f32x4.sub(total, f32x4.sub(sum, added)), f32x4.sub(next, added));
}

/** `settled` of four sums. */
@inline
export function settled4(total: v128, missing: v128): v128 {
  return v128.bitselect(f32x4.add(total, missing), total, f32x4.eq(missing, missing));
}

/** Adds the sums of a run to the totals, n of each, and to `missing` what that lost. */
export function addRun(totals: usize, missing: usize, run: usize, n: i32): void {
  for (; n > 0; n -= 4, totals += 16, missing += 16, run += 16) {
    const total = loadUpTo(totals, n);
    const next = loadUpTo(run, n);
    const sum = f32x4.add(total, next);
    storeUpTo(missing, f32x4.add(loadUpTo(missing, n), lost4(total, next, sum)), n);
    storeUpTo(totals, sum, n);
  }
}

/** Adds to n totals what they lost. */
export function settle(totals: usize, missing: usize, n: i32): void {
  for (; n > 0; n -= 4, totals += 16, missing += 16) {
    storeUpTo(totals, settled4(loadUpTo(totals, n), loadUpTo(missing, n)), n);
  }
}

/** Four elements of a matrix of `rows` rows, each row times its weight, summed row after row. */
@inline
function weightedRun(a: usize, row: usize, x: usize, step: usize, rows: i32, n: i32): v128 {
  let s = f32x4.splat(0);
  for (; rows > 0; rows--, a += row, x += step) s = f32x4.add(s, f32x4.mul(v128.load32_splat(x), loadUpTo(a, n)));
  return s;
}

/** out (n) = the sum of m > LONG rows of a (m, n), row i times the number at x + i step. */
export function longColumns(out: usize, a: usize, x: usize, step: usize, m: i32, n: i32): void {
  const row = (<usize>n) << 2;
  for (; n >= 16; n -= 16, out += 64, a += 64) {
    let t0 = f32x4.splat(0);
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
      let s0 = f32x4.splat(0);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      for (let rows = min(left, RUN); rows > 0; rows--, p += row, q += step) {
        const weight = v128.load32_splat(q);
        s0 = f32x4.add(s0, f32x4.mul(weight, v128.load(p)));
        s1 = f32x4.add(s1, f32x4.mul(weight, v128.load(p, 16)));
        s2 = f32x4.add(s2, f32x4.mul(weight, v128.load(p, 32)));
        s3 = f32x4.add(s3, f32x4.mul(weight, v128.load(p, 48)));
      }
      let sum = f32x4.add(t0, s0);
      l0 = f32x4.add(l0, lost4(t0, s0, sum));
      t0 = sum;
      sum = f32x4.add(t1, s1);
      l1 = f32x4.add(l1, lost4(t1, s1, sum));
      t1 = sum;
      sum = f32x4.add(t2, s2);
      l2 = f32x4.add(l2, lost4(t2, s2, sum));
      t2 = sum;
      sum = f32x4.add(t3, s3);
      l3 = f32x4.add(l3, lost4(t3, s3, sum));
      t3 = sum;
    }
    v128.store(out, settled4(t0, l0));
    v128.store(out, settled4(t1, l1), 16);
    v128.store(out, settled4(t2, l2), 32);
    v128.store(out, settled4(t3, l3), 48);
  }
  for (; n > 0; n -= 4, out += 16, a += 16) {
    let total = f32x4.splat(0);
    let missing = total;
    for (let done = 0; done < m; done += RUN) {
      const run = weightedRun(a + <usize>done * row, row, x + <usize>done * step, step, min(RUN, m - done), n);
      const sum = f32x4.add(total, run);
      missing = f32x4.add(missing, lost4(total, run, sum));
      total = sum;
    }
    storeUpTo(out, settled4(total, missing), n);
  }
}
