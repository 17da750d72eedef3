// The tape: what was applied to what, in order. One log serves all transforms that are open at a time: an inner
// gradient reads its own stretch of it, and its backward ops are appended like any others, which is why derivatives
// of derivatives need no further machinery.
import { type DType, empty, kindOf, type Shape, Tensor } from "../core/index.js";
import type { AnyOp, Op } from "./op.js";
import type { Steps } from "./steps.js";
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

let recorder: Log | undefined;
let pusher: TangentPusher | undefined;

/** The log that ops are recorded in now, if a transform is recording. */
export function currentLog(): Log | undefined {
  return recorder;
}

/** Whether what runs now will be differentiated: its rules must then be ops, not bare kernels. */
export function isDifferentiated(): boolean {
  return recorder !== undefined || pusher !== undefined;
}

/** Whether a rule that runs now may give an outer product: not where what it gives is differentiated again. */
export function keepsOuterProducts(): boolean {
  return pusher === undefined && (recorder === undefined || recorder.outerProducts);
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

function checkFloats(op: string, inputs: readonly Tensor[]): void {
  for (let i = 0; i < inputs.length; i++) {
    if (inputs[i].dtype === "float32") continue;
    throw new TypeError(
      `[${op}] operand ${i + 1} is ${inputs[i].dtype}; float32 is needed. Use cast(x, "float32"), or make it with tensor(values), without a dtype.`,
    );
  }
}

/** Uninitialised tensors of these shapes. Not `map`: its closure would be garbage for each op. */
function emptyOf(shapes: readonly Shape[], dtype: DType | undefined): Tensor[] {
  if (shapes.length === 1) return [empty(shapes[0], dtype)];
  return shapes.map((shape) => empty(shape, dtype));
}

/** Applies an op: checks shapes, computes, records. All results, in order. */
export function applyAll<A>(op: Op<A>, inputs: readonly Tensor[], attributes: A): readonly Tensor[] {
  checkTensors(op.name, inputs);
  if (pusher && "composition" in op) return op.composition(inputs, attributes);
  const shapes = op.shapes(inputs, attributes);
  let outputs: Tensor[];
  if ("view" in op) {
    outputs = [inputs[0].view(shapes[0], op.view(inputs, attributes))];
  } else {
    if (!op.integers) checkFloats(op.name, inputs);
    outputs = emptyOf(shapes, op.dtype);
    op.forward(outputs, inputs, attributes);
  }
  currentWatcher()?.applied(op as AnyOp, outputs);
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
