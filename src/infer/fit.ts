// Fits a rule to recordings through the unrolled dynamics, and says how sure it is of each coefficient (Mehta, Tyulmankov,
// Rajagopalan, Turner, Fitzgerald and Funke 2024, "Model-based inference of synaptic plasticity rules", fit the same models
// by gradient descent).
import { checkMade, InputError } from "../core/index.js";
import { type Data, dataOf, fittable } from "./data.js";
import { type Directions, directionsOf, errorsOf } from "./information.js";
import { countsOf, logLikelihood, type Noise } from "./likelihood.js";
import { type FitOptions, type Fitting, fittingOf } from "./options.js";
import type { Recording } from "./recording.js";
import { type Found, mostLikely, type Scoring } from "./scoring.js";
import { studentWidth } from "./student.js";
import type { Term } from "./terms.js";
import { type Dynamics, dynamicsOf, type Observation, predict } from "./unrolled.js";

/** A coefficient of a rule that was fitted. */
export interface Coefficient {
  /** The name of its term. */
  readonly term: string;
  /** Its most likely value. */
  readonly estimate: number;
  /** Its standard error, from Fisher's information there (Laplace); NaN with `l1`. */
  readonly error: number;
  /** Lower end of its interval, by Student's distribution where noise was estimated; NaN with `l1`. */
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

/** Throws for terms about which these data say nothing. */
function checkHeard(op: string, terms: readonly Term[], scale: readonly number[]): void {
  const silent = terms.filter((_, k) => !(scale[k] > 0)).map(({ name }) => name);
  if (silent.length === 0) return;
  throw new RangeError(`[${op}] these recordings say nothing about ${silent.join(", ")}. Leave out these terms.`);
}

/** Throws for terms that are the same on these data, or about which they say nothing. */
function checkKnown(op: string, terms: readonly Term[], { scale, values, vectors }: Directions): void {
  checkHeard(op, terms, scale);
  if (terms.length === 0 || values[0] >= NOTHING) return;
  const names = terms.filter((_, k) => Math.abs(vectors[0][k]) > PART).map(({ name }) => name);
  throw new RangeError(
    `[${op}] these recordings cannot tell ${names.join(", ")} apart at all: together they change nothing that was seen. ` +
      "Leave out one of these terms, or give `l1`.",
  );
}

/**
 * How many numbers are left to tell the noise by, once coefficients have taken theirs, and by how much a standard error that is made
 * of estimated noise is too small.
 */
export function freedomOf(op: string, { seen }: Data, terms: readonly Term[], { observe, given }: Fitting) {
  const counts = countsOf(seen);
  const parts = (["outputs", "weights"] as const).filter(
    (part) => given[part] === undefined && counts[part] > 0 && !(part === "outputs" && observe === "bernoulli"),
  );
  if (parts.length === 0) return { freedom: Number.POSITIVE_INFINITY, lost: 1 };
  const count = parts.reduce((sum, part) => sum + counts[part], 0);
  const freedom = count - terms.length;
  if (freedom > 0) return { freedom, lost: Math.sqrt(count / freedom) };
  throw new RangeError(
    `[${op}] ${count} numbers with noise were seen, which ${terms.length} coefficients fit without any. Record more, give fewer ` +
      `terms, or say the \`noise\`: { ${parts.map((part) => `${part}: ...`).join(", ")} }.`,
  );
}

/**
 * The part of a penalty that each coefficient has, as `FitOptions.l1` says. It is measured after one step of fitting: where all
 * coefficients are 0 a term in weights that begin at 0 does nothing yet, and where many terms are fitted without a penalty they
 * may have gone anywhere.
 */
export function scaleOf(op: string, data: Data, terms: readonly Term[], dynamics: Dynamics, how: Fitting): number[] {
  freedomOf(op, data, terms, how);
  const { scale } = directionsOf(nearZero(op, dynamics, data, terms, { ...how, steps: 1 }).fisher, terms.length);
  checkHeard(op, terms, scale);
  return [...scale];
}

/** What is most likely near 0. */
function nearZero(op: string, dynamics: Dynamics, data: Data, terms: readonly Term[], how: Scoring): Found {
  const found = mostLikely(
    dynamics,
    data,
    terms.map(() => 0),
    how,
  );
  if (found) return found;
  throw new InputError(`[${op}] weights that stay as they are leave the finite numbers. Scale the inputs.`);
}

/** The rule that is most likely near 0, with Laplace's intervals. */
export function ruleOf(op: string, data: Data, terms: readonly Term[], dynamics: Dynamics, how: Fitting): FittedRule {
  const { observe, l1, level } = how;
  const { freedom, lost } = freedomOf(op, data, terms, how);
  const penalty = l1 > 0 ? { l1, scale: scaleOf(op, data, terms, dynamics, how) } : undefined;
  const found = nearZero(op, dynamics, data, terms, { ...how, ...(penalty && { penalty }) });
  const directions = directionsOf(found.fisher, terms.length);
  if (!penalty) checkKnown(op, terms, directions);
  const { at, noise, likelihood, converged } = found;
  // A penalty draws estimates towards 0, and intervals around them would miss the truth.
  const errors = errorsOf(directions).map((error) => (penalty ? Number.NaN : error * lost));
  const width = studentWidth(level, freedom);
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
    ...{ logLikelihood: likelihood, seen: data.count, noise, converged, observe },
  };
}

