// Clears what an optimizer remembers of synapses that were replaced.

import { leavesOf, sameShape, type Tensor, withLeaves } from "../core/index.js";
import { where } from "../ops/index.js";

/**
 * The path among `paths` with which the path of a leaf of an optimizer's state ends: "m[0].weight" belongs to
 * "[0].weight".
 */
function ownerOf(path: string, paths: readonly string[]): string | undefined {
  const owners = paths.filter((own) => path === own || path.endsWith(own.startsWith("[") ? own : `.${own}`));
  return owners.sort((a, b) => b.length - a.length)[0];
}

/**
 * An optimizer's state with zeros for synapses that were replaced: in each of its trees that has the structure of the
 * parameters, at the weight of that path, where `reborn` is 1.
 */
export function forget<S>(state: S, params: unknown, path: string, reborn: Tensor): S {
  const paths = leavesOf("bio.step", params).map((leaf) => leaf.path);
  const leaves = leavesOf("bio.step", state);
  const next = leaves.map(({ tensor, path: at }) => {
    const like = tensor.type.isFloat && sameShape(tensor.shape, reborn.shape);
    return like && (path === "" || ownerOf(at, paths) === path) ? where(reborn, 0, tensor) : tensor;
  });
  return withLeaves(state, next);
}
