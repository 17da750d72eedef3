// Gradient descent, with the momentum of Polyak (1964) and Nesterov (1983) in the form of Sutskever, Martens, Dahl and
// Hinton (2013, "On the importance of initialization and momentum in deep learning") that PyTorch has: the velocity is
// a decaying sum of gradients, and lr multiplies it, not what goes into it.
import { leavesOf, scope, type TreeOf, withLeaves } from "../core/index.js";
import { add, mul, sub } from "../ops/index.js";
import {
  checkDecays,
  checkNames,
  checkPositive,
  checkRate,
  matching,
  type Rate,
  type Stepped,
  scaled,
  zerosOf,
} from "./common.js";

/** Options of `sgd`. */
export interface SgdOptions {
  /** Step size. As a tensor of shape [] it can be differentiated. */
  readonly lr: Rate;
  /** How much of the velocity outlives a step: at least 0 (the default: no velocity at all), less than 1. */
  readonly momentum?: number;
  /** Look ahead along the velocity (Nesterov); needs a momentum. False by default. */
  readonly nesterov?: boolean;
  /** Times the parameter, added to its gradient; 0 by default. */
  readonly weightDecay?: number;
}

/** What `sgd` remembers: tensors only, so that it can be a loop's carry and be saved. */
export interface SgdState<P> {
  /** The one velocity, a tree like the parameters; none without momentum. */
  readonly velocity: readonly P[];
}

/** The optimizer of `sgd`. */
export interface Sgd {
  /** The state before the first step. */
  init<P extends TreeOf<P>>(params: P): SgdState<P>;
  /** The parameters and the state after one step. Nothing given is changed. */
  step<P extends TreeOf<P>>(params: P, grads: P, state: SgdState<P>): Stepped<P, SgdState<P>>;
}

/**
 * Gradient descent: p - lr * g; with momentum p - lr * u, where u' = momentum * u + g; with Nesterov's
 * p - lr * (g + momentum * u'). Both methods open their own scope and can be differentiated to any order.
 *
 * @throws TypeError for options that do not exist or are of another type, RangeError for options outside their range and
 * trees that do not fit the parameters.
 * @example
 * const optimizer = sgd({ lr: 0.1 });
 * const params = { w: tensor([1, -2]) };
 * optimizer.step(params, { w: tensor([2, -4]) }, optimizer.init(params)).params; // { w: [0.8, -1.6] }
 */
export function sgd(options: SgdOptions): Sgd {
  checkNames("sgd", options, ["lr", "momentum", "nesterov", "weightDecay"]);
  const { lr, momentum = 0, nesterov = false, weightDecay = 0 } = options;
  checkRate("sgd", lr);
  checkDecays("sgd", { momentum });
  checkPositive("sgd", { weightDecay });
  if (nesterov && momentum === 0) throw new RangeError("[sgd] nesterov needs a momentum above 0, such as 0.9.");

  const init = <P extends TreeOf<P>>(params: P): SgdState<P> => {
    const zeros = zerosOf("sgd.init", params);
    return { velocity: momentum === 0 ? [] : [zeros] };
  };

  const step = <P extends TreeOf<P>>(params: P, grads: P, state: SgdState<P>) =>
    scope(() => {
      const leaves = leavesOf("sgd.step", params);
      const g = matching("sgd", "grads", grads, leaves).map((gradient, i) =>
        weightDecay === 0 ? gradient : add(gradient, mul(leaves[i].tensor, weightDecay)),
      );
      const stepAlong = (directions: typeof g): P =>
        withLeaves(
          params,
          leaves.map(({ tensor }, i) => sub(tensor, scaled(directions[i], lr))),
        );
      if (momentum === 0) return { params: stepAlong(g), state };
      const [velocity] = state.velocity;
      const u = matching("sgd", "state.velocity", velocity ?? [], leaves).map((old, i) =>
        add(mul(old, momentum), g[i]),
      );
      return {
        params: stepAlong(nesterov ? u.map((next, i) => add(g[i], mul(next, momentum))) : u),
        state: { velocity: [withLeaves(velocity, u)] },
      };
    });
  return { init, step };
}
