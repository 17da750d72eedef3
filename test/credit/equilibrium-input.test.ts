// What equilibrium propagation refuses, with the cure.
import { describe, expect, it } from "vitest";
import {
  continualEquilibriumPropagation,
  energyModel,
  equilibriumModel,
  equilibriumPropagation,
  prototypicalModel,
} from "../../src/credit/index.js";
import { Key, ones, relu, type Tensor, zeros } from "../../src/index.js";

describe("wrong input", () => {
  const model = energyModel([3, 4, 2]);
  const params = model.init(Key.of(0));
  const [x, target] = [ones([1, 3]), zeros([1, 2])];
  const ep = (options: object) => () => equilibriumPropagation(model, params, x, target, options);

  it.each<readonly [string, () => unknown, RegExp]>([
    ["a β of 0", ep({ beta: 0 }), /`beta` is 0/],
    ["a second phase as long as the first", ep({ free: 20, nudged: 20 }), /`nudged` is 20 and `free` is 20/],
    ["no ticks", ep({ free: 0 }), /`free` is 0/],
    ["an unknown nudging", ep({ nudging: "both" }), /"both".*symmetric/],
    ["random nudging without a key", ep({ nudging: "random" }), /`key`/],
    [
      "a first phase that has not settled",
      ep({ free: 10, nudged: 5, beta: 1e-4, tolerance: 1e-3 }),
      /still move.*`free`/,
    ],
    [
      "targets of another shape",
      () => equilibriumPropagation(model, params, x, zeros([2])),
      /targets have shape \[2\]/,
    ],
    ["a rate below 0", () => continualEquilibriumPropagation(model, params, x, target, { rate: -1 }), /`rate`/],
    [
      "rates for other parameters",
      () => continualEquilibriumPropagation(model, params, x, target, { rate: [1, 2] }),
      /`rate` has 2 numbers, but there are 4/,
    ],
    ["an ε of 2", () => energyModel([3, 2], { epsilon: 2 }), /`epsilon`/],
    ["one size", () => prototypicalModel([3]), /`sizes`/],
    ["a force of 0", () => equilibriumModel({ phi: (p: Tensor) => p, rest: () => [], force: 0 }), /`force`/],
    [
      "a Φ that is not one number",
      () => {
        const odd = equilibriumModel({ phi: (_: Tensor, __, [s]) => relu(s), rest: () => [ones([1, 2])] });
        return equilibriumPropagation(odd, ones([1]), x, target);
      },
      /`phi` gives shape \[.*\.sum\(\)/,
    ],
  ])("%s is refused with a cure", (_, call, message) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});
