// The tape: what was applied to what, in order. One log serves all transforms that are open at a time: an inner
// gradient reads its own stretch of it, and its backward ops are appended like any others, which is why derivatives
// of derivatives need no further machinery.
import {
  type ElementType,
  emptyOf,
  type Filling,
  kindOf,
  type Shape,
  sameShape,
  showShape,
  Tensor,
  tracer,
  untraced,
} from "../core/index.js";
import type { AnyOp, Application, Op, OuterProduct } from "./op.js";
import type { Steps } from "./steps.js";
import { resultType } from "./typing.js";
import { currentWatcher } from "./watch.js";

/** One application of an op to tensors, or to what stands for them in a traced program. */
export interface Applied<V> {
  /** The op's record. */
  readonly op: AnyOp;
  /** What it was applied to. */
  readonly inputs: readonly V[];
  /** What came of it. */
  readonly outputs: readonly V[];
  /** What it was applied with besides. */
  readonly attributes: unknown;
}

/** One application of an op, as the tape holds it. */
export interface Entry extends Applied<Tensor> {
  readonly kind: "op";
}

/** A stretch of a checkpointed loop: only its ends are stored, the rest is run again when it is needed. */
export interface Segment {
  readonly kind: "segment";
  /** The carry at the start and every older tensor that the body reads. */
  readonly inputs: readonly Tensor[];
  /** The carry at the end, then what the steps kept, step by step. */
  readonly outputs: readonly Tensor[];
  readonly steps: Steps;
  /** The carry at the start. */
  readonly carry: readonly Tensor[];
  /** Carries that a sweep may store on its way back; undefined: it stores every step. */
  readonly slots: number | undefined;
  /**
   * Gives what a sweep of the steps would send to those of the inputs that need it, for these cotangents of the outputs, or
   * undefined if it cannot; then the steps are run again. See `compile`.
   */
  readonly pull?: (
    cotangents: readonly (Tensor | undefined)[],
    needs: readonly boolean[],
  ) => readonly (Cotangent | undefined)[] | undefined;
}

/** A cotangent as it has arrived: a whole tensor, outer products that are to be added to it, or both. */
export interface Cotangent {
  readonly dense: Tensor | undefined;
  readonly products: readonly OuterProduct[];
}

/** Records everything. */
export class Log {
  constructor(
    readonly entries: (Entry | Segment)[] = [],
    /** Whether rules that are recorded here may give outer products instead of matrices. */
    readonly outerProducts = false,
  ) {}

  record(op: AnyOp, inputs: readonly Tensor[], outputs: readonly Tensor[], attributes: unknown): void {
    this.entries.push({ kind: "op", op, inputs, outputs, attributes });
  }
}

/** Tangents that are dropped together. */
export type TangentLayer = Map<Tensor, Tensor>;

/** Pushes tangents through each op as it runs. See `tangents.ts`. */
export interface TangentPusher {
  /** The pusher of an enclosing transform. */
  readonly outer: TangentPusher | undefined;
  /** The layer that new tangents go to. */
  readonly top: TangentLayer;
  get(tensor: Tensor): Tensor | undefined;
  openLayer(): TangentLayer;
  dropLayer(layer: TangentLayer): void;
  push(op: AnyOp, inputs: readonly Tensor[], outputs: readonly Tensor[], attributes: unknown): void;
}

/** Applies ops to handles that each stand for many tensors: one `vmap`. */
export interface Batching {
  /** Whether what runs around it is differentiated, so that what is made inside must last. */
  readonly differentiated: boolean;
  /** All results of an op, as handles where they differ from example to example. */
  apply(op: AnyOp, inputs: readonly Tensor[], attributes: unknown): readonly Tensor[];
  /** The rule of a fused op, which is kernels, for each example. */
  pull(
    op: AnyOp,
    cotangents: readonly (Tensor | undefined)[],
    application: Application<unknown>,
    products: readonly (readonly OuterProduct[])[],
  ): readonly (Tensor | OuterProduct | undefined)[];
  /** Runs `f` as what runs around sees it, and back. */
  outside<T>(f: () => T): T;
  inside<T>(f: () => T): T;
  /** The tensor of all examples, stacked along a first axis. */
  whole(tensor: Tensor): Tensor;
  /** What stands for one of the examples that are stacked in `whole`. */
  handle(whole: Tensor): Tensor;
}

/** What follows the ops that run: each is undefined where nobody does. */
export interface Followers {
  readonly recorder: Log | undefined;
  readonly pusher: TangentPusher | undefined;
  readonly batching: Batching | undefined;
}

let recorder: Log | undefined;
let pusher: TangentPusher | undefined;
let batching: Batching | undefined;

/** Who follows the ops now. */
export function followersNow(): Followers {
  return { recorder, pusher, batching };
}

/** Runs `f` with these followers and no others. */
export function followedBy<T>(next: Followers, f: () => T): T {
  const before = { recorder, pusher, batching };
  ({ recorder, pusher, batching } = next);
  try {
    return f();
  } finally {
    ({ recorder, pusher, batching } = before);
  }
}

