// Numbers as spike trains. Trains are tensors of zeros and ones, (n, steps, inputs). Random trains are drawn from a key.
import { checkTensors, scan } from "../autodiff/index.js";
import {
  checkKey,
  checkOptions,
  checkShape,
  type Key,
  quote,
  type Shape,
  showShape,
  type Tensor,
} from "../core/index.js";
import {
  add,
  arange,
  div,
  equal,
  expm1,
  full,
  log,
  moveAxis,
  mul,
  neg,
  random,
  reshape,
  round,
  sub,
} from "../ops/index.js";
import { given } from "./given.js";
import { oneMinus } from "./surrogates.js";

/** Throws unless it is a whole number of at least 1. */
function checkSteps(op: string, steps: number): void {
  if (Number.isInteger(steps) && steps >= 1) return;
  throw new RangeError(`[${op}] \`steps\` is ${quote(steps)}. Give a whole number from 1 up.`);
}

/** Numbers (n, inputs) with an axis for the steps, and the shape (n, steps, inputs) of their trains. */
function overSteps(op: string, x: Tensor, steps: number): readonly [Tensor, Shape] {
  checkSteps(op, steps);
  checkTensors(op, [x]);
  if (x.rank === 2) return [reshape(x, [x.shape[0], 1, x.shape[1]]), [x.shape[0], steps, x.shape[1]]];
  throw new RangeError(`[${op}] the numbers have shape ${showShape(x.shape)}. Reshape them to [n, inputs].`);
}

/**
 * Trains (n, steps, inputs) in which every step has a spike with probability `p`, independently of all others.
 *
 * ```ts
 * const trains = bernoulliTrains(Key.of(0), tensor([[0.1, 0.5]]), 100); // (1, 100, 2)
 * ```
 *
 * @param p probabilities from 0 to 1, (n, inputs).
 * @param steps the length of the trains: at least 1.
 * @throws RangeError for another shape or number of steps, and what is no probability.
 */
export function bernoulliTrains(key: Key, p: Tensor, steps: number): Tensor {
  const [shares, shape] = overSteps("bernoulliTrains", p, steps);
  return random.bernoulli(key, given("bernoulliTrains", "the probabilities", shares, "share"), shape);
}

/**
 * Trains (n, steps, inputs) of Poisson processes: a step has a spike if at least one event falls into it, which has the
 * probability 1 - exp(-rate dt). This is exact for every dt.
 *
 * ```ts
 * const trains = poissonTrains(Key.of(0), tensor([[20, 40]]), 1000, { dt: 0.001 }); // (1, 1000, 2), a second at 20 and 40 Hz
 * ```
 *
 * @param rates events per unit of time, (n, inputs), at least 0.
 * @param steps the length of the trains: at least 1.
 * @param dt the length of a step, in units of time: above 0; 1 by default.
 * @throws RangeError for another shape, number of steps or `dt`, and what is no rate.
 */
export function poissonTrains(key: Key, rates: Tensor, steps: number, options: { readonly dt?: number } = {}): Tensor {
  checkTensors("poissonTrains", [rates]);
  checkOptions("poissonTrains", options, ["dt"]);
  const { dt = 1 } = options;
  if (!(Number.isFinite(dt) && dt > 0)) {
    throw new RangeError(`[poissonTrains] \`dt\` is ${quote(dt)}. Give the length of a step, a finite number above 0.`);
  }
  const known = given("poissonTrains", "the rates", rates, "amount");
  return bernoulliTrains(key, neg(expm1(mul(known, -dt))), steps);
}

/** Options of `markovTrains`. */
export interface MarkovOptions {
  /**
   * The probability of a spike in the first step, and the share of steps with a spike in the long run: between 0 and 1.
   */
  readonly rate: number;
  /**
   * The probability that a spike is followed by another in the next step. If it equals `rate`, steps are independent.
   */
  readonly stay: number;
}

