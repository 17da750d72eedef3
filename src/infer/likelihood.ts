// How likely what was seen is under what a rule predicts, and how both change with the rule's coefficients.
import { fromNumbers, scope } from "../core/index.js";
import { log } from "../ops/index.js";
import type { Recording, Sizes } from "./recording.js";
import type { Linearised, Observation } from "./unrolled.js";

/** The noise on what is seen: standard deviations, in the units of what they are on. */
export interface Noise {
  /** That on activity; NaN for choices, which have none, and if no activity was seen. */
  readonly outputs: number;
  /** That on the weights; NaN if none were seen. */
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

/** How many numbers of each part were seen. */
export function countsOf(seen: readonly Seen[]): Record<keyof Noise, number> {
  const counts = { outputs: 0, weights: 0 };
  eachSeen(seen, (_, __, ___, part) => {
    counts[part]++;
  });
  return counts;
}

/** Standard deviations are kept this far from 0, relative to what was seen: as near as rounding lets a prediction come. */
const LEAST = 1e-12;

/** The standard deviations of what was seen from what is predicted. */
export function residualsOf(observe: Observation, seen: readonly Seen[], predicted: readonly Float64Array[]): Noise {
  const sums = { outputs: 0, weights: 0 };
  const squares = { outputs: 0, weights: 0 };
  eachSeen(seen, (r, i, value, part) => {
    sums[part] += (value - predicted[r][i]) ** 2;
    squares[part] += value ** 2;
  });
  const counts = countsOf(seen);
  const of = (part: keyof Noise): number =>
    counts[part] === 0
      ? Number.NaN
      : Math.sqrt(Math.max(sums[part], LEAST ** 2 * squares[part]) / counts[part]) || LEAST;
  return { outputs: observe === "bernoulli" ? Number.NaN : of("outputs"), weights: of("weights") };
}

/** The log likelihood of all that was seen; -Infinity where predictions left the finite numbers. */
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
  for (const part of ["outputs", "weights"] as const)
    if (counts[part] > 0) sum -= counts[part] * logsOf([noise[part]])[0];
  // Weights that left the finite numbers explain nothing.
  return Number.isNaN(sum) ? Number.NEGATIVE_INFINITY : sum;
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
