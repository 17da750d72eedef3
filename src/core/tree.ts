// Trees of tensors: arrays, tuples, plain objects, interfaces and class instances whose leaves are tensors.
import { plain } from "./quote.js";
import { isForeign, Tensor } from "./tensor.js";

type Node<T> = T extends Tensor
  ? T
  : T extends (...a: never[]) => unknown
    ? T
    : T extends object
      ? { readonly [K in keyof T]: Node<T[K]> }
      : never;

/**
 * The bound for a tree of tensors: use it as `P extends TreeOf<P>`. Strings and numbers are refused; methods of a class
 * are no leaves and pass.
 */
export type TreeOf<T> = Tensor | { readonly [K in keyof T]: Node<T[K]> };

/** A leaf and where it was found, as `hidden.w` or `[2].b`; "" for a tree that is one tensor. */
export interface Leaf {
  readonly tensor: Tensor;
  readonly path: string;
}

/** How deep a tree of tensors may be: far below where engines run out of stack. */
const MOST_LEVELS = 1000;

const join = (path: string, key: string, inArray: boolean): string =>
  inArray ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;

/** `a string`, `null`, `a Float32Array`: what something is, for messages. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (isForeign(value)) return "a tensor of another copy of synaptape (it is loaded twice)";
  const name: unknown = typeof value === "object" ? value.constructor?.name : typeof value;
  const kind = typeof name === "string" ? plain(name, 40) : "object";
  return `${/^[aeio]/i.test(kind) ? "an" : "a"} ${kind}`;
}

/** Whether this is a promise, of this realm or another, or something that is awaited like one. */
export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" &&
  value !== null &&
  !(value instanceof Tensor) &&
  "then" in value &&
  typeof value.then === "function";

/** Whether values are still to be asked of it, as of a generator: no tree of tensors has a function called next. */
export const isIterator = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  !(value instanceof Tensor) &&
  "next" in value &&
  typeof value.next === "function";

function isOpaque(value: object): boolean {
  return ArrayBuffer.isView(value) || value instanceof Map || value instanceof Set || value instanceof ArrayBuffer;
}

/** Whether it is what an asynchronous function or a generator returns in place of a result. */
const isLate = (node: unknown): boolean => isPromise(node) || isIterator(node);

function cureFor(node: unknown): string {
  if (isForeign(node)) return "Import it once.";
  if (isPromise(node)) return "The function is asynchronous: await before it or after it, not inside.";
  if (isIterator(node)) return "The function is a generator: give one that returns its result.";
  return "Wrap numbers in tensor().";
}

/** The leaves in order of their keys. Throws a TypeError naming `op` and the path for anything that is not a tensor. */
export function leavesOf(op: string, tree: unknown): Leaf[] {
  const leaves: Leaf[] = [];
  const above = new Set<unknown>();
  const visit = (node: unknown, path: string): void => {
    if (node instanceof Tensor) leaves.push({ tensor: node, path });
    else if (above.has(node)) {
      throw new TypeError(
        `[${op}] "${plain(path)}" contains itself. A tree has no circles: leave out what points back.`,
      );
    } else if (typeof node !== "object" || node === null || isOpaque(node) || isForeign(node) || isLate(node)) {
      const what = path === "" ? "the argument" : `"${plain(path)}"`;
      throw new TypeError(`[${op}] ${what} is ${kindOf(node)}, not a tensor. ${cureFor(node)}`);
    } else {
      above.add(node);
      if (above.size > MOST_LEVELS) {
        throw new RangeError(`[${op}] a tree of tensors is more than ${MOST_LEVELS} levels deep. Make it flatter.`);
      }
      for (const [key, child] of Object.entries(node)) visit(child, join(path, key, Array.isArray(node)));
      above.delete(node);
    }
  };
  visit(tree, "");
  return leaves;
}

/**
 * The same structure with every tensor replaced by `f` of it; class instances keep their class. Anything that is not a
 * tensor stays, and a part in which nothing changed, or which points back to what contains it, is the same object.
 */
export function mapTensors<T>(tree: T, f: (tensor: Tensor) => Tensor): T {
  const above: unknown[] = [];
  const visit = (node: unknown): unknown => {
    if (node instanceof Tensor) return f(node);
    if (typeof node !== "object" || node === null || isOpaque(node) || above.includes(node)) return node;
    const keys = Object.keys(node);
    const children = node as Record<string, unknown>;
    const mapped = new Array<unknown>(keys.length);
    let changed = false;
    above.push(node);
    for (let i = 0; i < keys.length; i++) {
      const child = children[keys[i]];
      mapped[i] = visit(child);
      changed ||= mapped[i] !== child;
    }
    above.pop();
    if (!changed) return node;
    if (Array.isArray(node)) return mapped;
    const made = Object.create(Object.getPrototypeOf(node));
    keys.forEach((key, i) => {
      // Defined, not assigned, where the class has something of that name, or the key is __proto__.
      if (!(key in made)) made[key] = mapped[i];
      else Object.defineProperty(made, key, { value: mapped[i], writable: true, enumerable: true, configurable: true });
    });
    return made;
  };
  return visit(tree) as T;
}

/** Shows every tensor of a tree to `see`, in order of the keys. */
export function eachTensor(tree: unknown, see: (tensor: Tensor) => void): void {
  const above: unknown[] = [];
  const visit = (node: unknown): void => {
    if (node instanceof Tensor) see(node);
    else if (typeof node === "object" && node !== null && !isOpaque(node) && !above.includes(node)) {
      above.push(node);
      for (const key of Object.keys(node)) visit((node as Record<string, unknown>)[key]);
      above.pop();
    }
  };
  visit(tree);
}

/** Disposes of every tensor of a tree. */
export function disposeTree(tree: unknown): void {
  eachTensor(tree, (tensor) => tensor.dispose());
}

/** The same structure with the leaves replaced, in order, by `leaves`. */
export function withLeaves<T>(tree: T, leaves: readonly Tensor[]): T {
  let next = 0;
  return mapTensors(tree, () => leaves[next++]);
}
