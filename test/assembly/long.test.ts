// Sums of many terms: the bits of their scalar twins about the places where runs begin and end, and errors that do not
// grow with the number of terms.
import { describe, expect, it } from "vitest";
import { BYTES, DOUBLE, Floats } from "./element.js";
import { expectBits, kernels, memory, run, sample } from "./harness.js";
import { tabulate } from "./twins/arithmetic.js";
import { cumsum } from "./twins/gather.js";
import { matmulNN, matmulNT, matmulTN, matvec, matvecT } from "./twins/matmul.js";
import { dot, sum } from "./twins/reduce.js";
import { logSoftmax, softmax } from "./twins/softmax.js";

/** About the longest short sum, and about the ends of runs of a long one. */
const TERMS = [1023, 1024, 1025, 1030, 1279, 1280, 1281, 1537, 2060];

/** Terms from which the totals leave the finite numbers, or are none. */
const spoiled = (n: number, at: number, by: number) => {
  const x = sample(n);
  x[at % n] = by;
  return x;
};
const inputs = (n: number) => [
  sample(n),
  tabulate(n, (i) => 0.1 + (i % 3) * 1e-9),
  spoiled(n, 700, Number.POSITIVE_INFINITY),
  spoiled(n, n - 1, Number.NaN),
  tabulate(n, () => (DOUBLE ? 1e308 : 3e38)),
];

describe("long sums have their twins' bits", () => {
  it.each(TERMS)("of %i terms, along rows and down columns", (n) => {
    for (const x of inputs(n)) {
      const of = (outer: number, axis: number, inner: number, data: Float32Array) =>
        expectBits(
          run(outer * inner, [data], (o, p) => kernels.sum(o, p, outer, axis, inner)),
          sum(data, outer, axis, inner),
          `sum (${outer}, ${axis}, ${inner})`,
        );
      of(1, n, 1, x);
      for (const inner of [2, 5, 16, 23])
        of(
          1,
          n,
          inner,
          tabulate(n * inner, (i) => x[(i * 7) % n]),
        );
      of(
        2,
        n,
        3,
        tabulate(n * 6, (i) => x[(i * 11) % n]),
      );
      const both = Floats.of(run(1, [x, sample(n, 2)], (o, p, q) => kernels.fill(o, 1, kernels.dot(p, q, n)))[0]);
      expectBits(both, Floats.of(dot(x, sample(n, 2))), `dot of ${n}`);
    }
  });

  it.each(TERMS)("of %i terms, as running sums from both ends", (n) => {
    for (const backward of [false, true]) {
      for (const inner of [1, 3]) {
        const x = tabulate(n * inner, (i) => sample(97)[(i * 5) % 97]);
        const got = run(x.length, [x], (o, p) => kernels.cumsum(o, p, 1, n, inner, Number(backward)));
        expectBits(got, cumsum(x, n, inner, backward), `cumsum of ${n} x ${inner}`);
      }
    }
  });

  it.each(TERMS)("of %i exponentials", (n) => {
    for (const [name, twin] of [
      ["softmax", softmax],
      ["logSoftmax", logSoftmax],
    ] as const) {
      const x = sample(2 * n);
      const got = run(2 * n, [x], (o, p) => kernels[name](o, p, 2, n));
      expectBits(got, Floats.of(...twin(x.subarray(0, n)), ...twin(x.subarray(n))), `${name} of ${n}`);
    }
  });

  it.each(TERMS)("of products of %i terms", (k) => {
    for (const [m, n] of [
      [1, 1],
      [3, 2],
      [5, 9],
      // Large enough for copies of the operands, and for the test's memory.
      ...(k === 1025 ? [[16, 16]] : []),
    ]) {
      const a = tabulate(m * k, (i) => sample(97)[(i * 11 + 1) % 97]);
      const b = tabulate(k * n, (i) => sample(97)[(i * 13 + 2) % 97]);
      // What a kernel uses as scratch lies behind the result.
      const product = (bytes: number, of: (o: number, p: number, q: number, scratch: number) => void) =>
        run(m * n + bytes / BYTES, [a, b], (o, p, q) => of(o, p, q, o + BYTES * m * n)).slice(0, m * n);
      for (const [name, twin] of [
        ["matmulNN", matmulNN],
        ["matmulTN", matmulTN],
        ["matmulNT", matmulNT],
      ] as const) {
        const room = name === "matmulNT" ? kernels.dotsScratch(m, n, k) : kernels.longScratch(m, n, k);
        const got = product(room, (o, p, q, s) => kernels[name](o, p, q, m, n, k, s));
        expectBits(got, twin(a, b, m, n, k), `${name} ${m}x${n}x${k}`);
      }
      for (const [row, term, twin] of [
        [BYTES * k, BYTES, matmulNN],
        [BYTES, BYTES * m, matmulTN],
      ] as const) {
        const got = product(kernels.packedScratch(m, n, k), (o, p, q, s) =>
          kernels.matmulPacked(o, p, q, m, n, k, row, term, s),
        );
        expectBits(got, twin(a, b, m, n, k), `packed ${m}x${n}x${k}`);
      }
    }
    const [x, rows] = [sample(k, 3), 9];
    const wide = tabulate(rows * k, (i) => sample(97)[(i * 11) % 97]);
    const across = run(rows, [wide, x], (o, p, q) => kernels.matvec(o, p, q, rows, k));
    expectBits(across, matvec(wide, x, rows, k), `matvec ${rows}x${k}`);
    for (const columns of [1, 5, 18]) {
      const tall = tabulate(k * columns, (i) => sample(97)[(i * 11) % 97]);
      const down = run(columns, [tall, x], (o, p, q) => kernels.matvecT(o, p, q, k, columns));
      expectBits(down, matvecT(tall, x, k, columns), `matvecT ${k}x${columns}`);
    }
  });
});

/** Room for the long inputs at the end of a memory of this test's own. */
function withNumbers<T>(count: number, value: (i: number) => number, use: (address: number, out: number) => T): T {
  const out = Math.ceil(kernels.heapBase() / 16) * 16;
  const numbers = out + 65536;
  const missing = Math.ceil((numbers + BYTES * count - memory.buffer.byteLength) / 65536);
  if (missing > 0) memory.grow(missing);
  const floats = new Floats(memory.buffer);
  for (let i = 0; i < count; i++) floats[numbers / BYTES + i] = value(i);
  return use(numbers, out);
}

describe("the error of a sum does not grow with its length", () => {
  const MOST = DOUBLE ? 1e-14 : 2e-6;
  const relative = (got: number, wanted: number) => Math.abs(got - wanted) / Math.abs(wanted);
  const tenth = Math.fround(0.1);
  const numbers = { "equal numbers": () => tenth, "growing numbers": (i: number) => Math.fround(1e-3 * i + 0.1) };

  it.each(Object.entries(numbers))("of %s", (_, value) => {
    for (const n of [1e4, 1e5, 4e6]) {
      let exact = 0;
      for (let i = 0; i < n; i++) exact += value(i);
      withNumbers(n, value, (x, out) => {
        const first = () => new Floats(memory.buffer)[out / BYTES];
        kernels.sum(out, x, 1, n, 1);
        expect(relative(first(), exact), `sum of ${n}`).toBeLessThan(MOST);
        for (const columns of [2, 16]) {
          let column = 0;
          for (let i = 0; i < n; i += columns) column += value(i);
          kernels.sum(out, x, 1, n / columns, columns);
          expect(relative(first(), column), `down ${n} / ${columns}`).toBeLessThan(DOUBLE ? 1e-13 : 1.2e-5);
        }
      });
    }
  });
});
