// Products of rows with one another: the bits of a whole product, and symmetric.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Key } from "../../src/core/index.js";
import { gram } from "../../src/linalg/index.js";
import { matmul, random, transpose } from "../../src/ops/index.js";

const key = Key.of(11);

describe("gram", () => {
  const sizes = fc.integer({ min: 1, max: 50 });
  it("has the bits of a product with the transpose, for any number of rows and terms, and is symmetric", () => {
    fc.assert(
      fc.property(sizes, sizes, fc.integer({ min: 1, max: 3 }), fc.nat(1e6), (rows, columns, count, seed) => {
        const a = random.normal(key.fold(seed), [count, rows, columns]);
        const found = gram(a);
        expect(found.shape).toEqual([count, rows, rows]);
        expect(found.toArray()).toEqual(matmul(a, a, { b: true }).toArray());
        expect(transpose(found, [0, 2, 1]).toArray()).toEqual(found.toArray());
      }),
    );
  });

  it("has them for sums of thousands of terms too", () => {
    const a = random.normal(key, [37, 5000]);
    expect(gram(a).toArray()).toEqual(matmul(a, a, { b: true }).toArray());
  });
});
