// RMSprop (Tieleman and Hinton 2012, "Neural networks for machine learning", lecture 6.5), with eps outside the root
// and an optional momentum, as in PyTorch.
import { leavesOf, scope, type TreeOf, withLeaves } from "../core/index.js";
import { add, mul, square, sub } from "../ops/index.js";
import {
  checkDecays,
  checkNames,
  checkPositive,
  checkRate,
  matching,
  quotientOrZero,
  type Rate,
  type Stepped,
  scaled,
  squarable,
  zerosOf,
} from "./common.js";

/** Options of `rmsprop`. */
export interface RmspropOptions {
  /** Step size. As a tensor of shape [] it can be differentiated. */
  readonly lr: Rate;
  /** Decay of the running mean of squared gradients; 0.99 by default. */
  readonly decay?: number;
  /** Added to the divisor; 1e-8 by default. */
  readonly eps?: number;
  /** How much of the velocity outlives a step: at least 0 (the default: no velocity at all), less than 1. */
  readonly momentum?: number;
  /** Times the parameter, added to its gradient; 0 by default. */
  readonly weightDecay?: number;
}

/** What `rmsprop` remembers: tensors only, so that it can be a loop's carry and be saved. */
export interface RmspropState<P> {
  /** Running mean of the squared gradients. */
  readonly v: P;
  /** The one velocity, a tree like the parameters; none without momentum. */
  readonly velocity: readonly P[];
}

/** The optimizer of `rmsprop`. */
export interface Rmsprop {
  /** The state before the first step. */
  init<P extends TreeOf<P>>(params: P): RmspropState<P>;
  /** The parameters and the state after one step. Nothing given is changed. */
  step<P extends TreeOf<P>>(params: P, grads: P, state: RmspropState<P>): Stepped<P, RmspropState<P>>;
}

/**
 * The optimizer RMSprop: p - lr * g / (sqrt(v) + eps) with v' = decay * v + (1 - decay) * g²; with momentum the quotient
 * goes into a velocity. Both methods open their own scope. They can be differentiated to any order; where all gradients
 * so far were exactly 0, their derivatives are taken as 0.
 *
 * @throws TypeError for options that do not exist or are of another type, RangeError for options outside their range and
 * trees that do not fit the parameters.
 * @example
 * const optimizer = rmsprop({ lr: 0.1, decay: 0.9 });
 * const params = { w: tensor([1, -2]) };
 * optimizer.step(params, { w: tensor([2, -4]) }, optimizer.init(params)).params; // { w: [0.6838, -1.684] }
 */
export function rmsprop(options: RmspropOptions): Rmsprop {
  checkNames("rmsprop", options, ["lr", "decay", "eps", "momentum", "weightDecay"]);
  const { lr, decay = 0.99, eps = 1e-8, momentum = 0, weightDecay = 0 } = options;
  checkRate("rmsprop", lr);
  checkDecays("rmsprop", { decay, momentum });
  checkPositive("rmsprop", { eps, weightDecay });

  const init = <P extends TreeOf<P>>(params: P): RmspropState<P> => ({
    v: zerosOf("rmsprop.init", params),
    velocity: momentum === 0 ? [] : [zerosOf("rmsprop.init", params)],
  });

  const step = <P extends TreeOf<P>>(params: P, grads: P, state: RmspropState<P>) =>
    scope(() => {
      const leaves = leavesOf("rmsprop.step", params);
      const g = matching("rmsprop", "grads", grads, leaves).map((gradient, i) =>
        squarable(weightDecay === 0 ? gradient : add(gradient, mul(leaves[i].tensor, weightDecay))),
      );
      const v = matching("rmsprop", "state.v", state.v, leaves).map((mean, i) =>
        add(mul(mean, decay), mul(square(g[i]), 1 - decay)),
      );
      const quotients = g.map((gradient, i) => quotientOrZero(gradient, v[i], eps));
      const [velocity] = momentum === 0 ? [] : state.velocity;
      const directions =
        momentum === 0
          ? quotients
          : matching("rmsprop", "state.velocity", velocity ?? [], leaves).map((old, i) =>
              add(mul(old, momentum), quotients[i]),
            );
      return {
        params: withLeaves(
          params,
          leaves.map(({ tensor }, i) => sub(tensor, scaled(directions[i], lr))),
        ),
        state: {
          v: withLeaves(state.v, v),
          velocity: velocity === undefined ? [] : [withLeaves(velocity, directions)],
        },
      };
    });
  return { init, step };
}