/** The `vmap` whose handles ops are applied to now. */
export function currentBatching(): Batching | undefined {
  return batching;
}

/** The log that ops are recorded in now, if a transform is recording. */
export function currentLog(): Log | undefined {
  return recorder;
}

/** Whether what runs now will be differentiated: what it makes must then last. */
export function isDifferentiated(): boolean {
  return recorder !== undefined || pusher !== undefined || batching?.differentiated === true;
}

/** Whether somebody follows what runs now: rules must then be ops, not bare kernels. */
export function isFollowed(): boolean {
  return recorder !== undefined || pusher !== undefined || batching !== undefined;
}

/** Whether a rule that runs now may give an outer product: not where what it gives is differentiated again. */
export function keepsOuterProducts(): boolean {
  return pusher === undefined && !batching?.differentiated && (recorder === undefined || recorder.outerProducts);
}

/** What pushes tangents through what runs now. */
export function currentPusher(): TangentPusher | undefined {
  return pusher;
}

/** Runs `f` with ops recorded in `log` (undefined: nowhere). */
export function recordingIn<T>(log: Log | undefined, f: () => T): T {
  const before = recorder;
  recorder = log;
  try {
    return f();
  } finally {
    recorder = before;
  }
}

/** Runs `f` with tangents pushed by `next`, and returns the pusher that was there before to its place after. */
export function pushingWith<T>(next: TangentPusher | undefined, f: (before: TangentPusher | undefined) => T): T {
  const before = pusher;
  pusher = next;
  try {
    return f(before);
  } finally {
    pusher = before;
  }
}

/** Throws, naming the operand, for what is not a tensor: a list of numbers, say. */
export function checkTensors(op: string, inputs: readonly Tensor[]): void {
  for (let i = 0; i < inputs.length; i++) {
    if (inputs[i] instanceof Tensor) continue;
    throw new TypeError(`[${op}] operand ${i + 1} is ${kindOf(inputs[i])}, not a tensor. Make it with tensor().`);
  }
}

/** Uninitialised tensors of these shapes. Not `map`: its closure would be garbage for each op. */
function emptied(type: ElementType, shapes: readonly Shape[]): Tensor[] {
  if (shapes.length === 1) return [emptyOf(type, shapes[0])];
  return shapes.map((shape) => emptyOf(type, shape));
}

function computed<A>(op: Op<A>, inputs: readonly Tensor[], attributes: A): readonly Tensor[] {
  if (tracer) return computedAgain(op, inputs, attributes);
  const shapes = op.shapes(inputs, attributes);
  let outputs: Tensor[];
  if ("view" in op) {
    outputs = [inputs[0].view(shapes[0], op.view(inputs, attributes))];
  } else {
    outputs = emptied(resultType(op.name, op.types, inputs), shapes);
    op.forward(outputs, inputs, attributes);
  }
  currentWatcher()?.applied(op as AnyOp, outputs);
  return outputs;
}

/** `computed` in a function that is being compiled: what the op checks and computes is run again in each call. */
function computedAgain<A>(op: Op<A>, inputs: readonly Tensor[], attributes: A): readonly Tensor[] {
  const shapes = untraced(() => op.shapes(inputs, attributes));
  const outputs =
    "view" in op
      ? [inputs[0].view(shapes[0], op.view(inputs, attributes))]
      : emptied(resultType(op.name, op.types, inputs), shapes);
  const run: Filling<Tensor> = (made, given) => {
    op.shapes(given, attributes).forEach((shape, i) => {
      if (sameShape(shape, shapes[i])) return;
      throw new RangeError(
        `[compile] the result of ${op.name} had shape ${showShape(shapes[i])} and would now have ${showShape(shape)}: ` +
          "its shape depends on numbers. Leave it outside of the compiled function.",
      );
    });
    if (!("view" in op)) op.forward(made, given, attributes);
  };
  tracer!.step(outputs, inputs, run, [op, attributes]);
  return outputs;
}

/** Applies an op: checks shapes, computes, records. All results, in order. */
export function applyAll<A>(op: Op<A>, inputs: readonly Tensor[], attributes: A): readonly Tensor[] {
  checkTensors(op.name, inputs);
  if (pusher && "composition" in op) return op.composition(inputs, attributes);
  const outputs = batching ? batching.apply(op as AnyOp, inputs, attributes) : computed(op, inputs, attributes);
  recorder?.record(op, inputs, outputs, attributes);
  pusher?.push(op, inputs, outputs, attributes);
  return outputs;
}

/** Makes known to tape and tangents that `outputs`, which are there already, count as `op` of `inputs`. */
export function declare<A>(op: Op<A>, inputs: readonly Tensor[], outputs: readonly Tensor[], attributes: A): void {
  currentWatcher()?.applied(op as AnyOp, outputs);
  recorder?.record(op, inputs, outputs, attributes);
  pusher?.push(op, inputs, outputs, attributes);
}

/** Applies an op that has one result. */
export function apply<A>(op: Op<A>, inputs: readonly Tensor[], attributes: A): Tensor {
  return applyAll(op, inputs, attributes)[0];
}
