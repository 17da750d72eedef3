// The effect of an arm's mechanisms, compared seed by seed with training without any.
import { bootstrap, type Estimate } from "../statistics.js";
import type { Outcome } from "./ablation.js";

/** The results of an arm's runs, as means over seeds. */
export interface Effect {
  readonly arm: string;
  /** The accuracy of each run. */
  readonly accuracies: readonly number[];
  readonly accuracy: Estimate;
  /** The accuracy minus that of the same seed without any mechanism. */
  readonly effect: Estimate;
  readonly frozen: number | null;
  readonly reborn: number | null;
  readonly violations: number | null;
  readonly spread: Estimate;
}

/** The effect of an arm, from its runs and from the runs without mechanisms of the same seeds, both in any order. */
export function effectOf(arm: string, runs: readonly Outcome[], plain: readonly Outcome[]): Effect {
  const plainOf = (seed: number): number => plain.find((run) => run.seed === seed)?.accuracy ?? Number.NaN;
  const over = (f: (run: Outcome) => number | null): number | null => {
    const values = runs.map(f).filter((value) => value !== null);
    return values.length === 0 ? null : values.reduce((a, b) => a + b) / values.length;
  };
  return {
    arm,
    accuracies: runs.map(({ accuracy }) => accuracy),
    accuracy: bootstrap(runs.map(({ accuracy }) => accuracy)),
    effect: bootstrap(runs.map(({ accuracy, seed }) => accuracy - plainOf(seed))),
    frozen: over(({ frozen }) => frozen),
    reborn: over(({ reborn }) => reborn),
    violations: over(({ violations }) => violations),
    spread: bootstrap(runs.map(({ spread }) => spread)),
  };
}
