// The backward sweep over the tape. Checkpointed segments are run again inside the sweep and go on adding to the same
// cotangents, so that sums are taken in the same order, and have the same bits, whatever the checkpoints.
import {
  copyOf,
  currentPlace,
  holding,
  openScope,
  type Region,
  type Tensor,
  tensorCount,
  within,
} from "../core/index.js";
import { binomialSplit } from "./binomial.js";
import type { CotangentSum } from "./cotangents.js";
import { advance, compareBits, replay } from "./iterate.js";
import { OuterProduct } from "./op.js";
import { Pool, recordedStore } from "./pool.js";
import type { Steps } from "./steps.js";
import { Sweep, sweeping } from "./sweep.js";
import {
  type Cotangent,
  currentBatching,
  currentLog,
  type Entry,
  isDifferentiated,
  Log,
  pushingWith,
  recordingIn,
  type Segment,
} from "./tape.js";
import { currentWatcher, type RuleParts } from "./watch.js";

/** The stretch `start` to `end` of a log. */
export interface Stretch {
  readonly log: Log;
  readonly start: number;
  readonly end: number;
}

export class TapeSweep extends Sweep<Tensor, Entry | Segment> {
  /** @param pool where cotangents live; undefined: the sweep will be differentiated and is recorded. */
  constructor(private readonly pool: Pool | undefined) {
    super(pool ?? recordedStore);
  }

  /** The cotangents of `targets` for these cotangents of `results`, as `collect` takes them. */
  gradients<T>(
    { log, start, end }: Stretch,
    results: readonly Tensor[],
    seeds: readonly Tensor[],
    targets: readonly Tensor[],
    collect: (sum: CotangentSum<Tensor>) => T,
  ): (T | undefined)[] {
    this.mark(targets);
    results.forEach((result, i) => {
      this.cotangents.add("seed", result, seeds[i]);
    });
    this.run(log.entries, start, end);
    return targets.map((target) => {
      const sum = this.cotangents.take(target);
      return sum && collect(sum);
    });
  }

  override close(): void {
    super.close();
    this.pool?.close();
  }

  protected override visit(entry: Entry | Segment): void {
    if (entry.kind === "segment") this.unfold(entry);
    else if ("composition" in entry.op && isDifferentiated()) this.expand(entry);
    else this.pull(entry);
  }

  protected override rule(
    { op, inputs, outputs, attributes }: Entry,
    cotangents: readonly (Tensor | undefined)[],
    products: readonly (readonly OuterProduct[])[],
    needs: (i: number) => boolean,
  ): RuleParts {
    const application = { inputs, outputs, attributes, needs };
    const batching = "composition" in op ? currentBatching() : undefined;
    if (batching) return batching.pull(op, cotangents, application, products);
    const watcher = currentWatcher();
    return watcher
      ? watcher.rule(op, outputs, "backward", () => op.vjp(cotangents, application, products))
      : op.vjp(cotangents, application, products);
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
    this.run(log.entries, start, log.entries.length);
  }

  /** Runs a segment again, compares it with what was stored, and sweeps it. */
  private unfold(segment: Segment): void {
    const { steps, carry, outputs, slots } = segment;
    if (this.pool) {
      if (this.pulled(segment)) return;
      if (slots === undefined) this.repeat(this.pool, steps, carry, outputs);
      else this.unwind(this.pool, segment, slots);
      return;
    }
    const log = currentLog() ?? new Log();
    const start = log.entries.length;
    const replayed = recordedBefore(log, () => replay(steps, carry));
    this.matched(steps, outputs, replayed);
    this.run(log.entries, start, log.entries.length);
  }

