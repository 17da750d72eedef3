// The table of `synaptape bio` in words: for each arm its accuracy, its effect, and what its mechanisms did.
import type { Effect } from "../studies/index.js";
import { percent } from "./output.js";

/** The head of the table. */
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
export function cellsOf({ arm, accuracy, effect, frozen, reborn, violations, spread }: Effect): string[] {
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
