// Sweeps that share tensors: what one of them gathers is not another's, and none leaves anything on a tensor.
import { describe, expect, it } from "vitest";
import { customGrad, grad, loop, type Tensor, tensor, vjp } from "../../src/index.js";

describe("a sweep inside a sweep", () => {
  it("keeps apart what both gather of the same tensor", () => {
    // Run again for the way back, each step asks for a gradient with respect to w while w's own cotangent grows. By hand:
    // x_n = x_0 + 0.1 n 2w, so that the gradient of sum(x_n w) is x_0 + 0.4 n w.
    const lived = (checkpoint: "off" | { every: number }) => (w: Tensor) =>
      loop(4, tensor([1, 2]), (x) => x.add(grad((v: Tensor) => v.square().sum())(w).mul(0.1)), { checkpoint })
        .mul(w)
        .sum();
    const w = tensor([0.5, -0.25]);
    for (const checkpoint of ["off", { every: 1 }, { every: 2 }] as const) {
      const found = grad(lived(checkpoint))(w).toArray() as number[];
      expect(found[0]).toBeCloseTo(1 + 1.6 * 0.5, 6);
      expect(found[1]).toBeCloseTo(2 + 1.6 * -0.25, 6);
    }
    expect(w.gathered).toBeUndefined();
  });
});

describe("a sweep that fails", () => {
  it("takes what it gathered with it", () => {
    let fail = true;
    const fragile = customGrad({
      name: "fragile",
      forward: (x: Tensor) => [x.mul(2), undefined] as const,
      backward: (_, dy) => {
        if (fail) throw new Error("not today");
        return [dy.mul(2)] as [Tensor];
      },
    });
    const x = tensor([1, 2]);
    // The sum is swept before the fragile op, so that x has a cotangent already when it fails.
    const { pullback } = vjp((u: Tensor) => fragile(u).sum().add(u.square().sum()), x);
    expect(() => pullback(tensor(1))).toThrow("not today");
    expect(x.gathered).toBeUndefined();
    fail = false;
    expect(pullback(tensor(1)).toArray()).toEqual([4, 6]);
    pullback.dispose();
    expect(x.gathered).toBeUndefined();
  });
});
