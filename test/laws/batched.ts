// The law of vmap, for an op: the bits of examples one by one, stacked. Values, gradients, tangents, and derivatives of
// both again; with every choice of what the examples share.
import type { AnyOp } from "../../src/autodiff/index.js";
import { type DType, type Tensor, tensor, vmap } from "../../src/index.js";
import { derivedOf, inputsOf } from "./derived.js";

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

/** The tensors along a new first axis, whatever their type, made from their numbers. */
function stackOf(parts: readonly Tensor[]): Tensor {
  const [{ dtype, shape }] = parts;
  return tensor(
    parts.flatMap((part) => [...part.data()]),
    { shape: [parts.length, ...shape], dtype },
  );
}

/** A result of vmap beside the stacked results of single calls. */
export interface Mapped {
  /** What it is a result of. */
  readonly what: string;
  readonly got: Tensor;
  readonly wanted: Tensor;
}

/** What vmap makes of a sample of the op's domain, in every way of sharing, beside what single calls make. */
export function* mappedOf(op: AnyOp, index: number, dtype: DType): Generator<Mapped> {
  const { inputs, attributes } = op.domain[index];
  const functions = derivedOf(
    op,
    attributes,
    inputs.map((input) => input.dtype !== "int32"),
  );
  for (const batched of choices(inputs.length)) {
    const examples = examplesOf(op, index, batched, dtype);
    const stacks = examples[0].map((x, i) => (batched[i] ? stackOf(examples.map((list) => list[i])) : x));
    const axes = batched.map((is) => (is ? 0 : null));
    for (const [name, f] of Object.entries(functions)) {
      const mapped = vmap((...given: Tensor[]) => [...f(...given)], { axes })(...stacks);
      const single = examples.map((list) => f(...list));
      for (const [i, got] of mapped.entries()) {
        const wanted = stackOf(single.map((results) => results[i]));
        yield { what: `${name}, result ${i}, batched ${batched}`, got, wanted };
      }
    }
  }
}
