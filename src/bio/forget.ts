// What an optimizer remembers of synapses that are no more.

import { leavesOf, sameShape, type Tensor, withLeaves } from "../core/index.js";
import { where } from "../ops/index.js";

/** The last of `paths`' own that a leaf of an optimizer's state ends with: "m[0].weight" belongs to "[0].weight". */
function ownerOf(path: string, paths: readonly string[]): string | undefined {
  const owners = paths.filter((own) => path === own || path.endsWith(own.startsWith("[") ? own : `.${own}`));
  return owners.sort((a, b) => b.length - a.length)[0];
}

/**
 * An optimizer's state with zeros wherever it remembers synapses that were replaced: in all its trees that are like the
 * parameters, at the weight of that path, where `reborn` is 1.
 */
export function forget<S>(state: S, params: unknown, path: string, reborn: Tensor): S {
  const paths = leavesOf("bio.step", params).map((leaf) => leaf.path);
  const leaves = leavesOf("bio.step", state);
  const next = leaves.map(({ tensor, path: at }) => {
    const like = tensor.dtype === "float32" && sameShape(tensor.shape, reborn.shape);
    return like && (path === "" || ownerOf(at, paths) === path) ? where(reborn, 0, tensor) : tensor;
  });
  return withLeaves(state, next);
}
