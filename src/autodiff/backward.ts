// The backward sweep: reverse accumulation over a stretch of the log (Linnainmaa 1976; Griewank and Walther 2008,
// chapter 3). Checkpointed segments are run again inside the sweep and go on adding to the same cotangents, so that
// sums are taken in the same order, and have the same bits, whatever the checkpoints.
import { holding, openScope, type Tensor, tensorCount, within } from "../core/index.js";
import { binomialSplit } from "./binomial.js";
import { Cotangents, type Gathered, NONE } from "./cotangents.js";
import { advance, compareBits, replay } from "./iterate.js";
import type { Outer } from "./op.js";
import type { Steps } from "./steps.js";
import { currentLog, type Entry, isDifferentiated, Log, pushingWith, recordingIn, type Segment } from "./tape.js";
import { currentWatcher } from "./watch.js";

let sweeps = 0;
let running = 0;

/** The stretch `start` to `end` of a log. */
export interface Stretch {
  readonly log: Log;
  readonly start: number;
  readonly end: number;
}

class Sweep {
  private readonly id = ++sweeps;
  /** Marks of a sweep that is under way around this one: a replayed step may call a pullback over the same tensors. */
  private readonly overwritten: [Tensor, number][] | undefined = running > 0 ? [] : undefined;

  constructor(readonly cotangents: Cotangents) {}

  mark(tensors: readonly Tensor[]): void {
    for (const tensor of tensors) {
      if (tensor.dtype !== "float32" || tensor.sweep === this.id) continue;
      this.overwritten?.push([tensor, tensor.sweep]);
      tensor.sweep = this.id;
    }
  }

  restoreMarks(): void {
    for (const [tensor, sweep] of this.overwritten ?? []) tensor.sweep = sweep;
  }

  /** Walks the stretch forward to find what depends on the parameters, then backward. */
  run({ log, start, end }: Stretch): void {
    const { id } = this;
    const active = new Uint8Array(end - start);
    for (let i = start; i < end; i++) {
      const { inputs, outputs } = log.entries[i];
      for (let j = 0; j < inputs.length; j++) {
        if (inputs[j].sweep !== id) continue;
        active[i - start] = 1;
        this.mark(outputs);
        break;
      }
    }
    for (let i = end - 1; i >= start; i--) {
      const entry = log.entries[i];
      if (active[i - start] === 0 || !this.reached(entry.outputs)) continue;
      if (entry.kind === "segment") this.unfold(entry);
      else if ("composition" in entry.op && isDifferentiated()) this.expand(entry);
      else this.pull(entry);
    }
  }

  private reached(outputs: readonly Tensor[]): boolean {
    for (let i = 0; i < outputs.length; i++) if (this.cotangents.has(outputs[i])) return true;
    return false;
  }