/**
 * Trains (n, steps, inputs) of a Markov chain with two states: a spike is followed by a spike with probability `stay`, and
 * silence by a spike with the probability that keeps the share of spikes at `rate`.
 *
 * ```ts
 * const trains = markovTrains(Key.of(0), [1, 8], 512, { rate: 0.2, stay: 0.7 }); // (1, 512, 8)
 * ```
 *
 * @param shape the number of trains, [n, inputs].
 * @param steps the length of the trains: at least 1.
 * @throws RangeError for probabilities that no such chain has, and for another number of steps.
 */
export function markovTrains(
  key: Key,
  shape: readonly [n: number, inputs: number],
  steps: number,
  options: MarkovOptions,
): Tensor {
  checkKey("markovTrains", key);
  checkShape("markovTrains", shape);
  checkSteps("markovTrains", steps);
  checkOptions("markovTrains", options, ["rate", "stay"]);
  const [n, inputs] = shape;
  const { rate, stay } = options;
  const begin = (rate * (1 - stay)) / (1 - rate);
  if (!(rate > 0 && rate < 1 && stay >= 0 && stay <= 1 && begin <= 1)) {
    throw new RangeError(
      `[markovTrains] no chain has a \`rate\` of ${quote(rate)} and a \`stay\` of ${quote(stay)}. Give both between 0 and 1, and for a higher \`rate\` a higher \`stay\`: at 0 the \`rate\` is at most 0.5.`,
    );
  }
  const [first, rest] = key.split();
  const before = random.bernoulli(first, rate, [n, inputs]);
  const [, trains] = scan(steps, before, (spikes: Tensor, step) => {
    // The state before the first step has the probability of the long run, and so has every state after it.
    const next = random.bernoulli(rest.fold(step), add(mul(spikes, stay - begin), begin));
    return [next, next] as const;
  });
  return moveAxis(trains, 0, 1);
}

/** Options of `latencyTrains`. */
export interface LatencyOptions {
  /**
   * "linear" (the default): 1 gives a spike in the first step and 0 in the last. "logarithmic": the spike comes when a leaky
   * membrane with this current reaches `threshold`, after tau log(x / (x - threshold)) steps.
   */
  readonly scale?: "linear" | "logarithmic";
  /** The time constant of the membrane, in steps; 5 by default. Only for "logarithmic". */
  readonly tau?: number;
  /** The threshold of the membrane; 0.01 by default. Numbers at or below it give no spike. Only for "logarithmic". */
  readonly threshold?: number;
}

/**
 * Trains (n, steps, inputs) with one spike each, which comes sooner for larger numbers. A spike that would come after the
 * last step is left out.
 *
 * ```ts
 * const trains = latencyTrains(tensor([[1, 0.5, 0]]), 11); // spikes in steps 0, 5 and 10
 * ```
 *
 * @param x numbers from 0 to 1, (n, inputs); for "logarithmic" any of at least 0.
 * @param steps the length of the trains: at least 1.
 * @throws RangeError for another shape, number of steps or scale, and for other numbers.
 */
export function latencyTrains(x: Tensor, steps: number, options: LatencyOptions = {}): Tensor {
  checkOptions("latencyTrains", options, ["scale", "tau", "threshold"]);
  const { scale = "linear", tau = 5, threshold = 0.01 } = options;
  const [numbers, shape] = overSteps("latencyTrains", x, steps);
  const known = (each: "share" | "amount"): Tensor => given("latencyTrains", "the numbers", numbers, each);
  const moments = {
    linear: () => mul(oneMinus(known("share")), steps - 1),
    logarithmic: () => {
      const current = known("amount");
      return mul(log(div(current, sub(current, threshold))), tau);
    },
  };
  if (!Object.hasOwn(moments, scale)) {
    throw new RangeError(`[latencyTrains] \`scale\` is ${quote(scale)}. Use "linear" or "logarithmic".`);
  }
  const times = reshape(arange(0, steps, 1, x.dtype), [1, steps, 1]);
  // A time that is NaN or infinite equals no step.
  return equal(add(round(moments[scale]()), full(shape, 0, { dtype: x.dtype })), times);
}
