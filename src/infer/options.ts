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
  /** Standard deviations of the noise; estimated where they are left out. Choices have none on `outputs`. */
  readonly noise?: Partial<Noise>;
  /**
   * Weight of a penalty on the sizes of coefficients (the lasso of Tibshirani 1996); 0 by default, and with it there are no
   * intervals. Each coefficient is measured by the standard error that it would have alone, after one step of fitting, so that
   * units of terms do not matter: a term is left out if one more such error of it would add less than `l1` to the log
   * likelihood.
   */
  readonly l1?: number;
  /** The chance that an interval should hold its coefficient; 0.9 by default. */
  readonly level?: number;
  /** Steps of fitting at most; 100 by default. */
  readonly steps?: number;
}

/** Options that were checked, with defaults. */
export interface Fitting extends Omit<Scoring, "penalty"> {
  readonly l1: number;
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
  if (observe === "bernoulli" && given.outputs !== undefined)
    throw new RangeError(`[${op}] choices have no \`noise.outputs\`. Leave it out, or observe "gaussian".`);
  checkNumber(op, "l1", l1, l1 >= 0 && Number.isFinite(l1), "a number from 0");
  checkNumber(op, "level", level, level > 0 && level < 1, "a number between 0 and 1");
  checkWhole(op, "steps", steps, 1);
  return { observe, given, l1, level, steps };
}
