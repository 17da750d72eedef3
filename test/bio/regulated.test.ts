// The update of a weight at rates of its own: w + (next - w) rate, in one pass for equal shapes.
import { describe, expect, it } from "vitest";
import { regulated, regulatedOp } from "../../src/bio/regulated.js";
import { Key, random, scope, zeros } from "../../src/index.js";

describe("a regulated update", () => {
  it("is its formula, for sizes around a block and for rates that broadcast", () => {
    scope(() => {
      for (const n of [1, 2047, 2048, 2049, 5000]) {
        const [w, next] = [random.normal(Key.of(1), [n, 2]), random.normal(Key.of(2), [n, 2])];
        for (const shape of [[n, 2], [1, 2], [n, 1], []]) {
          const rate = random.uniform(Key.of(3), shape);
          const wanted = w.add(next.sub(w).mul(rate)).data();
          expect([...regulated(w, next, rate).data()]).toEqual([...wanted]);
        }
      }
    });
  });

  it("as an op refuses shapes that differ", () => {
    const [a, b] = [zeros([2, 3]), zeros([3, 2])];
    const shapes = regulatedOp.shapes as (
      inputs: readonly { shape: readonly number[] }[],
      attributes: undefined,
    ) => unknown;
    expect(() => shapes([a, a, a], undefined)).not.toThrow();
    expect(() => shapes([a, b, a], undefined)).toThrow("[regulated] shapes [2, 3],[3, 2],[2, 3] differ.");
    expect(() => shapes([a, a, b], undefined)).toThrow("[regulated] shapes");
  });
});
