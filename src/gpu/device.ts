/// <reference lib="esnext.disposable" preserve="true" />
// An open GPU, and functions compiled for it.
import { fromNumbers, type Leaf, leavesOf, showShape, type Tensor, type TreeOf, withLeaves } from "../core/index.js";
import type { Backend, GpuMode } from "./backend.js";
import { differentiate } from "./differentiate.js";
import type { Refusal } from "./errors.js";
import type { Value } from "./graph.js";
import { lower } from "./lower.js";
import type { Lowerings } from "./lowering.js";
import { Program } from "./program.js";
import { cutsOf, type GpuCheckpoint } from "./segments.js";
import { type Traced, trace } from "./trace.js";

/** Options of `valueAndGrad` on a GPU. */
export interface GpuGradOptions {
  /** How to treat a parameter on which the result does not depend: "error" (the default) throws, "zero" gives zeros. */
  readonly unused?: "error" | "zero";
  /** What is stored on the GPU; "auto" by default. The bits do not depend on it. */
  readonly checkpoint?: GpuCheckpoint;
}

/**
 * A function compiled for a GPU. Its arguments and results are tensors on the CPU; everything in between stays on the
 * GPU.
 */
export interface OnGpu<A extends readonly unknown[], R> {
  (...args: A): Promise<R>;
  /**
   * Many calls at once, with one launch of every kernel, because a single small network does not keep a GPU busy. The
   * results are in the order of the calls and have the same bits as single calls.
   *
   * @throws RangeError if the calls differ in the structure, the shapes or the fixed whole numbers of their arguments.
   */
  all(calls: readonly A[]): Promise<R[]>;
}

/** A loss, its gradient, and what else was computed. */
export interface GpuGradient<P, X> {
  /** The loss, shape []. */
  readonly value: Tensor;
  /** What else the function returned. */
  readonly aux: X;
  /** The gradient, in the structure of the first argument. */
  readonly grad: P;
}

/** What a GPU has done so far. */
export interface GpuStats {
  /** Blocks of numbers that are on it now. */
  readonly blocks: number;
  /** Bytes in them. */
  readonly bytes: number;
  /** The most bytes at any time so far. */
  readonly peakBytes: number;
  /** Kernels compiled. */
  readonly kernels: number;
  /** Kernels run. */
  readonly launches: number;
  /** Bytes that kernels were given and wrote, each array once a launch. */
  readonly traffic: number;
}

/** How a function becomes a program, and how numbers become its result. */
interface Plan<R> {
  readonly program: Program;
  result(numbers: readonly Float32Array[], episode: number): R;
}

/** A function traced for arguments of one kind. */
interface Built<R> {
  readonly traced: Traced<unknown>;
  plan(episodes: number): Plan<R>;
}

/** The same, with the conditions on its arguments. */
interface Known<R> extends Built<R> {
  /** The whole numbers that the function read: the program is valid only for these. */
  readonly statics: string;
  readonly labels: readonly LabelCheck[];
}

/** An argument whose numbers name classes. */
interface LabelCheck {
  readonly op: string;
  readonly leaf: number;
  readonly classes: number;
}

/** `Symbol.asyncDispose`, also where the engine does not know it yet. */
const asyncDispose: typeof Symbol.asyncDispose = Symbol.asyncDispose ?? (Symbol.for("Symbol.asyncDispose") as never);

/** A GPU, opened by `open`. */
export class Gpu {
  /** The backend that runs; it never silently changes. */
  readonly backend: GpuMode;
  /** The name that the adapter reports. */
  readonly adapter: string;
  /** Whether the adapter is software on the CPU: correct, but slow. */
  readonly software: boolean;
  /** Bytes that one array may have, over all calls that run at once. */
  readonly limits: { readonly maxArrayBytes: number };
  /** Preferred modes that were not available, and why. */
  readonly refused: readonly Refusal[];

  /** @internal Use `open`. */
  constructor(
    private readonly device: Backend,
    refused: readonly Refusal[],
    private readonly lowerings: Lowerings,
  ) {
    const { mode, adapter, software, maxArrayBytes } = device.facts;
    this.backend = mode;
    this.adapter = adapter;
    this.software = software;
    this.limits = { maxArrayBytes };
    this.refused = refused;
  }

  /** What it has done so far, and what it holds. */
  stats(): GpuStats {
    const { live, bytes, peakBytes, compiled, launches, traffic } = this.device;
    return { blocks: live, bytes, peakBytes, kernels: compiled, launches, traffic };
  }

