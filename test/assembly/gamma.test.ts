import fc from "fast-check";
import { describe, it } from "vitest";
import { anyFloat, expectBits, kernels, law, run, SPECIALS, vector } from "./harness.js";
import { gamma } from "./twins/gamma.js";
import { erfinv, keyOf } from "./twins/random.js";

describe("randomGamma", () => {
  const word = fc.integer({ min: 0, max: 0xffffffff });
  const expectTwin = (k0: number, k1: number, shapes: Float32Array) => {
    const key = keyOf(k0, k1);
    const wanted = shapes.map((shape, i) => gamma(key.fold(i), shape));
    const got = run(shapes.length, [shapes], (o, p) => kernels.randomGamma(o, p, k0, k1, shapes.length));
    expectBits(got, wanted, `${shapes}`);
  };

  it("has its twin's bits, and a draw depends only on key and index", () => {
    const shape = fc.oneof(fc.float({ min: Math.fround(1e-3), max: 50, noNaN: true }), anyFloat);
    fc.assert(
      fc.property(word, word, vector(shape, 9), (k0, k1, shapes) => expectTwin(k0, k1, shapes)),
      law,
    );
  });

  it("is NaN for an invalid shape parameter", () => expectTwin(0, 0, SPECIALS));
});

describe("erfinv", () => {
  it("has its twin's bits at every size", () => {
    const inside = fc.float({ min: -1, max: 1, noNaN: true });
    for (const n of [0, 1, 3, 4, 6, 13]) {
      fc.assert(
        fc.property(vector(inside, n), (x) => {
          const got = run(n, [x], (o, p) => kernels.erfinv(o, p, n));
          expectBits(got, x.map(erfinv));
        }),
        { ...law, numRuns: 20 },
      );
    }
  });
});

describe("casts", () => {
  it("toInteger cuts toward zero and saturates", () => {
    fc.assert(
      fc.property(vector(fc.oneof(anyFloat, fc.float()), 21), (x) => {
        const wanted = Int32Array.from(x, (v) =>
          Number.isNaN(v) ? 0 : Math.trunc(Math.min(Math.max(v, -(2 ** 31)), 2 ** 31 - 1)),
        );
        const got = run(21, [x], (o, p) => kernels.toInteger(o, p, 21));
        expectBits(new Int32Array(got.buffer), wanted);
      }),
      law,
    );
  });

  it("toFloat rounds to the nearest", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 11, maxLength: 11 }), (list) => {
        const got = run(11, [Int32Array.from(list)], (o, p) => kernels.toFloat(o, p, 11));
        expectBits(got, Float32Array.from(list));
      }),
      law,
    );
  });
});
