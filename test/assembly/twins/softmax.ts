// Scalar twins of assembly/softmax.ts.
import { div, laneSum, sub } from "./arithmetic.js";
import { unary } from "./elementwise.js";
import { rowMax } from "./reduce.js";

const { exp, log } = unary;

function shifted(row: Float32Array) {
  const largest = rowMax(row);
  return { largest, total: laneSum(row.length, (i) => exp(sub(row[i], largest)), 1) };
}

export function softmax(row: Float32Array): Float32Array {
  const { largest, total } = shifted(row);
  return row.map((v) => div(exp(sub(v, largest)), total));
}

export function logSoftmax(row: Float32Array): Float32Array {
  const { largest, total } = shifted(row);
  return row.map((v) => sub(sub(v, largest), log(total)));
}

export function crossEntropy(row: Float32Array, label: number): number {
  const { largest, total } = shifted(row);
  return label in row ? sub(log(total), sub(row[label], largest)) : Number.NaN;
}

export function softmaxError(row: Float32Array, label: number): Float32Array {
  return softmax(row).map((p, i) => (i === label ? sub(p, 1) : p));
}
