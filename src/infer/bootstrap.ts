// Intervals by fitting again to data as they could have been (Efron 1979): to recordings drawn with replacement, or to what the
// fitted rule would have shown in the same recordings.
import { checkKey, fromNumbers, type Key, quote, scope } from "../core/index.js";
import { quantile, random, std } from "../ops/index.js";
import { chosen, type Data, dataOf } from "./data.js";
import { type FittedRule, ruleOf } from "./fit.js";
import type { Noise } from "./likelihood.js";
import { checkWhole, type FitOptions, fittingOf } from "./options.js";
import type { Recording } from "./recording.js";
import { mostLikely } from "./scoring.js";
import type { Term } from "./terms.js";
import { dynamicsOf, type Observation } from "./unrolled.js";

/** How intervals are found by fitting again. */
export interface BootstrapOptions extends Omit<FitOptions, "l1"> {
  /**
   * What is drawn. "recordings" (the default): recordings, with replacement, which asks nothing of the noise but needs some ten
   * recordings. "model": what the fitted rule would have shown in the same recordings, which one recording is enough for.
   */
  readonly of?: "recordings" | "model";
  /** How often it is fitted again; 200 by default. */
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
 * the key. It costs some five fits for every hundred draws.
 *
 * @throws as `fitRule`; RangeError for a single recording, unless `of` is "model".
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
  const data = dataOf(op, recordings, terms, how.observe);
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
    const again = (own: Key): Data =>
      of === "model"
        ? drawnFrom(data, predicted, rule, own)
        : chosen(
            data,
            recordings.map((_, r) => Math.floor(own.uniform(r) * count)),
          );
    const fits = Array.from({ length: draws }, (_, d) => mostLikely(dynamics, again(key.fold(d)), at, how)?.at ?? at);
    return {
      ...rule,
      coefficients: rule.coefficients.map((each, k) => ({ ...each, ...spreadOf(fits, k, how.level) })),
    };
  } finally {
    dynamics.close();
  }
}

/** The spread of a coefficient over fits: its standard deviation, and the percentiles that hold this share of them. */
function spreadOf(fits: readonly (readonly number[])[], k: number, level: number) {
  return scope(() => {
    const all = fromNumbers(
      fits.map((fit) => fit[k]),
      [fits.length],
      "float64",
    );
    const [low, high] = [(1 - level) / 2, (1 + level) / 2].map((share) => quantile(all, share).item());
    return { error: std(all, undefined, false, 1).item(), low, high };
  });
}
