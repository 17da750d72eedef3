// Intervals by fitting again to data as they could have been (Efron 1979): to recordings drawn with replacement, or to what the
// fitted rule would have shown in the same recordings.
import { checkKey, fromNumbers, type Key, quote, scope } from "../core/index.js";
import { quantile, random, std } from "../ops/index.js";
import { chosen, type Data, fittable } from "./data.js";
import { type FittedRule, freedomOf, ruleOf } from "./fit.js";
import type { Noise } from "./likelihood.js";
import { checkWhole, type FitOptions, fittingOf } from "./options.js";
import type { Recording } from "./recording.js";
import { mostLikely } from "./scoring.js";
import { normalBelow, studentWidth } from "./student.js";
import type { Term } from "./terms.js";
import { dynamicsOf, type Observation } from "./unrolled.js";

/** How intervals are found by fitting again. */
export interface BootstrapOptions extends Omit<FitOptions, "l1"> {
  /**
   * What is drawn. "recordings" (the default): recordings, with replacement, which asks nothing of the noise but needs some ten
   * recordings. "model": what the fitted rule would have shown in the same recordings, which one recording is enough for.
   */
  readonly of?: "recordings" | "model";
  /**
   * How often it is fitted again; 200 by default. With fewer than an interval needs (19 for one of 90 %, more where it is made wider
   * for few recordings), it goes from the least of them to the largest, and holds less than it should.
   */
  readonly draws?: number;
}

/** Data as the model would have made them: what was seen, drawn anew. */
function drawnFrom(
  data: Data,
  predicted: readonly Float64Array[],
  { observe, noise }: { readonly observe: Observation; readonly noise: Noise },
  key: Key,
): Data {
  const seen = data.seen.map(({ values, outputs }, r) => {
    const own = key.fold(r);
    const normal = scope(() => random.normal(own.fold(0), [values.length], { dtype: "float64" }).data().slice());
    const draw = (value: number, i: number): number => {
      if (Number.isNaN(value)) return value;
      if (i < outputs && observe === "bernoulli") return Number(own.fold(1).uniform(i) < predicted[r][i]);
      return predicted[r][i] + (i < outputs ? noise.outputs : noise.weights) * normal[i];
    };
    return { values: values.map(draw), outputs };
  });
  return { ...data, seen };
}

/**
 * Fits a rule as `fitRule`, and finds the errors and intervals of its coefficients by fitting again to data as they could have
 * been (the bootstrap of Efron 1979): an interval goes from one percentile of these fits to another. All draws follow from
 * the key. A draw takes about half as long as the fit itself.
 *
 * Percentiles of few recordings are too close to each other, as the spread of a sample is smaller than what it was drawn from,
 * and unsure itself. So errors and intervals are widened as those of a mean would be (Hesterberg 2015, "What teachers should
 * know about the bootstrap", section 3.2), by Student's distribution with one degree of freedom less than there are recordings.
 *
 * `converged` says whether all fits came to an end.
 *
 * @throws as `fitRule`; RangeError for a single recording, unless `of` is "model".
 * @example
 * const given = { inputs: random.normal(Key.of(0), [200, 4]).toArray(), start: random.normal(Key.of(2), [3, 4]).toArray() };
 * const [terms, key] = [[monomial({ pre: 1, post: 1 }), monomial({ post: 2, weight: 1 })], Key.of(1)];
 * const recordings = [1, 2, 3].map((seed) => simulate(given, terms, [0.01, -0.01], Key.of(seed), { noise: 0.01 }));
 * Object.keys(bootstrapRule(recordings, terms, key)); // ["coefficients", "unclear", "logLikelihood", "seen", "noise", "converged", "observe"]
 */
export function bootstrapRule(
  recordings: readonly Recording[],
  terms: readonly Term[],
  key: Key,
  options: BootstrapOptions = {},
): FittedRule {
  const op = "bootstrapRule";
  const how = fittingOf(op, options, ["of", "draws"]);
  if (how.l1 > 0) {
    throw new RangeError(
      `[${op}] \`l1\` shrinks coefficients, and so its intervals would miss them. Leave terms out with l1 first, and then ` +
        "fit those that are left without it.",
    );
  }
  const { of = "recordings", draws = 200 } = options;
  if (of !== "recordings" && of !== "model")
    throw new RangeError(`[${op}] \`of\` is ${quote(of)}: give "recordings" or "model".`);
  checkWhole(op, "draws", draws, 2);
  checkKey(op, key, "the key");
  const data = fittable(op, recordings, terms, how.observe, 1);
  const count = recordings.length;
  if (of === "recordings" && count < 2) {
    throw new RangeError(
      `[${op}] one recording cannot be drawn in different ways. Cut it into several, each with its own \`start\`, or give of: "model".`,
    );
  }
  const dynamics = dynamicsOf(terms, how.observe);
  try {
    const rule = ruleOf(op, data, terms, dynamics, how);
    const at = rule.coefficients.map(({ estimate }) => estimate);
    const predicted = data.recordings.map((recording, r) => dynamics.predict(at, recording, data.sizes[r]));
    const { freedom, lost } = freedomOf(op, data, terms, how);
    const noise = {
      outputs: how.given.outputs ?? rule.noise.outputs * lost,
      weights: how.given.weights ?? rule.noise.weights * lost,
    };
    const again = (own: Key): Data =>
      of === "model"
        ? drawnFrom(data, predicted, { observe: how.observe, noise }, own)
        : chosen(
            data,
            recordings.map((_, r) => Math.floor(own.uniform(r) * count)),
          );
    const fits = Array.from({ length: draws }, (_, d) => mostLikely(dynamics, again(key.fold(d)), at, how)!);
    const wider = of === "model" ? 1 : Math.sqrt(count / (count - 1));
    const below = normalBelow(-wider * studentWidth(how.level, of === "model" ? freedom : count - 1));
    return {
      ...rule,
      converged: rule.converged && fits.every(({ converged }) => converged),
      coefficients: rule.coefficients.map((each, k) => {
        const { error, ...ends } = spreadOf(
          fits.map((fit) => fit.at[k]),
          below,
        );
        return { ...each, error: wider * error, ...ends };
      }),
    };
  } finally {
    dynamics.close();
  }
}

/**
 * The spread of fits: their standard deviation, and the places with this share of what is drawn below and above them. Of n
 * draws, the i-th in order has a share of i / (n + 1) below it (Davison and Hinkley 1997, "Bootstrap Methods and their
 * Application", section 2.7).
 */
function spreadOf(fits: readonly number[], below: number) {
  const draws = fits.length;
  const placeOf = (share: number): number => Math.min(1, Math.max(0, (share * (draws + 1) - 1) / (draws - 1)));
  return scope(() => {
    const all = fromNumbers(fits, [draws], "float64");
    const [low, high] = [below, 1 - below].map((share) => quantile(all, placeOf(share)).item());
    return { error: std(all, undefined, false, 1).item(), low, high };
  });
}
