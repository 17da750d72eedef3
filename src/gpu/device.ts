/// <reference lib="esnext.disposable" preserve="true" />
// An open GPU, and functions compiled for it.
import {
  disposeTree,
  fromNumbers,
  type Leaf,
  leavesOf,
  showShape,
  type Tensor,
  type TreeOf,
  withLeaves,
} from "../core/index.js";
import type { Backend, Block, GpuMode } from "./backend.js";
import { compiled, cut, floatsOf, type OnGpu, type Plan } from "./compiled.js";
import { differentiate } from "./differentiate.js";
import { GpuUnsupportedError, type Refusal } from "./errors.js";
import { Value } from "./graph.js";
import { lower } from "./lower.js";
import type { Lowerings } from "./lowering.js";
import { outlineOf, Placed } from "./placed.js";
import { Program } from "./program.js";
import { cutsOf, type GpuCheckpoint } from "./segments.js";
import { checkFits, type Traced, trace } from "./trace.js";

/** Options of `valueAndGrad` on a GPU. */
export interface GpuGradOptions {
  /** How to treat a parameter on which the result does not depend: "error" (the default) throws, "zero" gives zeros. */
  readonly unused?: "error" | "zero";
  /** What is stored on the GPU; "auto" by default. The bits do not depend on it. */
  readonly checkpoint?: GpuCheckpoint;
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
  /** Bytes sent to it. */
  readonly sent: number;
  /** Bytes received from it. */
  readonly received: number;
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
    const { live, bytes, peakBytes, compiled, launches, traffic, sent, received } = this.device;
    return { blocks: live, bytes, peakBytes, kernels: compiled, launches, traffic, sent, received };
  }

  /**
   * Sends a tree of tensors to the GPU, where it stays for as many calls as take it, until it is disposed.
   *
   * ```js
   * const rule = await gpu.put(initialRule(config, sizes)); // sent once
   * for (const batch of batches) await metaLoss.all(batch.map((episode) => [rule, ...episode]));
   * rule.dispose();
   * ```
   *
   * @throws TypeError if it is not a tree of tensors or one is float64, GpuUnsupportedError for a tensor that is empty
   * or larger than `limits.maxArrayBytes`, GpuLostError if the device went away.
   */
  async put<T extends TreeOf<T>>(tree: T): Promise<Placed<T>> {
    const leaves = leavesOf("gpu", tree);
    for (const { tensor, path } of leaves) {
      checkFits(tensor);
      if (tensor.size > 0 && tensor.bytes <= this.limits.maxArrayBytes) continue;
      const what = path === "" ? "the tensor" : `"${path}"`;
      throw new GpuUnsupportedError(
        `[gpu] ${what} has shape ${showShape(tensor.shape)}; an array there has 1 to ${this.limits.maxArrayBytes / 4} ` +
          "numbers. Split it, or leave it on the CPU.",
      );
    }
    // Taken now: the caller's scope may end before all was sent.
    const outline = outlineOf(tree);
    const numbers = leaves.map(({ tensor }) => floatsOf(tensor.data()));
    const blocks: Block[] = [];
    try {
      for (const [i, { tensor }] of leaves.entries()) {
        const { columns, rows } = new Value(tensor.shape);
        blocks.push(await this.device.upload(numbers[i], { columns, rows, episodes: 1 }));
      }
    } catch (error) {
      for (const block of blocks) block.free();
      disposeTree(outline);
      throw error;
    }
    return new Placed(this.device, outline, blocks);
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
    return compiled(this.device, this.lowerings, (args) => {
      const traced = trace(f, args);
      const lowered = lower(traced.nodes, traced.outputs, this.lowerings);
      const program = new Program(lowered, traced.inputs, traced.constants);
      const plan: Plan<R> = {
        program,
        outputs: traced.outputs,
        leaves: traced.outputs.map((_, i) => i),
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
    return compiled(this.device, this.lowerings, (args) => {
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
  let outputs = traced.outputs.length;
  const leaves = [...traced.outputs.keys(), ...gradients.map((gradient) => (gradient ? outputs++ : undefined))];
  return { program, outputs: wanted, leaves, result };
}
