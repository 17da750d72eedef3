// Scalar twins of assembly/reduce.ts.
import { BYTES } from "../element.js";
import { f, laneSum, mul, runningSum, tabulate } from "./arithmetic.js";

export function sum(x: Float32Array, outer: number, axis: number, inner: number): Float32Array {
  return tabulate(outer * inner, (i) => {
    const first = Math.floor(i / inner) * axis * inner + (i % inner);
    const term = (k: number) => x[first + k * inner];
    return inner === 1 ? laneSum(axis, term, 4) : runningSum(axis, term);
  });
}

export function max(x: Float32Array, outer: number, axis: number, inner: number): Float32Array {
  return tabulate(outer * inner, (i) => {
    let largest = -Infinity;
    const first = Math.floor(i / inner) * axis * inner + (i % inner);
    for (let k = 0; k < axis; k++) largest = Math.max(largest, x[first + k * inner]);
    return largest;
  });
}

export function argmax(row: Float32Array): number {
  const largest = Math.max(...row);
  const first = Number.isNaN(largest) ? row.findIndex(Number.isNaN) : row.indexOf(largest);
  return Math.max(0, first);
}

export const dot = (a: Float32Array, b: Float32Array) => laneSum(a.length, (i) => mul(a[i], b[i]), 4);

/** `dot`; where that is NaN, with products that are 0 where either factor is. */
export function dotChain(a: Float32Array, b: Float32Array): number {
  const plain = dot(a, b);
  return Number.isNaN(plain) ? laneSum(a.length, (i) => (a[i] === 0 || b[i] === 0 ? 0 : mul(a[i], b[i])), 4) : plain;
}

export const countNonFinite = (x: Float32Array) => x.filter((v) => !Number.isFinite(v)).length;

const wordAt = (x: Float32Array, i: number) => `${new Uint8Array(x.buffer, x.byteOffset + i * BYTES, BYTES)}`;

export const firstDifference = (a: Float32Array, b: Float32Array) =>
  a.findIndex((_, i) => wordAt(a, i) !== wordAt(b, i));

/** The largest of a row, as `max` finds it. */
export const rowMax = (row: Float32Array) => row.reduce((m, v) => Math.max(m, v), f(-Infinity));
