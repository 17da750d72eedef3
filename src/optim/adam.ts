// Adam (Kingma and Ba 2015, "Adam: a method for stochastic optimization", algorithm 1) and AdamW (Loshchilov and
// Hutter 2019, "Decoupled weight decay regularization", algorithm 2), as pure functions of parameters, gradients and
// state.
import { fromNumbers, leavesOf, scope, type Tensor, type TreeOf, withLeaves } from "../core/index.js";
import { add, div, mul, square, sub } from "../ops/index.js";
import {
  checkDecays,
  checkNames,
  checkPositive,
  checkRate,
  matching,
  numberAt,
  power,
  quotientOrZero,
  type Rate,
  type Stepped,
  scaled,
  squarable,
  zerosOf,
} from "./common.js";

/** Options of `adam`; the defaults are the paper's. */
export interface AdamOptions {
  /** Step size. As a tensor of shape [] it can be differentiated. */
  readonly lr: Rate;
  /** Decay of the running mean of gradients; 0.9 by default. */
  readonly beta1?: number;
  /** Decay of the running mean of squared gradients; 0.999 by default. */
  readonly beta2?: number;
  /** Added to the divisor; 1e-8 by default. */
  readonly eps?: number;
}

/** Options of `adamW`. */
export interface AdamWOptions extends AdamOptions {
  /** What each step takes off a parameter besides, as a part of lr times the parameter; 0.01 by default. */
  readonly weightDecay?: number;
}

/** What Adam remembers: tensors only, so that it can be a loop's carry and be saved. */
export interface AdamState<P> {
  /** Running mean of the gradients. */
  readonly m: P;
  /** Running mean of their squares. */
  readonly v: P;
  /** Steps done: int32, shape []. */
  readonly step: Tensor;
}

/** The optimizers Adam and AdamW. */
export interface Adam {
  /** The state before the first step. */
  init<P extends TreeOf<P>>(params: P): AdamState<P>;
  /** The parameters and the state after one step. Nothing given is changed. */
  step<P extends TreeOf<P>>(params: P, grads: P, state: AdamState<P>): Stepped<P, AdamState<P>>;
}

/**
 * The optimizer Adam: p - lr * m / (sqrt(v) + eps), with m and v freed of their bias towards 0. Both methods open their
 * own scope. They can be differentiated to any order; where all gradients so far were exactly 0, their derivatives
 * are taken as 0.
 *
 * @throws TypeError for options that do not exist or are of another type, RangeError for options outside their range and
 * trees that do not fit the parameters.
 * @example
 * const optimizer = adam({ lr: 0.1 });
 * const params = { w: tensor([1, -2]) };
 * const grads = { w: tensor([2, -4]) };
 * optimizer.step(params, grads, optimizer.init(params)).params; // { w: [0.9, -1.9] }
 */
export function adam(options: AdamOptions): Adam {
  checkNames("adam", options, NAMES);
  return withDecay("adam", { ...options, weightDecay: 0 });
}

/**
 * Adam with weight decay apart from the gradient: each step also takes `lr * weightDecay * p` off p. Otherwise as `adam`.
 *
 * @throws TypeError for options that do not exist or are of another type, RangeError for options outside their range and
 * trees that do not fit the parameters.
 * @example
 * const optimizer = adamW({ lr: 0.1, weightDecay: 0.5 });
 * const params = { w: tensor([1, -2]) };
 * optimizer.step(params, { w: tensor([2, -4]) }, optimizer.init(params)).params; // { w: [0.85, -1.8] }
 */
export function adamW(options: AdamWOptions): Adam {
  checkNames("adamW", options, [...NAMES, "weightDecay"]);
  return withDecay("adamW", options);
}

/** What a mean of so many steps is divided by. */
const correction = (steps: number, beta: number): number => 1 - power(beta, steps);

const counted = (steps: number): number => steps;

const NAMES = ["lr", "beta1", "beta2", "eps"];

function withDecay(op: string, { lr, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weightDecay = 0.01 }: AdamWOptions): Adam {
  checkRate(op, lr);
  checkDecays(op, { beta1, beta2 });
  checkPositive(op, { eps, weightDecay });

  const init = <P extends TreeOf<P>>(params: P): AdamState<P> => {
    const zeros = (): P => zerosOf(`${op}.init`, params);
    return { m: zeros(), v: zeros(), step: fromNumbers([0], [], "int32") };
  };

  const step = <P extends TreeOf<P>>(params: P, grads: P, state: AdamState<P>) =>
    scope(() => {
      const leaves = leavesOf(`${op}.step`, params);
      const [given, m, v] = Object.entries({ grads, "state.m": state.m, "state.v": state.v }).map(([name, tree]) =>
        matching(op, name, tree, leaves),
      );
      const g = given.map(squarable);
      // lr * mHat / (sqrt(vHat) + eps), where the hats divide by 1 - beta^steps: the means begin at 0.
      const unbiased = (mean: Tensor, beta: number): Tensor => div(mean, numberAt(mean, state.step, correction, beta));
      const mNext = m.map((mean, i) => add(mul(mean, beta1), mul(g[i], 1 - beta1)));
      const vNext = v.map((mean, i) => add(mul(mean, beta2), mul(square(g[i]), 1 - beta2)));
      const next = leaves.map(({ tensor: p }, i) => {
        const direction = quotientOrZero(unbiased(mNext[i], beta1), unbiased(vNext[i], beta2), eps);
        return sub(p, scaled(weightDecay === 0 ? direction : add(direction, mul(p, weightDecay)), lr));
      });
      return {
        params: withLeaves(params, next),
        state: {
          m: withLeaves(state.m, mNext),
          v: withLeaves(state.v, vNext),
          step: numberAt(state.step, state.step, counted, 1),
        },
      };
    });
  return { init, step };
}
