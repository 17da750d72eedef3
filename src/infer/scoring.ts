// The most likely coefficients, by Fisher scoring with damping (Levenberg 1944, Marquardt 1963). An L1 term is kept
// as it is within each step (Lee, Sun and Saunders 2014, "Proximal Newton-type methods").
import { type Data, noiseOf } from "./data.js";
import { directionsOf, solved } from "./information.js";
import { informationOf, logLikelihood, type Noise } from "./likelihood.js";
import { leastOf } from "./sparse.js";
import type { Dynamics, Observation } from "./unrolled.js";

/** What is fitted, and how. */
export interface Scoring {
  readonly observe: Observation;
  /** The noise that is known. */
  readonly given: Partial<Noise>;
  /** Weight of the sum of the coefficients' sizes. */
  readonly l1: number;
  /** Steps at most. */
  readonly steps: number;
}

/** Where scoring has come to. */
export interface Found {
  readonly at: readonly number[];
  readonly noise: Noise;
  readonly likelihood: number;
  /** Fisher's information there, row by row. */
  readonly fisher: Float64Array;
  readonly converged: boolean;
}

/** The step that makes the quadratic model with an L1 term least. */
function sparseStep(
  fisher: Float64Array,
  gradient: Float64Array,
  at: readonly number[],
  l1: number,
  damping: number,
): number[] {
  const count = at.length;
  const curvature = fisher.map((x, i) => (i % (count + 1) === 0 ? x * (1 + damping) : x));
  const slope = gradient.map((pull, k) => at.reduce((sum, x, l) => sum + curvature[k * count + l] * x, pull));
  return leastOf({ curvature, slope, l1 }, at).map((x, k) => x - at[k]);
}

/** The most likely coefficients near those from which it begins; undefined if there the dynamics leave the finite numbers. */
export function mostLikely(dynamics: Dynamics, data: Data, from: readonly number[], how: Scoring): Found | undefined {
  const { observe, given, l1, steps } = how;
  const scoreOf = (at: readonly number[]) => {
    const predicted = data.recordings.map((recording, r) => dynamics.predict(at, recording, data.sizes[r]));
    const noise = noiseOf(given, data, predicted);
    const likelihood = logLikelihood(observe, data.seen, predicted, noise);
    return { noise, likelihood, score: likelihood - l1 * at.reduce((sum, x) => sum + Math.abs(x), 0) };
  };
  const informationAt = (at: readonly number[], noise: Noise) => {
    const linearised = data.recordings.map((recording, r) => dynamics.linearise(at, recording, data.sizes[r]));
    return informationOf(observe, data.seen, linearised, noise);
  };
  // With an L1 term the last gains are small but decide which terms are left out.
  const enough = l1 > 0 ? 1e-12 : 1e-9;
  let [at, damping, converged] = [from, 1e-3, false];
  let now = scoreOf(at);
  if (!Number.isFinite(now.score)) return undefined;
  for (let step = 0; step < steps && !converged; step++) {
    const { gradient, fisher } = informationAt(at, now.noise);
    const directions = directionsOf(fisher, at.length);
    for (;;) {
      const move = l1 > 0 ? sparseStep(fisher, gradient, at, l1, damping) : solved(directions, gradient, damping);
      const next = at.map((x, k) => x + move[k]);
      const there = scoreOf(next);
      if (there.score >= now.score) {
        converged = there.score - now.score < enough * (1 + Math.abs(there.score));
        [at, now, damping] = [next, there, Math.max(1e-9, damping / 10)];
        break;
      }
      damping *= 10;
      if (damping > 1e9) {
        converged = true;
        break;
      }
    }
  }
  const { fisher } = informationAt(at, now.noise);
  return { at, noise: now.noise, likelihood: now.likelihood, fisher, converged };
}
