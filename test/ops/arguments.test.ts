// Lists of numbers, undefined and the like where a tensor belongs: every function says so in its own name, with the cure.
import { describe, expect, it } from "vitest";
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