  /** Applies one rule. It runs once for each op, so it leaves little garbage: no closure but `needs`. */
  private pull({ op, inputs, outputs, attributes }: Entry): void {
    const { cotangents, id } = this;
    const count = outputs.length;
    const taken = new Array<Gathered | undefined>(count);
    const dense = new Array<Tensor | undefined>(count);
    const outers = new Array<readonly Outer[]>(count);
    for (let i = 0; i < count; i++) {
      const sum = cotangents.take(outputs[i]);
      taken[i] = sum;
      dense[i] = sum && (op.lowRank ? sum.dense : cotangents.densify(sum));
      outers[i] = sum?.outers ?? NONE;
    }
    const needs = (i: number): boolean => inputs[i].sweep === id;
    const application = { inputs, outputs, attributes, needs };
    const watcher = currentWatcher();
    const parts = watcher
      ? watcher.rule(op, outputs, "backward", () => op.vjp(dense, application, outers))
      : op.vjp(dense, application, outers);
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i];
      if (part && needs(i)) cotangents.add(op.name, inputs[i], part);
    }
    for (const sum of taken) if (sum) cotangents.drop(sum);
    cotangents.pool?.sweepFresh();
  }

  /** A fused op whose derivative is being differentiated: its composition is recorded and swept in its place. */
  private expand({ op, inputs, outputs, attributes }: Entry): void {
    if (!("composition" in op)) return;
    const log = currentLog() ?? new Log();
    const start = log.entries.length;
    const again = recordedBefore(log, () => op.composition(inputs, attributes));
    outputs.forEach((output, i) => {
      this.cotangents.rename(output, again[i]);
    });
    this.run({ log, start, end: log.entries.length });
  }

  /** Runs a segment again, compares it with what was stored, and sweeps it. */
  private unfold(segment: Segment): void {
    const { steps, carry, outputs, slots } = segment;
    if (this.cotangents.pool) {
      if (slots === undefined) this.repeat(steps, carry, outputs);
      else this.unwind(segment, slots);
      return;
    }
    const outer = currentLog() ?? new Log();
    const start = outer.entries.length;
    const replayed = recordedBefore(outer, () => replay(steps, carry));
    this.matched(steps, outputs, replayed);
    this.run({ log: outer, start, end: outer.entries.length });
  }

  private matched(steps: Steps, stored: readonly Tensor[], replayed: readonly Tensor[]): void {
    compareBits(steps, stored, replayed);
    stored.forEach((output, i) => {
      this.cotangents.rename(output, replayed[i]);
    });
  }

  /** Runs steps again in a scope of their own and sweeps them. */
  private repeat(steps: Steps, carry: readonly Tensor[], stored: readonly Tensor[]): void {
    const scope = openScope();
    try {
      const log = new Log();
      const replayed = within(scope, () => holding(true, () => recordingIn(log, () => replay(steps, carry))));
      this.matched(steps, stored, replayed);
      this.run({ log, start: 0, end: log.entries.length });
      this.cotangents.rescue(scope.region);
    } finally {
      scope.close();
    }
  }

  /** Sweeps a segment step by step, with few carries stored at a time. See `binomial.ts`. */
  private unwind({ steps, carry: begin, outputs }: Segment, slots: number): void {
    const { cotangents } = this;
    const pool = cotangents.pool!;
    const width = begin.length;
    const keptWidth = (outputs.length - width) / (steps.to - steps.from);
    const keptAt = (index: number): readonly Tensor[] =>
      outputs.slice(width + (index - steps.from) * keptWidth, width + (index + 1 - steps.from) * keptWidth);
    const stored = [{ at: steps.from, carry: begin }];
    let expected = outputs.slice(0, width);
    for (let end = steps.to; end > steps.from; end--) {
      let last = stored[stored.length - 1];
      while (last.at < end - 1) {
        const free = slots - (stored.length - 1);
        const at = free > 0 ? last.at + binomialSplit(end - last.at, free) : end - 1;
        const newest = tensorCount();
        const made = advance({ ...steps, from: last.at, to: at }, last.carry);
        this.mark(made.carry.filter(({ id }) => id > newest));
        for (const leaf of made.carry) pool.hold(leaf);
        // An output that is carried on has one cotangent, and its share from after the loop comes first.
        made.kept.forEach((copy, i) => {
          if (made.carry.includes(copy))
            cotangents.rename(keptAt(last.at + Math.floor(i / keptWidth))[i % keptWidth], copy);
        });
        pool.sweepFresh();
        last = { at, carry: made.carry };
        stored.push(last);
      }
      this.repeat({ ...steps, from: end - 1, to: end }, last.carry, [...expected, ...keptAt(end - 1)]);
      if (end < steps.to) for (const leaf of expected) pool.drop(leaf);
      expected = last.carry as Tensor[];
      stored.pop();
    }
  }
}

/** Records `f`, which repeats what ran before any tangent of now was pushed: its tensors have none. */
function recordedBefore<T>(log: Log, f: () => T): T {
  return pushingWith(undefined, () => recordingIn(log, f));
}

/** Cotangents of `targets` from those of `results`, in the current place; undefined where there is no path. */
export function sweepBack(
  stretch: Stretch,
  results: readonly Tensor[],
  seeds: readonly Tensor[],
  targets: readonly Tensor[],
  copyOut: (tensor: Tensor) => Tensor,
): (Tensor | undefined)[] {
  const cotangents = new Cotangents(isDifferentiated());
  const sweep = new Sweep(cotangents);
  const collect = (): (Tensor | undefined)[] => {
    sweep.mark(targets);
    results.forEach((result, i) => {
      cotangents.add("seed", result, seeds[i]);
    });
    sweep.run(stretch);
    return targets.map((target) => {
      const sum = cotangents.take(target);
      return sum && cotangents.densify(sum);
    });
  };
  running++;
  try {
    if (!cotangents.pool) return collect();
    const found = within(cotangents.pool, () => holding(false, collect));
    return found.map((tensor) => tensor && copyOut(tensor));
  } finally {
    running--;
    sweep.restoreMarks();
    cotangents.close();
  }
}
