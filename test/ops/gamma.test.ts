// The derivative of gamma draws in their shape, beside mpmath's (gamma-slope.py wrote gamma-slope.json) and in the mean.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { apply, grad, hvp, jvp, stop } from "../../src/autodiff/index.js";
import { Key, type Tensor } from "../../src/core/index.js";
import "../../src/float64/index.js";
import { compile } from "../../src/compile/index.js";
import { gammaSlopeOp } from "../../src/ops/gamma.js";
import { fullLike, random, tensor } from "../../src/ops/index.js";
import { vmap } from "../../src/vmap/index.js";

const rows = JSON.parse(readFileSync(join(import.meta.dirname, "gamma-slope.json"), "utf8")) as [
  number,
  number,
  number,
][];

describe("how a gamma draw moves with its shape", () => {
  it.each([
    ["float32", 2e-7],
    ["float64", 2e-11],
  ] as const)("is mpmath's, in %s", (dtype, tolerance) => {
    const [alpha, z] = [0, 1].map((i) =>
      tensor(
        Float64Array.from(rows, (row) => row[i]),
        { dtype },
      ),
    );
    const got = apply(gammaSlopeOp, [alpha, z], undefined).data();
    expect(rows.length).toBeGreaterThan(140);
    rows.forEach(([a, at, wanted], i) => {
      expect(Math.abs(got[i] - wanted) / wanted, `alpha ${a}, z ${at}: ${got[i]}, wanted ${wanted}`).toBeLessThan(
        tolerance,
      );
    });
  });

  it("is 0 if the draw underflows to 0, and NaN if there is no draw", () => {
    const [alpha, z] = [tensor([0.001, -1, Number.NaN, 1, 0, Infinity]), tensor([0, 1, 1, Number.NaN, 1, 1])];
    expect([...apply(gammaSlopeOp, [alpha, z], undefined).data()]).toEqual([0, NaN, NaN, NaN, NaN, NaN]);
  });

  it.each([0.05, 0.3, 1, 2.5, 30])("gives the derivatives of the mean and the second moment, at alpha %d", (alpha) => {
    const shapes = fullLike(random.uniform(Key.of(1), [200_000]), alpha);
    const moments = (f: (z: Tensor) => Tensor): number =>
      grad((a: Tensor) => f(random.gamma(Key.of(7), a)).sum())(shapes)
        .mean()
        .item();
    // E z = alpha, E z^2 = alpha^2 + alpha; the errors are those of 200,000 draws.
    expect(Math.abs(moments((z) => z) - 1)).toBeLessThan(0.02);
    expect(Math.abs(moments((z) => z.square()) / (2 * alpha + 1) - 1)).toBeLessThan(0.04);
  });

  it("passes to dirichlet: the derivative of its mean", () => {
    const alpha = tensor([0.4, 1.5, 3]);
    const count = 40_000;
    const mean = (a: Tensor): Tensor => random.dirichlet(Key.of(3), a, [count]).mean(0).row(1);
    const total = 4.9;
    const wanted = [-1.5 / total ** 2, (total - 1.5) / total ** 2, -1.5 / total ** 2];
    const errors = [...grad(mean)(alpha).data()].map((got, i) => Math.abs(got - wanted[i]));
    expect(Math.max(...errors)).toBeLessThan(0.004);
  });

  it("is the same backward, forward, compiled and in vmap", () => {
    const alpha = tensor([0.5, 2, 7]);
    const f = (a: Tensor): Tensor => random.gamma(Key.of(2), a).log().sum();
    const backward = grad(f)(alpha);
    const ones = fullLike(alpha, 1);
    expect(jvp(f, alpha, ones).tangent.item()).toBeCloseTo(backward.sum().item(), 5);
    using fast = compile(grad(f));
    expect(fast(alpha).data()).toEqual(backward.data());
    const rows = tensor([
      [0.5, 2, 7],
      [3, 1, 9],
    ]);
    const each = vmap(grad(f))(rows);
    expect(each.row(0).data()).toEqual(backward.data());
    expect(each.row(1).data()).toEqual(grad(f)(rows.row(1)).data());
  });

  it("is of first order, and says so", () => {
    const f = (a: Tensor): Tensor => random.gamma(Key.of(2), a).sum();
    expect(() => hvp(f, tensor([1, 2]), tensor([1, 1]))).toThrow(
      "[random.gamma] only the first derivative in alpha is known.",
    );
    const stopped = (a: Tensor): Tensor => random.gamma(Key.of(2), stop(a)).mul(a).sum();
    expect([...hvp(stopped, tensor([1, 2]), tensor([1, 1])).data()]).toEqual([0, 0]);
  });
});
