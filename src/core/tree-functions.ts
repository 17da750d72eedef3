// Trees of tensors as lists of leaves, and back: the public functions, by the names of JAX.

import { typeNamed } from "./dtype.js";
import { checkKind } from "./options.js";
import { plain } from "./quote.js";
import { Region, Tensor } from "./tensor.js";
import { type Leaf, leavesOf, mapTensors, type TreeOf, withLeaves } from "./tree.js";

/**
 * The tensors of a tree in the order of its keys; of one tensor, itself.
 *
 * @example treeLeaves({ w: tensor([1, 2]), b: tensor([3]) }) // [[1, 2], [3]]
 */
export function treeLeaves<T extends TreeOf<T>>(tree: T): Tensor[] {
  return leavesOf("treeLeaves", tree).map(({ tensor }) => tensor);
}

/**
 * The tree with each tensor replaced by `f` of it; class instances keep their class. With more trees of the same structure,
 * `f` gets the tensors that stand in the same place.
 *
 * @example treeMap((p, g) => p.sub(g.mul(0.1)), { w: tensor([1, 2]) }, { w: tensor([10, 0]) }) // { w: [0, 2] }
 * @throws TypeError for leaves that are not tensors, RangeError for trees whose structures differ.
 */
export function treeMap<T extends TreeOf<T>>(
  f: (leaf: Tensor, ...others: Tensor[]) => Tensor,
  tree: T,
  ...others: readonly NoInfer<T>[]
): T {
  checkKind("treeMap", "the first argument", f, "a function");
  const leaves = leavesOf("treeMap", tree);
  const lists = others.map((other) => matching(leaves, leavesOf("treeMap", other)));
  return withLeaves(
    tree,
    leaves.map(({ tensor }, i) => f(tensor, ...lists.map((list) => list[i].tensor))),
  );
}

/** The leaves of a tree that has the structure of another. Throws, naming the first place that differs. */
function matching(leaves: readonly Leaf[], others: readonly Leaf[]): readonly Leaf[] {
  const count = Math.max(leaves.length, others.length);
  for (let i = 0; i < count; i++) {
    const [path, other] = [leaves[i]?.path, others[i]?.path];
    if (path === other) continue;
    const named = (name: string | undefined): string => (name === undefined ? "no more leaf" : `"${plain(name)}"`);
    throw new RangeError(
      `[treeMap] the trees differ: where one has ${named(path)}, another has ${named(other)}. Give trees of the same structure.`,
    );
  }
  return others;
}

/** Stands for each tensor in a structure: it has no numbers, and no memory. */
const leaf = new Tensor([0], typeNamed("float32"), 0, new Region(), { dispose: () => false });

/**
 * The structure of a tree without its tensors: what `treeUnflatten` builds a tree of.
 *
 * @example
 * const [, definition] = treeFlatten({ w: tensor([1, 2]), b: tensor([3]) });
 * console.log(definition instanceof TreeDefinition, definition.paths);
 */
export class TreeDefinition<T> {
  constructor(
    /** The tree with one and the same empty tensor for each leaf. */
    readonly structure: T,
    /** Where the leaves are, in order: `hidden.w`, `[2].b`. */
    readonly paths: readonly string[],
  ) {}
}

/**
 * The tensors of a tree in the order of its keys, and the structure that they were in, which keeps no tensor alive.
 *
 * @example
 * const [leaves, definition] = treeFlatten({ w: tensor([1, 2]), b: tensor([3]) });
 * leaves; // [[1, 2], [3]]
 * definition.paths; // ["w", "b"]
 */
export function treeFlatten<T extends TreeOf<T>>(tree: T): [leaves: Tensor[], definition: TreeDefinition<T>] {
  const leaves = leavesOf("treeFlatten", tree);
  const structure = mapTensors(tree, () => leaf);
  return [
    leaves.map(({ tensor }) => tensor),
    new TreeDefinition(
      structure,
      leaves.map(({ path }) => path),
    ),
  ];
}

/**
 * The tree of a structure that `treeFlatten` gave, with these leaves in its places; their shapes may be others.
 *
 * @throws RangeError for more or fewer leaves than places, TypeError for a leaf that is not a tensor.
 * @example
 * const [leaves, definition] = treeFlatten({ w: tensor([1, 2]), b: tensor([3]) });
 * treeUnflatten(definition, leaves.map((leaf) => leaf.mul(2))); // { w: [2, 4], b: [6] }
 */
export function treeUnflatten<T>(definition: TreeDefinition<T>, leaves: readonly Tensor[]): T {
  if (!(definition instanceof TreeDefinition)) {
    throw new TypeError("[treeUnflatten] the first argument is no structure. Pass what treeFlatten gave.");
  }
  const given = leavesOf("treeUnflatten", leaves);
  const { structure, paths } = definition;
  if (given.length !== paths.length) {
    throw new RangeError(
      `[treeUnflatten] ${given.length} leaves for a structure with ${paths.length}. Give one tensor for each.`,
    );
  }
  return withLeaves(
    structure,
    given.map(({ tensor }) => tensor),
  );
}