  /** Takes what the segment gives at once, where it is added in the order of a sweep of its steps. */
  private pulled({ inputs, outputs, pull, steps: { op } }: Segment): boolean {
    if (!pull) return false;
    const { cotangents } = this;
    const needs = inputs.map((input) => this.follows(input));
    if (inputs.some((input, i) => needs[i] && (cotangents.has(input) || inputs.indexOf(input) < i))) return false;
    const sums = outputs.map((output) => cotangents.peek(output));
    if (sums.some((sum) => sum && sum.products.length > 0)) return false;
    const parts = pull(
      sums.map((sum) => sum?.dense),
      needs,
    );
    if (!parts) return false;
    for (const output of outputs) cotangents.take(output);
    parts.forEach((part, i) => {
      if (part?.dense) cotangents.add(op, inputs[i], part.dense);
      for (const product of part?.products ?? []) cotangents.add(op, inputs[i], product);
    });
    for (const sum of sums) if (sum) cotangents.drop(sum);
    this.pool?.settle();
    return true;
  }

  private matched(steps: Steps, stored: readonly Tensor[], replayed: readonly Tensor[]): void {
    compareBits(steps, stored, replayed);
    stored.forEach((output, i) => {
      this.cotangents.rename(output, replayed[i]);
    });
  }

  /** Runs steps again in a scope of their own and sweeps them. */
  private repeat(pool: Pool, steps: Steps, carry: readonly Tensor[], stored: readonly Tensor[]): void {
    const scope = openScope();
    try {
      const log = new Log();
      const replayed = within(scope, () => holding(true, () => recordingIn(log, () => replay(steps, carry))));
      this.matched(steps, stored, replayed);
      this.run(log.entries, 0, log.entries.length);
      this.rescue(pool, scope.region);
    } finally {
      scope.close();
    }
  }

  /** Copies into the pool whatever cotangents live in `region`, which is about to be released. */
  private rescue(pool: Pool, region: Region): void {
    const copies = new Map<Tensor, Tensor>();
    this.cotangents.replaceHeld((tensor) => {
      if (!tensor.livesIn(region)) return tensor;
      const copy = copies.get(tensor) ?? copyOf(tensor);
      copies.set(tensor, copy);
      pool.hold(copy);
      return copy;
    });
    pool.settle();
  }

  /** Sweeps a segment step by step, with few carries stored at a time. See `binomial.ts`. */
  private unwind(pool: Pool, { steps, carry: begin, outputs }: Segment, slots: number): void {
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
            this.cotangents.rename(keptAt(last.at + Math.floor(i / keptWidth))[i % keptWidth], copy);
        });
        pool.settle();
        last = { at, carry: made.carry };
        stored.push(last);
      }
      this.repeat(pool, { ...steps, from: end - 1, to: end }, last.carry, [...expected, ...keptAt(end - 1)]);
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
  const pool = isDifferentiated() ? undefined : new Pool();
  const sweep = new TapeSweep(pool);
  const whole = (sum: CotangentSum<Tensor>): Tensor => sweep.cotangents.whole(sum);
  const gradients = (): (Tensor | undefined)[] => sweep.gradients(stretch, results, seeds, targets, whole);
  try {
    return sweeping(() => {
      if (!pool) return gradients();
      const found = within(pool, () => holding(false, gradients));
      return found.map((tensor) => tensor && copyOut(tensor));
    });
  } finally {
    sweep.close();
  }
}

/** The same, with outer products left as they are, and copied to the current place. Not where it is differentiated. */
export function sweepParts(
  stretch: Stretch,
  results: readonly Tensor[],
  seeds: readonly Tensor[],
  targets: readonly Tensor[],
): (Cotangent | undefined)[] {
  const pool = new Pool();
  const sweep = new TapeSweep(pool);
  const place = currentPlace();
  const copied = ({ dense, products }: CotangentSum<Tensor>): Cotangent =>
    within(place, () => ({
      dense: dense && copyOf(dense),
      products: products.map(({ left, right }) => new OuterProduct(copyOf(left), copyOf(right))),
    }));
  try {
    return sweeping(() =>
      within(pool, () => holding(false, () => sweep.gradients(stretch, results, seeds, targets, copied))),
    );
  } finally {
    sweep.close();
  }
}
