// How a row is measured: benchmark.js runs the function until its statistics settle; the least and the median of its
// samples are kept, since other load on a shared machine only adds time.
import { execFileSync } from "node:child_process";
import Benchmark from "benchmark";

export interface Timing {
  /** Milliseconds of the fastest sample. */
  readonly best: number;
  /** Milliseconds of the median sample. */
  readonly median: number;
}

/** Times a synchronous function, after one run as a warm-up. */
export function time(name: string, run: () => void, seconds = 2): Timing {
  run();
  const benchmark = new Benchmark(name, { fn: () => run(), maxTime: seconds, minSamples: 5 });
  benchmark.run({ async: false });
  if (benchmark.error) throw benchmark.error;
  return bestAndMedian(benchmark.stats.sample.map((sample) => 1000 * sample));
}

/**
 * Times functions in turn, so that what else the machine does falls on all alike.
 *
 * @param rounds how often each has its turn.
 * @param milliseconds what a turn takes: as many runs as fit, of which the mean is the sample.
 * @param now the clock, in milliseconds.
 */
export function timeInTurn(
  sides: readonly (() => void)[],
  rounds = 40,
  milliseconds = 5,
  now = (): number => performance.now(),
): Timing[] {
  const clock = (run: () => void, calls: number): number => {
    const begin = now();
    for (let k = 0; k < calls; k++) run();
    return (now() - begin) / calls;
  };
  const calls = sides.map((run) => {
    run();
    return Math.max(1, Math.min(100, Math.floor(milliseconds / Math.min(clock(run, 3), clock(run, 3)))));
  });
  const samples: number[][] = sides.map(() => []);
  for (let round = 0; round < rounds; round++) sides.forEach((run, i) => void samples[i].push(clock(run, calls[i])));
  return samples.map(bestAndMedian);
}

/** Milliseconds that the processor spent on this process, which other work on the machine changes less than the time of day. */
export function processorClock(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Of samples in milliseconds. */
export function bestAndMedian(samples: readonly number[]): Timing {
  const sorted = [...samples].sort((a, b) => a - b);
  return { best: sorted[0], median: sorted[sorted.length >> 1] };
}

/** One result: what was measured, and the figures. Numbers are milliseconds unless the name says otherwise. */
export type Row = { readonly bench: string } & Readonly<Record<string, number | string>>;

/** A benchmark: yields its rows one by one. */
export type Bench = () => Iterable<Row> | AsyncIterable<Row>;

/** Rounds for printing: four significant digits. */
export const figure = (value: number): number => Number(value.toPrecision(4));

/** A row as a line of text. */
export function showRow({ bench, ...figures }: Row): string {
  const entries = Object.entries(figures).map(([key, value]) => `${key} ${value}`);
  return `${bench.padEnd(12)} ${entries.join("   ")}`;
}

/** The path of a built module of this folder. Benchmarks run in the root of the repository. */
export const built = (name: string): string => `build/bench/bench/${name}.js`;

/** The row that a program of bench/children prints: its memory and its compiled code are then its own. */
export function rowOfChild(name: string, ...args: (string | number)[]): Row {
  const output = execFileSync(process.execPath, [built(`children/${name}`), ...args.map(String)]);
  return JSON.parse(output.toString());
}
