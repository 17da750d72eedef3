// Forward mode: tangents are pushed through each op as it runs, with no tape (Wengert 1964).
import { checkKind, freeing, holding, leavesOf, type Tensor, type TreeOf, withLeaves } from "../core/index.js";
import { leavesLike } from "./leaves-like.js";
import { alias, zerosLike } from "./primitives.js";
import { Tangents } from "./tangents.js";
import { apply, isDifferentiated, pushingWith } from "./tape.js";
import { checkFloat, checkLike, type GradOptions, grad } from "./transforms.js";

/**
 * The value of `f` at `parameters` and its derivative along `direction`, a tree like `parameters`. Costs about two
 * evaluations of `f` and no tape: a loop in `f` frees each step, whatever its checkpoints, unless a gradient is recorded
 * around or inside it.
 *
 * @throws RangeError if `direction` has other shapes than `parameters`.
 * @example
 * const { value, tangent } = jvp((x: Tensor) => x.square(), tensor([1, 2]), tensor([1, 0])); // [1, 4]
 * tangent; // [2, 0]
 */
export function jvp<P extends TreeOf<P>, R extends TreeOf<R>>(
  f: (parameters: P) => R,
  parameters: P,
  direction: P,
): { value: R; tangent: R } {
  checkKind("jvp", "the function to differentiate", f, "a function");
  const primals = leavesOf("jvp", parameters);
  for (const { path, tensor } of primals) checkFloat("jvp", "the argument", path, tensor);
  const words = { subject: "the direction", verb: "is", cure: "Pass a tree like the parameters." };
  const along = leavesLike("jvp", primals, direction, words).map(({ tensor, path }, i) => {
    checkFloat("jvp", "the direction", path, tensor);
    checkLike("jvp", "the direction", tensor, primals[i].tensor);
    return tensor;
  });
  const run = (): { value: R; tangent: R } => {
    const tangents = new Tangents();
    const value = pushingWith(tangents, (outer) => {
      tangents.outer = outer;
      const handles = primals.map(({ tensor }, i) => {
        const handle = pushingWith(outer, () => apply(alias, [tensor], undefined));
        tangents.set(handle, along[i]);
        return handle;
      });
      return holding(true, () => f(withLeaves(parameters, handles)));
    });
    const found = leavesOf("jvp", value).map(({ tensor }) => tangents.get(tensor) ?? zerosLike(tensor));
    return { value, tangent: withLeaves(value, found) };
  };
  return isDifferentiated() ? run() : freeing("jvp", run);
}

/**
 * The product of the Hessian of the scalar function `f` at `parameters` with `direction`: forward mode over reverse.
 * `options` say what to do about a parameter that does not reach the result.
 *
 * @example hvp((x: Tensor) => x.pow(3).sum(), tensor([1, 2]), tensor([1, 1])) // [6, 12]
 */
export function hvp<P extends TreeOf<P>>(
  f: (parameters: P) => Tensor,
  parameters: P,
  direction: P,
  options: GradOptions = {},
): P {
  return jvp<P, P>(grad(f, options), parameters, direction).tangent;
}
