// Every op on its first sample, which has a few numbers: the overhead of an application.
import { type AnyOp, applyAll, type SampleInput } from "../src/autodiff/index.js";
import { Key, random, scope, type Tensor, tensor, vjp } from "../src/index.js";
import { opTable } from "../src/ops/internal.js";
import { chemicalStepOp, linearStepOp, motifFactorsOp } from "../src/plasticity/index.js";
import { type Bench, figure, time } from "./harness.js";

const plasticityOps = [motifFactorsOp, linearStepOp, chemicalStepOp] as unknown as AnyOp[];

/** Applications in one run, over which the costs of a scope and of a tape are spread. */
const REPEATS = 100;

function input({ shape, low = -1, high = 1, dtype }: SampleInput, key: Key): Tensor {
  if (dtype !== "int32") return random.uniform(key, shape, { low, high });
  const size = shape.reduce((product, length) => product * length, 1);
  return tensor(
    Int32Array.from({ length: size }, (_, i) => key.integer(i, high)),
    { dtype },
  ).view(shape);
}

export const opsBench: Bench = function* () {
  for (const op of [...opTable, ...plasticityOps]) {
    // A record without a domain has no derivative.
    if (op.domain.length === 0) continue;
    const { inputs, attributes } = op.domain[0];
    const copies = Array.from({ length: REPEATS }, (_, copy) =>
      inputs.map((sample, i) => input(sample, Key.of(copy).fold(i))),
    );
    const floats = copies.map((list) => list.filter(({ dtype }) => dtype !== "int32"));
    const applications = (parameters: readonly (readonly Tensor[])[]): (readonly Tensor[])[] =>
      copies.map((list, copy) => {
        let next = 0;
        const given = list.map((x) => (x.dtype === "int32" ? x : parameters[copy][next++]));
        return applyAll(op, given, attributes as undefined);
      });
    const cotangents = applications(floats);
    const forward = time(op.name, () => scope(() => void applications(floats)), 0.1);
    const both = time(
      op.name,
      () =>
        scope(() => {
          const { pullback } = vjp(applications, floats);
          pullback(cotangents);
          pullback.dispose();
        }),
      0.1,
    );
    const micro = (ms: number): number => figure((1000 * ms) / REPEATS);
    const shapes = inputs.map(({ shape }) => `[${shape}]`).join(" ");
    yield { bench: "ops", op: op.name, shapes, forwardMicros: micro(forward.best), totalMicros: micro(both.best) };
  }
};