  /**
   * `f` on the GPU. It is run once on the CPU for each kind of arguments, to record which ops it applies; whatever it
   * computes without tensors, or from tensors that are not arguments, stays the same in all later calls. It may read
   * int32 arguments as numbers; another value then counts as another kind. Loops and gradients inside `f` are
   * supported.
   *
   * @throws (when called) GpuUnsupportedError naming the ops that have no kernel, TypeError if `f` reads a float of its
   * arguments, GpuLostError if the device goes away.
   */
  compile<A extends readonly unknown[], R extends TreeOf<R>>(f: (...args: A) => R): OnGpu<A, R> {
    return this.compiled((args) => {
      const traced = trace(f, args);
      const lowered = lower(traced.nodes, traced.outputs, this.lowerings);
      const program = new Program(lowered, traced.inputs, traced.constants);
      const plan: Plan<R> = {
        program,
        result: (numbers, episode) =>
          traced.rebuild(traced.outputs.map((output, i) => cut(output, numbers[i], episode))),
      };
      return { traced, plan: () => plan };
    });
  }

  /**
   * The function that computes `f`, one number, and its gradient with respect to its first argument, both on the GPU,
   * without any download in between. See `compile` for what `f` may do.
   *
   * @throws (when called) what `compile` throws, and RangeError for a result that is not one number or a parameter that
   * does not reach it (see `GpuGradOptions.unused`).
   */
  valueAndGrad<P extends TreeOf<P>, A extends readonly unknown[]>(
    f: (parameters: P, ...rest: A) => Tensor,
    options: GpuGradOptions = {},
  ): OnGpu<[P, ...A], { value: Tensor; grad: P }> {
    return this.valueAndGradAux<P, A, null>((parameters, ...rest) => [f(parameters, ...rest), null], options);
  }

  /** Like `valueAndGrad`, for an `f` that returns `[loss, aux]`; `aux`, a tree of tensors, is not differentiated. */
  valueAndGradAux<P extends TreeOf<P>, A extends readonly unknown[], X>(
    f: (parameters: P, ...rest: A) => readonly [Tensor, X],
    { unused = "error", checkpoint = "auto" }: GpuGradOptions = {},
  ): OnGpu<[P, ...A], GpuGradient<P, X>> {
    return this.compiled((args) => {
      const traced = trace((...given: [P, ...A]) => {
        const [value, aux] = f(...given);
        return aux === null ? { value } : { value, aux };
      }, args);
      const parameters = leavesOf("gpu", args[0]);
      const loss = lossOf(traced);
      const plans = new Map<string, Plan<GpuGradient<P, X>>>();
      const plan = (episodes: number): Plan<GpuGradient<P, X>> => {
        const cuts = cutsOf(traced, checkpoint, episodes);
        const known = plans.get(String(cuts));
        if (known) return known;
        const made = gradientPlan<P, X>(traced, this.lowerings, loss, args[0], parameters, cuts, unused);
        plans.set(String(cuts), made);
        return made;
      };
      return { traced, plan };
    });
  }

  /** Releases the device. Whatever still waits for it fails with a GpuLostError. */
  close(): Promise<void> {
    return this.device.close();
  }

  /** `await using gpu = await open()` closes at the end of the block. */
  async [asyncDispose](): Promise<void> {
    await this.close();
  }

  private compiled<A extends readonly unknown[], R>(build: (args: A) => Built<R>): OnGpu<A, R> {
    const known = new Map<string, Known<R>[]>();
    const all = async (calls: readonly A[]): Promise<R[]> => {
      if (calls.length === 0) return [];
      const leaves = calls.map((args) => leavesOf("gpu", args));
      const kind = kindOf(leaves[0]);
      const kinds = known.get(kind) ?? [];
      known.set(kind, kinds);
      let found = kinds.find(({ traced, statics }) => staticsOf(traced, leaves[0]) === statics);
      if (!found) {
        const built = build(calls[0]);
        found = {
          ...built,
          statics: staticsOf(built.traced, leaves[0]),
          labels: labelChecks(built.traced, this.lowerings),
        };
        kinds.push(found);
      }
      checkCalls(found, kind, leaves);
      return this.execute(found, leaves);
    };
    return Object.assign(async (...args: A): Promise<R> => (await all([args]))[0], { all });
  }

