// The options of fits, checked once for all that fit.
import { checkKind, checkOptions, quote } from "../core/index.js";
import type { Noise } from "./likelihood.js";
import type { Scoring } from "./scoring.js";
import { checkObservation, type Observation } from "./unrolled.js";

/** How a rule is fitted. */
export interface FitOptions {
  /**
   * "gaussian" (the default): outputs are activity, the weighted sum of the inputs, with noise. "bernoulli": outputs are
   * choices, made with the chance that the logistic function of this sum gives.
   */
  readonly observe?: Observation;
  /** Standard deviations of the noise; estimated where they are left out. */
  readonly noise?: Partial<Noise>;
  /** Weight of the sum of the coefficients' sizes, in units of log likelihood; 0 by default. With it there are no intervals. */
  readonly l1?: number;
  /** The chance that an interval should hold its coefficient; 0.9 by default. */
  readonly level?: number;
  /** Steps of fitting at most; 100 by default. */
  readonly steps?: number;
}

/** Options that were checked, with defaults. */
export interface Fitting extends Scoring {
  readonly level: number;
}

/** Throws for a number that is not allowed. */
export function checkNumber(op: string, name: string, value: number, ok: boolean, allowed: string): void {
  if (typeof value === "number" && ok) return;
  throw new RangeError(`[${op}] \`${name}\` is ${quote(value)}: give ${allowed}.`);
}

/** Throws unless this is a whole number of at least so much. */
export const checkWhole = (op: string, name: string, value: number, least: number): void =>
  checkNumber(op, name, value, Number.isSafeInteger(value) && value >= least, `a whole number from ${least}`);

/** Checks the options of a fit, among which there may be others that the caller checks. */
export function fittingOf(op: string, options: FitOptions, others: readonly string[] = []): Fitting {
  checkOptions(op, options, ["observe", "noise", "l1", "level", "steps", ...others]);
  const { observe = "gaussian", noise: given = {}, l1 = 0, level = 0.9, steps = 100 } = options;
  checkObservation(op, observe);
  checkKind(op, "`noise`", given, "an object");
  checkOptions(op, given, ["outputs", "weights"]);
  for (const [name, size] of Object.entries(given))
    checkNumber(op, `noise.${name}`, size, size > 0 && Number.isFinite(size), "a number above 0");
  checkNumber(op, "l1", l1, l1 >= 0 && Number.isFinite(l1), "a number from 0");
  checkNumber(op, "level", level, level > 0 && level < 1, "a number between 0 and 1");
  checkWhole(op, "steps", steps, 1);
  return { observe, given, l1, level, steps };
}
