// Random programs: expression graphs of many ops, shapes and shared subexpressions, whose gradients are compared with
// central differences of a float64 interpreter that is built of the records' references alone. They shrink to the
// smallest program that is wrong.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AnyOp, type Array64, applyAll, grad, hvp, jvp } from "../../src/autodiff/index.js";
import { Key, type Tensor } from "../../src/core/index.js";
import { opTable } from "../../src/ops/index.js";
import { floats, relativeError, toTensor } from "../laws/oracle.js";
import { runs } from "../laws/settings.js";

interface Instruction {
  readonly op: AnyOp;
  readonly inputs: readonly number[];
  readonly attributes: unknown;
}
interface Program {
  readonly leaves: readonly Array64[];
  readonly instructions: readonly Instruction[];
}
interface Draw {
  readonly name: string;
  readonly picks: readonly number[];
}

type Shape = readonly number[];
type Attributes = (shapes: readonly Shape[], pick: number) => unknown;

/** How to choose attributes; undefined where the op does not fit the shapes. Smooth and bounded ops only. */
const choices: Record<string, { readonly arity: number; readonly attributes: Attributes }> = {
  ...Object.fromEntries(
    ["neg", "square", "tanh", "sigmoid", "add", "sub", "mul"].map((name) => [
      name,
      { arity: ["add", "sub", "mul"].includes(name) ? 2 : 1, attributes: () => null },
    ]),
  ),
  softplus: { arity: 1, attributes: (_, pick) => ({ c: 0.5 + (pick % 4) }) },
  addScalar: { arity: 1, attributes: (_, pick) => ({ c: (pick % 5) / 4 - 0.5 }) },
  mulScalar: { arity: 1, attributes: (_, pick) => ({ c: (pick % 7) / 3 - 1 }) },
  matmul: {
    arity: 2,
    attributes: ([a, b], pick) => {
      const transposed = [
        { a: false, b: false },
        { a: true, b: false },
        { a: false, b: true },
      ][pick % 3];
      if (a.length !== 2 || b.length !== 2) return undefined;
      return a[transposed.a ? 0 : 1] === b[transposed.b ? 1 : 0] ? transposed : undefined;
    },
  },
  matvec: {
    arity: 2,
    attributes: ([a, x], pick) => {
      const transpose = pick % 2 === 1;
      return a.length === 2 && x.length === 1 && x[0] === a[transpose ? 0 : 1] ? { transpose } : undefined;
    },
  },
  outer: { arity: 2, attributes: ([a, b]) => (a.length === 1 && b.length === 1 ? null : undefined) },
  transpose: { arity: 1, attributes: ([x]) => (x.length === 2 ? null : undefined) },
  reshape: {
    arity: 1,
    attributes: ([x]) => ({ shape: x.length === 1 ? [1, x[0]] : [x.reduce((a, b) => a * b, 1)] }),
  },
  sum: {
    arity: 1,
    attributes: ([x], pick) => (x.length === 0 ? undefined : { from: pick % x.length, to: (pick % x.length) + 1 }),
  },
  row: { arity: 1, attributes: ([x], pick) => (x.length === 0 ? undefined : { index: pick % x[0] }) },
  stack: { arity: 2, attributes: ([a, b]) => (String(a) === String(b) && a.length < 3 ? null : undefined) },
  softmax: { arity: 1, attributes: ([x]) => (x.length === 1 || x.length === 2 ? null : undefined) },
  logSoftmax: { arity: 1, attributes: ([x]) => (x.length === 1 || x.length === 2 ? null : undefined) },
  broadcastTo: { arity: 1, attributes: ([x]) => (x.length < 3 ? { shape: [2, ...x] } : undefined) },
};
const records = new Map(opTable.map((op) => [op.name, op]));

const leafShapes: readonly Shape[] = [[], [3], [2, 3], [3, 2], [3, 3], [1, 3]];

