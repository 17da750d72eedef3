import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Floats } from "./element.js";
import { anyFloat, expectBits, kernels, law, ordinaryFloat, run, runInPlace, sample, vector } from "./harness.js";
import { tabulate } from "./twins/arithmetic.js";
import { crossEntropy, logSoftmax, softmax, softmaxError } from "./twins/softmax.js";

interface Batch {
  x: Float32Array;
  rows: number;
  cols: number;
  labels: Int32Array;
}

const SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 12, 17];

/** Rows of logits and labels, one or two of which may lie outside the row. */
const batch: fc.Arbitrary<Batch> = fc
  .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 20 }), fc.constantFrom(ordinaryFloat, anyFloat))
  .chain(([rows, cols, element]) =>
    fc.record({
      rows: fc.constant(rows),
      cols: fc.constant(cols),
      x: vector(element, rows * cols),
      labels: fc
        .array(fc.integer({ min: -1, max: cols }), { minLength: rows, maxLength: rows })
        .map((labels) => Int32Array.from(labels)),
    }),
  );

const byHand: Batch[] = SIZES.map((cols) => ({
  rows: 3,
  cols,
  x: sample(3 * cols, cols),
  labels: Int32Array.of(0, cols - 1, cols >> 1),
}));

function everywhere(check: (b: Batch) => void) {
  byHand.forEach(check);
  fc.assert(fc.property(batch, check), law);
}

const rowsOf = ({ x, rows, cols }: Batch) =>
  Array.from({ length: rows }, (_, r) => x.subarray(r * cols, (r + 1) * cols));

const join = (rows: Float32Array[]) => Floats.from(rows.flatMap((row) => [...row]));

describe.each([
  ["softmax", softmax],
  ["logSoftmax", logSoftmax],
] as const)("%s", (name, twin) => {
  it("has its twin's bits, in place too", () => {
    everywhere((b) => {
      const expected = join(rowsOf(b).map(twin));
      expectBits(
        run(b.x.length, [b.x], (out, p) => kernels[name](out, p, b.rows, b.cols)),
        expected,
        name,
      );
      expectBits(
        runInPlace(b.x, [], (p) => kernels[name](p, p, b.rows, b.cols)),
        expected,
        `${name} in place`,
      );
    });
  });
});

describe("crossEntropy and softmaxError", () => {
  it("have their twins' bits; a label outside the row makes the loss NaN and marks nothing", () => {
    everywhere((b) => {
      const losses = run(b.rows, [b.x, b.labels], (out, p, q) => kernels.crossEntropy(out, p, q, b.rows, b.cols));
      expectBits(
        losses,
        tabulate(b.rows, (r) => crossEntropy(rowsOf(b)[r], b.labels[r])),
        "crossEntropy",
      );
      const errors = run(b.x.length, [b.x, b.labels], (out, p, q) => kernels.softmaxError(out, p, q, b.rows, b.cols));
      expectBits(errors, join(rowsOf(b).map((row, r) => softmaxError(row, b.labels[r]))), "softmaxError");
    });
  });

  it("are right for logits that would overflow", () => {
    const x = Floats.of(1000, 998, -1000);
    const [loss] = run(1, [x, Int32Array.of(1)], (out, p, q) => kernels.crossEntropy(out, p, q, 1, 3));
    expect(loss).toBeCloseTo(2 + Math.log1p(Math.exp(-2)), 6);
    const p = run(3, [x], (out, q) => kernels.softmax(out, q, 1, 3));
    expect(p[0] + p[1] + p[2]).toBeCloseTo(1, 6);
  });
});
