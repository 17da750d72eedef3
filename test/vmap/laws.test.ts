// The law of vmap, for every op: the bits of examples one by one, stacked. Values, gradients, tangents, and derivatives
// of both again; with every choice of what the examples share, in float32 and in float64.
import { describe, expect, it } from "vitest";
import { type DType, type Tensor, tensor, vmap } from "../../src/index.js";
import "../../src/float64/index.js";
import type { AnyOp } from "../../src/autodiff/index.js";
import { bitsOf } from "../../src/testing/arrays.js";
import { derivedOf, inputsOf } from "../laws/derived.js";
import { tested } from "../laws/table.js";

const EXAMPLES = 3;

/** What differs from example to example: everything, or all inputs but one, or one only. */
function choices(inputs: number): boolean[][] {
  const all = Array.from({ length: inputs }, () => true);
  if (inputs === 1) return [all];
  return [all, ...all.flatMap((_, i) => [all.map((_, j) => j !== i), all.map((_, j) => j === i)])];
}

/** The op's inputs, one list an example, with floats of this type; those that all share are the first one's. */
function examplesOf(op: AnyOp, sample: number, batched: readonly boolean[], dtype: DType): Tensor[][] {
  const drawn = inputsOf(op, sample, EXAMPLES, dtype);
  return drawn.map((inputs) => inputs.map((x, i) => (batched[i] ? x : drawn[0][i])));
}

const named = tested.flatMap((op) => (["float32", "float64"] as const).map((dtype) => [op.name, dtype, op] as const));

describe.each(named)("%s in %s", (_, dtype, op) => {
  it.each(op.domain.map((sample, i) => [i, sample] as const))("sample %i of its domain", (index, sample) => {
    const isFloat = sample.inputs.map(({ dtype }) => dtype !== "int32");
    const functions = derivedOf(op, sample.attributes, isFloat);
    for (const batched of choices(sample.inputs.length)) {
      const examples = examplesOf(op, index, batched, dtype);
      const stacks = examples[0].map((x, i) => (batched[i] ? stackOf(examples.map((inputs) => inputs[i])) : x));
      const axes = batched.map((is) => (is ? 0 : null));
      for (const [name, f] of Object.entries(functions)) {
        const mapped = vmap((...inputs: Tensor[]) => [...f(...inputs)], { axes: [...axes] })(...stacks);
        const single = examples.map((inputs) => f(...inputs));
        mapped.forEach((whole, i) => {
          const wanted = stackOf(single.map((results) => results[i]));
          expect(whole.shape).toEqual(wanted.shape);
          expect(bitsOf([whole]), `${name}, result ${i}, batched ${batched}`).toEqual(bitsOf([wanted]));
        });
      }
    }
  });
});

/** The tensors along a new first axis, whatever their type, made from their numbers. */
function stackOf(parts: readonly Tensor[]): Tensor {
  const [{ dtype, shape }] = parts;
  return tensor(
    parts.flatMap((part) => [...part.data()]),
    { shape: [parts.length, ...shape], dtype },
  );
}
