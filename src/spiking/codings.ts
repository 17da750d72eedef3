// Numbers as spike trains. Trains are tensors of zeros and ones, (n, steps, inputs); what is random comes from a key.
import { scan } from "../autodiff/index.js";
import { type Key, quote, type Shape, showShape, type Tensor } from "../core/index.js";
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
import { oneMinus } from "./surrogates.js";

/** Throws unless it is a whole number of at least 1. */
function checkSteps(op: string, steps: number): void {
  if (Number.isInteger(steps) && steps >= 1) return;
  throw new RangeError(`[${op}] steps is ${quote(steps)}: give a whole number of at least 1.`);
}

/** Numbers (n, inputs) with an axis for the steps, and the shape (n, steps, inputs) of their trains. */
function overSteps(op: string, x: Tensor, steps: number): readonly [Tensor, Shape] {
  checkSteps(op, steps);
  if (x.rank === 2) return [reshape(x, [x.shape[0], 1, x.shape[1]]), [x.shape[0], steps, x.shape[1]]];
  throw new RangeError(`[${op}] numbers of shape ${showShape(x.shape)}: [n, inputs] is needed. Reshape them.`);
}

/** Trains in which every step has a spike with probability `p` (n, inputs), whatever else happens: from 0 to 1. */
export function bernoulliTrains(key: Key, p: Tensor, steps: number): Tensor {
  return random.bernoulli(key, ...overSteps("bernoulliTrains", p, steps));
}

/**
 * Trains of Poisson processes: a step has a spike if at least one event falls into it, with probability 1 - exp(-rate dt),
 * which is exact for every dt.
 *
 * @param rates events per unit of time, (n, inputs), at least 0.
 * @param dt the length of a step; 1 by default.
 */
export function poissonTrains(
  key: Key,
  rates: Tensor,
  steps: number,
  { dt = 1 }: { readonly dt?: number } = {},
): Tensor {
  if (!(Number.isFinite(dt) && dt > 0)) {
    throw new RangeError(`[poissonTrains] dt is ${quote(dt)}: give the length of a step, above 0.`);
  }
  return bernoulliTrains(key, neg(expm1(mul(rates, -dt))), steps);
}

/** What Markov trains are told. */
export interface MarkovOptions {
  /** The share of steps with a spike, in the long run and at the first step: between 0 and 1. */
  readonly rate: number;
  /** The probability that a spike is followed by one at the next step: `rate` makes the steps independent. */
  readonly stay: number;
}

/**
 * Trains of a chain with two states: a spike is followed by one with probability `stay`, and silence by one with the
 * probability that keeps the share of spikes at `rate`.
 *
 * @param shape the number of trains, [n, inputs].
 * @throws RangeError for probabilities that no chain has.
 */
export function markovTrains(
  key: Key,
  [n, inputs]: readonly [n: number, inputs: number],
  steps: number,
  { rate, stay }: MarkovOptions,
): Tensor {
  checkSteps("markovTrains", steps);
  const begin = (rate * (1 - stay)) / (1 - rate);
  if (!(rate > 0 && rate < 1 && stay >= 0 && stay <= 1 && begin <= 1)) {
    throw new RangeError(
      `[markovTrains] rate ${quote(rate)} with stay ${quote(stay)}: both lie between 0 and 1, and a spike that never stays leaves a rate of at most 0.5.`,
    );
  }
  const [first, rest] = key.split();
  const before = random.bernoulli(first, rate, [n, inputs]);
  const [, trains] = scan(steps, before, (spikes: Tensor, step) => {
    // The state before the first step has the share of the long run, and so has every one after it.
    const next = random.bernoulli(rest.fold(step), add(mul(spikes, stay - begin), begin));
    return [next, next] as const;
  });
  return moveAxis(trains, 0, 1);
}

/** What latencies are told. */
export interface LatencyOptions {
  /**
   * "linear" (the default): 1 comes at the first step and 0 at the last. "logarithmic": the moment at which a leaky
   * membrane with this current reaches `threshold`, tau log(x / (x - threshold)).
   */
  readonly scale?: "linear" | "logarithmic";
  /** The time constant of the membrane, in steps; 5 by default. Only for "logarithmic". */
  readonly tau?: number;
  /** The threshold of the membrane; 0.01 by default. Numbers that are not above it never spike. Only for "logarithmic". */
  readonly threshold?: number;
}

/**
 * Trains with one spike each: the larger the number, the sooner. What would come after the last step does not come.
 *
 * @param x numbers from 0 to 1, (n, inputs).
 */
export function latencyTrains(
  x: Tensor,
  steps: number,
  { scale = "linear", tau = 5, threshold = 0.01 }: LatencyOptions = {},
): Tensor {
  const [given, shape] = overSteps("latencyTrains", x, steps);
  const moments = {
    linear: () => mul(oneMinus(given), steps - 1),
    logarithmic: () => mul(log(div(given, sub(given, threshold))), tau),
  };
  if (!Object.hasOwn(moments, scale)) {
    throw new RangeError(`[latencyTrains] scale is ${quote(scale)}: give "linear" or "logarithmic".`);
  }
  const times = reshape(arange(0, steps, 1, x.dtype), [1, steps, 1]);
  // A moment that does not exist, or is not finite, equals no step.
  return equal(add(round(moments[scale]()), full(shape, 0, { dtype: x.dtype })), times);
}
