// Gradients whose squares their type cannot hold: a step of ordinary size, and no optimizer that never moves again.
import { describe, expect, it } from "vitest";
import "../../src/float64/index.js";
import { jvp } from "../../src/autodiff/index.js";
import { tensor } from "../../src/ops/index.js";
import { squarable } from "../../src/optim/common.js";
import { adam, adamW, rmsprop } from "../../src/optim/index.js";
import { bitsOf } from "../../src/testing/arrays.js";

const optimizers = {
  adam: adam({ lr: 0.1, beta2: 0.9 }),
  adamW: adamW({ lr: 0.1, beta2: 0.9, weightDecay: 0 }),
  rmsprop: rmsprop({ lr: 0.1, decay: 0.9 }),
};

describe.each(Object.entries(optimizers))("%s", (_, { init, step }) => {
  it.each([1e19, 1e25, -3e38])(
    "takes the step that the mean of squares allows after a gradient of %s, and moves again later",
    (huge) => {
      let params = tensor([1]);
      let state = init(params) as never;
      const at = (g: number): number => {
        ({ params, state } = step(params, tensor([g]), state) as never);
        return params.item();
      };
      const first = at(huge);
      expect(Math.sign(1 - first)).toBe(Math.sign(huge));
      expect(Math.abs(1 - first)).toBeLessThan(0.4);
      let last = first;
      for (let i = 0; i < 1000; i++) last = at(1);
      expect(first - last).toBeGreaterThan(1);
    },
  );

  it("shows an infinite gradient as NaN", () => {
    const params = tensor([1]);
    const { params: next } = step(params, tensor([Number.POSITIVE_INFINITY]), init(params) as never) as never as {
      params: typeof params;
    };
    expect(next.item()).toBeNaN();
  });
});

it.each([
  ["float32", 63, 24],
  ["float64", 511, 53],
] as const)(
  "limits gradients in %s to 2^%d, with the same bits whether or not it may read them first",
  (dtype, exponent, digits) => {
    const edge = 2 ** exponent;
    const below = edge * (1 - 2 ** -digits);
    const above = edge * (1 + 2 ** (1 - digits));
    expect(squarable(tensor([1, above, -above, below], { dtype })).toArray()).toEqual([1, edge, -edge, below]);
    const numbers = [0, -0, 1, below, edge, above, 1e19, -above, -1e38, Number.POSITIVE_INFINITY, Number.NaN];
    for (const list of [[], ...numbers.map((x) => [x]), ...numbers.map((x) => [1, x, below, 3])]) {
      const x = tensor(list, { dtype });
      expect(bitsOf([squarable(x)]), String(list)).toEqual(bitsOf([jvp(squarable, x, x).value]));
    }
  },
);
