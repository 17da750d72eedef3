// One check for trees that must be like another: directions like parameters, cotangents like values, and what custom
// gradients return like what they were given.
import { type Leaf, leavesOf, plain, sameShape, showShape } from "../core/index.js";

/**
 * The leaves of `tree`, in the order of the leaves of another tree that it must be like.
 *
 * @param op what messages begin with.
 * @param like the leaves of the other tree.
 * @param words what a message says: "[op] SUBJECT for "path" VERB [3]; it needs shape [2]. CURE"
 * @throws RangeError for a leaf that is missing or has another shape.
 */
export function leavesLike(
  op: string,
  like: readonly Leaf[],
  tree: unknown,
  { subject, verb, cure }: { readonly subject: string; readonly verb: string; readonly cure: string },
): Leaf[] {
  const found = new Map(leavesOf(op, tree).map((leaf) => [leaf.path, leaf]));
  return like.map(({ path, tensor: { shape } }) => {
    const leaf = found.get(path);
    if (leaf && sameShape(leaf.tensor.shape, shape)) return leaf;
    const where = path === "" ? "" : ` for "${plain(path)}"`;
    const got = leaf ? showShape(leaf.tensor.shape) : "nothing";
    throw new RangeError(`[${op}] ${subject}${where} ${verb} ${got}; it needs shape ${showShape(shape)}. ${cure}`);
  });
}
