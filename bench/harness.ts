// How a row is measured: benchmark.js runs the function until its statistics settle; the least and the median of its
// samples are kept, since a shared machine only ever adds time.
import Benchmark from "benchmark";

export interface Timing {
  /** Milliseconds of the fastest sample. */
  readonly best: number;
  /** Milliseconds of the median sample. */
  readonly median: number;
}

/** Times a synchronous function, after one run that does not count. */
export function time(name: string, run: () => void, seconds = 2): Timing {
  run();
  const benchmark = new Benchmark(name, { fn: () => run(), maxTime: seconds, minSamples: 5 });
  benchmark.run({ async: false });
  if (benchmark.error) throw benchmark.error;
  const sorted = [...benchmark.stats.sample].sort((a, b) => a - b).map((sample) => 1000 * sample);
  return { best: sorted[0], median: sorted[sorted.length >> 1] };
}

/** One result: what was measured, and the figures. Numbers are milliseconds unless the name says otherwise. */
export type Row = { readonly bench: string } & Readonly<Record<string, number | string>>;

/** A benchmark: yields its rows one by one. */
export type Bench = () => Generator<Row>;

/** Rounds for printing: four significant digits. */
export const figure = (value: number): number => Number(value.toPrecision(4));
