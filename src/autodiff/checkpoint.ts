// A function of which a tape stores the results and nothing in between (Chen et al. 2016: sublinear memory cost).
import { leavesOf, type Tensor, type TreeOf, tensorCount, withLeaves } from "../core/index.js";
import { iterate } from "./loop.js";
import { alias } from "./primitives.js";
import { apply } from "./tape.js";

/**
 * The function `f`, computed again in the backward pass instead of stored: a recorded gradient keeps its results, and what it
 * makes on the way is made anew when it is needed (`jax.checkpoint`). Memory for time: one more run of `f`. Arguments and
 * results are trees of tensors; gradients flow to the arguments and to every tensor that `f` closes over. `f` must depend on
 * nothing but its arguments and tensors: it runs twice, and a difference in one bit is an error. Values and gradients have
 * the bits of `f` itself. Inside `loop` and `scan` it is of no use, since they have checkpoints of their own.
 *
 * @example
 * const f = checkpoint((x: Tensor) => x.tanh().square());
 * grad((x: Tensor) => f(x).sum())(tensor([0.5])); // [0.7269]
 */
export function checkpoint<A extends readonly unknown[], R extends TreeOf<R>>(
  f: (...inputs: A) => R,
): (...inputs: A) => R {
  return (...inputs) => {
    let template: R | undefined;
    // A loop of one step without a carry: what `f` reads are tensors from outside.
    const { kept } = iterate(
      "checkpoint",
      1,
      [],
      () => {
        const newest = tensorCount();
        const result = f(...inputs);
        template = result;
        // A tensor that was there before gets a name of its own, so that its other uses do not count as this one.
        const own = (x: Tensor): Tensor => (x.id > newest ? x : apply(alias, [x], undefined));
        return { carry: [], kept: leavesOf("checkpoint", result).map(({ tensor }) => own(tensor)) };
      },
      { checkpoint: { every: 1 } },
    );
    return withLeaves(template as R, kept);
  };
}
