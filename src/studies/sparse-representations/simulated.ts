// Simulated segments: how often they fire on noise and miss what they have learned. Also checks laws on random sizes.
import { Key } from "../../core/index.js";
import { type Cell, type Context, Stopped, yieldToEvents } from "../../runs/index.js";
import {
  BitSet,
  falseMatch,
  falseMatches,
  overlapChances,
  Rational,
  randomPattern,
  Segment,
  silenced,
} from "../../sparse/index.js";
import { SEGMENT } from "./exact.js";

/** The segment that is tested on noise. It is small, so that it fires from time to time. */
export const NOISY = { cells: 300, active: 64, synapses: 16, threshold: 8 } as const;
/** The segment with several patterns. */
export const UNION = { cells: 1000, active: 200, synapses: 25, threshold: 15, patterns: 5 } as const;
/** Numbers of silent cells with which a learned pattern is tested. */
export const SILENT: readonly number[] = Array.from({ length: 17 }, (_, i) => 4 * i);
/** Cells that learned patterns are drawn from. */
const POPULATION = 4000;

/** How many trials a seed has. */
export interface SimulationConfig {
  readonly trials: number;
}

/** The results of one seed: how often something happened, in how many trials. */
export interface SimulatedRow {
  readonly noise: Count;
  readonly union: Count;
  /** Learned patterns that are found, by `SILENT`. */
  readonly found: readonly Count[];
  /** How many random sizes break a law, and how many were checked. */
  readonly broken: Count;
}

/** How often something happened. */
export interface Count {
  readonly times: number;
  readonly of: number;
}

/** After this many trials, other events are handled. */
const BATCH = 200;

/** Runs the segments of one seed. */
export async function simulate({ config: { trials }, seed }: Cell<SimulationConfig>, context: Context) {
  const [noiseKey, unionKey, silenceKey, lawKey] = Key.of(seed).split(4);
  const few = Math.ceil(trials / 20);
  const all = trials + few * (1 + SILENT.length) + few;
  let done = 0;
  const count = async (of: number, happens: (trial: number) => boolean): Promise<Count> => {
    let times = 0;
    for (let trial = 0; trial < of; trial++) {
      if (happens(trial)) times++;
      if (++done % BATCH > 0) continue;
      context.progress(done / all);
      await yieldToEvents();
      if (context.signal.aborted) throw new Stopped();
    }
    return { times, of };
  };

  const noise = await count(trials, (trial) => {
    const [own, other] = noiseKey.fold(trial).split();
    const learned = randomPattern(own.fold(0), NOISY.cells, NOISY.active);
    return Segment.learn(own.fold(1), learned, NOISY).fires(randomPattern(other, NOISY.cells, NOISY.active));
  });
  const union = await count(few, (trial) => {
    const key = unionKey.fold(trial);
    let segment = new Segment(BitSet.of(UNION.cells, []), 0);
    for (let i = 0; i < UNION.patterns; i++) {
      const pattern = randomPattern(key.fold(2 * i), UNION.cells, UNION.active);
      segment = segment.learn(key.fold(2 * i + 1), pattern, UNION.synapses);
    }
    const other = randomPattern(key.fold(2 * UNION.patterns), UNION.cells, UNION.active);
    return new Segment(segment.synapses, UNION.threshold).fires(other);
  });
  const found: Count[] = [];
  for (const silent of SILENT) {
    const of = silenceKey.fold(silent);
    found.push(
      await count(few, (trial) => {
        const key = of.fold(trial);
        const pattern = randomPattern(key.fold(0), POPULATION, SEGMENT.active);
        return Segment.learn(key.fold(1), pattern, SEGMENT).fires(silenced(key.fold(2), pattern, silent));
      }),
    );
  }
  const broken = await count(few, (trial) => !lawsHold(lawKey.fold(trial)));
  return { noise, union, found, broken } satisfies SimulatedRow;
}

/** Checks the laws of chances for random sizes of up to 200 cells. */
function lawsHold(key: Key): boolean {
  const cells = 1 + key.integer(0, 200);
  const [active, synapses] = [key.integer(1, cells + 1), key.integer(2, cells + 1)];
  const overlap = { cells, active, synapses };
  const tails = falseMatches(overlap);
  const one = new Rational(1n);
  const sum = overlapChances(overlap).reduce((total, chance) => total.plus(chance));
  const falls = tails.every((tail, i) => i === 0 || tail.compare(tails[i - 1]) <= 0);
  const threshold = key.integer(3, synapses + 1);
  const grows = (change: object): boolean =>
    falseMatch({ ...overlap, threshold, ...change }).compare(tails[threshold]) >= 0;
  return (
    sum.compare(one) === 0 &&
    tails[0].compare(one) === 0 &&
    falls &&
    (synapses === cells || grows({ synapses: synapses + 1 })) &&
    (active === cells || grows({ active: active + 1 }))
  );
}

/** The sum of all counts. */
export const together = (counts: readonly Count[]): Count => ({
  times: counts.reduce((sum, { times }) => sum + times, 0),
  of: counts.reduce((sum, { of }) => sum + of, 0),
});

/**
 * The difference between a share and its chance, in standard errors. For a certain event any difference is infinite.
 */
export function standardErrors({ times, of }: Count, chance: number): number {
  const off = Math.abs(times / of - chance);
  return off === 0 ? 0 : off / Math.sqrt((chance * (1 - chance)) / of);
}
