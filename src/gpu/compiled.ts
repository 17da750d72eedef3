// Functions compiled for a GPU: traced once for each kind of arguments, and then run with numbers from the CPU or from the GPU.
import {
  type Elements,
  fromNumbers,
  type Leaf,
  leavesOf,
  openScope,
  showShape,
  type Tensor,
  within,
  withLeaves,
} from "../core/index.js";
import type { Backend, Block } from "./backend.js";
import { Value } from "./graph.js";
import type { Input } from "./inputs.js";
import type { Lowerings } from "./lowering.js";
import { outlineOf, Placed } from "./placed.js";
import type { Program } from "./program.js";
import type { Traced } from "./trace.js";

/** Arguments, each of which may be on the GPU already as a whole. */
export type OrPlaced<A extends readonly unknown[]> = { readonly [I in keyof A]: A[I] | Placed<A[I]> };

/**
 * A function compiled for a GPU. Its arguments are trees of tensors on the CPU or numbers that are there already
 * (`Placed`), and its results are tensors on the CPU; everything in between stays on the GPU.
 */
export interface OnGpu<A extends readonly unknown[], R> {
  (...args: OrPlaced<A>): Promise<R>;
  /**
   * Many calls at once, with one launch of every kernel, because a single small network does not keep a GPU busy. The
   * results are in the order of the calls and have the same bits as single calls.
   *
   * @throws RangeError if the calls differ in the structure, the shapes or the fixed whole numbers of their arguments.
   */
  all(calls: readonly OrPlaced<A>[]): Promise<R[]>;
  /** One call whose result stays on the GPU, for other calls to take. Its bits are the same. Dispose of it after use. */
  keep(...args: OrPlaced<A>): Promise<Placed<R>>;
}

/** How a function becomes a program, and how numbers become its result. */
export interface Plan<R> {
  readonly program: Program;
  /** The outputs, in order. */
  readonly outputs: readonly Value[];
  /** For each leaf of the result, in order, its place among the outputs; undefined if it is always 0. */
  readonly leaves: readonly (number | undefined)[];
  /** The result of an episode, of the numbers of each output. */
  result(numbers: readonly Float32Array[], episode: number): R;
}

/** A function traced for arguments of one kind. */
export interface Built<R> {
  readonly traced: Traced<unknown>;
  plan(episodes: number): Plan<R>;
}

/** The same, with the conditions on its arguments. */
interface Known<R> extends Built<R> {
  /** The whole numbers that the function read: the program is valid only for these. */
  readonly statics: string;
  readonly labels: readonly LabelCheck[];
}

/** A part of an argument. */
interface Operand {
  readonly path: string;
  /** Its shape and type; the numbers may be gone. */
  readonly tensor: Tensor;
  /** Where it is on the GPU, if it is there. */
  readonly block: Block | undefined;
  /** The numbers, unless they are floats that are on the GPU. */
  readonly numbers: Elements | undefined;
}

type Operands = readonly Operand[];

/** An argument whose numbers name classes. */
interface LabelCheck {
  readonly op: string;
  readonly leaf: number;
  readonly classes: number;
}

/**
 * The function that `build` makes a program of.
 *
 * @param build traces the function with arguments of one kind.
 */
export function compiled<A extends readonly unknown[], R>(
  device: Backend,
  lowerings: Lowerings,
  build: (args: A) => Built<R>,
): OnGpu<A, R> {
  const known = new Map<string, Known<R>[]>();
  const programFor = async (args: A, calls: readonly Operands[]): Promise<Known<R>> => {
    const [operands] = calls;
    const kind = kindOf(operands);
    const kinds = known.get(kind) ?? [];
    known.set(kind, kinds);
    const fitting = (): Known<R> | undefined =>
      kinds.find(({ traced, statics }) => staticsOf(traced, operands) === statics);
    let found = fitting();
    if (!found) {
      const numbers = await numbersOf(device, operands);
      // Another call may have made it meanwhile.
      found = fitting() ?? traceWith(lowerings, build, args, operands, numbers);
      if (!kinds.includes(found)) kinds.push(found);
    }
    checkCalls(found, kind, calls);
    return found;
  };
  const all = async (calls: readonly OrPlaced<A>[]): Promise<R[]> => {
    if (calls.length === 0) return [];
    return usingPlaced<A, R[]>(device, calls, async (trees, operands) =>
      execute(device, await programFor(trees[0], operands), operands),
    );
  };
  const keep = async (...args: OrPlaced<A>): Promise<Placed<R>> =>
    usingPlaced<A, Placed<R>>(device, [args], async (trees, operands) =>
      left(device, await programFor(trees[0], operands), operands[0]),
    );
  return Object.assign(async (...args: OrPlaced<A>): Promise<R> => (await all([args]))[0], { all, keep });
}

/** The numbers of operands. Those that are only on the GPU are fetched: once, to record what a function does. */
async function numbersOf(device: Backend, operands: Operands): Promise<Elements[]> {
  const all: Elements[] = [];
  for (const { numbers, block } of operands) all.push(numbers ?? (await device.download(block!)));
  return all;
}

/** The function for operands of this kind, which `build` traces on these numbers. */
function traceWith<A extends readonly unknown[], R>(
  lowerings: Lowerings,
  build: (args: A) => Built<R>,
  args: A,
  operands: Operands,
  numbers: readonly Elements[],
): Known<R> {
  const scope = openScope();
  try {
    const made = within(scope, () =>
      build(
        withLeaves(
          args,
          operands.map(({ tensor: { shape, dtype } }, i) => fromNumbers(numbers[i], shape, dtype)),
        ),
      ),
    );
    return { ...made, statics: staticsOf(made.traced, operands), labels: labelChecks(made.traced, lowerings) };
  } finally {
    scope.close();
  }
}

