// A derivative that is 0 stays 0, whatever stands behind it.
import { describe, expect, it } from "vitest";
import { grad, hvp } from "../../src/autodiff/index.js";
import type { Tensor } from "../../src/core/index.js";
import * as ops from "../../src/ops/index.js";
import { tensor } from "../../src/ops/index.js";

describe("a derivative that is cut off", () => {
  const slope = (f: (x: Tensor) => Tensor, x: number | number[]): number[] => {
    const given = typeof x === "number" ? tensor(x) : tensor(x);
    return Array.from(grad((x: Tensor) => f(x).sum())(given).data());
  };
  const infinite = {
    "√": (x: Tensor) => x.sqrt(),
    log: (x: Tensor) => x.log(),
    "x^0.3": (x: Tensor) => x.pow(0.3),
    cbrt: (x: Tensor) => x.cbrt(),
  };

  it.each(Object.entries(infinite))("stays 0 in front of %s at 0", (_, f) => {
    expect(slope((x) => f(x.relu()), -1)).toEqual([0]);
    expect(slope((x) => f(x.clip(0, 1)), -1)).toEqual([0]);
    expect(slope((x) => f(x.maximum(0)), -1)).toEqual([0]);
    expect(slope((x) => f(x.minimum(0).neg()), 1)).toEqual([0]);
    expect(slope((x) => f(x.max()), [0, -1])[1]).toBe(0);
    expect(slope((x) => f(ops.where(x.greater(0), x, 0)), -1)).toEqual([0]);
    // The other way round: what is not chosen has no say.
    expect(slope((x) => ops.where(x.greater(0), f(x), 0), 0)).toEqual([0]);
    expect(slope((x) => f(x).mul(0), 0)).toEqual([0]);
  });

  it("stays 0 where a product, a quotient or an exponential overflows", () => {
    const chosen = (f: (x: Tensor) => Tensor) => slope((x) => ops.where(x.less(10), x, f(x)), 5);
    expect(chosen((x) => x.mul(1000).exp())).toEqual([1]);
    expect(chosen((x) => x.mul(1e38).mul(x))).toEqual([1]);
    expect(chosen((x) => x.div(x.mul(0)))).toEqual([1]);
    expect(chosen((x) => x.mul(tensor(Number.POSITIVE_INFINITY)))).toEqual([1]);
  });

  it("is also 0 in forward mode", () => {
    const along = (f: (x: Tensor) => Tensor, x: number) => hvp((x: Tensor) => f(x), tensor(x), tensor(1)).item();
    expect(along((x) => x.relu().sqrt(), -1)).toBe(0);
    expect(along((x) => x.clip(0, 1).sqrt(), -1)).toBe(0);
  });

  it("does not hide NaN", () => {
    expect(slope((x) => x.relu().sqrt(), Number.NaN)).toEqual([Number.NaN]);
    expect(slope((x) => x.sqrt(), 0)).toEqual([Number.POSITIVE_INFINITY]);
  });
});
