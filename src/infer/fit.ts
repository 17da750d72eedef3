// Fits a rule to recordings through the unrolled dynamics, and says how sure it is of each coefficient (Mehta, Tyulmankov,
// Rajagopalan, Turner, Fitzgerald and Funke 2024, "Model-based inference of synaptic plasticity rules", fit the same models
// by gradient descent).
import { checkMade, fromNumbers, InputError, scope } from "../core/index.js";
import { erfInv } from "../special/index.js";
import { type Data, dataOf } from "./data.js";
import { type Directions, directionsOf, errorsOf } from "./information.js";
import { logLikelihood, type Noise } from "./likelihood.js";
import { type FitOptions, type Fitting, fittingOf } from "./options.js";
import type { Recording } from "./recording.js";
import { mostLikely } from "./scoring.js";
import type { Term } from "./terms.js";
import { type Dynamics, dynamicsOf, type Observation, predict } from "./unrolled.js";

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

/** How many half widths of a standard error an interval of this level has. */
const widthOf = (level: number): number =>
  scope(() => Math.SQRT2 * erfInv(fromNumbers([level], [1], "float64")).data()[0]);

/** Throws for terms that are the same on these data, or about which they say nothing. */
function checkKnown(op: string, terms: readonly Term[], { scale, values, vectors }: Directions): void {
  const silent = terms.filter((_, k) => !(scale[k] > 0)).map(({ name }) => name);
  if (silent.length > 0) {
    throw new RangeError(`[${op}] these recordings say nothing about ${silent.join(", ")}. Leave out these terms.`);
  }
  if (values[0] >= NOTHING) return;
  const names = terms.filter((_, k) => Math.abs(vectors[0][k]) > PART).map(({ name }) => name);
  throw new RangeError(
    `[${op}] these recordings cannot tell ${names.join(", ")} apart at all: together they change nothing that was seen. ` +
      "Leave out one of these terms, or give `l1`.",
  );
}

/** The rule that is most likely near 0, with Laplace's intervals. */
export function ruleOf(op: string, data: Data, terms: readonly Term[], dynamics: Dynamics, how: Fitting): FittedRule {
  const { observe, given, l1, level } = how;
  const from = terms.map(() => 0);
  const found = mostLikely(dynamics, data, from, how);
  if (!found) throw new InputError(`[${op}] weights that stay as they are leave the finite numbers. Scale the inputs.`);
  const directions = directionsOf(found.fisher, terms.length);
  if (l1 === 0) checkKnown(op, terms, directions);
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
  const how = fittingOf("fitRule", options);
  const data = dataOf("fitRule", recordings, terms, how.observe);
  const dynamics = dynamicsOf(terms, how.observe);
  try {
    return ruleOf("fitRule", data, terms, dynamics, how);
  } finally {
    dynamics.close();
  }
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
