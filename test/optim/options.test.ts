// What optimizers refuse, each with the option and the cure.
import { describe, expect, it } from "vitest";
import { tensor } from "../../src/index.js";
import { adam, adamW, rmsprop, sgd } from "../../src/optim/index.js";

const makers = { sgd, adam, adamW, rmsprop } as unknown as Record<string, (options: unknown) => unknown>;
const outside: Record<string, readonly unknown[]> = {
  lr: [-1, Number.NaN, Number.POSITIVE_INFINITY, "0.1", null],
  momentum: [-0.1, 1, 2, Number.NaN, "0.9"],
  beta1: [-0.1, 1, Number.NaN],
  beta2: [-0.1, 1, Number.NaN, "0.9"],
  decay: [-0.1, 1, Number.NaN],
  eps: [-1e-8, Number.NaN, Number.POSITIVE_INFINITY, "1"],
  weightDecay: [-0.1, Number.NaN, Number.POSITIVE_INFINITY],
};
const options: Record<string, readonly string[]> = {
  sgd: ["lr", "momentum", "weightDecay"],
  adam: ["lr", "beta1", "beta2", "eps"],
  adamW: ["lr", "beta1", "beta2", "eps", "weightDecay"],
  rmsprop: ["lr", "decay", "eps", "momentum", "weightDecay"],
};

describe.each(Object.keys(makers))("%s refuses", (name) => {
  const make = (given: unknown) => () => makers[name](given);

  it.each(options[name].flatMap((option) => outside[option].map((value) => [option, value] as const)))(
    "%s %s",
    (option, value) => {
      expect(make({ lr: 0.1, [option]: value })).toThrow(new RegExp(`^\\[${name}\\] ${option} is .*give`));
    },
  );

  it("unknown names, and missing options", () => {
    expect(make({ lr: 0.1, learningRate: 1 })).toThrow(TypeError);
    expect(make({ lr: 0.1, learningRate: 1 })).toThrow(`[${name}] there is no option "learningRate"; there are lr, `);
    expect(make({})).toThrow(`[${name}] there is no \`lr\`: give ${name}({ lr: 0.01 })`);
    for (const none of [{ lr: undefined }, undefined, null, 0.1]) {
      expect(make(none)).toThrow(TypeError);
      expect(make(none)).toThrow(`[${name}] there is no \`lr\``);
    }
    // Each of shape and dtype alone.
    for (const lr of [tensor([1]), tensor([[0.1, 0.2]]), tensor(1, { dtype: "int32" })]) {
      expect(make({ lr })).toThrow("one float of shape [] is needed");
    }
    for (const lr of ["0.1", true, {}]) {
      expect(make({ lr })).toThrow(TypeError);
      expect(make({ lr })).toThrow(`[${name}] lr is no number`);
    }
    for (const lr of [0, 0.1, tensor(0.1), tensor(-0.1)]) expect(make({ lr })).not.toThrow();
  });
});

it("adam has no weight decay; adamW has", () => {
  expect(() => adam({ lr: 0.1, weightDecay: 0.1 } as never)).toThrow('[adam] there is no option "weightDecay"');
});
