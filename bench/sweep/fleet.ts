// What computes the cells of the benchmark.
import type { Executor } from "../../src/runs/index.js";

/** The built package, whose command line the workers run. */
export const BUILD = "build/bench/dist";

/** An executor and what is behind it. */
export interface Fleet {
  /** Where cells are computed. */
  readonly where: string;
  /** How many at once. */
  readonly workers: number;
  readonly executor: Executor;
  close(): Promise<void>;
}
