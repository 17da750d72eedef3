// The update of a weight at rates of its own: w + (next - w) rate, in one pass for equal shapes.
import { describe, expect, it } from "vitest";
import { regulated, regulatedOp } from "../../src/bio/regulated.js";
import { memoryBuffer } from "../../src/core/runtime.js";
import { Key, random, scope, type Tensor, zeros } from "../../src/index.js";
import { checkOp } from "../../src/testing/index.js";

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

  it("obeys the laws of ops: values, both derivatives, second order", () => {
    expect(() => checkOp(regulatedOp)).not.toThrow();
    // Each operand alone, and none: a tangent that is missing is none, not zeros that somebody paid for.
    const inputs = [0, 1, 2].map((i) => random.uniform(Key.of(i), [3, 4]));
    const context = { inputs, outputs: [], attributes: undefined } as never;
    const { jvp } = regulatedOp as unknown as { jvp: (tangents: unknown[], context: never) => unknown[] };
    for (const given of [[], [0], [1], [2], [0, 2]]) {
      const tangents = inputs.map((x, i) => (given.includes(i) ? x : undefined));
      const [tangent] = jvp(tangents, context);
      expect(tangent === undefined).toBe(given.length === 0);
    }
  });

  it("writes only to its result, whatever the size", () => {
    for (const n of [1, 100, 2047, 2048, 2049, 5000]) {
      scope(() => {
        const inputs = [1, 2, 3].map((seed) => random.normal(Key.of(seed), [n]));
        const result = zeros([n]);
        const before = new Uint8Array(memoryBuffer()).slice();
        const { forward } = regulatedOp as unknown as { forward: (outputs: Tensor[], inputs: Tensor[]) => void };
        forward([result], inputs);
        const after = new Uint8Array(memoryBuffer()).slice();
        const [from, to] = [result.address, result.address + result.bytes];
        expect(after.subarray(from, to)).not.toEqual(before.subarray(from, to));
        after.set(before.subarray(from, to), from);
        expect(Buffer.compare(after, before), `${n} elements`).toBe(0);
      });
    }
  });

  it("refuses, as an op, shapes that differ", () => {
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
