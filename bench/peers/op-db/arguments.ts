// Ways to hand PyTorch's arguments on to functions of Synaptape. undefined stands for what has no counterpart here.
import * as synaptape from "../../../src/index.js";
import { Tensor, tensor } from "../../../src/index.js";
import * as special from "../../../src/special/index.js";

/** An argument: a tensor, a number, a list, ... */
// biome-ignore lint/suspicious/noExplicitAny: these are whatever PyTorch's samples hold.
export type Any = any;
export type Named = Readonly<Record<string, Any>>;
export type Result = Tensor | readonly Tensor[] | undefined;
export type Ours = (args: Any[], named: Named) => Result;

const ops = { ...synaptape, ...special } as unknown as Record<string, (...args: Any[]) => Any>;
const s = synaptape;
export const isFloat = (x: Any): boolean => x instanceof Tensor && x.dtype !== "int32";

/** The op of the same name, or of another one, on all arguments that PyTorch gives. */
export const same =
  (name: string): Ours =>
  (args, named) =>
    Object.keys(named).length === 0 ? ops[name](...args) : undefined;
/** Of one float; further arguments have no counterpart. */
export const unary =
  (name: string): Ours =>
  ([x, ...rest], named) =>
    rest.length === 0 && Object.keys(named).length === 0 && isFloat(x) ? ops[name](x) : undefined;
/** Two operands; a number on the left becomes a tensor. */
export const two = (f: (a: Tensor, b: Any, named: Named) => Result): Ours => {
  return ([a, b, ...rest], named) => {
    if (rest.length > 0 || b === undefined || named.out) return undefined;
    if (a instanceof Tensor && b instanceof Tensor && a.dtype !== b.dtype) return undefined;
    return f(a instanceof Tensor ? a : tensor(a, { dtype: b.dtype }), b, named);
  };
};
export const only = (named: Named, ...known: string[]): boolean =>
  Object.keys(named).every((name) => known.includes(name));
export const numberOf = (x: Any): Any => (x instanceof Tensor ? x : x);
export const axesOf = (dim: Any): Any => (dim === null || (Array.isArray(dim) && dim.length === 0) ? undefined : dim);

/** Reductions over `dim` with `keepdim`, at their places or by name. */
export const reduction =
  (f: (x: Tensor, axes: Any, keep: boolean) => Result, ...known: string[]): Ours =>
  ([x, dim, keep], named) => {
    if (!isFloat(x) || !only(named, "dim", "keepdim", ...known)) return undefined;
    if (x.rank === 0 && (dim ?? named.dim) !== undefined) return undefined;
    return f(x, axesOf(named.dim ?? dim ?? null), named.keepdim ?? keep ?? false);
  };
export const along =
  (f: (x: Tensor, axis: number) => Result): Ours =>
  ([x, dim], named) =>
    isFloat(x) && x.rank > 0 && only(named, "dim") ? f(x, named.dim ?? dim ?? 0) : undefined;
export const truth = (x: Tensor): Tensor => s.notEqual(x, 0);
export const perAxis = (x: Any, count: number): number[] => (typeof x === "number" ? new Array(count).fill(x) : x);

/** The table under the names of torch.nn.functional. */
export const prefixed = (table: Record<string, Ours>): Record<string, Ours> =>
  Object.fromEntries(Object.entries(table).map(([name, f]) => [`nn.functional.${name}`, f]));
