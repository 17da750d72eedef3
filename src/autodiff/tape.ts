// The tape: what was applied to what, in order. One log serves all transforms that are open at a time: an inner
// gradient reads its own stretch of it, and its backward ops are appended like any others, which is why derivatives
// of derivatives need no further machinery.
import { empty, type Shape, type Tensor, tensorCount } from "../core/index.js";
import type { AnyOp, Op } from "./op.js";

/** One application of an op. */
export interface Entry {
  readonly kind: "op";
  readonly op: AnyOp;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly attributes: unknown;
}

/** A stretch of a checkpointed loop: only its ends are stored, the rest is run again when it is needed. */
export interface Segment {
  readonly kind: "segment";
  /** The carry at the start and every older tensor that the body reads. */
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** Runs the steps again and returns what they return, leaf by leaf. */
  replay(): readonly Tensor[];
  /** Throws unless the replayed results have the bits of the stored ones. */
  compare(replayed: readonly Tensor[]): void;
}

/** Records everything. */
export class Log {
  readonly entries: (Entry | Segment)[] = [];

  /** Every tensor that an entry reads. */
  read(): Tensor[] {
    return this.entries.flatMap((entry) => entry.inputs);
  }

  record(op: AnyOp, inputs: readonly Tensor[], outputs: readonly Tensor[], attributes: unknown): void {
    this.entries.push({ kind: "op", op, inputs, outputs, attributes });
  }
}

/** Records only which tensors from before it began are read: the first run of a checkpointed segment needs no more. */
export class Watch {
  readonly captured = new Set<Tensor>();
  private readonly start = tensorCount();

  record(_op: AnyOp, inputs: readonly Tensor[]): void {
    this.see(inputs);
  }

  read(): Tensor[] {
    return [...this.captured];
  }

  see(inputs: readonly Tensor[]): void {
    for (const input of inputs) if (input.id <= this.start) this.captured.add(input);
  }
}

/** Pushes tangents through each op as it runs. See `forward.ts`. */
export interface TangentPusher {
  push(op: AnyOp, inputs: readonly Tensor[], outputs: readonly Tensor[], attributes: unknown): void;
}

let recorder: Log | Watch | undefined;
let pusher: TangentPusher | undefined;

/** The log that ops are recorded in now, if a transform is recording. */
export function currentLog(): Log | undefined {
  return recorder instanceof Log ? recorder : undefined;
}

/** Whether what runs now will be differentiated: its rules must then be ops, not bare kernels. */
export function isDifferentiated(): boolean {
  return recorder instanceof Log || pusher !== undefined;
}

/** Runs `f` with ops recorded in `log` (undefined: nowhere). A watch that was there is told afterwards what was read. */
export function recordingIn<T>(log: Log | Watch | undefined, f: () => T): T {
  const before = recorder;
  recorder = log;
  try {
    return f();
  } finally {
    recorder = before;
    if (before instanceof Watch && log) before.see(log.read());
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

/** Applies an op: checks shapes, computes, records. All results, in order. */
export function applyAll<A>(op: Op<A>, inputs: readonly Tensor[], attributes: A): readonly Tensor[] {
  if (pusher && "composition" in op) return op.composition(inputs, attributes);
  const shapes = op.shapes(inputs, attributes);
  let outputs: Tensor[];
  if ("view" in op) {
    outputs = [inputs[0].view(shapes[0], op.view(inputs, attributes))];
  } else {
    outputs = shapes.map((shape: Shape) => empty(shape, op.dtype));
    op.forward(outputs, inputs, attributes);
  }
  recorder?.record(op, inputs, outputs, attributes);
  pusher?.push(op, inputs, outputs, attributes);
  return outputs;
}

/** Applies an op that has one result. */
export function apply<A>(op: Op<A>, inputs: readonly Tensor[], attributes: A): Tensor {
  return applyAll(op, inputs, attributes)[0];
}
