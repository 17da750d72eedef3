// The most likely coefficients, by Fisher scoring with damping (Levenberg 1944, Marquardt 1963). An L1 term is kept
// as it is within each step (Lee, Sun and Saunders 2014, "Proximal Newton-type methods").
import { type Data, noiseOf } from "./data.js";
import { type Directions, directionsOf, solved } from "./information.js";
import { informationOf, logLikelihood, type Noise } from "./likelihood.js";
import { leastOf } from "./sparse.js";
import type { Dynamics, Observation } from "./unrolled.js";

/** What is fitted, and how. */
export interface Scoring {
  readonly observe: Observation;
  /** The noise that is known. */
  readonly given: Partial<Noise>;
  /** Steps at most. */
  readonly steps: number;
  /** Penalties on the sizes of coefficients, if there are any. */
  readonly penalty?: Penalty;
}

/** A weight, times the sum of the coefficients' sizes, each times a scale of its own. */
export interface Penalty {
  readonly l1: number;
  readonly scale: readonly number[];
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

/** At an optimum a full step gains less than this of log likelihood: it is a 700th of a standard error long. */
const ENOUGH = 1e-6;
/** What it may gain where rounding keeps every step from gaining anything: a 70th of a standard error. */
const ROUNDED = 1e-4;
/** No step of this damping changes anything. */
const STUCK = 1e9;

/** The likelihood near a place, as a quadratic. */
interface Model {
  readonly at: readonly number[];
  readonly gradient: Float64Array;
  readonly fisher: Float64Array;
  readonly directions: Directions;
}

const penaltyAt = (at: readonly number[], penalty?: Penalty): number =>
  penalty ? penalty.l1 * at.reduce((sum, x, k) => sum + Math.abs(x) * penalty.scale[k], 0) : 0;

/** The step that makes the model with its penalty least. Coefficients are in units of their scales, so that all have one penalty. */
function sparseStep({ at, gradient, fisher }: Model, { l1, scale }: Penalty, damping: number): number[] {
  const count = at.length;
  const own = (x: number, k: number): number => (scale[k] > 0 ? x / scale[k] : 0);
  const curvature = fisher.map((x, i) =>
    own(own(i % (count + 1) === 0 ? x * (1 + damping) : x, i % count), Math.floor(i / count)),
  );
  const from = at.map((x, k) => x * scale[k]);
  const slope = from.map((_, k) => from.reduce((sum, x, l) => sum + curvature[k * count + l] * x, own(gradient[k], k)));
  return leastOf({ curvature, slope, l1 }, from).map((x, k) => own(x - from[k], k));
}

const stepOf = (model: Model, damping: number, penalty?: Penalty): number[] =>
  penalty ? sparseStep(model, penalty, damping) : solved(model.directions, model.gradient, damping);

/** What the model says that a step gains. */
function gainOf({ at, gradient, fisher }: Model, step: readonly number[], penalty?: Penalty): number {
  const count = step.length;
  const gain = step.reduce((sum, x, k) => {
    const bend = step.reduce((all, y, l) => all + fisher[k * count + l] * y, 0);
    return sum + x * (gradient[k] - bend / 2);
  }, 0);
  const there = at.map((x, k) => x + step[k]);
  return gain + penaltyAt(at, penalty) - penaltyAt(there, penalty);
}

/** The most likely coefficients near those from which it begins; undefined if there the dynamics leave the finite numbers. */
export function mostLikely(dynamics: Dynamics, data: Data, from: readonly number[], how: Scoring): Found | undefined {
  const { observe, steps, penalty } = how;
  const scoreOf = (at: readonly number[]) => {
    const predicted = data.recordings.map((recording, r) => dynamics.predict(at, recording, data.sizes[r]));
    const noise = noiseOf(how, data, predicted);
    const likelihood = logLikelihood(observe, data.seen, predicted, noise);
    return { at, noise, likelihood, score: likelihood - penaltyAt(at, penalty) };
  };
  const modelAt = ({ at, noise }: ReturnType<typeof scoreOf>): Model => {
    const linearised = data.recordings.map((recording, r) => dynamics.linearise(at, recording, data.sizes[r]));
    const { gradient, fisher } = informationOf(observe, data.seen, linearised, noise);
    return { at, gradient, fisher, directions: directionsOf(fisher, at.length) };
  };
  let now = scoreOf(from);
  if (!Number.isFinite(now.score)) return undefined;
  for (let [step, damping] = [0, 1e-3]; ; step++) {
    const model = modelAt(now);
    const left = gainOf(model, stepOf(model, 0, penalty), penalty);
    const found = (converged: boolean): Found => ({ ...now, fisher: model.fisher, converged });
    if (left < ENOUGH || step === steps) return found(left < ENOUGH);
    let next = now;
    for (; damping < STUCK; damping *= 10) {
      const move = stepOf(model, damping, penalty);
      next = scoreOf(now.at.map((x, k) => x + move[k]));
      if (next.score > now.score) break;
    }
    if (!(next.score > now.score)) return found(left < ROUNDED);
    now = next;
    damping = Math.max(1e-9, damping / 10);
  }
}
