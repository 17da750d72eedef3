// An op as a function of its inputs, and the derivatives of it that laws about whole functions compare.
import { type AnyOp, applyAll } from "../../src/autodiff/index.js";
import { cast, type DType, grad, jvp, mul, sum, type Tensor } from "../../src/index.js";
import { casesOf } from "../../src/testing/case.js";

type Derived = (...inputs: Tensor[]) => readonly Tensor[];

/** Inputs of the op's sample, `count` lists of them, with floats of this type. */
export function inputsOf(op: AnyOp, sample: number, count: number, dtype: DType): Tensor[][] {
  const cases = casesOf(op, count).slice(sample * count, (sample + 1) * count);
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

/** The op's results, the gradient of a number made of them, their tangents, and the gradient of the gradient. */
export function derivedOf(op: AnyOp, attributes: unknown, isFloat: readonly boolean[]): Record<string, Derived> {
  const floats = (inputs: readonly Tensor[]): Tensor[] => inputs.filter((_, i) => isFloat[i]);
  const withFloats = (inputs: readonly Tensor[], parts: readonly Tensor[]): Tensor[] => {
    const rest = [...parts];
    return inputs.map((x, i) => (isFloat[i] ? rest.shift()! : x));
  };
  const gradientOf =
    (f: Derived): Derived =>
    (...inputs) =>
      grad((p: Tensor[]) => weighed(f(...withFloats(inputs, p))), { unused: "zero" })(floats(inputs));
  const value: Derived = (...inputs) => applyAll(op, inputs, attributes as undefined);
  const gradient = gradientOf(value);
  const tangent: Derived = (...inputs) =>
    jvp((p: Tensor[]) => [...value(...withFloats(inputs, p))], floats(inputs), floats(inputs)).tangent;
  return { value, gradient, tangent, second: gradientOf(gradient) };
}
