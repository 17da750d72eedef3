// How likely what was seen is under what a rule predicts, and how both change with the rule's coefficients.
import { fromNumbers, scope } from "../core/index.js";
import { log } from "../ops/index.js";
import type { Recording, Sizes } from "./recording.js";
import type { Linearised, Observation } from "./unrolled.js";

/** The noise on what is seen: standard deviations. */
export interface Noise {
  /** That on activity; choices have none. */
  readonly outputs: number;
  /** That on the weights that were seen. */
  readonly weights: number;
}

/** What was seen, in the order of predictions. */
export interface Seen {
  /** Outputs and then weights; NaN for what is missing. */
  readonly values: readonly number[];
  /** Where the weights begin. */
  readonly outputs: number;
}

/** What was seen in a recording. */
export const seenIn = ({ outputs, weights }: Recording, { steps, neurons }: Sizes): Seen => ({
  values: [...outputs.flat(), ...(weights?.flat() ?? [])],
  outputs: steps * neurons,
});

/** Natural logarithms, with the same bits on every engine. */
export const logsOf = (values: readonly number[]): Float64Array =>
  values.length === 0
    ? new Float64Array()
    : scope(() => Float64Array.from(log(fromNumbers(values, [values.length], "float64")).data()));

/** Chances are kept this far from 0 and 1. */
const EDGE = 1e-9;
const HALF_LOG_TWO_PI = 0.9189385332046728;
const inside = (p: number): number => Math.min(1 - EDGE, Math.max(EDGE, p));

/** Visits each number that was seen: of which recording, at which place, its value, and which part it belongs to. */
function eachSeen(
  seen: readonly Seen[],
  visit: (recording: number, at: number, value: number, part: keyof Noise) => void,
): void {
  for (const [r, { values, outputs }] of seen.entries()) {
    for (const [i, value] of values.entries()) {
      if (!Number.isNaN(value)) visit(r, i, value, i < outputs ? "outputs" : "weights");
    }
  }
}

/** The standard deviations of what was seen from what is predicted. */
export function residualsOf(seen: readonly Seen[], predicted: readonly Float64Array[]): Noise {
  const sums = { outputs: 0, weights: 0 };
  const counts = { outputs: 0, weights: 0 };
  eachSeen(seen, (r, i, value, part) => {
    sums[part] += (value - predicted[r][i]) ** 2;
    counts[part]++;
  });
  const of = (part: keyof Noise): number => Math.max(1e-12, Math.sqrt(sums[part] / Math.max(1, counts[part])));
  return { outputs: of("outputs"), weights: of("weights") };
}

/** The log likelihood of all that was seen. */
export function logLikelihood(
  observe: Observation,
  seen: readonly Seen[],
  predicted: readonly Float64Array[],
  noise: Noise,
): number {
  let sum = 0;
  const chances: number[] = [];
  const counts = { outputs: 0, weights: 0 };
  eachSeen(seen, (r, i, value, part) => {
    if (part === "outputs" && observe === "bernoulli") {
      const p = inside(predicted[r][i]);
      chances.push(value === 1 ? p : 1 - p);
    } else {
      counts[part]++;
      sum -= (value - predicted[r][i]) ** 2 / (2 * noise[part] ** 2) + HALF_LOG_TWO_PI;
    }
  });
  for (const each of logsOf(chances)) sum += each;
  const [outputs, weights] = logsOf([noise.outputs, noise.weights]);
  return sum - counts.outputs * outputs - counts.weights * weights;
}

/** The gradient of the log likelihood, and Fisher's information, row by row. */
export function informationOf(
  observe: Observation,
  seen: readonly Seen[],
  linearised: readonly Linearised[],
  noise: Noise,
): { gradient: Float64Array; fisher: Float64Array } {
  const count = linearised[0].by.length;
  const [gradient, fisher] = [new Float64Array(count), new Float64Array(count * count)];
  eachSeen(seen, (r, i, value, part) => {
    const { values: predicted, by } = linearised[r];
    const chance = inside(predicted[i]);
    const bernoulli = part === "outputs" && observe === "bernoulli";
    const precision = bernoulli ? 1 / (chance * (1 - chance)) : 1 / noise[part] ** 2;
    for (let k = 0; k < count; k++) {
      const pull = precision * by[k][i];
      gradient[k] += pull * (value - predicted[i]);
      for (let l = 0; l <= k; l++) fisher[k * count + l] += pull * by[l][i];
    }
  });
  for (let k = 0; k < count; k++) for (let l = 0; l < k; l++) fisher[l * count + k] = fisher[k * count + l];
  return { gradient, fisher };
}
