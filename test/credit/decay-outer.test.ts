import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decayOuter } from "../../src/credit/recurrent/decay-outer.js";
import { float64 } from "../../src/float64/index.js";
import { add, Key, mul, random, reshape } from "../../src/index.js";

describe("decayOuter", () => {
  it.each(["float32", "float64"] as const)("has the bits of the plain ops in %s, whatever the sizes", (dtype) => {
    const options = dtype === "float64" ? float64 : {};
    const size = fc.integer({ min: 1, max: 21 });
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 1, max: 3 }), size, size, (seed, count, rows, columns) => {
        const [kx, kd, ka, kb] = Key.of(seed).split(4);
        const x = random.normal(kx, [count, rows, columns], options);
        const decay = random.uniform(kd, [count, rows], options);
        const a = random.normal(ka, [count, rows], options);
        const b = random.normal(kb, [count, columns], options);
        const left = mul(reshape(decay, [count, rows, 1]), x);
        const right = mul(reshape(a, [count, rows, 1]), reshape(b, [count, 1, columns]));
        expect(decayOuter(x, decay, a, b).data()).toEqual(add(left, right).data());
      }),
      { numRuns: 60 },
    );
  });

  it("says which shapes fit", () => {
    const of = (...shape: number[]) => random.normal(Key.of(1), shape);
    expect(() => decayOuter(of(2, 3, 4), of(2, 3), of(2, 3), of(3, 4))).toThrow("b [n, c]");
    expect(() => decayOuter(of(3, 4), of(3), of(3), of(4))).toThrow(RangeError);
  });
});
