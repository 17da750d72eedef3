// Fits a rule to recordings through the unrolled dynamics, and says how sure it is of each coefficient (Mehta, Tyulmankov,
// Rajagopalan, Turner, Fitzgerald and Funke 2024, "Model-based inference of synaptic plasticity rules", fit the same models
// by gradient descent).
import { checkKind, checkMade, checkOptions, fromNumbers, InputError, quote, scope } from "../core/index.js";
import { erfInv } from "../special/index.js";
import { dataOf } from "./data.js";
import { type Directions, directionsOf, errorsOf } from "./information.js";
import { logLikelihood, type Noise } from "./likelihood.js";
import type { Recording } from "./recording.js";
import { type Found, mostLikely } from "./scoring.js";
import type { Term } from "./terms.js";
import { dynamicsOf, type Observation, predict } from "./unrolled.js";

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

/** A coefficient of a rule that was fitted. */
export interface Coefficient {
  /** The name of its term. */
  readonly term: string;
  /** Its most likely value. */
  readonly estimate: number;
  /** Its standard error (Laplace); NaN with `l1`. */
  readonly error: number;
  /** Lower end of its interval; NaN with `l1`. */
  readonly low: number;
  /** Upper end of its interval; NaN with `l1`. */
  readonly high: number;
}

/** A rule that was fitted. */
export interface FittedRule {
  /** A coefficient for each term, in their order. */
  readonly coefficients: readonly Coefficient[];
  /** The log likelihood of all that was seen. */
  readonly logLikelihood: number;
  /** How many numbers were seen. */
  readonly seen: number;
  /** The noise, given or estimated. */
  readonly noise: Noise;
  /** Terms that these data can hardly tell apart: each list names those of one direction, the least known first. */
  readonly unclear: readonly (readonly string[])[];
  /** Whether fitting came to an end, rather than to its last step. */
  readonly converged: boolean;
  /** How outputs were observed. */
  readonly observe: Observation;
}

/** A direction with less information than this, of a diagonal of 1, is not known at all. */
const NOTHING = 1e-10;
/** Belsley, Kuh and Welsch 1980: harm begins where the root of the ratio of largest and least is above 30. */
const HARMFUL = 30;
/** The part that a term needs in such a direction to be named. */
const PART = 0.3;

/** Checks a number among the options. */
function checkNumber(name: string, value: number, ok: boolean, allowed: string): void {
  if (typeof value === "number" && ok) return;
  throw new RangeError(`[fitRule] \`${name}\` is ${quote(value)}: give ${allowed}.`);
}

/** How many half widths of a standard error an interval of this level has. */
const widthOf = (level: number): number =>
  scope(() => Math.SQRT2 * erfInv(fromNumbers([level], [1], "float64")).data()[0]);

/** Throws for terms that are the same on these data, or about which they say nothing. */
function checkKnown(terms: readonly Term[], { scale, values, vectors }: Directions): void {
  const silent = terms.filter((_, k) => !(scale[k] > 0)).map(({ name }) => name);
  if (silent.length > 0) {
    throw new RangeError(`[fitRule] these recordings say nothing about ${silent.join(", ")}. Leave out these terms.`);
  }
  if (values[0] >= NOTHING) return;
  const names = terms.filter((_, k) => Math.abs(vectors[0][k]) > PART).map(({ name }) => name);
  throw new RangeError(
    `[fitRule] these recordings cannot tell ${names.join(", ")} apart at all: together they change nothing that was seen. ` +
      "Leave out one of these terms, or give `l1`.",
  );
}

/**
 * Fits the coefficients of a rule to recordings.
 *
 * ```ts
 * const { coefficients, unclear } = fitRule(recordings, taylor({ post: 2, total: 3 }));
 * ```
 *
 * @throws TypeError for what is no recording or term; RangeError for rows of other lengths, numbers that are not finite where
 * they must be known, outputs that never change, and terms that the recordings cannot tell apart at all; InputError if every
 * rule near 0 leaves the finite numbers.
 */
export function fitRule(
  recordings: readonly Recording[],
  terms: readonly Term[],
  options: FitOptions = {},
): FittedRule {
  checkOptions("fitRule", options, ["observe", "noise", "l1", "level", "steps"]);
  const { observe = "gaussian", noise: given = {}, l1 = 0, level = 0.9, steps = 100 } = options;
  checkKind("fitRule", "`noise`", given, "an object");
  for (const [name, size] of Object.entries(given))
    checkNumber(`noise.${name}`, size, size > 0 && Number.isFinite(size), "a number above 0");
  checkNumber("l1", l1, l1 >= 0 && Number.isFinite(l1), "a number from 0");
  checkNumber("level", level, level > 0 && level < 1, "a number between 0 and 1");
  checkNumber("steps", steps, Number.isSafeInteger(steps) && steps > 0, "a whole number from 1");
  const data = dataOf("fitRule", recordings, terms, observe);
  const dynamics = dynamicsOf(terms, observe);
  let found: Found | undefined;
  try {
    const from = terms.map(() => 0);
    found = mostLikely(dynamics, data, from, { observe, given, l1, steps });
  } finally {
    dynamics.close();
  }
  if (!found)
    throw new InputError("[fitRule] weights that stay as they are leave the finite numbers. Scale the inputs.");
  const directions = directionsOf(found.fisher, terms.length);
  if (l1 === 0) checkKnown(terms, directions);
  const { at, noise, likelihood, converged } = found;
  const seen = data.count;
  // The estimate of the noise has lost as many numbers as there are coefficients.
  const lost =
    observe === "gaussian" && given.outputs === undefined ? Math.sqrt(seen / Math.max(1, seen - terms.length)) : 1;
  const errors = l1 > 0 ? terms.map(() => Number.NaN) : errorsOf(directions).map((error) => error * lost);
  const width = widthOf(level);
  const { values, vectors } = directions;
  const least = values[values.length - 1] / HARMFUL ** 2;
  return {
    coefficients: terms.map(({ name }, k) => ({
      ...{ term: name, estimate: at[k], error: errors[k] },
      ...{ low: at[k] - width * errors[k], high: at[k] + width * errors[k] },
    })),
    unclear: vectors
      .filter((_, d) => values[d] < least)
      .map((vector) => terms.filter((_, k) => Math.abs(vector[k]) > PART).map(({ name }) => name)),
    ...{ logLikelihood: likelihood, seen, noise, converged, observe },
  };
}

/**
 * The log likelihood of what was seen in other recordings under a rule that was fitted, for each number that was seen. Of
 * rules of several classes, the one with the largest on recordings that it was not fitted to explains them best.
 *
 * @param terms those that the rule was fitted with.
 * @throws as `fitRule`, and RangeError for terms that are not those of the rule.
 */
export function heldOut(rule: FittedRule, recordings: readonly Recording[], terms: readonly Term[]): number {
  checkMade("heldOut", "the rule", rule, ["coefficients", "observe", "noise"], "Give what fitRule() returned.");
  const data = dataOf("heldOut", recordings, terms, rule.observe);
  if (rule.coefficients?.length !== terms.length || rule.coefficients.some(({ term }, k) => term !== terms[k].name)) {
    throw new RangeError(
      "[heldOut] the terms are not those of the rule. Give those that it was fitted with, in their order.",
    );
  }
  const at = rule.coefficients.map(({ estimate }) => estimate);
  const predicted = data.recordings.map((recording, r) => predict(terms, rule.observe, at, recording, data.sizes[r]));
  return logLikelihood(rule.observe, data.seen, predicted, rule.noise) / data.count;
}