/** Builds a program: picks that do not fit are turned to the next operands that do, or dropped. */
function build(seed: number, draws: readonly Draw[]): Program {
  const leaves = leafShapes.map((shape, i) => ({
    shape,
    data: floats(
      Key.of(seed).fold(i),
      shape.reduce((a, b) => a * b, 1),
    ),
  }));
  const values: Array64[] = [...leaves];
  const instructions: Instruction[] = [];
  for (const { name, picks } of draws) {
    const { arity, attributes: choose } = choices[name];
    const op = records.get(name)!;
    for (let turn = 0; turn < values.length; turn++) {
      const inputs = picks.slice(0, arity).map((pick, k) => (pick + (k === 0 ? turn : turn * turn)) % values.length);
      const attributes = choose(
        inputs.map((i) => values[i].shape),
        picks[2],
      );
      const shapes = inputs.map((i) => values[i].shape);
      if (attributes === undefined || (arity === 2 && attributes === null && !fits(name, shapes))) continue;
      const [value] = op.reference(
        inputs.map((i) => values[i]),
        attributes ?? undefined,
      );
      if (value.data.length > 40 || value.data.some((x) => Math.abs(x) > 30)) continue;
      values.push(value);
      instructions.push({ op, inputs, attributes: attributes ?? undefined });
      break;
    }
  }
  return { leaves, instructions };
}

/** Whether two shapes broadcast; vectors and stacks have been looked at before. */
function fits(name: string, [a, b]: readonly Shape[]): boolean {
  if (name === "outer" || name === "stack") return true;
  for (let i = 1; i <= Math.min(a.length, b.length); i++) {
    const [x, y] = [a[a.length - i], b[b.length - i]];
    if (x !== y && x !== 1 && y !== 1) return false;
  }
  return true;
}

/** The weighted sum of the last three results, so that nothing is without effect by accident. */
function interpret({ instructions }: Program, leaves: readonly Array64[]): number {
  const values = [...leaves];
  for (const { op, inputs, attributes } of instructions) {
    values.push(
      op.reference(
        inputs.map((i) => values[i]),
        attributes,
      )[0],
    );
  }
  return values
    .slice(-3)
    .reduce((total, { data }, k) => total + data.reduce((sum, x, i) => sum + x * (1 + 0.3 * k + 0.1 * i), 0), 0);
}

function run({ instructions }: Program, leaves: readonly Tensor[]): Tensor {
  const values = [...leaves];
  for (const { op, inputs, attributes } of instructions) {
    values.push(
      applyAll(
        op,
        inputs.map((i) => values[i]),
        attributes as undefined,
      )[0],
    );
  }
  return values
    .slice(-3)
    .map((x, k) => {
      const weights = Float64Array.from({ length: x.size }, (_, i) => 1 + 0.3 * k + 0.1 * i);
      return x.mul(toTensor({ shape: x.shape, data: weights })).sum();
    })
    .reduce((a, b) => a.add(b));
}

const programs = fc
  .tuple(
    fc.nat(0xffff),
    fc.array(
      fc.record({
        name: fc.constantFrom(...Object.keys(choices)),
        picks: fc.tuple(fc.nat(60), fc.nat(60), fc.nat(60)),
      }),
      { minLength: 1, maxLength: 14 },
    ),
  )
  .map(([seed, draws]) => build(seed, draws))
  .map((program) => Object.assign(program, { toString: () => show(program) }));

const show = ({ instructions }: Program): string =>
  instructions
    .map(({ op, inputs, attributes }) => `${op.name}(${inputs}) ${JSON.stringify(attributes ?? "")}`)
    .join("; ");

/** Central differences in every leaf element, as one list. */
function slopes(program: Program): number[] {
  return program.leaves.flatMap(({ shape, data }, l) =>
    Array.from(data, (_, at) => {
      const moved = (by: number): number =>
        interpret(
          program,
          program.leaves.map((leaf, k) =>
            k === l ? { shape, data: data.map((x, i) => (i === at ? x + by : x)) } : leaf,
          ),
        );
      return (moved(1e-5) - moved(-1e-5)) / 2e-5;
    }),
  );
}

