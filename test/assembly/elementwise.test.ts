import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BYTES, DOUBLE, Floats, round as f } from "./element.js";
import {
  anyFloat,
  expectBits,
  kernels,
  law,
  run,
  runInPlace,
  SPECIALS,
  sample,
  vector,
  type Words,
} from "./harness.js";
import { tabulate } from "./twins/arithmetic.js";
import { binary, unary, withNumber } from "./twins/elementwise.js";

const SIZES = [0, 1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 15, 16, 17, 33];
const any = fc.integer({ min: 0, max: 40 }).chain((n) => vector(anyFloat, n));

describe("kernels of one operand", () => {
  for (const [name, twin] of Object.entries(unary)) {
    const kernel = kernels[name as keyof typeof unary];
    const expectTwin = (x: Float32Array) => {
      const expected = x.map(twin);
      expectBits(
        run(x.length, [x], (out, p) => kernel(out, p, x.length)),
        expected,
        name,
      );
      expectBits(
        runInPlace(x, [], (p) => kernel(p, p, x.length)),
        expected,
        `${name} in place`,
      );
    };

    it(`${name} has its twin's bits at every size, in place too`, () => {
      for (const n of SIZES) expectTwin(sample(n, n));
      fc.assert(fc.property(any, expectTwin), law);
    });

    it(`${name} has its twin's bits for special values, in every lane`, () => {
      for (let shift = 0; shift < 4; shift++) expectTwin(Floats.from([...new Array(shift).fill(1), ...SPECIALS]));
    });
  }
});

describe("kernels of one operand and a number", () => {
  for (const [name, twin] of Object.entries(withNumber)) {
    const kernel = kernels[name as keyof typeof withNumber];
    it(`${name} has its twin's bits`, () => {
      const expectTwin = (x: Float32Array, c: number) => {
        const expected = x.map((v) => twin(v, c));
        expectBits(
          run(x.length, [x], (out, p) => kernel(out, p, x.length, c)),
          expected,
          `${name} ${c}`,
        );
        expectBits(
          runInPlace(x, [], (p) => kernel(p, p, x.length, c)),
          expected,
          `${name} ${c} in place`,
        );
      };
      for (const c of [1, 0.5, 10, -3]) {
        for (const n of SIZES) expectTwin(sample(n, n), c);
        expectTwin(SPECIALS, c);
      }
      fc.assert(
        fc.property(any, (DOUBLE ? fc.double : fc.float)({ min: 0.125, max: 16, noNaN: true }), expectTwin),
        law,
      );
    });
  }

  it("softplusGate of softplus is the sigmoid", () => {
    const z = sample(257).map((v) => v * 3);
    const y = run(z.length, [z], (out, p) => kernels.softplus(out, p, z.length, 2));
    const gate = run(z.length, [y], (out, p) => kernels.softplusGate(out, p, z.length, 2));
    gate.forEach((g, i) => {
      expect(g).toBeCloseTo(1 / (1 + Math.exp(-2 * z[i])), 5);
    });
  });
});

/** The elements a grid of these strides touches: as many as the kernel may read, and no more. */
const extent = (rows: number, cols: number, row: number, col: number) =>
  rows && cols ? (rows - 1) * row + (cols - 1) * col + 1 : 0;

interface Grid {
  rows: number;
  cols: number;
  a: readonly [row: number, col: number];
  b: readonly [row: number, col: number];
}

function expectZip(name: keyof typeof binary, { rows, cols, a: [aRow, aCol], b: [bRow, bCol] }: Grid, values: Words) {
  const take = (n: number, from: number) => tabulate(n, (i) => values[(i * 5 + from) % values.length]);
  const a = take(extent(rows, cols, aRow, aCol), 1);
  const b = take(extent(rows, cols, bRow, bCol), 3);
  const twin = binary[name];
  const expected = tabulate(rows * cols, (i) => {
    const r = Math.floor(i / cols);
    const c = i % cols;
    return twin(a[r * aRow + c * aCol], b[r * bRow + c * bCol]);
  });
  const what = `${name} ${rows}x${cols} a ${aRow},${aCol} b ${bRow},${bCol}`;
  const out = run(rows * cols, [a, b], (o, p, q) => kernels[name](o, p, q, rows, cols, aRow, aCol, bRow, bCol));
  expectBits(out, expected, what);
  if (a.length === rows * cols) {
    const same = runInPlace(a, [b], (p, q) => kernels[name](p, p, q, rows, cols, aRow, aCol, bRow, bCol));
    expectBits(same, expected, `${what} in place of a`);
  }
}

