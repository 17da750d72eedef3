// The law of compile, for every op: the bits of the same function run as it is. Values, gradients, tangents and
// derivatives of both, for the inputs of the trace and for others, in float32 and in float64.
import { describe, expect, it } from "vitest";
import { compile, type Tensor } from "../../src/index.js";
import "../../src/float64/index.js";
import { bitsOf } from "../../src/testing/arrays.js";
import { derivedOf, inputsOf } from "../laws/derived.js";
import { tested } from "../laws/table.js";

const CALLS = 3;

const named = tested.flatMap((op) => (["float32", "float64"] as const).map((dtype) => [op.name, dtype, op] as const));

describe.each(named)("%s in %s", (_, dtype, op) => {
  it.each(op.domain.map((sample, i) => [i, sample] as const))("sample %i of its domain", (index, sample) => {
    const calls = inputsOf(op, index, CALLS, dtype);
    const isFloat = calls[0].map(({ type }) => type.isFloat);
    const { value, ...derivatives } = derivedOf(op, sample.attributes, isFloat);
    const differentiable = value(...calls[0]).some(({ type }) => type.isFloat) && isFloat.includes(true);
    const functions = { value, ...(differentiable && derivatives) };
    for (const [name, f] of Object.entries(functions)) {
      using fast = compile((...inputs: Tensor[]) => [...f(...inputs)]);
      for (const inputs of calls) {
        expect(bitsOf([...fast(...inputs)]), name).toEqual(bitsOf([...f(...inputs)]));
      }
    }
  });
});
