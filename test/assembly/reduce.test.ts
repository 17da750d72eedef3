import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Floats } from "./element.js";
import { anyFloat, ask, expectBits, kernels, law, ordinaryFloat, run, SPECIALS, sample, vector } from "./harness.js";
import { argmax, countNonFinite, dot, dotChain, firstDifference, max, sum } from "./twins/reduce.js";

const SIZES = [0, 1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 13, 15, 16, 17, 31, 32, 33, 47, 100];
const shape = fc.tuple(
  fc.integer({ min: 0, max: 3 }),
  fc.integer({ min: 0, max: 40 }),
  fc.oneof(fc.constant(1), fc.integer({ min: 0, max: 40 })),
);

describe.each([
  ["sum", sum],
  ["max", max],
] as const)("%s", (name, twin) => {
  const expectTwin = (x: Float32Array, outer: number, axis: number, inner: number) => {
    const out = run(outer * inner, [x], (o, p) => kernels[name](o, p, outer, axis, inner));
    expectBits(out, twin(x, outer, axis, inner), `${name} (${outer}, ${axis}, ${inner})`);
  };

  it("has its twin's bits at every size, along rows and down columns", () => {
    for (const n of SIZES) {
      expectTwin(sample(n), 1, n, 1);
      expectTwin(sample(3 * n), 3, n, 1);
      expectTwin(sample(5 * n), 1, 5, n);
    }
  });

  it("has its twin's bits for any shape and any floats", () => {
    const element = fc.constantFrom(ordinaryFloat, anyFloat);
    const input = fc
      .tuple(shape, element)
      .chain(([s, e]) => fc.tuple(fc.constant(s), vector(e, Math.min(s[0] * s[1] * s[2], 300))));
    fc.assert(
      fc.property(input, ([[outer, axis, inner], values]) => {
        const x = Floats.from({ length: outer * axis * inner }, (_, i) => values[(i * 7) % values.length]);
        expectTwin(x, outer, axis, inner);
      }),
      law,
    );
  });

  it("has its twin's bits for special values", () => {
    for (const [i, v] of SPECIALS.entries()) {
      for (const n of [1, 4, 6, 17]) {
        const x = sample(n, i);
        x[i % n] = v;
        expectTwin(x, 1, n, 1);
        expectTwin(x, 1, 1, n);
      }
    }
  });
});

describe("argmax", () => {
  const expectTwin = (x: Float32Array, rows: number, cols: number) => {
    const out = new Int32Array(run(rows, [x], (o, p) => kernels.argmax(o, p, rows, cols)).buffer, 0, rows);
    expect([...out]).toEqual(Array.from({ length: rows }, (_, r) => argmax(x.subarray(r * cols, (r + 1) * cols))));
  };

  it("is the first of equal elements", () => {
    for (const n of SIZES) expectTwin(new Floats(2 * n).fill(-1), 2, n);
    expectTwin(Floats.of(-0, 0, -5, 0, 0), 1, 5);
    expectTwin(Floats.of(-Infinity, -Infinity), 1, 2);
  });

  it("treats NaN as the largest", () => {
    for (let i = 0; i < 7; i++) {
      const x = sample(7);
      x[i] = Number.NaN;
      x[6] = Number.NaN;
      expectTwin(x, 1, 7);
    }
  });

  it("agrees with its twin for any rows", () => {
    const few = fc.oneof(fc.integer({ min: -3, max: 3 }), anyFloat);
    const rows = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 20 }));
    const input = rows.chain(([r, c]) => fc.tuple(fc.constant(r), fc.constant(c), vector(few, r * c)));
    fc.assert(
      fc.property(input, ([r, c, x]) => expectTwin(x, r, c)),
      law,
    );
  });
});

describe("dot, countNonFinite and firstDifference", () => {
  const pair = fc
    .integer({ min: 0, max: 70 })
    .chain((n) => fc.constantFrom(ordinaryFloat, anyFloat).chain((e) => fc.tuple(vector(e, n), vector(e, n))));

  it("dot has its twin's bits", () => {
    const expectTwin = (a: Float32Array, b: Float32Array) => {
      const actual = ask([a, b], (p, q) => kernels.dot(p, q, a.length));
      expectBits(Floats.of(actual), Floats.of(dot(a, b)), `dot of ${a.length}`);
    };
    for (const n of SIZES) expectTwin(sample(n), sample(n, 2));
    fc.assert(
      fc.property(pair, ([a, b]) => expectTwin(a, b)),
      law,
    );
  });

  it("dotChain has its twin's bits, also where zeros meet infinities", () => {
    const expectTwin = (a: Float32Array, b: Float32Array) => {
      const [actual] = run(1, [a, b], (o, p, q) => kernels.dotChain(o, p, q, a.length));
      expectBits(Floats.of(actual), Floats.of(dotChain(a, b)), `dotChain of ${a.length}`);
    };
    for (const n of SIZES) {
      expectTwin(sample(n), sample(n, 2));
      if (n === 0) continue;
      const [a, b] = [sample(n), sample(n, 2)];
      [a[n - 1], b[n - 1]] = [0, Number.POSITIVE_INFINITY];
      expectTwin(a, b);
      a[n - 1] = Number.NaN;
      expectTwin(a, b);
    }
    fc.assert(
      fc.property(pair, ([a, b]) => expectTwin(a, b)),
      law,
    );
  });

  it("countNonFinite counts infinities and NaN", () => {
    for (const n of SIZES) expect(ask([sample(n)], (p) => kernels.countNonFinite(p, n))).toBe(0);
    fc.assert(
      fc.property(pair, ([x]) => {
        expect(ask([x], (p) => kernels.countNonFinite(p, x.length))).toBe(countNonFinite(x));
      }),
      law,
    );
  });

  it("firstDifference finds the first element whose bits differ, telling -0 from 0 and one NaN from another", () => {
    const find = (a: Float32Array, b: Float32Array) => ask([a, b], (p, q) => kernels.firstDifference(p, q, a.length));
    for (const n of SIZES) {
      expect(find(sample(n), sample(n))).toBe(-1);
      for (let i = 0; i < n; i++) {
        const b = sample(n);
        b[i] += 1;
        b[n - 1] += 1;
        expect(find(sample(n), b)).toBe(i);
      }
    }
    expect(find(Floats.of(1, 0), Floats.of(1, -0))).toBe(1);
    expect(find(SPECIALS, SPECIALS)).toBe(-1);
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(find(a, b)).toBe(firstDifference(a, b));
      }),
      law,
    );
  });
});
