// The table of `synaptape bio`: for each arm its accuracy, what it differs by from none, and what its mechanisms did.
import { bootstrap, type Estimate } from "../report/statistics.js";
import type { Arm, Outcome } from "./ablation.js";
import { percent } from "./output.js";

/** One row of the table: means over seeds. */
export interface AblationRow {
  readonly arm: string;
  readonly accuracy: Estimate;
  /** Accuracy less that without any mechanism, seed by seed. */
  readonly effect: Estimate;
  readonly frozen: number | null;
  readonly reborn: number | null;
  readonly violations: number | null;
  readonly spread: Estimate;
}

/** The row of one arm, from its runs and those without mechanisms, seed by seed. */
export function rowOf(arm: Arm, runs: readonly Outcome[], plain: readonly Outcome[]): AblationRow {
  const over = (f: (run: Outcome) => number | null): number | null => {
    const values = runs.map(f).filter((value) => value !== null);
    return values.length === 0 ? null : values.reduce((a, b) => a + b) / values.length;
  };
  return {
    arm: arm.name,
    accuracy: bootstrap(runs.map(({ accuracy }) => accuracy)),
    effect: bootstrap(runs.map(({ accuracy }, i) => accuracy - plain[i].accuracy)),
    frozen: over(({ frozen }) => frozen),
    reborn: over(({ reborn }) => reborn),
    violations: over(({ violations }) => violations),
    spread: bootstrap(runs.map(({ spread }) => spread)),
  };
}

export const HEAD = [
  "mechanism",
  "accuracy",
  "98 % interval",
  "effect, points",
  "interval",
  "frozen",
  "reborn",
  "signs",
  "spread",
];

/** The cells of a row, under `HEAD`. */
export function cellsOf({ arm, accuracy, effect, frozen, reborn, violations, spread }: AblationRow): string[] {
  const points = (x: number): string => `${x < 0 ? "-" : "+"}${Math.abs(100 * x).toFixed(2)}`;
  const known = (x: number | null, show: (x: number) => string): string => (x === null ? "-" : show(x));
  const several = accuracy.count > 1;
  return [
    arm,
    `${(100 * accuracy.mean).toFixed(2)} %`,
    several ? `${(100 * accuracy.low).toFixed(2)} to ${(100 * accuracy.high).toFixed(2)}` : "-",
    arm === "none" ? "" : points(effect.mean),
    arm === "none" ? "" : several ? `${points(effect.low)} to ${points(effect.high)}` : "-",
    known(frozen, percent),
    known(reborn, (x) => x.toFixed(2)),
    known(violations, String),
    spread.mean.toFixed(4),
  ];
}
