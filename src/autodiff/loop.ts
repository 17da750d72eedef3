// Loops that can be differentiated through: `loop` carries a tree of tensors, `scan` also keeps what each step returns.
//
// Memory against time, for T steps whose tape takes b bytes each and whose carry takes c (Griewank and Walther 2008,
// chapter 12): everything stored, T b; segments of k steps, (T / k) c + k b, for one more run of the forward steps; the
// last s steps stored beside them, ((T - s) / k) c + (k + s) b, for one more run of T - s steps.
import {
  checkedPair,
  checkKind,
  checkOptions,
  configuration,
  leavesOf,
  memory,
  plain,
  quote,
  sameShape,
  showShape,
  type Tensor,
  type TreeOf,
  withLeaves,
} from "../core/index.js";
import { runFreeing } from "./freeing.js";
import { runPlain, runSegment } from "./iterate.js";
import { stackOp } from "./primitives.js";
import { segmentPlan } from "./segment-plan.js";
import type { Step, StepResult } from "./steps.js";
import { apply, type Batching, currentBatching, currentLog, currentPusher, type Log } from "./tape.js";
import { currentWatcher } from "./watch.js";

/**
 * What a recorded loop stores. "off": everything. `{ every: k }`: the carry after each k steps, and the steps between
 * are run again in the backward pass. `{ bytes: n }`: everything if it fits n bytes, else as many of the last steps as do
 * beside segments of the others.
 * "auto" (the default): the same with the budget of `configure({ tapeBytes })`. `{ binomial: slots }`: the beginning, and
 * in the backward pass at most so many carries and the tape of one step, with the fewest steps run again that this
 * allows (Griewank and Walther 2000); `{ binomial: { bytes: n } }`: as many carries as fit n bytes.
 *
 * Values and gradients have the same bits. Second derivatives record every step, and forward mode stores none, whatever
 * is said here; where a gradient is recorded inside or around forward mode, every step is stored.
 */
export type Checkpoint =
  | "auto"
  | "off"
  | { readonly every: number }
  | { readonly bytes: number }
  | { readonly binomial: Binomial };

type Binomial = number | { readonly bytes: number };

/** Options of `loop` and `scan`. */
export interface LoopOptions {
  /** What is stored while a gradient is recorded; "auto" by default. The bits do not depend on it. */
  readonly checkpoint?: Checkpoint;
}

/**
 * Runs `body` `count` times, each time on what it returned before: `init`, `body(init, 0)`, ... The carry is a tensor or
 * a tree of tensors and keeps its structure and shapes. Gradients flow through the carry and to every tensor that the
 * body closes over. The body must depend on nothing but its arguments and tensors: in a checkpointed loop it runs twice,
 * and a difference in one bit is an error.
 *
 * @example loop(3, tensor([1, 2]), (x) => x.mul(2)) // [8, 16]
 */
export function loop<C extends TreeOf<C>>(
  count: number,
  init: C,
  body: (carry: C, step: number) => C,
  options: LoopOptions = {},
): C {
  checkKind("loop", "the body", body, "a function");
  const step = carryStep("loop", init, (carry: C, index) => [body(carry, index), undefined]);
  return withLeaves(init, iterate("loop", count, init, step, options).carry);
}

/**
 * Like `loop`, for a body that returns `[carry, out]`: also gives the outputs of all steps, each leaf stacked along a
 * new first axis of size `count`.
 *
 * @example scan(3, tensor(1), (x) => [x.mul(2), x]) // [8, [1, 2, 4]]
 */
export function scan<C extends TreeOf<C>, O extends TreeOf<O>>(
  count: number,
  init: C,
  body: (carry: C, step: number) => readonly [C, O],
  options: LoopOptions = {},
): [C, O] {
  checkKind("scan", "the body", body, "a function");
  let template: O | undefined;
  const step = carryStep("scan", init, (carry: C, index) => {
    const [next, out] = checkedPair("scan", `step ${index}`, "[carry, output]", body(carry, index));
    template ??= out;
    return [next, out];
  });
  const { carry, kept } = iterate("scan", count, init, step, options);
  if (!template) throw new RangeError("[scan] there are no outputs to stack in a scan of 0 steps. Use one or more.");
  const width = kept.length / count;
  const stacked = Array.from({ length: width }, (_, leaf) =>
    apply(
      stackOp,
      kept.filter((_, i) => i % width === leaf),
      undefined,
    ),
  );
  return [withLeaves(init, carry), withLeaves(template, stacked)];
}

/** The body on leaves, with the check that the carry does not change its structure. */
function carryStep<C, O>(op: string, init: C, body: (carry: C, index: number) => readonly [C, O]): Step {
  const expected = leavesOf(op, init);
  return (carry, index) => {
    const watcher = currentWatcher();
    const tree = withLeaves(init, carry);
    const [next, out] = watcher ? watcher.step(index, () => body(tree, index)) : body(tree, index);
    const leaves = leavesOf(op, next);
    if (leaves.length !== expected.length) {
      throw new RangeError(
        `[${op}] step ${index} returned ${leaves.length} tensors, the carry has ${expected.length}. Return the carry's structure.`,
      );
    }
    leaves.forEach(({ tensor, path }, i) => {
      const { tensor: first, path: name } = expected[i];
      if (path !== name || !sameShape(tensor.shape, first.shape) || tensor.dtype !== first.dtype) {
        throw new RangeError(
          `[${op}] step ${index} returned "${plain(path)}" ${showShape(tensor.shape)} where the carry has "${plain(name)}" ` +
            `${showShape(first.shape)}. The carry keeps its names, shapes and types.`,
        );
      }
    });
    return {
      carry: leaves.map((leaf) => leaf.tensor),
      kept: out === undefined ? [] : leavesOf(op, out).map((leaf) => leaf.tensor),
    };
  };
}

