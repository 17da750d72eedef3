// Random programs: expression graphs of many ops, shapes and shared subexpressions, with a float64 interpreter that is
// built of the records' references alone. They shrink to the smallest program that is wrong.
import fc from "fast-check";
import { type AnyOp, type Array64, applyAll } from "../autodiff/index.js";
import { checkOptions, Key, type Tensor } from "../core/index.js";
import { opTable } from "../ops/internal.js";
import { floats, toTensor } from "./arrays.js";

/** One application in a program. */
export interface Instruction {
  /** The record of what is applied. */
  readonly op: AnyOp;
  /** Indices among the leaves and the earlier results. */
  readonly inputs: readonly number[];
  /** What the record takes besides tensors. */
  readonly attributes: unknown;
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
    for (let shift = 0; shift < values.length; shift++) {
      const inputs = picks.slice(0, arity).map((pick, k) => (pick + (k === 0 ? shift : shift * shift)) % values.length);
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
  return new Program(leaves, instructions);
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

/**
 * A function of several tensors to one number, smooth everywhere, that is known in float32 and in float64.
 *
 * @example
 * const [program] = fc.sample(arbProgram({ maxLength: 3 }), { numRuns: 1, seed: 1 });
 * scope(() => checkGrads((leaves: Tensor[]) => program.run(leaves), program.tensors()));
 * program.leaves.length; // 6
 */
export class Program {
  constructor(
    /** The arguments, each exact in float32. */
    readonly leaves: readonly Array64[],
    /** What is applied, in order. */
    readonly instructions: readonly Instruction[],
  ) {}

  /** The arguments as tensors. */
  tensors(): Tensor[] {
    return this.leaves.map((leaf) => toTensor(leaf));
  }

  /** The program on tensors: the weighted sum of the last three results, so that nothing is without effect by accident. */
  run(leaves: readonly Tensor[]): Tensor {
    const values = [...leaves];
    for (const { op, inputs, attributes } of this.instructions) {
      const operands = inputs.map((i) => values[i]);
      values.push(applyAll(op, operands, attributes as undefined)[0]);
    }
    return values
      .slice(-3)
      .map((x, k) => {
        const weights = Float64Array.from({ length: x.size }, (_, i) => weightOf(k, i));
        return x.mul(toTensor({ shape: x.shape, data: weights })).sum();
      })
      .reduce((a, b) => a.add(b));
  }

  /** The same in float64, by the records' references. */
  reference(leaves: readonly Array64[]): number {
    const values = [...leaves];
    for (const { op, inputs, attributes } of this.instructions) {
      const operands = inputs.map((i) => values[i]);
      values.push(op.reference(operands, attributes)[0]);
    }
    return values
      .slice(-3)
      .reduce((total, { data }, k) => total + data.reduce((sum, x, i) => sum + x * weightOf(k, i), 0), 0);
  }

  /** The ops, their operands and attributes, as text. */
  toString(): string {
    return this.instructions
      .map(({ op, inputs, attributes }) => `${op.name}(${inputs}) ${JSON.stringify(attributes ?? "")}`)
      .join("; ");
  }
}

const weightOf = (k: number, i: number): number => 1 + 0.3 * k + 0.1 * i;

/** Options of `arbProgram`. */
export interface ArbProgramOptions {
  /** Most ops in a program; 14 by default. */
  readonly maxLength?: number;
}

/** The names of the ops that programs are made of. */
export const programOps: readonly string[] = Object.keys(choices);

/**
 * Programs of up to `maxLength` ops on six leaves of rank 0 to 2. They shrink to fewer ops.
 *
 * @example
 * const same = (program: Program) =>
 *   scope(() => {
 *     const { value } = valueAndGrad((leaves: Tensor[]) => program.run(leaves), { unused: "zero" })(program.tensors());
 *     return equalBits(value, program.run(program.tensors())); // a tape changes no bit
 *   });
 * fc.assert(fc.property(arbProgram({ maxLength: 3 }), same)); // throws with the shortest program that it finds
 */
export function arbProgram(given: ArbProgramOptions = {}): fc.Arbitrary<Program> {
  checkOptions("arbProgram", given, ["maxLength"]);
  const { maxLength = 14 } = given;
  const draw = fc.record({
    name: fc.constantFrom(...programOps),
    picks: fc.tuple(fc.nat(60), fc.nat(60), fc.nat(60)),
  });
  return fc
    .tuple(fc.nat(0xffff), fc.array(draw, { minLength: 1, maxLength }))
    .map(([seed, draws]) => build(seed, draws));
}
