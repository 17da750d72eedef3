// The steps of a loop, recorded as they are or as segments of which only the ends are stored. `freeing.ts` has the third
// way, without a record.
import { kernelsOf, showShape, type Tensor, tensorCount, untraced } from "../core/index.js";
import { runFreeing } from "./freeing.js";
import type { Step, StepResult, Steps } from "./steps.js";
import { Log, recordingIn } from "./tape.js";

/** Runs the steps with everything staying where it is made. */
export function runPlain({ from, to, step }: Steps, carry: readonly Tensor[]): StepResult {
  let current = carry;
  const kept: Tensor[] = [];
  for (let i = from; i < to; i++) {
    const result = step(current, i);
    current = result.carry;
    kept.push(...result.kept);
  }
  return { carry: current, kept };
}

/** The step, recorded as it will be in the replay, so that gradients inside it take the same way to the same bits. */
function asRecorded(step: Step, see: (log: Log) => void): Step {
  return (carry, index) => {
    const log = new Log();
    const result = recordingIn(log, () => step(carry, index));
    see(log);
    return result;
  };
}

/**
 * Runs the steps, freeing as it goes, and records them in `log` as one segment that can be run again. Of each step's
 * log only the tensors from outside that it reads are remembered.
 *
 * @param slots see `Segment.slots`.
 */
export function runSegment(steps: Steps, carry: readonly Tensor[], log: Log, slots?: number): StepResult {
  const newest = tensorCount();
  const captured = new Set<Tensor>();
  const step = asRecorded(steps.step, ({ entries }) => {
    for (const { inputs } of entries) for (const input of inputs) if (input.id <= newest) captured.add(input);
  });
  const result = runFreeing({ ...steps, step }, carry);
  log.entries.push({
    kind: "segment",
    inputs: [...new Set([...carry, ...captured])],
    outputs: [...result.carry, ...result.kept],
    steps,
    carry,
    slots,
  });
  return result;
}

/** Runs steps of a segment again and gives their results, for the ends only: nothing of the way is stored. */
export function advance(steps: Steps, carry: readonly Tensor[]): StepResult {
  return runFreeing({ ...steps, step: asRecorded(steps.step, () => undefined) }, carry);
}

/** Runs the steps of a segment again, everything recorded, and gives its outputs. */
export function replay(steps: Steps, carry: readonly Tensor[]): readonly Tensor[] {
  const again = runPlain(steps, carry);
  return [...again.carry, ...again.kept];
}

/** Throws unless the replayed outputs of the steps have the bits of the stored ones. */
export function compareBits(
  { from, to, names, op }: Steps,
  stored: readonly Tensor[],
  replayed: readonly Tensor[],
): void {
  stored.forEach(({ storage: tensor }, leaf) => {
    const { storage: again } = replayed[leaf];
    const at = untraced(() => kernelsOf(tensor).firstDifference(tensor.address, again.address, tensor.size));
    if (at < 0) return;
    const index: number[] = [];
    let rest = at;
    for (const size of [...tensor.shape].reverse()) {
      index.unshift(rest % size);
      rest = Math.floor(rest / size);
    }
    const steps = to - from === 1 ? `step ${from}` : `steps ${from} to ${to - 1}`;
    throw new Error(
      `[${op}] ${steps} replayed differently (first difference at ${names[leaf] ?? "an output"}${showShape(index)}). ` +
        "The body must not use Math.random, dates, or outer variables it changes.",
    );
  });
}
