// Lists of numbers, undefined and the like where a tensor belongs: every function says so in its own name, with the cure.
import { describe, expect, it } from "vitest";
import { grad, Key, type Shape, type Tensor } from "../../src/index.js";
import * as ops from "../../src/ops/index.js";
import { tensor } from "../../src/ops/index.js";

/** These take numbers, not tensors. */
const fromNumbers = ["tensor", "zeros", "ones", "full", "arange", "eye", "linspace", "tri", "random", "opTable"];

const wrong: Record<string, readonly unknown[]> = {
  "lists of numbers": [
    [1, 2],
    [1, 2],
    [1, 2],
  ],
  "nested lists": [[[1, 2]], 2, 1],
  nothing: [undefined, 1],
  "a tensor, then lists": [tensor([1, 2]), [1, 2], [1]],
};

describe("a function that gets no tensor", () => {
  const functions = Object.entries(ops).filter(([name, f]) => typeof f === "function" && !fromNumbers.includes(name));
  it.each(functions)("%s", (_, f) => {
    for (const [what, given] of Object.entries(wrong)) {
      try {
        (f as (...args: readonly unknown[]) => unknown)(...given);
      } catch (error) {
        const { message } = error as Error;
        // In brackets who says it; never the engine's own words about a property of undefined.
        expect(message, what).toMatch(/^\[\w+(\.\w+)?\] /);
        expect(message, what).not.toMatch(/Cannot read|not a function|Invalid array/);
        continue;
      }
      expect(what, "was taken").toBe("a tensor, then lists");
    }
  });
});

describe("the list that gave a tensor its shape", () => {
  const { broadcastTo, full, ones, random, reshape, zeros } = ops;
  const key = Key.of(0);
  const makers: Record<string, (shape: Shape) => Tensor> = {
    zeros,
    ones,
    full: (shape) => full(shape, 2),
    tensor: (shape) => tensor([1, 2, 3, 4, 5, 6], { shape }),
    reshape: (shape) => reshape(ones([6]), shape),
    broadcastTo: (shape) => broadcastTo(ones([3]), shape),
    "random.uniform": (shape) => random.uniform(key, shape),
    "random.normal": (shape) => random.normal(key, shape),
    "random.truncatedNormal": (shape) => random.truncatedNormal(key, shape),
    "random.bernoulli": (shape) => random.bernoulli(key, 0.5, shape),
    "random.integers": (shape) => random.integers(key, shape, { high: 5 }),
    "random.gamma": (shape) => random.gamma(key, 1, shape),
    "random.beta": (shape) => random.beta(key, 1, 1, shape),
    "random.poisson": (shape) => random.poisson(key, 3, shape),
    "random.dirichlet": (shape) => random.dirichlet(key, ones([2]), shape),
    "random.exponential": (shape) => random.exponential(key, shape),
    "random.laplace": (shape) => random.laplace(key, shape),
    "random.gumbel": (shape) => random.gumbel(key, shape),
    "random.rademacher": (shape) => random.rademacher(key, shape),
    "random.choice": (shape) => random.choice(key, 9, { shape }),
    "random.orthogonal": (shape) => random.orthogonal(key, shape),
  };
  it.each(Object.entries(makers))("may change afterwards: %s", (_, make) => {
    const shape = [2, 3];
    const made = make(shape);
    const before = [...made.shape];
    shape.reverse();
    shape.push(4);
    expect(made.shape).toEqual(before);
  });

  it("may change before the backward pass", () => {
    const shape = [2, 3];
    const weigh = (x: Tensor): Tensor => {
      const wide = broadcastTo(x, shape).reshape(shape).mul(2);
      shape[0] = 5;
      return wide.sum();
    };
    expect(grad(weigh)(ones([3])).toArray()).toEqual([4, 4, 4]);
  });
});
