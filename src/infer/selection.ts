// Which terms a rule needs: an L1 penalty leaves out more and more of them, and recordings that were held out say which are
// worth keeping. What is kept is fitted again without the penalty (Meinshausen 2007, "Relaxed Lasso"), and with fewer and fewer
// of its terms.
import { fromNumbers, InputError, quote, scope } from "../core/index.js";
import { exp } from "../ops/index.js";
import { type Data, dataOf, fittable, noiseOf } from "./data.js";
import { type FittedRule, fitRule, heldOut, scaleOf } from "./fit.js";
import { informationOf, logsOf } from "./likelihood.js";
import { checkWhole, type FitOptions, type Fitting, fittingOf } from "./options.js";
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
   * The log likelihood of the other recordings for each number, under these terms fitted without the penalty. If they cannot be
   * told apart, or drive weights out of the finite numbers, it is -Infinity.
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
 * are fitted without it. Since a penalty also keeps terms that stand in for others, the term whose coefficient is the least
 * sure is then left out of the best of these sets, and the next, down to none. Of all these sets it takes the one with the
 * fewest terms that explains the others as well as the best does, within one standard error (Breiman, Friedman, Olshen and
 * Stone 1984, "Classification and Regression Trees", section 3.4.3): that of the difference from the best over the other
 * recordings, since some recordings are harder to explain than others by any rule. It may take the set of no terms: then
 * nothing says that weights change.
 *
 * ```ts
 * const { terms, rule } = selectTerms(sessions.slice(0, 12), sessions.slice(12), taylor({ post: 2, total: 3 }));
 * ```
 *
 * @param others recordings to which nothing is fitted, each of which counts the same; at least two, so that a standard error is
 * known. They choose the terms, so how well these explain them is too good: to say how well they explain, or how sure their
 * coefficients are, take recordings of neither list.
 * @throws as `fitRule`, and RangeError for fewer than two other recordings.
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
  const data = fittable(op, recordings, terms, how.observe, 1);
  dataOf(op, others, terms, how.observe);
  if (others.length < 2) {
    throw new RangeError(
      `[${op}] there is ${quote(others.length)} other recording. Hold out two or more, so that their spread is known.`,
    );
  }
  const known = new Map<string, Scored | undefined>();
  const again = (kept: readonly Term[]): Scored | undefined => {
    const name = kept.map((term) => terms.indexOf(term)).join();
    if (!known.has(name)) known.set(name, scored(recordings, others, kept, fitting));
    return known.get(name);
  };
  const path = pathOf(op, data, terms, how, penalties).map(({ l1, at }): Selection => {
    const kept = terms.filter((_, k) => at[k] !== 0);
    return { l1, coefficients: at, terms: kept, heldOut: meanOf(again(kept)?.scores ?? [Number.NEGATIVE_INFINITY]) };
  });
  const best = path.reduce((a, b) => (b.heldOut > a.heldOut ? b : a)).terms;
  const candidates = [...path.map((each) => each.terms), ...fewerAndFewer(best, again)].flatMap((kept) => {
    const fitted = again(kept);
    return fitted ? [{ kept, ...fitted }] : [];
  });
  if (candidates.length === 0)
    throw new InputError(`[${op}] activity in the other recordings leaves the finite numbers. Scale the inputs.`);
  const { scores } = candidates.reduce((a, b) => (meanOf(b.scores) > meanOf(a.scores) ? b : a));
  const chosen = candidates
    .filter((each) => isWithinError(scores, each.scores))
    .reduce((a, b) => (b.kept.length < a.kept.length ? b : a));
  return { path, terms: chosen.kept, rule: chosen.rule };
}

/** What is left of terms if again and again the one with the least sure coefficient is left out, for as long as the rest can be fitted. */
function fewerAndFewer(
  from: readonly Term[],
  fitted: (kept: readonly Term[]) => Scored | undefined,
): (readonly Term[])[] {
  const sets: (readonly Term[])[] = [];
  for (let kept = from; kept.length > 0; ) {
    const rule = fitted(kept)?.rule;
    if (!rule) break;
    const sureness = rule.coefficients.map(({ estimate, error }) => Math.abs(estimate / error));
    const least = sureness.indexOf(Math.min(...sureness));
    kept = kept.filter((_, k) => k !== least);
    sets.push(kept);
  }
  return sets;
}

/** Coefficients under each of some penalties, from that which leaves out every term. Each is found from the last. */
function pathOf(op: string, data: Data, terms: readonly Term[], how: Fitting, penalties: number) {
  const dynamics = dynamicsOf(terms, how.observe);
  try {
    const scale = scaleOf(op, data, terms, dynamics, how);
    let at: readonly number[] = terms.map(() => 0);
    const predicted = data.recordings.map((recording, r) => dynamics.predict(at, recording, data.sizes[r]));
    const linearised = data.recordings.map((recording, r) => dynamics.linearise(at, recording, data.sizes[r]));
    const { gradient } = informationOf(how.observe, data.seen, linearised, noiseOf(how, data, predicted));
    const most = Math.max(...scale.map((size, k) => Math.abs(gradient[k]) / size));
    return geometric(most, penalties).map((l1) => {
      at = mostLikely(dynamics, data, at, { ...how, penalty: { l1, scale } })!.at;
      return { l1, at };
    });
  } finally {
    dynamics.close();
  }
}

/** Terms that were fitted without a penalty, and how likely each of the other recordings is under them. */
interface Scored {
  readonly rule: FittedRule;
  readonly scores: readonly number[];
}

/** Whether these scores are below the best by no more than the standard error of the difference. */
function isWithinError(best: readonly number[], scores: readonly number[]): boolean {
  const less = best.map((score, r) => score - scores[r]);
  return meanOf(less) <= errorOf(less);
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
): Scored | undefined {
  const rule = fittedOrNot(recordings, terms, options);
  const scores = rule && others.map((other) => heldOut(rule, [other], terms));
  return scores?.every(Number.isFinite) ? { rule: rule!, scores } : undefined;
}

function fittedOrNot(
  recordings: readonly Recording[],
  terms: readonly Term[],
  options: FitOptions,
): FittedRule | undefined {
  try {
    return fitRule(recordings, terms, options);
  } catch (error) {
    if (error instanceof RangeError) return undefined; // all else was checked: terms that these recordings cannot tell apart
    throw error;
  }
}
