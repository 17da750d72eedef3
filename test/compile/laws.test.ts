// The law of compile, for every op: the bits of the same function run as it is. Values, gradients, tangents and
// derivatives of both, for the inputs of the trace and for others, in float32 and in float64.
import { describe, expect, it } from "vitest";
import { type AnyOp, applyAll } from "../../src/autodiff/index.js";
import "../../src/float64/index.js";
import { cast, compile, type DType, grad, jvp, mul, sum, type Tensor } from "../../src/index.js";
import { bitsOf } from "../../src/testing/arrays.js";
import { casesOf } from "../../src/testing/case.js";
import { tested } from "../laws/table.js";

const CALLS = 3;

/** The op's inputs, one list a call, with floats of this type. */
function callsOf(op: AnyOp, sample: number, dtype: DType): Tensor[][] {
  const cases = casesOf(op, CALLS).slice(sample * CALLS, (sample + 1) * CALLS);
  const typed = (x: Tensor): Tensor => (x.type.isFloat ? cast(x, dtype) : x);
  return cases.map((c) => c.arguments(c.parameters()).map(typed));
}

/** A number that depends on every result in another way. */
function weighed(results: readonly Tensor[]): Tensor {
  return results
    .filter((x) => x.type.isFloat)
    .map((x, i) => sum(mul(mul(x, x), i + 0.5)).add(sum(x)))
    .reduce((a, b) => a.add(b));
}

const named = tested.flatMap((op) => (["float32", "float64"] as const).map((dtype) => [op.name, dtype, op] as const));

describe.each(named)("%s in %s", (_, dtype, op) => {
  it.each(op.domain.map((sample, i) => [i, sample] as const))("sample %i of its domain", (index, sample) => {
    const calls = callsOf(op, index, dtype);
    const isFloat = calls[0].map(({ type }) => type.isFloat);
    const floats = (inputs: readonly Tensor[]): Tensor[] => inputs.filter((_, i) => isFloat[i]);
    const withFloats = (inputs: readonly Tensor[], parts: readonly Tensor[]): Tensor[] => {
      const rest = [...parts];
      return inputs.map((x, i) => (isFloat[i] ? rest.shift()! : x));
    };
    const value = (...inputs: Tensor[]): readonly Tensor[] => applyAll(op, inputs, sample.attributes as undefined);
    const gradient = (...inputs: Tensor[]): readonly Tensor[] =>
      grad((p: Tensor[]) => weighed(value(...withFloats(inputs, p))), { unused: "zero" })(floats(inputs));
    const tangent = (...inputs: Tensor[]): readonly Tensor[] =>
      jvp((p: Tensor[]) => [...value(...withFloats(inputs, p))], floats(inputs), floats(inputs)).tangent;
    const second = (...inputs: Tensor[]): readonly Tensor[] =>
      grad((p: Tensor[]) => weighed(gradient(...withFloats(inputs, p))), { unused: "zero" })(floats(inputs));
    const differentiable = value(...calls[0]).some(({ type }) => type.isFloat) && isFloat.includes(true);
    for (const f of differentiable ? [value, gradient, tangent, second] : [value]) {
      using fast = compile((...inputs: Tensor[]) => [...f(...inputs)]);
      for (const inputs of calls) {
        expect(bitsOf([...fast(...inputs)]), f.name).toEqual(bitsOf([...f(...inputs)]));
      }
    }
  });
});
