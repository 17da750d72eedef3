// What an inner scope or transform hands to the scope around it stays what it was, whatever that scope makes next.
import { describe, expect, it } from "vitest";
import { grad, jvp, keep, memory, scope, type Tensor, tensor, valueAndGrad } from "../../src/index.js";

const x = keep(tensor([1, 2, 3]));
const square = (x: Tensor): Tensor => x.square().sum();

/** Overwrites what the arena thinks is free. */
const scribble = (): void => {
  for (let i = 0; i < 100; i++) tensor(new Float32Array(1000).fill(-77));
};

describe("inside a scope", () => {
  it.each<[string, () => Tensor, number[]]>([
    ["a scope", () => scope(() => x.mul(2)), [2, 4, 6]],
    ["a scope in a scope", () => scope(() => scope(() => x.mul(2))), [2, 4, 6]],
    ["a gradient", () => grad(square)(x), [2, 4, 6]],
    [
      "a gradient of two",
      () => valueAndGrad(({ a, b }: Record<string, Tensor>) => square(a.mul(b)))({ a: x, b: x }).grad.b,
      [2, 16, 54],
    ],
    ["a tangent", () => jvp((x: Tensor) => x.square(), x, x).tangent, [2, 8, 18]],
  ])("the result of %s is not overwritten", (_, make, expected) => {
    const before = memory.stats().persistentBytes;
    scope(() => {
      const result = make();
      const copy = result.add(0);
      scribble();
      expect([...result.data()]).toEqual(expected);
      expect([...copy.data()]).toEqual(expected);
    });
    expect(memory.stats().persistentBytes).toBe(before);
  });

  it("steps in a row keep their carry and free the rest", () => {
    const used: number[] = [];
    const last = scope(() => {
      let w = x.mul(1);
      for (let i = 0; i < 50; i++) {
        w = scope(() => w.sub(grad(square)(w).mul(0.25)));
        used.push(memory.stats().arenaBytes);
      }
      return w;
    });
    expect([...last.data()]).toEqual([1, 2, 3].map((w) => w / 2 ** 50));
    expect(new Set(used).size).toBe(1);
  });
});