/** Runs the steps on leaves, stored as `checkpoint` says. */
export function iterate(op: string, count: number, init: unknown, step: Step, options: LoopOptions): StepResult {
  checkOptions(op, options, ["checkpoint"]);
  const { checkpoint = "auto" } = options;
  if (!Number.isInteger(count) || count < 0) {
    throw new RangeError(`[${op}] the number of steps is a whole number of at least 0, not ${quote(count)}.`);
  }
  const leaves = leavesOf(op, init);
  const carry = leaves.map((leaf) => leaf.tensor);
  const names = leaves.map((leaf) => leaf.path);
  const run = (log: Log, stretch: Stretch, start: readonly Tensor[]): StepResult =>
    runSegments({ op, log, step, names, ...stretch }, start);

  const log = currentLog();
  checkCheckpoint(op, checkpoint);
  const all = { from: 0, to: count, step, names, op };
  const batching = currentBatching();
  if (batching?.differentiated) {
    // What runs around reads every step on its way back. A loop that only it follows is its own, checkpoints and all.
    if (log || currentPusher()) return runPlain(all, carry);
    const { carry: last, kept } = batching.outside(() =>
      iterate(
        op,
        count,
        carry.map((leaf) => batching.whole(leaf)),
        wholeSteps(step, batching),
        { checkpoint },
      ),
    );
    return { carry: last.map((leaf) => batching.handle(leaf)), kept: kept.map((leaf) => batching.handle(leaf)) };
  }
  if (!log) return runFreeing(all, carry);
  // A segment would be run again without the tangents that forward mode has pushed through it.
  if (currentPusher() || checkpoint === "off") return runPlain(all, carry);
  if (typeof checkpoint === "object" && "every" in checkpoint) {
    return run(log, { from: 0, to: count, length: checkpoint.every }, carry);
  }
  if (count === 0) return { carry, kept: [] };
  if (typeof checkpoint === "object" && "binomial" in checkpoint) {
    return runSegment(all, carry, log, slotsOf(checkpoint.binomial, carry));
  }

  const budget = checkpoint === "auto" ? configuration().tapeBytes : checkpoint.bytes;
  const before = memory.stats().arenaBytes;
  const first = runPlain({ from: 0, to: 1, step, names, op }, carry);
  const stepBytes = memory.stats().arenaBytes - before;
  const carryBytes = bytesOf(carry);
  const { length, stored } = segmentPlan(count - 1, stepBytes, carryBytes, budget - stepBytes);
  const again = run(log, { from: 1, to: count - stored, length }, first.carry);
  const rest = runPlain({ from: count - stored, to: count, step, names, op }, again.carry);
  return { carry: rest.carry, kept: [...first.kept, ...again.kept, ...rest.kept] };
}

/** The step on stacks of examples. */
function wholeSteps(step: Step, batching: Batching): Step {
  return (carry, index) =>
    batching.inside(() => {
      const made = step(
        carry.map((leaf) => batching.handle(leaf)),
        index,
      );
      const whole = (leaves: readonly Tensor[]): Tensor[] => leaves.map((leaf) => batching.whole(leaf));
      return { carry: whole(made.carry), kept: whole(made.kept) };
    });
}

function bytesOf(carry: readonly Tensor[]): number {
  return carry.reduce((sum, leaf) => sum + leaf.bytes, 0);
}

function slotsOf(binomial: Binomial, carry: readonly Tensor[]): number {
  if (typeof binomial === "number") return binomial;
  return Math.max(1, Math.floor(binomial.bytes / Math.max(1, bytesOf(carry))));
}

function checkCheckpoint(op: string, checkpoint: Checkpoint): void {
  if (checkpoint === "auto" || checkpoint === "off") return;
  const known = typeof checkpoint === "object" && checkpoint !== null;
  const whole = (what: string, value: number): void => {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(`[${op}] checkpoint ${what}: use a whole number of at least 1.`);
    }
  };
  const bytes = (value: number): void => {
    if (!(value >= 0))
      throw new RangeError(`[${op}] checkpoint bytes: ${quote(value)} is not a number of bytes. Use 0 or more.`);
  };
  if (known && "every" in checkpoint) whole(`every ${quote(checkpoint.every)} steps`, checkpoint.every);
  else if (known && "bytes" in checkpoint) bytes(checkpoint.bytes);
  else if (known && "binomial" in checkpoint) {
    if (typeof checkpoint.binomial === "object") bytes(checkpoint.binomial.bytes);
    else whole(`binomial ${quote(checkpoint.binomial)}`, checkpoint.binomial);
  } else {
    throw new TypeError(
      `[${op}] checkpoint ${quote(checkpoint)} is unknown. ` +
        'Use "auto", "off", { every: steps }, { bytes } or { binomial: slots }.',
    );
  }
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly length: number;
}

interface Segments extends Stretch {
  readonly op: string;
  readonly log: Log;
  readonly step: Step;
  readonly names: readonly string[];
}

function runSegments({ op, log, step, names, from, to, length }: Segments, start: readonly Tensor[]): StepResult {
  let carry = start;
  const kept: Tensor[] = [];
  for (let at = from; at < to; at += length) {
    const result = runSegment({ from: at, to: Math.min(to, at + length), step, names, op }, carry, log);
    carry = result.carry;
    kept.push(...result.kept);
  }
  return { carry, kept };
}
