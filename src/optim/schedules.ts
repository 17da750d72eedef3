// Schedules: how a step size changes over the steps. A schedule is a pure function from the index of a step to a number;
// an optimizer is a pure value too, so a step takes the one of its own rate:
//
//     ({ params, state } = adam({ lr: schedule(k) }).step(params, grads, state));
//
// Only + - * / are used, which have the same bits on every engine; `Math.cos` and `Math.pow` do not.
import { quote } from "../core/index.js";
import { power } from "./common.js";

/** A number for each step, counted from 0. */
export type Schedule = (step: number) => number;

/**
 * The same rate for ever.
 *
 * @example constant(0.1)(1000) // 0.1
 */
export function constant(rate: number): Schedule {
  checkFinite("constant", { rate });
  return (step) => {
    checkStep(step);
    return rate;
  };
}

/**
 * From `from` at step 0 in equal parts to `to` at step `steps`, and so for ever after.
 *
 * @example
 * const rate = linear(0.1, 0, 100);
 * [rate(0), rate(50), rate(100)]; // [0.1, 0.05, 0]
 */
export function linear(from: number, to: number, steps: number): Schedule {
  checkFinite("linear", { from, to });
  checkSteps("linear", steps);
  return (step) => {
    checkStep(step);
    return step >= steps ? to : from + ((to - from) * step) / steps;
  };
}

/**
 * Half a cosine wave from `from` at step 0 down (or up) to `to` at step `steps`, and so for ever after (Loshchilov and
 * Hutter 2017, "SGDR: stochastic gradient descent with warm restarts", equation 5).
 *
 * @example
 * const rate = cosine(0.1, 100);
 * [rate(0), rate(50), rate(100)]; // [0.1, 0.05, 0]
 */
export function cosine(from: number, steps: number, to = 0): Schedule {
  checkFinite("cosine", { from, to });
  checkSteps("cosine", steps);
  return (step) => {
    checkStep(step);
    return step >= steps ? to : to + ((from - to) * (1 + cosineOfTurn(step / steps))) / 2;
  };
}

/**
 * `from * factor^step`, never nearer to 0 than `floor` (default 0).
 *
 * @example
 * const rate = exponential(0.1, 0.5);
 * [rate(0), rate(1), rate(2)]; // [0.1, 0.05, 0.025]
 */
export function exponential(from: number, factor: number, floor = 0): Schedule {
  checkFinite("exponential", { from, floor });
  if (!(factor > 0 && factor <= 1)) {
    throw new RangeError(`[exponential] factor is ${quote(factor)}: give a number above 0 and at most 1.`);
  }
  return (step) => {
    checkStep(step);
    return Math.max(floor, from * power(factor, step));
  };
}

/**
 * Rises to the rate of `after` over the first `steps` steps (step k takes (k + 1) / steps of it, so the first is not 0),
 * then goes on with `after`, which counts from its own 0.
 *
 * @example
 * const rate = warmup(10, constant(0.1));
 * [rate(0), rate(4), rate(20)]; // [0.01, 0.05, 0.1]
 */
export function warmup(steps: number, after: Schedule): Schedule {
  checkSteps("warmup", steps);
  return (step) => {
    checkStep(step);
    return step < steps ? (after(0) * (step + 1)) / steps : after(step - steps);
  };
}

/** cos(pi t) for t from 0 to 1, as sin(pi (1/2 - t)) by its power series; the error is below 1e-15. */
function cosineOfTurn(t: number): number {
  const x = Math.PI * (0.5 - t);
  let series = 0;
  for (let n = 23; n > 1; n -= 2) series = ((1 + series) * -x * x) / (n * (n - 1));
  return x * (1 + series);
}

function checkStep(step: number): void {
  if (!Number.isSafeInteger(step) || step < 0) {
    throw new RangeError(`[schedule] step ${quote(step)}: give a whole number of at least 0.`);
  }
}

function checkSteps(op: string, steps: number): void {
  if (!Number.isSafeInteger(steps) || steps < 1) {
    throw new RangeError(`[${op}] steps is ${quote(steps)}: give a whole number of at least 1.`);
  }
}

function checkFinite(op: string, numbers: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (!Number.isFinite(value)) throw new RangeError(`[${op}] ${name} is ${quote(value)}: give a finite number.`);
  }
}