const flat = (tensors: readonly Tensor[]): number[] => tensors.flatMap((x) => [...x.data()]);

describe("random programs", () => {
  it("have the value and the gradient of the float64 interpreter, in both modes", () => {
    fc.assert(
      fc.property(programs, (program) => {
        const leaves = program.leaves.map((leaf) => toTensor(leaf));
        const f = (p: readonly Tensor[]): Tensor => run(program, p);
        const exact = interpret(program, program.leaves);
        expect(Math.abs(f(leaves).item() - exact)).toBeLessThan(1e-5 * Math.max(1, Math.abs(exact)));
        const wanted = slopes(program);
        const gradient = flat(grad(f, { unused: "zero" })(leaves));
        expect(relativeError(gradient, wanted)).toBeLessThan(1e-4);
        const direction = program.leaves.map(({ shape, data }, l) => ({
          shape,
          data: floats(Key.of(9).fold(l), data.length),
        }));
        const along = direction.flatMap(({ data }) => [...data]);
        const { tangent } = jvp(
          f,
          leaves,
          direction.map((v) => toTensor(v)),
        );
        const scale = along.reduce((total, v, i) => total + Math.abs(v * wanted[i]), 0);
        const slope = along.reduce((total, v, i) => total + v * wanted[i], 0);
        expect(Math.abs(tangent.item() - slope)).toBeLessThanOrEqual(1e-4 * scale);
      }),
      runs(300),
    );
  });

  it("have a symmetric Hessian, the same by every way", () => {
    fc.assert(
      fc.property(programs, (program) => {
        const leaves = program.leaves.map((leaf) => toTensor(leaf));
        const f = (p: readonly Tensor[]): Tensor =>
          run(program, p).add(p.map((x) => x.sum().mul(0)).reduce((a, b) => a.add(b)));
        const direction = (seed: number): Tensor[] =>
          program.leaves.map(({ shape, data }, l) =>
            toTensor({ shape, data: floats(Key.of(seed).fold(l), data.length) }),
          );
        const [u, v] = [direction(1), direction(2)];
        const dot = (a: readonly Tensor[], b: readonly Tensor[]): Tensor =>
          a.map((x, i) => x.mul(b[i]).sum()).reduce((x, y) => x.add(y));
        const forward = flat(hvp(f, leaves, v));
        const reverse = flat(grad((p: readonly Tensor[]) => dot(grad(f)(p), v), { unused: "zero" })(leaves));
        const crossed = flat(grad((p: readonly Tensor[]) => jvp(f, p, v).tangent, { unused: "zero" })(leaves));
        const twice = jvp((p: readonly Tensor[]) => jvp(f, p, v).tangent, leaves, u).tangent.item();
        expect(relativeError(reverse, forward)).toBeLessThan(1e-4);
        expect(relativeError(crossed, forward)).toBeLessThan(1e-4);
        const [uHv, vHu] = [dot(u, hvp(f, leaves, v)).item(), dot(v, hvp(f, leaves, u)).item()];
        const size = flat(u).reduce((total, x, i) => total + Math.abs(x * forward[i]), 1e-3);
        expect(Math.abs(uHv - vHu)).toBeLessThan(1e-4 * size);
        expect(Math.abs(twice - uHv)).toBeLessThan(1e-4 * size);
      }),
      runs(120),
    );
  });

  it("are programs: of many ops, most of which matter", () => {
    const seen = new Set<string>();
    let alive = 0;
    const sample = fc.sample(programs, { seed: 5, numRuns: 200 });
    for (const program of sample) {
      for (const { op } of program.instructions) seen.add(op.name);
      if (slopes(program).some((x) => Math.abs(x) > 1e-3)) alive++;
    }
    expect(seen).toEqual(new Set(Object.keys(choices)));
    expect(alive).toBeGreaterThan(190);
  });
});