/**
 * Fits the coefficients of a rule to recordings: the most likely ones that a climb from 0, where nothing is plastic, leads to.
 * Other optima, farther away, are not looked for. Without terms it is the rule by which nothing changes, to compare with.
 *
 * ```ts
 * const { coefficients, unclear } = fitRule(recordings, taylor({ post: 2, total: 3 }));
 * ```
 *
 * @param terms what may change a weight; each coefficient is how much of its term is added to every weight at each step.
 * @throws TypeError for what is no recording or term; RangeError for rows of other lengths, numbers that are not finite where
 * they must be known, outputs that never change, fewer numbers than it takes to tell coefficients from noise, and terms that
 * the recordings cannot tell apart at all; InputError if weights that stay as they are leave the finite numbers.
 */
export function fitRule(
  recordings: readonly Recording[],
  terms: readonly Term[],
  options: FitOptions = {},
): FittedRule {
  const how = fittingOf("fitRule", options);
  const data = fittable("fitRule", recordings, terms, how.observe);
  const dynamics = dynamicsOf(terms, how.observe);
  try {
    return ruleOf("fitRule", data, terms, dynamics, how);
  } finally {
    dynamics.close();
  }
}

/**
 * The log likelihood of what was seen in other recordings under a rule that was fitted, for each number that was seen. Of
 * rules of several classes, the one with the largest on recordings that it was not fitted to explains them best. It is
 * -Infinity if the rule drives their weights out of the finite numbers; the chance of a choice counts as at least 1e-9.
 *
 * @param terms those that the rule was fitted with.
 * @throws as `fitRule`, and RangeError for terms that are not those of the rule, or for weights or activity if the rule was fitted
 * to recordings in which none were seen, since its noise on them is not known.
 * @example
 * const given = { inputs: random.normal(Key.of(0), [200, 4]).toArray(), start: random.normal(Key.of(2), [3, 4]).toArray() };
 * const [terms, key] = [[monomial({ pre: 1, post: 1 }), monomial({ post: 2, weight: 1 })], Key.of(1)];
 * const recording = simulate(given, terms, [0.01, -0.01], key, { noise: 0.01 });
 * heldOut(fitRule([recording], terms), [recording], terms) > 0.9; // true
 */
export function heldOut(rule: FittedRule, recordings: readonly Recording[], terms: readonly Term[]): number {
  checkMade("heldOut", "the rule", rule, ["coefficients", "observe", "noise"], "Give what fitRule() returned.");
  const data = dataOf("heldOut", recordings, terms, rule.observe);
  if (rule.coefficients?.length !== terms.length || rule.coefficients.some(({ term }, k) => term !== terms[k].name)) {
    throw new RangeError(
      "[heldOut] the terms are not those of the rule. Give those that it was fitted with, in their order.",
    );
  }
  const counts = countsOf(data.seen);
  for (const part of ["outputs", "weights"] as const) {
    if (counts[part] === 0 || rule.noise[part] > 0 || (part === "outputs" && rule.observe === "bernoulli")) continue;
    throw new RangeError(
      `[heldOut] \`${part}\` were seen here, but not where the rule was fitted: its noise on them is not known. Leave them out, or fit ` +
        `with noise: { ${part}: ... }.`,
    );
  }
  const at = rule.coefficients.map(({ estimate }) => estimate);
  const predicted = data.recordings.map((recording, r) => predict(terms, rule.observe, at, recording, data.sizes[r]));
  return logLikelihood(rule.observe, data.seen, predicted, rule.noise) / data.count;
}
