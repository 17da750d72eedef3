// A step whose end stands on both sides of its equation: for stiff equations, in which explicit steps have to be tiny.
import { jacobian } from "../autodiff/index.js";
import { checkOptions, leavesOf, quote, type Tensor, type TreeOf, withLeaves } from "../core/index.js";
import { solve } from "../linalg/index.js";
import { add, concat, eye, mul, reshape, split, sub } from "../ops/index.js";
import { checkStep, type Field, like } from "./steps.js";

/** What an implicit step may be told. */
export interface ImplicitOptions {
  /** The time at the beginning of the step; 0 by default. */
  readonly time?: number;
  /**
   * Steps of Newton's method; 4 by default. Each squares the error, so that four are enough wherever `dt` resolves what
   * happens. For a linear field one is exact.
   */
  readonly iterations?: number;
}

/**
 * A step of the implicit midpoint rule, y' = y + dt field((y + y') / 2, time + dt / 2): second order, stable for every `dt`
 * if the exact solution is, and it keeps quadratic invariants. The equation is solved by Newton's method with the whole
 * Jacobian of the field, so it is meant for states of up to a few dozen numbers.
 *
 * The number of iterations does not depend on values, so that `vmap`, `scan` and compiled programs take the step;
 * derivatives are those of the iterations, and as exact as the result.
 *
 * ```ts
 * const stiff = (x: Tensor) => x.mul(-1000);
 * const end = loop(100, tensor([1]), (x, step) => implicitMidpoint(stiff, x, 0.01, { time: step * 0.01 }));
 * ```
 *
 * @throws RangeError if the derivatives differ from the state in structure, shape or type, and where the system of a step is
 *   singular.
 */
export function implicitMidpoint<S extends TreeOf<S>>(
  field: Field<S>,
  state: S,
  dt: number,
  options: ImplicitOptions = {},
): S {
  checkOptions("implicitMidpoint", options, ["time", "iterations"]);
  const { time = 0, iterations = 4 } = options;
  checkStep("implicitMidpoint", field, dt, time);
  if (!(Number.isInteger(iterations) && iterations >= 1 && iterations <= 1000)) {
    throw new RangeError(
      `[implicitMidpoint] iterations is ${quote(iterations)}: give a whole number of at least 1, such as 4.`,
    );
  }
  const leaves = leavesOf("implicitMidpoint", state).map(({ tensor }) => tensor);
  const flat = (tree: S): Tensor =>
    concat(leavesOf("implicitMidpoint", tree).map(({ tensor }) => reshape(tensor, [tensor.size])));
  const sizes = leaves.map(({ size }) => size);
  const tree = (numbers: Tensor): S =>
    withLeaves(
      state,
      split(numbers, sizes).map((part, i) => reshape(part, leaves[i].shape)),
    );
  const slope = (y: Tensor): Tensor => flat(like("implicitMidpoint", state, field(tree(y), time + dt / 2)));
  const slopes = jacobian(slope, { mode: "forward" });
  const first = flat(state);
  // Of the middle, m = first + dt / 2 slope(m).
  let middle = add(first, mul(slope(first), dt / 2));
  for (let i = 0; i < iterations; i++) {
    const error = sub(sub(middle, first), mul(slope(middle), dt / 2));
    const system = sub(eye(first.size, undefined, 0, first), mul(slopes(middle), dt / 2));
    middle = sub(middle, solve(system, error));
  }
  return tree(sub(mul(middle, 2), first));
}
