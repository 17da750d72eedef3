import fc from "fast-check";
import { describe, it } from "vitest";
import { BYTES } from "./element.js";
import { anyFloat, expectBits, kernels, law, ordinaryFloat, run, runInPlace, sample, vector } from "./harness.js";
import { tabulate } from "./twins/arithmetic.js";
import { matmulNN, matmulNT, matmulTN, matvec, matvecT, outer, outerAdd, transpose } from "./twins/matmul.js";

/** Below, at and above the tiles of four rows and of two, four and eight columns. */
const SIZES = [0, 1, 2, 3, 4, 5, 7, 8, 9, 13];
const size = fc.integer({ min: 0, max: 20 });
const values = fc.constantFrom(ordinaryFloat, anyFloat).chain((element) => vector(element, 53));

/** n numbers drawn from `pool`, in an order of their own. */
const take = (pool: Float32Array, n: number, from: number) => tabulate(n, (i) => pool[(i * 11 + from) % pool.length]);

describe.each([
  ["matmulNN", matmulNN],
  ["matmulNT", matmulNT],
  ["matmulTN", matmulTN],
] as const)("%s", (name, twin) => {
  const expectTwin = (m: number, n: number, k: number, pool: Float32Array) => {
    const a = take(pool, m * k, 1);
    const b = take(pool, k * n, 2);
    const room = name === "matmulNT" ? kernels.dotsScratch(m, n, k) : kernels.longScratch(m, n, k);
    // What the kernel uses as scratch lies behind the result.
    const out = run(m * n + room / BYTES, [a, b], (o, p, q) => kernels[name](o, p, q, m, n, k, o + BYTES * m * n));
    expectBits(out.slice(0, m * n), twin(a, b, m, n, k), `${name} ${m}x${n}x${k}`);
  };

  it("has its twin's bits around every edge of a tile", () => {
    for (const m of [0, 1, 2, 3, 4, 5, 9]) {
      for (const n of SIZES) {
        for (const k of [0, 1, 3, 4, 5, 10]) expectTwin(m, n, k, sample(97));
      }
    }
  });

  it("has its twin's bits where operands are copied", () => {
    for (const [m, n] of [
      [16, 16],
      [16, 17],
      [19, 33],
      [33, 18],
      [15, 40],
      [40, 15],
    ]) {
      for (const k of [0, 1, 3, 4, 5, 10]) expectTwin(m, n, k, sample(97));
    }
  });

  it("has its twin's bits for any sizes and any floats", () => {
    fc.assert(fc.property(size, size, size, values, expectTwin), law);
  });
});

describe("matmulPacked", () => {
  it.each([
    ["matmulNN", matmulNN],
    ["matmulTN", matmulTN],
  ] as const)("has the bits of %s around every edge of a tile and of a slice", (name, twin) => {
    // Tiles have five rows, and twelve of them are packed at once.
    for (const m of [1, 3, 4, 5, 16, 19, 21, 24, 62]) {
      for (const n of m > 10 ? [3, 9] : [1, 3, 4, 7, 8, 9, 17]) {
        for (const k of m > 10 ? [5, 257] : [1, 5, 255, 256, 257, 600]) {
          const a = take(sample(97), m * k, 1);
          const b = take(sample(97), k * n, 2);
          const [row, term] = name === "matmulTN" ? [BYTES, BYTES * m] : [BYTES * k, BYTES];
          // What the kernel uses as scratch lies behind the result.
          const size = m * n + kernels.packedScratch(m, n, k) / BYTES;
          const out = run(size, [a, b], (o, p, q) =>
            kernels.matmulPacked(o, p, q, m, n, k, row, term, o + BYTES * m * n),
          );
          expectBits(out.slice(0, m * n), twin(a, b, m, n, k), `packed ${name} ${m}x${n}x${k}`);
        }
      }
    }
  });
});

describe.each(["matvec", "matvecT", "outer", "outerAdd"] as const)("%s", (name) => {
  const expectTwin = (m: number, n: number, pool: Float32Array) => {
    const what = `${name} ${m}x${n}`;
    const matrix = take(pool, m * n, 1);
    const rows = take(pool, m, 2);
    const cols = take(pool, n, 3);
    if (name === "matvec") {
      const out = run(m, [matrix, cols], (o, p, q) => kernels.matvec(o, p, q, m, n));
      expectBits(out, matvec(matrix, cols, m, n), what);
    } else if (name === "matvecT") {
      const out = run(n, [matrix, rows], (o, p, q) => kernels.matvecT(o, p, q, m, n));
      expectBits(out, matvecT(matrix, rows, m, n), what);
    } else if (name === "outer") {
      const out = run(m * n, [rows, cols], (o, p, q) => kernels.outer(o, p, q, m, n));
      expectBits(out, outer(rows, cols, m, n), what);
    } else {
      const out = runInPlace(matrix, [rows, cols], (o, p, q) => kernels.outerAdd(o, p, q, m, n));
      expectBits(out, outerAdd(matrix, rows, cols, m, n), what);
    }
  };

  it("has its twin's bits at every size", () => {
    for (const m of [...SIZES, 16, 17, 24]) {
      for (const n of SIZES) expectTwin(m, n, sample(97));
    }
    expectTwin(170, 61, sample(97));
  });

  it("has its twin's bits for any sizes and any floats", () => {
    fc.assert(fc.property(size, size, values, expectTwin), law);
  });
});

describe("transpose", () => {
  it("moves every element and touches nothing else", () => {
    for (const rows of SIZES) {
      for (const cols of SIZES) {
        const x = sample(rows * cols);
        const out = run(x.length, [x], (o, p) => kernels.transpose(o, p, rows, cols));
        expectBits(out, transpose(x, rows, cols), `${rows}x${cols}`);
      }
    }
  });
});
