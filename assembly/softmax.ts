// Softmax over rows and what classification needs of it. The largest element is subtracted first, so nothing
// overflows. The sum of exponentials keeps LANES partial sums, element i in number i mod LANES, folded as `foldAdd` does
// it; over long rows it is cut into runs, see long.ts.
import { lost, runOf, settled } from "./long";
import { rowMax } from "./reduce";
import { at, atInteger, bytesOf, foldAdd, LANES, loadTail, loadTailOver, storeTail } from "./simd";
import { expOf, logOf } from "./vectors";

/** The sum of e^(x - largest) in one go; a padding lane holds -Inf and adds nothing. */
function shortSumExp(x: usize, n: i32, shift: v128): Float {
  let s = lanes.splat(0);
  for (; n > 0; n -= LANES, x += 16) {
    const v = n >= LANES ? v128.load(x) : loadTailOver(lanes.splat(-Infinity), x, n);
    s = lanes.add(s, expOf(lanes.sub(v, shift)));
  }
  return foldAdd(s);
}

/** The sum of e^(x - largest). */
function sumExp(x: usize, n: i32, largest: Float): Float {
  const shift = lanes.splat(largest);
  const run = runOf(n);
  let total: Float = 0;
  let missing: Float = 0;
  for (; n > 0; n -= run, x += bytesOf(run)) {
    const next = shortSumExp(x, min(n, run), shift);
    const sum = total + next;
    missing += lost(total, next, sum);
    total = sum;
  }
  return settled(total, missing);
}

@inline
function log(x: Float): Float {
  return lanes.extract_lane(logOf(lanes.splat(x)), 0);
}

/** out = e^(x - largest), and the sum of it in one go. */
function shortExp(out: usize, x: usize, n: i32, shift: v128): Float {
  let s = lanes.splat(0);
  for (; n >= LANES; n -= LANES, out += 16, x += 16) {
    const e = expOf(lanes.sub(v128.load(x), shift));
    v128.store(out, e);
    s = lanes.add(s, e);
  }
  if (n > 0) {
    const e = expOf(lanes.sub(loadTailOver(lanes.splat(-Infinity), x, n), shift));
    storeTail(out, e, n);
    s = lanes.add(s, e);
  }
  return foldAdd(s);
}

/** out = e^(x - largest) / sum, in two passes: the exponentials, then the quotients. */
function softmaxRow(out: usize, x: usize, n: i32): void {
  const shift = lanes.splat(rowMax(x, n));
  const run = runOf(n);
  let all: Float = 0;
  let missing: Float = 0;
  for (let from = 0; from < n; from += run) {
    const next = shortExp(at(out, from), at(x, from), min(run, n - from), shift);
    const sum = all + next;
    missing += lost(all, next, sum);
    all = sum;
  }
  const total = lanes.splat(settled(all, missing));
  for (; n >= LANES; n -= LANES, out += 16) v128.store(out, lanes.div(v128.load(out), total));
  if (n > 0) storeTail(out, lanes.div(loadTail(out, n), total), n);
}

/** out[r] = softmax of row r */
export function softmax(out: usize, x: usize, rows: i32, cols: i32): void {
  for (let r = 0; r < rows; r++) softmaxRow(at(out, r * cols), at(x, r * cols), cols);
}

/** out[r] = the logarithm of softmax of row r: (x - largest) - ln(sum) */
export function logSoftmax(out: usize, x: usize, rows: i32, cols: i32): void {
  for (let r = 0; r < rows; r++) {
    const largest = rowMax(x, cols);
    const shift = lanes.splat(largest);
    const total = lanes.splat(log(sumExp(x, cols, largest)));
    for (let n = cols; n > 0; n -= LANES, out += 16, x += 16) {
      const v = n >= LANES ? v128.load(x) : loadTail(x, n);
      const y = lanes.sub(lanes.sub(v, shift), total);
      if (n >= LANES) v128.store(out, y);
      else {
        storeTail(out, y, n);
        // The partial vector is no full step: back to where the next row begins.
        out -= bytesOf(LANES - n);
        x -= bytesOf(LANES - n);
      }
    }
  }
}

/** out[r] = -log softmax(row r)[label r]; NaN for a label outside the row */
export function crossEntropy(out: usize, logits: usize, labels: usize, rows: i32, cols: i32): void {
  for (let r = 0; r < rows; r++) {
    const row = at(logits, r * cols);
    const label = load<i32>(atInteger(labels, r));
    let loss: Float = NaN;
    if (<u32>label < <u32>cols) {
      const largest = rowMax(row, cols);
      loss = log(sumExp(row, cols, largest)) - (load<Float>(at(row, label)) - largest);
    }
    store<Float>(at(out, r), loss);
  }
}

/** out[r] = softmax(row r) - onehot(label r): what cross-entropy asks of the logits */
export function softmaxError(out: usize, logits: usize, labels: usize, rows: i32, cols: i32): void {
  for (let r = 0; r < rows; r++) {
    const row = at(out, r * cols);
    softmaxRow(row, at(logits, r * cols), cols);
    const label = load<i32>(atInteger(labels, r));
    if (<u32>label < <u32>cols) store<Float>(at(row, label), load<Float>(at(row, label)) - 1);
  }
}
