// The Jacobian as a matrix: one sweep a row in reverse mode, one pass a column in forward mode.
import {
  checkKind,
  checkOptions,
  copyOf,
  emptyLike,
  freeing,
  leavesOf,
  mapTensors,
  quote,
  type Shape,
  showShape,
  type Tensor,
  type TreeOf,
  traceable,
  withLeaves,
} from "../core/index.js";
import { sweepBack } from "./backward.js";
import { jvp } from "./forward.js";
import { stackOp, swapOp, zerosLike } from "./primitives.js";
import { apply, isDifferentiated } from "./tape.js";
import { type GradOptions, grad, parametersOf, recorded } from "./transforms.js";

/** Options of `jacobian`. */
export interface JacobianOptions {
  /**
   * "reverse" (the default) costs one evaluation that is kept and one backward sweep for each number of the result;
   * "forward" costs one evaluation with tangents, about two plain ones, for each number of the parameters and keeps
   * nothing: better where the parameters are fewer than the results.
   */
  readonly mode?: "reverse" | "forward";
}

/** A tree like the result, in which each leaf is a tree like the parameters. */
export type Jacobian<R, P> = R extends Tensor ? P : { readonly [K in keyof R]: Jacobian<R[K], P> };

/**
 * The function that computes all partial derivatives of `f` in its first argument. For a result leaf of shape `r` and a
 * parameter leaf of shape `p` they have shape `[...r, ...p]`; zeros where there is no path. For a product with the
 * Jacobian use `vjp` or `jvp`, which never build it.
 *
 * @throws RangeError if result and parameter have more than six axes together.
 * @example jacobian((x: Tensor) => x.square())(tensor([1, 2])) // [[2, 0], [0, 4]]
 */
export function jacobian<P extends TreeOf<P>, R extends TreeOf<R>, A extends readonly unknown[]>(
  f: (parameters: P, ...rest: A) => R,
  options: JacobianOptions = {},
): (parameters: P, ...rest: A) => Jacobian<R, P> {
  checkKind("jacobian", "the function to differentiate", f, "a function");
  checkOptions("jacobian", options, ["mode"]);
  const { mode = "reverse" } = options;
  if (mode !== "reverse" && mode !== "forward") {
    throw new RangeError(`[jacobian] mode ${quote(mode)} is unknown. Use "reverse" or "forward".`);
  }
  const rule = mode === "reverse" ? byRows : byColumns;
  return (parameters, ...rest) => {
    const run = (): Jacobian<R, P> => rule((p: P) => f(p, ...rest), parameters);
    return isDifferentiated() ? run() : freeing("jacobian", run);
  };
}

/**
 * The function that computes all second derivatives of a scalar `f` in its first argument. For leaves of shapes `p` and `q`
 * they have shape `[...p, ...q]`: a tree like the parameters, whose leaves are such trees again. One gradient is recorded,
 * and each of its numbers costs a backward sweep; for a product with the Hessian use `hvp`, which never builds it.
 *
 * @example hessian((x: Tensor) => x.square().sum())(tensor([1, 2])) // [[2, 0], [0, 2]]
 * @throws what `grad` and `jacobian` throw.
 */
export function hessian<P extends TreeOf<P>, A extends readonly unknown[]>(
  f: (parameters: P, ...rest: A) => Tensor,
  options: GradOptions = {},
): (parameters: P, ...rest: A) => Jacobian<P, P> {
  return jacobian<P, P, A>(grad(f, options));
}

/** All tensors of the shape of `x` that are 1 in one element and 0 elsewhere. */
function units(x: Tensor): Tensor[] {
  return Array.from({ length: x.size }, (_, one) => {
    const unit = zerosLike(x);
    traceable([unit], [], ([made]) => {
      made.elements[one] = 1;
    });
    return unit;
  });
}

/** The parts, as many as `shape` has elements, along new first axes of these sizes. */
function stacked(shape: Shape, parts: readonly Tensor[], like: Tensor): Tensor {
  if (shape.length + like.rank > 6) {
    throw new RangeError(
      `[jacobian] shapes ${showShape(shape)} and ${showShape(like.shape)} have more than 6 axes together. Reshape one of them.`,
    );
  }
  if (parts.length === 0) return emptyLike(like, [...shape, ...like.shape]);
  let rows = parts;
  for (const size of [...shape].reverse()) {
    rows = Array.from({ length: rows.length / size }, (_, at) =>
      apply(stackOp, rows.slice(at * size, (at + 1) * size), undefined),
    );
  }
  return rows[0];
}

function byRows<P extends TreeOf<P>, R extends TreeOf<R>>(f: (parameters: P) => R, parameters: P): Jacobian<R, P> {
  const { handles } = parametersOf("jacobian", parameters);
  const { result, stretch } = recorded(() => f(withLeaves(parameters, handles)));
  const copyOut = isDifferentiated() ? (tensor: Tensor) => tensor : copyOf;
  leavesOf("jacobian", result);
  return mapTensors(result, (leaf) => {
    const rows = units(leaf).map((unit) => sweepBack(stretch, [leaf], [unit], handles, copyOut));
    const whole = handles.map((handle, i) =>
      stacked(
        leaf.shape,
        rows.map((row) => row[i] ?? zerosLike(handle)),
        handle,
      ),
    );
    return withLeaves(parameters, whole) as never;
  }) as unknown as Jacobian<R, P>;
}

function byColumns<P extends TreeOf<P>, R extends TreeOf<R>>(f: (parameters: P) => R, parameters: P): Jacobian<R, P> {
  const leaves = leavesOf("jacobian", parameters).map(({ tensor }) => tensor);
  let value: R | undefined;
  const columns = leaves.map((leaf, at) =>
    units(leaf).map((unit) => {
      const along = leaves.map((other, i) => (i === at ? unit : zerosLike(other)));
      const pushed = jvp(f, parameters, withLeaves(parameters, along));
      value ??= pushed.value;
      return leavesOf("jacobian", pushed.tangent).map(({ tensor }) => tensor);
    }),
  );
  let next = 0;
  return mapTensors(value ?? f(parameters), (result) => {
    const at = next++;
    const whole = leaves.map((leaf, i) => {
      const turned = stacked(
        leaf.shape,
        columns[i].map((column) => column[at]),
        result,
      );
      return apply(swapOp, [turned], { front: leaf.rank });
    });
    return withLeaves(parameters, whole) as never;
  }) as unknown as Jacobian<R, P>;
}
