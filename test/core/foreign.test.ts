// Two copies of the library in one process have a memory each; what belongs to one is refused by the other.
import { expect, it, vi } from "vitest";
import * as here from "../../src/index.js";

it("refuses the tensors of another copy, in ops and in trees", async () => {
  vi.resetModules();
  const there = await import("../../src/index.js");
  const foreign = there.tensor([1, 2]) as unknown as here.Tensor;
  expect(foreign).not.toBeInstanceOf(here.Tensor);
  const another = "a tensor of another copy of synaptape";
  expect(() => here.tensor([3, 4]).add(foreign)).toThrow(TypeError);
  expect(() => here.tensor([3, 4]).add(foreign)).toThrow(`[add] operand 2 is ${another}`);
  expect(() => here.grad((p: { w: here.Tensor }) => p.w.sum())({ w: foreign })).toThrow(`"w" is ${another}`);
});

it("refuses operands that are not tensors at all", () => {
  expect(() => here.exp([[1, 2]] as never)).toThrow(
    "[exp] operand 1 is an Array, not a tensor. Make it with tensor().",
  );
  expect(() => here.tensor([1]).add("x" as never)).toThrow("[add] operand 2 is a string");
});
