// Three ways to run the steps of a loop: recorded as they are, freed one by one, or recorded as segments of which only
// the ends are stored.
import {
  copyOf,
  currentPlace,
  holding,
  kernels,
  Scope,
  showShape,
  type Tensor,
  tensorCount,
  within,
} from "../core/index.js";
import { borrowArena, returnArena } from "../core/memory.js";
import { Log, recordingIn } from "./tape.js";

/** What a step gives: the next carry and what it keeps of the way, as leaves. */
export interface StepResult {
  readonly carry: readonly Tensor[];
  readonly kept: readonly Tensor[];
}

/** One step on leaves; it checks that the carry keeps its structure and shapes. */
export type Step = (carry: readonly Tensor[], index: number) => StepResult;

/** The steps `from` (included) to `to` (excluded). */
export interface Steps {
  readonly from: number;
  readonly to: number;
  readonly step: Step;
  /** Names of the carry's leaves, for messages. */
  readonly names: readonly string[];
}

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

/**
 * Runs the steps and frees each one's intermediates. Two arenas take turns, so that a carry outlives the step that made
 * it by just one step and is never copied; the last one is copied to the current place. Leaves that are one tensor stay
 * one tensor, as they would without the freeing: otherwise a replay could not be matched with them.
 */
export function runFreeing({ from, to, step }: Steps, carry: readonly Tensor[]): StepResult {
  const outside = currentPlace();
  const arenas = [borrowArena(), borrowArena()];
  const scopes: Scope[] = [];
  const origins = new WeakMap<Tensor, Tensor>();
  const copies = new WeakMap<Tensor, Tensor>();
  const out = (tensor: Tensor): Tensor => {
    if (!scopes.some((scope) => tensor.livesIn(scope.region))) return tensor;
    const origin = origins.get(tensor) ?? tensor;
    const copy = copies.get(origin) ?? within(outside, () => copyOf(tensor));
    copies.set(origin, copy);
    return copy;
  };
  let current = carry;
  const kept: Tensor[] = [];
  try {
    for (let i = from; i < to; i++) {
      const scope = new Scope(arenas[i % 2]);
      scopes.push(scope);
      const result = within(scope, () => holding(false, () => step(current, i)));
      kept.push(...result.kept.map(out));
      const old = scopes.length > 1 ? scopes[0] : undefined;
      const moved = new Map<Tensor, Tensor>();
      current = result.carry.map((leaf) => {
        if (!old || !leaf.livesIn(old.region)) return leaf;
        // A leaf that the step passed through unchanged still lives in the older arena.
        const copy = moved.get(leaf) ?? within(scope, () => copyOf(leaf));
        moved.set(leaf, copy);
        origins.set(copy, origins.get(leaf) ?? leaf);
        return copy;
      });
      if (old) scopes.shift()!.close();
    }
    return { carry: current.map(out), kept };
  } finally {
    for (const scope of scopes.reverse()) scope.close();
    for (const arena of arenas) returnArena(arena);
  }
}

/**
 * Runs the steps, freeing as it goes, and records them in `log` as one segment that can be run again. Each step is
 * recorded as it will be in the replay, so that gradients inside it take the same way to the same bits; of its log only
 * the tensors from outside that it reads are remembered.
 */
export function runSegment(steps: Steps, carry: readonly Tensor[], log: Log): StepResult {
  const newest = tensorCount();
  const captured = new Set<Tensor>();
  const step: Step = (from, index) => {
    const own = new Log();
    const result = recordingIn(own, () => steps.step(from, index));
    for (const { inputs } of own.entries) for (const input of inputs) if (input.id <= newest) captured.add(input);
    return result;
  };
  const result = runFreeing({ ...steps, step }, carry);
  const outputs = [...result.carry, ...result.kept];
  log.entries.push({
    kind: "segment",
    inputs: [...new Set([...carry, ...captured])],
    outputs,
    replay: () => {
      const again = runPlain(steps, carry);
      return [...again.carry, ...again.kept];
    },
    compare: (replayed) => compareBits(steps, outputs, replayed),
  });
  return result;
}

function compareBits({ from, to, names }: Steps, stored: readonly Tensor[], replayed: readonly Tensor[]): void {
  stored.forEach((tensor, leaf) => {
    const at = kernels().firstDifference(tensor.address, replayed[leaf].address, tensor.size);
    if (at < 0) return;
    const index: number[] = [];
    let rest = at;
    for (const size of [...tensor.shape].reverse()) {
      index.unshift(rest % size);
      rest = Math.floor(rest / size);
    }
    const steps = to - from === 1 ? `step ${from}` : `steps ${from} to ${to - 1}`;
    throw new Error(
      `[loop] ${steps} replayed differently (first difference at ${names[leaf] ?? "an output"}${showShape(index)}). ` +
        "The body must not use Math.random, dates, or outer variables it changes.",
    );
  });
}