/** Shows the trees and their parts to `f`; nothing that is on the GPU is freed meanwhile. */
function usingPlaced<A extends readonly unknown[], R>(
  device: Backend,
  calls: readonly OrPlaced<A>[],
  f: (trees: readonly A[], operands: readonly Operands[]) => Promise<R>,
): Promise<R> {
  const outlines = new Map<unknown, unknown>();
  const there = new Map<Tensor, Block>();
  const use = ([first, ...rest]: readonly Placed<unknown>[]): Promise<R> => {
    if (first) {
      return first.use(device, (outline, blocks) => {
        outlines.set(first, outline);
        for (const [tensor, block] of blocks) there.set(tensor, block);
        return use(rest);
      });
    }
    const trees = calls.map((args) => args.map((argument) => outlines.get(argument) ?? argument) as unknown as A);
    const operandOf = ({ tensor, path }: Leaf): Operand => {
      const block = there.get(tensor);
      // Read at once: the caller's scope may end while the call is under way.
      return { tensor, path, block, numbers: block && tensor.dtype !== "int32" ? undefined : tensor.data() };
    };
    return f(
      trees,
      trees.map((args) => leavesOf("gpu", args).map(operandOf)),
    );
  };
  return use([...new Set(calls.flat())].filter((argument) => argument instanceof Placed));
}

/** The results of as many calls at once as the largest array allows. */
async function execute<R>(device: Backend, { plan }: Known<R>, calls: readonly Operands[]): Promise<R[]> {
  const fitting = Math.floor(device.facts.maxArrayBytes / (4 * plan(1).program.largest));
  const results: R[] = [];
  for (let first = 0; first < calls.length; ) {
    const part = calls.slice(first, first + Math.max(1, fitting));
    const { program, result } = plan(part.length);
    const inputs = part[0].map((_, i) => part.map((operands) => inputOf(operands[i])));
    const numbers = await program.run(device, part.length, inputs);
    part.forEach((_, episode) => {
      results.push(result(numbers, episode));
    });
    first += part.length;
  }
  return results;
}

/** The result of one call, which stays on the GPU. */
async function left<R>(device: Backend, { plan }: Known<R>, operands: Operands): Promise<Placed<R>> {
  const { program, outputs, leaves, result } = plan(1);
  const made = await program.keep(device, operands.map(inputOf));
  const blocks = [...made];
  try {
    const numbers: Float32Array[] = [];
    for (const [i, { dtype, size }] of outputs.entries()) {
      numbers.push(dtype === "int32" ? await device.download(made[i]) : new Float32Array(size));
    }
    const scope = openScope();
    let outline: R;
    try {
      outline = within(scope, () => outlineOf(result(numbers, 0)));
    } finally {
      scope.close();
    }
    const parts = leavesOf("gpu", outline);
    const each: Block[] = [];
    for (const [leaf, place] of leaves.entries()) {
      if (place !== undefined) {
        each.push(made[place]);
        continue;
      }
      const { columns, rows, size } = new Value(parts[leaf].tensor.shape);
      const zeros = await device.upload(new Float32Array(size), { columns, rows, episodes: 1 });
      blocks.push(zeros);
      each.push(zeros);
    }
    return new Placed(device, outline, each);
  } catch (error) {
    for (const block of blocks) block.free();
    throw error;
  }
}

/** What a program is given of an operand. */
const inputOf = ({ block, numbers }: Operand): Input => block ?? floatsOf(numbers!);

/** Numbers as a GPU has them. */
export const floatsOf = (numbers: Elements): Float32Array =>
  numbers instanceof Float32Array ? numbers : Float32Array.from(numbers);

/** The numbers of one episode of a block, as a tensor in the current place. */
export function cut({ shape, size, dtype }: Value, numbers: Float32Array, episode: number): Tensor {
  return fromNumbers(numbers.subarray(episode * size, (episode + 1) * size), shape, dtype);
}

/** The kind of arguments of a trace: names, shapes and types of the operands. */
function kindOf(operands: Operands): string {
  return operands.map(({ path, tensor }) => `${path} ${showShape(tensor.shape)} ${tensor.dtype}`).join("\n");
}

/** The whole numbers among the arguments that the function read. */
function staticsOf({ statics }: Traced<unknown>, operands: Operands): string {
  return statics.map((i) => operands[i].numbers!.join()).join(";");
}

/** The arguments that are labels of a loss. */
function labelChecks({ nodes, inputs }: Traced<unknown>, lowerings: Lowerings): LabelCheck[] {
  return nodes.flatMap((node) => {
    const { labels } = lowerings.of(node);
    const leaf = labels === undefined ? -1 : inputs.indexOf(node.inputs[labels]);
    return leaf < 0 ? [] : [{ op: node.op.name, leaf, classes: node.inputs[0].columns }];
  });
}

/** Throws unless all calls are of one kind and their labels are labels. */
function checkCalls<R>({ traced, statics, labels }: Known<R>, kind: string, calls: readonly Operands[]): void {
  calls.forEach((operands, call) => {
    if (kindOf(operands) !== kind || staticsOf(traced, operands) !== statics) {
      throw new RangeError(
        `[gpu] call ${call} differs from call 0 in the structure, shapes or fixed whole numbers of its arguments. ` +
          "Put calls of one kind together.",
      );
    }
    for (const { op, leaf, classes } of labels) {
      const bad = operands[leaf].numbers!.find((label) => label < 0 || label >= classes);
      if (bad === undefined) continue;
      throw new RangeError(`[${op}] label ${bad} is outside the ${classes} classes. Labels run from 0.`);
    }
  });
}
