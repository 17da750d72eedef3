// Turns a function of one example into a function of a whole stack of them.
import { alias, apply, isDifferentiated } from "../autodiff/index.js";
import {
  checkKind,
  checkOptions,
  eachTensor,
  freeing,
  leavesOf,
  mapTensors,
  plain,
  quote,
  type Shape,
  showShape,
  Tensor,
  type TreeOf,
  withLeaves,
} from "../core/index.js";
import { moveAxis } from "../ops/index.js";
import { Level } from "./level.js";

/**
 * The axis of the examples: a number, null for a tensor that all examples share, or one of these for each part of a
 * tree.
 */
export type Axes = number | null | { readonly [part: string]: Axes } | readonly Axes[];

/** Options of `vmap`. */
export interface VmapOptions {
  /**
   * The axis of the examples in the arguments, 0 by default: a number for all arguments, or a list with an entry for each,
   * which may be a tree like the argument. Negative axes count from the end, and null is for what all examples share.
   */
  readonly axes?: number | readonly Axes[];
  /** The axis of the examples in the results, 0 by default, or a tree of such numbers like the result. */
  readonly out?: Axes;
}

/**
 * Makes from `f`, which is written for one example, a function of a whole stack of examples (like `jax.vmap` and
 * `torch.func.vmap`). Arguments and results are trees of tensors; everything else, such as numbers and keys, is shared. Each
 * example gets the bits that `f` alone would give it. Transforms nest in any order: a gradient inside is that of each example,
 * a gradient outside is that of the whole stack, and loops may be on either side.
 *
 * Inside, a tensor has the shape of one example, and its numbers cannot be read: `item()` and `data()` throw. Everything that
 * `f` closes over is the same for all examples, including random draws from a key.
 *
 * ```ts
 * const loss = (w: Tensor, x: Tensor, y: Tensor) => x.dot(w).sub(y).square();
 * const perExample = vmap(grad(loss), { axes: [null, 0, 0] });
 * perExample(tensor([1, 1]), tensor([[1, 2], [3, 4]]), tensor([0, 7])); // [[6, 12], [0, 0]]: [batch, ...shape of `w`]
 * ```
 *
 * @throws RangeError if the arguments do not have the same number of examples, or none has any; TypeError inside `f` if the
 * numbers of an example are read.
 */
export function vmap<A extends readonly unknown[], R extends TreeOf<R>>(
  f: (...inputs: A) => R,
  options: VmapOptions = {},
): (...inputs: A) => R {
  checkKind("vmap", "the function to map", f, "a function");
  checkOptions("vmap", options, ["axes", "out"]);
  const { axes = 0, out = 0 } = options;
  return (...inputs) => {
    const run = (): R => {
      const stacks: { readonly tensor: Tensor; readonly path: string }[] = [];
      const given = inputs.map((input, i) =>
        placed(input, typeof axes === "number" ? axes : axes[i], inputs.length > 1 ? `argument ${i + 1}` : "", stacks),
      );
      const level = new Level(sizeOf(stacks));
      const owned = new Set(stacks.map(({ tensor }) => tensor));
      const handles = given.map((input) =>
        mapTensors(input, (tensor) => (owned.has(tensor) ? level.handle(tensor) : tensor)),
      ) as unknown as A;
      const result = level.inside(() => f(...handles));
      leavesOf("vmap", result);
      return withExamplesAlong(
        mapTensors(result, (tensor) => level.whole(tensor)),
        out,
      );
    };
    return isDifferentiated() ? run() : freeing("vmap", run);
  };
}

/** The axes of the part `key`. */
function axesOfPart(axes: object, key: string, path: string): Axes {
  const part = (axes as { readonly [part: string]: Axes })[key];
  if (part === undefined) {
    throw new RangeError(`[vmap] \`axes\` has no axis for the examples of "${plain(path)}". Add it.`);
  }
  return part;
}

/** `tree` with the result of `f` for each tensor and its axis. */
function mapWithAxes<T>(
  tree: T,
  axes: Axes,
  path: string,
  f: (x: Tensor, axis: number | null, path: string) => Tensor,
): T {
  const made: Tensor[] = [];
  const visit = (node: unknown, axes: Axes, path: string): void => {
    if (typeof axes === "number" || axes === null) {
      eachTensor(node, (tensor) => made.push(f(tensor, axes, path)));
    } else if (node instanceof Tensor) {
      throw new RangeError(
        `[vmap] the axes of ${place(path)} are ${quote(axes)}, but a tensor has one. Use a number or null.`,
      );
    } else if (typeof node === "object" && node !== null) {
      for (const [key, part] of Object.entries(node)) {
        const name = path === "" ? key : `${path}.${key}`;
        visit(part, axesOfPart(axes, key, name), name);
      }
    }
  };
  visit(tree, axes, path);
  return withLeaves(tree, made);
}

const place = (path: string): string => (path === "" ? "the argument" : `"${plain(path)}"`);

/** The axis as a number from 0. */
function axisIn(shape: Shape, axis: number, path: string): number {
  const from = axis < 0 ? axis + shape.length : axis;
  if (Number.isInteger(from) && from >= 0 && from < shape.length) return from;
  throw new RangeError(
    `[vmap] axis ${quote(axis)} is outside shape ${showShape(shape)} of ${place(path)}. Use null in \`axes\` for what all examples share.`,
  );
}

/** The argument with its examples along the first axis. The tensors that have examples are added to `stacks`. */
function placed<T>(
  input: T,
  axes: Axes | undefined,
  path: string,
  stacks: { readonly tensor: Tensor; readonly path: string }[],
): T {
  if (axes === undefined) {
    throw new RangeError(`[vmap] \`axes\` has no entry for ${path || "the argument"}. Give a number or null for each.`);
  }
  return mapWithAxes(input, axes, path, (x, axis, name) => {
    if (axis === null) return x;
    const from = axisIn(x.shape, axis, name);
    // It gets its own handle, since the same tensor may be shared in another place.
    const tensor = from === 0 ? apply(alias, [x], undefined) : moveAxis(x, from, 0);
    stacks.push({ tensor, path: name });
    return tensor;
  });
}

function sizeOf(stacks: readonly { readonly tensor: Tensor; readonly path: string }[]): number {
  const [first] = stacks;
  if (!first) throw new RangeError("[vmap] no argument has examples. Give at least one an axis in `axes`.");
  const size = first.tensor.shape[0];
  const odd = stacks.find(({ tensor }) => tensor.shape[0] !== size);
  if (odd) {
    throw new RangeError(
      `[vmap] ${place(first.path)} has ${size} examples and ${place(odd.path)} has ${odd.tensor.shape[0]}. ` +
        "Give all the same number; use null in `axes` for what all examples share.",
    );
  }
  if (size === 0) throw new RangeError(`[vmap] ${place(first.path)} has no examples. Give at least one.`);
  return size;
}

/** `result` with its examples along the axes `out`, instead of the first. */
function withExamplesAlong<R>(result: R, out: Axes): R {
  return mapWithAxes(result, out, "", (x, axis) => {
    if (axis === null)
      throw new RangeError("[vmap] `out` is null, but the examples of a result need an axis. Use a number.");
    return axis === 0 ? x : moveAxis(x, 0, axis);
  });
}