describe("kernels of two operands", () => {
  const strides = (cols: number) =>
    fc.oneof(
      fc.constantFrom([cols, 1] as const, [0, 1] as const, [1, 0] as const, [0, 0] as const),
      fc.tuple(fc.integer({ min: 0, max: 2 * cols + 3 }), fc.integer({ min: 0, max: 1 })),
    );
  const grid = fc
    .tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 13 }))
    .chain(([rows, cols]) =>
      fc.record({ rows: fc.constant(rows), cols: fc.constant(cols), a: strides(cols), b: strides(cols) }),
    );

  for (const name of Object.keys(binary) as (keyof typeof binary)[]) {
    it(`${name} has its twin's bits over any grid`, () => {
      fc.assert(
        fc.property(grid, vector(anyFloat, 60), (shape, values) => expectZip(name, shape, values)),
        law,
      );
    });

    it(`${name} has its twin's bits for every pair of special values`, () => {
      const n = SPECIALS.length;
      expectZip(name, { rows: n, cols: n, a: [1, 0], b: [0, 1] }, SPECIALS);
    });

    it(`${name} has its twin's bits at every size`, () => {
      for (const cols of SIZES) expectZip(name, { rows: 1, cols, a: [cols, 1], b: [cols, 1] }, sample(97));
      for (const rows of SIZES) expectZip(name, { rows, cols: 1, a: [1, 1], b: [0, 0] }, sample(97));
    });
  }
});

describe("cotangents in one pass", () => {
  const twins = {
    tanhGrad: (d: number, y: number) => f(d * f(1 - f(y * y))),
    sigmoidGrad: (d: number, y: number) => f(d * f(y * f(1 - y))),
  };
  for (const name of ["tanhGrad", "sigmoidGrad"] as const) {
    it(`${name} has its twin's bits at every size, for special values, in place too`, () => {
      const expectTwin = (d: Float32Array, y: Float32Array) => {
        const expected = d.map((v, i) => twins[name](v, y[i]));
        expectBits(
          run(d.length, [d, y], (out, p, q) => kernels[name](out, p, q, d.length)),
          expected,
        );
        expectBits(
          runInPlace(d, [y], (p, q) => kernels[name](p, p, q, d.length)),
          expected,
        );
      };
      for (const n of SIZES) expectTwin(sample(n, n), sample(n, n + 7));
      SPECIALS.forEach((special) => {
        expectTwin(
          SPECIALS,
          SPECIALS.map(() => special),
        );
      });
      fc.assert(
        fc.property(
          fc.integer({ min: 0, max: 40 }).chain((n) => fc.tuple(vector(anyFloat, n), vector(anyFloat, n))),
          ([d, y]) => expectTwin(d, y),
        ),
        law,
      );
    });
  }
});

describe("where, fill and copy", () => {
  it("where takes a where the condition is not zero, also where it is NaN", () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 0, max: 40 })
          .chain((n) =>
            fc.tuple(vector(fc.oneof(anyFloat, fc.constantFrom(0, -0)), n), vector(anyFloat, n), vector(anyFloat, n)),
          ),
        ([condition, a, b]) => {
          const n = a.length;
          const expected = tabulate(n, (i) => (condition[i] === 0 ? b[i] : a[i]));
          expectBits(
            run(n, [condition, a, b], (out, c, p, q) => kernels.where(out, c, p, q, n)),
            expected,
          );
          expectBits(
            runInPlace(a, [condition, b], (p, c, q) => kernels.where(p, c, p, q, n)),
            expected,
          );
        },
      ),
      law,
    );
  });

  it("fill and copy write every element and nothing else", () => {
    for (const n of SIZES) {
      expectBits(
        run(n, [], (out) => kernels.fill(out, n, 1.5)),
        new Floats(n).fill(1.5),
      );
      const x = sample(n);
      expectBits(
        run(n, [x], (out, p) => kernels.copy(out, p, BYTES * n)),
        x,
      );
    }
  });
});
