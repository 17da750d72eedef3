// Adam (Kingma and Ba 2015, "Adam: a method for stochastic optimization", algorithm 1), as a pure function of
// parameters, gradients and state.
import {
  fromNumbers,
  leavesOf,
  mapTensors,
  sameShape,
  scope,
  showShape,
  type Tensor,
  type TreeOf,
  withLeaves,
} from "../core/index.js";
import { add, div, greater, mul, neg, sqrt, square, sub } from "../ops/index.js";

/** Options of `adam`; the defaults are the paper's. */
export interface AdamOptions {
  /** Step size. As a tensor of shape [] it can be differentiated. */
  readonly lr: number | Tensor;
  /** Decay of the running mean of gradients; 0.9 by default. */
  readonly beta1?: number;
  /** Decay of the running mean of squared gradients; 0.999 by default. */
  readonly beta2?: number;
  /** Added to the divisor; 1e-8 by default. */
  readonly eps?: number;
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

export interface Adam {
  /** The state before the first step. */
  init<P extends TreeOf<P>>(params: P): AdamState<P>;
  /** The parameters and the state after one step. Nothing given is changed. */
  step<P extends TreeOf<P>>(params: P, grads: P, state: AdamState<P>): { params: P; state: AdamState<P> };
}

/**
 * The optimizer Adam. Both methods open their own scope. They can be differentiated; where all gradients so far were
 * exactly 0, the derivative with respect to them is taken as 0.
 */
export function adam({ lr, beta1 = 0.9, beta2 = 0.999, eps = 1e-8 }: AdamOptions): Adam {
  for (const [name, beta] of Object.entries({ beta1, beta2 })) {
    if (!(beta >= 0 && beta < 1)) throw new RangeError(`[adam] ${name} is ${beta}: give at least 0 and less than 1.`);
  }
  if (typeof lr === "number" && !Number.isFinite(lr)) throw new RangeError(`[adam] lr is ${lr}: give a finite number.`);
  if (!(eps >= 0)) throw new RangeError(`[adam] eps is ${eps}: give a number of at least 0.`);

  const init = <P extends TreeOf<P>>(params: P): AdamState<P> => {
    const zeros = (): P => mapTensors(params, (p) => fromNumbers(new Float32Array(p.size), p.shape, "float32"));
    leavesOf("adam.init", params);
    return { m: zeros(), v: zeros(), step: fromNumbers([0], [], "int32") };
  };

  const step = <P extends TreeOf<P>>(params: P, grads: P, state: AdamState<P>) =>
    scope(() => {
      const leaves = leavesOf("adam.step", params);
      const [g, m, v] = Object.entries({ grads, "state.m": state.m, "state.v": state.v }).map(([name, tree]) =>
        matching(name, leavesOf("adam.step", tree), leaves),
      );
      const steps = state.step.item() + 1;
      // lr * mHat / (sqrt(vHat) + eps), where the hats divide by 1 - beta^steps: the means begin at 0.
      const [correct1, correct2] = [1 - power(beta1, steps), 1 - power(beta2, steps)];
      const mNext = m.map((mean, i) => add(mul(mean, beta1), mul(g[i], 1 - beta1)));
      const vNext = v.map((mean, i) => add(mul(mean, beta2), mul(square(g[i]), 1 - beta2)));
      const next = leaves.map(({ tensor: p }, i) => {
        const direction = div(div(mNext[i], correct1), add(rootOrZero(div(vNext[i], correct2)), eps));
        return sub(p, typeof lr === "number" ? mul(direction, lr) : mul(lr, direction));
      });
      return {
        params: withLeaves(params, next),
        state: {
          m: withLeaves(state.m, mNext),
          v: withLeaves(state.v, vNext),
          step: fromNumbers([steps], [], "int32"),
        },
      };
    });
  return { init, step };
}

type Leaves = ReturnType<typeof leavesOf>;

/** The tensors of `found`, which has the structure and shapes of the parameters. */
function matching(name: string, found: Leaves, params: Leaves): Tensor[] {
  params.forEach(({ tensor, path }, i) => {
    const other = found[i];
    if (other?.path === path && sameShape(other.tensor.shape, tensor.shape)) return;
    const fact = other ? `has "${other.path}" ${showShape(other.tensor.shape)}` : "ends";
    throw new RangeError(
      `[adam] ${name} ${fact} where the parameters have "${path}" ${showShape(tensor.shape)}. Pass trees of one structure.`,
    );
  });
  if (found.length > params.length) {
    throw new RangeError(
      `[adam] ${name} has ${found.length} tensors, the parameters ${params.length}. Pass trees of one structure.`,
    );
  }
  return found.map(({ tensor }) => tensor);
}

/** base^n by repeated multiplication: the same bits on every engine, which `Math.pow` does not promise. */
function power(base: number, n: number): number {
  let product = 1;
  for (let i = 0; i < n && product > 0; i++) product *= base;
  return product;
}

/** sqrt(x), whose derivative at 0 is taken as 0; that of the square root itself is infinite and would give 0 * inf. */
function rootOrZero(x: Tensor): Tensor {
  const positive = greater(x, 0);
  return mul(sqrt(add(x, add(neg(positive), 1))), positive);
}
