import { describe, expect, it } from "vitest";
import { apply } from "../../src/autodiff/index.js";
import "../../src/float64/index.js";
import { exp, mul, type Tensor, tensor } from "../../src/index.js";
import { checkGrads, checkOp, type Op } from "../../src/testing/index.js";

/** e^(c x) as a user would write it, from the ops there are. */
const rising: Op<{ c: number }> = {
  name: "rising",
  shapes: ([x]) => [x.shape],
  forward: ([y], [x], { c }) => {
    const numbers = exp(mul(x, c)).data();
    y.elements.set(numbers);
  },
  vjp: ([dy], { outputs: [y], attributes: { c } }) => [mul(mul(dy!, y), c)],
  jvp: ([dx], { outputs: [y], attributes: { c } }) => [dx && mul(mul(dx, y), c)],
  reference: ([x], { c }) => [{ shape: x.shape, data: x.data.map((value) => Math.exp(c * value)) }],
  domain: [{ inputs: [{ shape: [2, 3], low: -1, high: 1 }], attributes: { c: 1.5 } }],
};

describe("checkOp", () => {
  it("passes an op that obeys the laws", () => {
    const sum = (p: Tensor): Tensor => apply(rising, [p], { c: 0.5 }).sum();
    expect(() => checkOp(rising)).not.toThrow();
    expect(() => checkGrads(sum, tensor([0.1, -0.4]), { order: 2 })).not.toThrow();
  });

  it.each([
    ["its values", { reference: ([x]) => [{ shape: x.shape, data: x.data.map((v) => 1 + v) }] }, "computes what"],
    ["its shapes", { reference: () => [{ shape: [1], data: Float64Array.of(1) }] }, "value: the shapes are [2,3]"],
    ["its vjp", { vjp: ([dy], { outputs: [y] }) => [mul(dy!, y)] }, "reverse: vjp is the transposed Jacobian"],
    ["its jvp", { jvp: ([dx], { outputs: [y] }) => [dx && mul(dx, y)] }, "forward: jvp is the Jacobian"],
    [
      "its second derivative",
      { vjp: ([dy], { outputs: [y], attributes: { c } }) => [mul(mul(dy!, y.stop()), c)] },
      "second order: reverse over reverse",
    ],
    [
      "its third derivative",
      {
        vjp: ([dy], { inputs: [x], outputs: [y], attributes: { c } }) => {
          const line = y.stop().add(mul(mul(y.stop(), c), x.sub(x.stop())));
          return [mul(mul(dy!, line), c)];
        },
      },
      "third order: reverse three times",
    ],
    ["a NaN", { vjp: ([dy]) => [mul(dy!, Number.NaN)] }, "reverse: vjp"],
  ] as [string, Partial<Op<{ c: number }>>, string][])("refuses an op that is wrong in %s", (_, part, message) => {
    expect(() => checkOp({ ...rising, ...part } as Op<{ c: number }>)).toThrow(message);
  });

  it("in float64 sees an error that float32 would hide", () => {
    expect(() => checkOp(rising, 1, "float64")).not.toThrow();
    const slightly = {
      ...rising,
      vjp: (...given) => [mul(rising.vjp(...given)[0] as Tensor, 1 + 1e-9)],
    } as typeof rising;
    expect(() => checkOp(slightly, 1)).not.toThrow();
    expect(() => checkOp(slightly, 1, "float64")).toThrow("[checkOp] rising in float64, sample 0");
  });

  it("names the op, the sample, the element and both numbers", () => {
    const wrong = { ...rising, reference: ([x]: readonly { shape: readonly number[]; data: Float64Array }[]) => [x] };
    expect(() => checkOp(wrong as Op<{ c: number }>)).toThrow(
      /^\[checkOp\] rising in float32, sample 0 of its domain: it breaks the law "computes .*"\. value #0, element \d, is [-\d.]+ where [-\d.]+ is right \(relative error .*, allowed 0\.000002\)\.$/,
    );
    expect(() => checkOp({ ...rising, domain: [] })).toThrow("[checkOp] rising has an empty domain");
  });
});
