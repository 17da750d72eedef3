// Which terms a rule needs: an L1 penalty leaves out more and more of them, and recordings that were held out say which are
// worth keeping. What is kept is fitted again without the penalty (Meinshausen 2007, "Relaxed Lasso"), and its least sure terms
// are tried without.
import { fromNumbers, quote, scope } from "../core/index.js";
import { exp } from "../ops/index.js";
import { dataOf, noiseOf } from "./data.js";
import { type FittedRule, fitRule, heldOut } from "./fit.js";
import { informationOf, logsOf } from "./likelihood.js";
import { checkWhole, type FitOptions, fittingOf } from "./options.js";
import type { Recording } from "./recording.js";
import { mostLikely } from "./scoring.js";
import type { Term } from "./terms.js";
import { dynamicsOf } from "./unrolled.js";

/** How terms are selected. */
export interface SelectOptions extends Omit<FitOptions, "l1"> {
  /** How many penalties there are, from the smallest that leaves out every term to a ten thousandth of it; 16 by default. */
  readonly penalties?: number;
}

/** What a penalty leaves of the terms. */
export interface Selection {
  /** The penalty, as `l1` of `FitOptions`. */
  readonly l1: number;
  /** The coefficients under this penalty, in the order of the terms; 0 for those that it leaves out. */
  readonly coefficients: readonly number[];
  /** The terms that it leaves. */
  readonly terms: readonly Term[];
  /**
   * The log likelihood of the other recordings for each number, under these terms fitted without the penalty. If it leaves none, or
   * terms that cannot be told apart, it is -Infinity.
   */
  readonly heldOut: number;
}

/** The terms that are worth keeping. */
export interface Selected {
  /** What each penalty leaves, from the largest. */
  readonly path: readonly Selection[];
  /** The terms that were chosen. */
  readonly terms: readonly Term[];
  /** These terms, fitted without a penalty. Its intervals do not know that terms were chosen, and so are somewhat too narrow. */
  readonly rule: FittedRule;
}

/** The smallest penalty that is looked at, as a share of that which leaves out every term. */
const LEAST = 1e-4;

/**
 * Chooses among terms by an L1 penalty and by recordings that are held out: along a path of penalties, the terms that each leaves
 * are fitted without it. Of these, it takes the fewest whose likelihood is within one standard error, over the other
 * recordings, of the best (Breiman, Friedman, Olshen and Stone 1984, "Classification and Regression Trees", section 3.4.3).
 * Since a penalty keeps terms that stand in for others, it then leaves out the term whose coefficient is the least sure, and the
 * next, for as long as the likelihood stays that close.
 *
 * ```ts
 * const { terms, rule } = selectTerms(sessions.slice(0, 12), sessions.slice(12), taylor({ post: 2, total: 3 }));
 * ```
 *
 * @param others recordings to which nothing is fitted; at least two, so that a standard error is known.
 * @throws as `fitRule`; RangeError for fewer than two other recordings, or if no term explains anything.
 */
export function selectTerms(
  recordings: readonly Recording[],
  others: readonly Recording[],
  terms: readonly Term[],
  options: SelectOptions = {},
): Selected {
  const op = "selectTerms";
  const how = fittingOf(op, options, ["penalties"]);
  if (how.l1 > 0) throw new RangeError(`[${op}] \`l1\` is what is looked for. Leave it out.`);
  const { penalties = 16, ...fitting } = options;
  checkWhole(op, "penalties", penalties, 2);
  const data = dataOf(op, recordings, terms, how.observe);
  dataOf(op, others, terms, how.observe);
  if (others.length < 2) {
    throw new RangeError(
      `[${op}] there is ${quote(others.length)} other recording. Hold out two or more, so that their spread is known.`,
    );
  }
  const known = new Map<string, { readonly rule: FittedRule; readonly scores: readonly number[] } | undefined>();
  const again = (kept: readonly Term[]) => {
    const name = kept.map((term) => terms.indexOf(term)).join();
    if (!known.has(name)) known.set(name, scored(recordings, others, kept, fitting));
    return known.get(name);
  };
  const dynamics = dynamicsOf(terms, how.observe);
  try {
    let at: readonly number[] = terms.map(() => 0);
    const predicted = data.recordings.map((recording, r) => dynamics.predict(at, recording, data.sizes[r]));
    const linearised = data.recordings.map((recording, r) => dynamics.linearise(at, recording, data.sizes[r]));
    const { gradient } = informationOf(how.observe, data.seen, linearised, noiseOf(how.given, data, predicted));
    const most = Math.max(...gradient.map(Math.abs));
    const path = geometric(most, penalties).map((l1): Selection => {
      at = mostLikely(dynamics, data, at, { ...how, l1 })?.at ?? at;
      const kept = terms.filter((_, k) => at[k] !== 0);
      return { l1, coefficients: at, terms: kept, heldOut: meanOf(again(kept)?.scores ?? [-Infinity]) };
    });
    const best = path.reduce((a, b) => (b.heldOut > a.heldOut ? b : a));
    const scores = again(best.terms)?.scores;
    if (!scores) throw new RangeError(`[${op}] no term explains anything of these recordings. Give other terms.`);
    const least = meanOf(scores) - errorOf(scores);
    const good = path.filter((each) => each.heldOut >= least);
    let kept = good.reduce((a, b) => (b.terms.length < a.terms.length ? b : a), best).terms;
    for (;;) {
      const { coefficients } = again(kept)!.rule;
      const sureness = coefficients.map(({ estimate, error }) => Math.abs(estimate / error));
      const fewer = kept.filter((_, k) => k !== sureness.indexOf(Math.min(...sureness)));
      if (meanOf(again(fewer)?.scores ?? [-Infinity]) < least) break;
      kept = fewer;
    }
    return { path, terms: kept, rule: again(kept)!.rule };
  } finally {
    dynamics.close();
  }
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/** The standard error of the mean. */
function errorOf(values: readonly number[]): number {
  const mean = meanOf(values);
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}

/** Penalties from the largest down, each smaller than the last by the same factor. */
const geometric = (most: number, count: number): number[] =>
  scope(() => {
    const log = logsOf([LEAST])[0];
    const shares = Array.from({ length: count }, (_, i) => (log * i) / (count - 1));
    return Array.from(exp(fromNumbers(shares, [count], "float64")).data(), (share) => most * share);
  });

/** Some terms fitted without a penalty, and how likely each of the other recordings is; undefined if they cannot be fitted. */
function scored(
  recordings: readonly Recording[],
  others: readonly Recording[],
  terms: readonly Term[],
  options: FitOptions,
) {
  if (terms.length === 0) return undefined;
  try {
    const rule = fitRule(recordings, terms, options);
    const scores = others.map((other) => heldOut(rule, [other], terms));
    return scores.every(Number.isFinite) ? { rule, scores } : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined; // terms that these recordings cannot tell apart
    throw error;
  }
}