  /** The most calls at once that the largest array allows. */
  private async execute<R>({ plan }: Known<R>, calls: readonly Leaf[][]): Promise<R[]> {
    const fitting = Math.floor(this.limits.maxArrayBytes / (4 * plan(1).program.largest));
    const results: R[] = [];
    for (let first = 0; first < calls.length; ) {
      const part = calls.slice(first, first + Math.max(1, fitting));
      const { program, result } = plan(part.length);
      const data = part[0].map((_, leaf) => joined(part.map((leaves) => leaves[leaf].tensor)));
      const numbers = await program.run(this.device, part.length, data);
      part.forEach((_, episode) => {
        results.push(result(numbers, episode));
      });
      first += part.length;
    }
    return results;
  }
}

/** The numbers of one episode of a block, as a tensor in the current place. */
function cut({ shape, size, dtype }: Value, numbers: Float32Array, episode: number): Tensor {
  return fromNumbers(numbers.subarray(episode * size, (episode + 1) * size), shape, dtype);
}

/** The numbers of these tensors, one after the other, as floats. */
function joined(tensors: readonly Tensor[]): Float32Array {
  const { size } = tensors[0];
  const all = new Float32Array(size * tensors.length);
  tensors.forEach((tensor, i) => {
    all.set(tensor.data(), i * size);
  });
  return all;
}

/** The kind of arguments of a trace: names, shapes and types of the leaves. */
function kindOf(leaves: readonly Leaf[]): string {
  return leaves.map(({ path, tensor }) => `${path} ${showShape(tensor.shape)} ${tensor.dtype}`).join("\n");
}

/** The whole numbers among the arguments that the function read. */
function staticsOf({ statics }: Traced<unknown>, leaves: readonly Leaf[]): string {
  return statics.map((i) => leaves[i].tensor.data().join()).join(";");
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
function checkCalls<R>({ traced, statics, labels }: Known<R>, kind: string, calls: readonly (readonly Leaf[])[]): void {
  calls.forEach((leaves, call) => {
    if (kindOf(leaves) !== kind || staticsOf(traced, leaves) !== statics) {
      throw new RangeError(
        `[gpu] call ${call} differs from call 0 in the structure, shapes or fixed whole numbers of its arguments. ` +
          "Put calls of one kind together.",
      );
    }
    for (const { op, leaf, classes } of labels) {
      const bad = leaves[leaf].tensor.data().find((label) => label < 0 || label >= classes);
      if (bad === undefined) continue;
      throw new RangeError(`[${op}] label ${bad} is outside the ${classes} classes. Labels run from 0.`);
    }
  });
}

function lossOf({ outputs: [loss] }: Traced<unknown>): Value {
  if (loss.shape.length > 0) {
    throw new RangeError(
      `[grad] the result has shape ${showShape(loss.shape)}; a gradient needs one number. End with .sum() or .mean().`,
    );
  }
  return loss;
}

function gradientPlan<P, X>(
  traced: Traced<unknown>,
  lowerings: Lowerings,
  loss: Value,
  tree: P,
  parameters: readonly Leaf[],
  cuts: readonly number[],
  unused: "error" | "zero",
): Plan<GpuGradient<P, X>> {
  const targets = traced.inputs.slice(0, parameters.length);
  const { nodes, gradients } = differentiate(traced, lowerings, loss, targets, cuts);
  gradients.forEach((gradient, i) => {
    if (gradient || unused === "zero") return;
    const name = parameters[i].path === "" ? "the argument" : `"${parameters[i].path}"`;
    throw new RangeError(`[grad] ${name} does not reach the result. If that is intended, pass { unused: "zero" }.`);
  });
  const found = gradients.filter((gradient) => gradient !== undefined);
  const wanted = [...traced.outputs, ...found];
  const program = new Program(lower(nodes, wanted, lowerings), traced.inputs, traced.constants);
  const result = (numbers: readonly Float32Array[], episode: number): GpuGradient<P, X> => {
    const tensors = wanted.map((value, i) => cut(value, numbers[i], episode));
    const forward = traced.rebuild(tensors.slice(0, traced.outputs.length)) as { value: Tensor; aux: X };
    let next = traced.outputs.length;
    const grads = targets.map((target, i) =>
      gradients[i] ? tensors[next++] : fromNumbers(new Float32Array(target.size), target.shape, "float32"),
    );
    return { ...forward, grad: withLeaves(tree, grads) };
  };
  return { program, result };
}
