// Softmax over rows and what classification needs of it. The largest element is subtracted first, so nothing
// overflows. The sum of exponentials keeps four partial sums, element i in number i mod 4, folded (0 + 2) + (1 + 3); over
// long rows it is cut into runs, see long.ts.
import { lost, runOf, settled } from "./long";
import { rowMax } from "./reduce";
import { at, foldAdd, loadTail, loadTailOver, storeTail } from "./simd";
import { exp4, log4 } from "./transcendental";

/** The sum of e^(x - largest) in one go; a padding lane holds -Inf and adds nothing. */
function shortSumExp(x: usize, n: i32, shift: v128): f32 {
  let s = f32x4.splat(0);
  for (; n > 0; n -= 4, x += 16) {
    const v = n >= 4 ? v128.load(x) : loadTailOver(f32x4.splat(-Infinity), x, n);
    s = f32x4.add(s, exp4(f32x4.sub(v, shift)));
  }
  return foldAdd(s);
}

/** The sum of e^(x - largest). */
function sumExp(x: usize, n: i32, largest: f32): f32 {
  const shift = f32x4.splat(largest);
  const run = runOf(n);
  let total: f32 = 0;
  let missing: f32 = 0;
  for (; n > 0; n -= run, x += (<usize>run) << 2) {
    const next = shortSumExp(x, min(n, run), shift);
    const sum = total + next;
    missing += lost(total, next, sum);
    total = sum;
  }
  return settled(total, missing);
}

@inline
function log(x: f32): f32 {
  return f32x4.extract_lane(log4(f32x4.splat(x)), 0);
}

/** out = e^(x - largest), and the sum of it in one go. */
function shortExp(out: usize, x: usize, n: i32, shift: v128): f32 {
  let s = f32x4.splat(0);
  for (; n >= 4; n -= 4, out += 16, x += 16) {
    const e = exp4(f32x4.sub(v128.load(x), shift));
    v128.store(out, e);
    s = f32x4.add(s, e);
  }
  if (n > 0) {
    const e = exp4(f32x4.sub(loadTailOver(f32x4.splat(-Infinity), x, n), shift));
    storeTail(out, e, n);
    s = f32x4.add(s, e);
  }
  return foldAdd(s);
}

/** out = e^(x - largest) / sum, in two passes: the exponentials, then the quotients. */
function softmaxRow(out: usize, x: usize, n: i32): void {
  const shift = f32x4.splat(rowMax(x, n));
  const run = runOf(n);
  let all: f32 = 0;
  let missing: f32 = 0;
  for (let from = 0; from < n; from += run) {
    const next = shortExp(at(out, from), at(x, from), min(run, n - from), shift);
    const sum = all + next;
    missing += lost(all, next, sum);
    all = sum;
  }
  const total = f32x4.splat(settled(all, missing));
  for (; n >= 4; n -= 4, out += 16) v128.store(out, f32x4.div(v128.load(out), total));
  if (n > 0) storeTail(out, f32x4.div(loadTail(out, n), total), n);
}

/** out[r] = softmax of row r */
export function softmax(out: usize, x: usize, rows: i32, cols: i32): void {
  for (let r = 0; r < rows; r++) softmaxRow(at(out, r * cols), at(x, r * cols), cols);
}

/** out[r] = the logarithm of softmax of row r: (x - largest) - ln(sum) */
export function logSoftmax(out: usize, x: usize, rows: i32, cols: i32): void {
  for (let r = 0; r < rows; r++) {
    const largest = rowMax(x, cols);
    const shift = f32x4.splat(largest);
    const total = f32x4.splat(log(sumExp(x, cols, largest)));
    for (let n = cols; n > 0; n -= 4, out += 16, x += 16) {
      const v = n >= 4 ? v128.load(x) : loadTail(x, n);
      const y = f32x4.sub(f32x4.sub(v, shift), total);
      if (n >= 4) v128.store(out, y);
      else {
        storeTail(out, y, n);
        // The partial vector is no full step: back to where the next row begins.
        out -= (<usize>(4 - n)) << 2;
        x -= (<usize>(4 - n)) << 2;
      }
    }
  }
}

/** out[r] = -log softmax(row r)[label r]; NaN for a label outside the row */
export function crossEntropy(out: usize, logits: usize, labels: usize, rows: i32, cols: i32): void {
  for (let r = 0; r < rows; r++) {
    const row = at(logits, r * cols);
    const label = load<i32>(at(labels, r));
    let loss: f32 = NaN;
    if (<u32>label < <u32>cols) {
      const largest = rowMax(row, cols);
      loss = log(sumExp(row, cols, largest)) - (load<f32>(at(row, label)) - largest);
    }
    store<f32>(at(out, r), loss);
  }
}

/** out[r] = softmax(row r) - onehot(label r): what cross-entropy asks of the logits */
export function softmaxError(out: usize, logits: usize, labels: usize, rows: i32, cols: i32): void {
  for (let r = 0; r < rows; r++) {
    const row = at(out, r * cols);
    softmaxRow(row, at(logits, r * cols), cols);
    const label = load<i32>(at(labels, r));
    if (<u32>label < <u32>cols) store<f32>(at(row, label), load<f32>(at(row, label)) - 1);
  }
}
