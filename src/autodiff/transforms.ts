/// <reference lib="esnext.disposable" preserve="true" />
// Reverse mode: grad, valueAndGrad, vjp. Functions are transformed, the first argument is differentiated, and what a
// transform returns lives where its caller lives.
import {
  type Arena,
  borrowArena,
  checkedSync,
  checkKind,
  checkOptions,
  collector,
  copyOf,
  currentPlace,
  disposeSymbol,
  emptyLike,
  type Holding,
  holding,
  kernelsOf,
  kindOf,
  type Leaf,
  leavesOf,
  mapTensors,
  openScope,
  plain,
  type Region,
  returnArena,
  Scope,
  showShape,
  Tensor,
  type TreeOf,
  within,
  withLeaves,
} from "../core/index.js";
import { type Stretch, sweepBack } from "./backward.js";
import { leavesLike } from "./leaves-like.js";
import { alias, zerosLike } from "./primitives.js";
import { apply, currentLog, isDifferentiated, Log, recordingIn } from "./tape.js";

/** Options of `grad` and `valueAndGrad`. */
export interface GradOptions {
  /**
   * What to do about a parameter that the result does not depend on: "error" (the default) throws and names it,
   * "zero" gives zeros.
   */
  readonly unused?: "error" | "zero";
}

/** Throws, naming the leaf, for a tensor that has no derivative. */
export function checkFloat(op: string, what: string, path: string, { dtype, type }: Tensor): void {
  if (type.isFloat) return;
  const cure =
    what === "the argument" ? "Pass it as a later argument." : "Make it with tensor(values), without a dtype.";
  throw new TypeError(
    `[${op}] ${path === "" ? what : `"${plain(path)}"`} is ${dtype}; only floats have derivatives. ${cure}`,
  );
}

/** Throws unless a cotangent or a direction has the type of what it is of. */
export function checkLike(op: string, what: string, tensor: Tensor, like: Tensor): void {
  if (tensor.type === like.type) return;
  throw new TypeError(
    `[${op}] ${what} is ${tensor.dtype}, and what it is of is ${like.dtype}. Use cast(x, "${like.dtype}").`,
  );
}

/** The parameters as fresh handles, so that only their use through the argument counts. */
export function parametersOf(op: string, tree: unknown): { leaves: Leaf[]; handles: Tensor[] } {
  const leaves = leavesOf(op, tree);
  for (const { tensor, path } of leaves) checkFloat(op, "the argument", path, tensor);
  return { leaves, handles: leaves.map(({ tensor }) => apply(alias, [tensor], undefined)) };
}

/** Runs `f` recorded and returns its result with the stretch of the log that made it. */
export function recorded<T>(f: () => T): { result: T; stretch: Stretch } {
  const log = currentLog() ?? new Log();
  const start = log.entries.length;
  const result = holding(true, () => recordingIn(log, f));
  return { result, stretch: { log, start, end: log.entries.length } };
}

export function onesOf(tensor: Tensor): Tensor {
  const seed = emptyLike(tensor);
  kernelsOf(seed).fill(seed.address, seed.size, 1);
  return seed;
}

/**
 * The function that computes `f` and the gradient of it with respect to its first argument, a tensor or a tree of
 * tensors. `f` returns a single number (shape []); further arguments are constants.
 *
 * @returns `{ value, grad }`; `grad` has the structure, classes included, of the first argument.
 * @throws TypeError for leaves that are not tensors of floats, RangeError for a result that is not one number or a
 * parameter that does not reach it (see `GradOptions.unused`).
 * @example valueAndGrad((x: Tensor) => x.square().sum())(tensor([1, 2])) // { value: 5, grad: [2, 4] }
 */
export function valueAndGrad<P extends TreeOf<P>, A extends readonly unknown[]>(
  f: (parameters: P, ...rest: A) => Tensor,
  options: GradOptions = {},
): (parameters: P, ...rest: A) => { value: Tensor; grad: P } {
  checkKind("grad", "the function to differentiate", f, "a function");
  return (parameters, ...rest) =>
    differentiate(
      (p) => f(p, ...rest),
      parameters,
      options,
      (value, grad, copyOut) => ({ value: copyOut(value), grad }),
    );
}

/**
 * The gradient of `f` with respect to its first argument; see `valueAndGrad`.
 *
 * @example grad((x: Tensor) => x.square().sum())(tensor([1, 2])) // [2, 4]
 */
export function grad<P extends TreeOf<P>, A extends readonly unknown[]>(
  f: (parameters: P, ...rest: A) => Tensor,
  options: GradOptions = {},
): (parameters: P, ...rest: A) => P {
  checkKind("grad", "the function to differentiate", f, "a function");
  return (parameters, ...rest) =>
    differentiate(
      (p) => f(p, ...rest),
      parameters,
      options,
      (_, grad) => grad,
    );
}

/**
 * Like `valueAndGrad`, for an `f` that returns `[loss, aux]`: also gives `aux`, whatever else the function found on the
 * way (activations, an accuracy, a new state). It is not differentiated here, but a transform around this one sees it.
 *
 * @returns `{ value, aux, grad }`; the tensors of `aux` live where the caller lives.
 * @throws TypeError if `f` does not return a pair, and what `valueAndGrad` throws.
 * @example
 * valueAndGradAux((x: Tensor) => [x.square().sum(), { mean: x.mean() }])(tensor([1, 2])); // { value: 5, aux: { mean: 1.5 }, grad: [2, 4] }
 */
export function valueAndGradAux<P extends TreeOf<P>, X, A extends readonly unknown[]>(
  f: (parameters: P, ...rest: A) => readonly [Tensor, X],
  options: GradOptions = {},
): (parameters: P, ...rest: A) => { value: Tensor; aux: X; grad: P } {
  checkKind("grad", "the function to differentiate", f, "a function");
  return (parameters, ...rest) => {
    let aux: X;
    const loss = (p: P): Tensor => {
      const pair: unknown = f(p, ...rest);
      if (!Array.isArray(pair) || pair.length !== 2) {
        throw new TypeError("[grad] the function returned no pair. Return [loss, aux], or use valueAndGrad.");
      }
      aux = pair[1];
      return pair[0];
    };
    return differentiate(loss, parameters, options, (value, grad, copyOut, region) => ({
      value: copyOut(value),
      aux: region ? outward(aux, region, copyOut) : aux,
      grad,
    }));
  };
}

type CopyOut = (tensor: Tensor) => Tensor;

/** `tree` with what lives in `region` copied out, each tensor once. */
function outward<T>(tree: T, region: Region, copyOut: CopyOut): T {
  const copies = new Map<Tensor, Tensor>();
  return mapTensors(tree, (tensor) => {
    if (!tensor.livesIn(region)) return tensor;
    const copy = copies.get(tensor) ?? copyOut(tensor);
    copies.set(tensor, copy);
    return copy;
  });
}

/** Records `f`, sweeps back, and gives `finish` the value, which it copies out if it wants it, and the gradient. */
function differentiate<P extends TreeOf<P>, T>(
  f: (parameters: P) => Tensor,
  parameters: P,
  options: GradOptions,
  finish: (value: Tensor, grad: P, copyOut: CopyOut, region: Region | undefined) => T,
): T {
  checkOptions("grad", options, ["unused"]);
  const { leaves, handles } = parametersOf("grad", parameters);
  const run = (copyOut: CopyOut, region?: Region): T => {
    const { result, stretch } = recorded(() => f(withLeaves(parameters, handles)));
    checkScalar(result);
    const found = sweepBack(stretch, [result], [onesOf(result)], handles, copyOut);
    const gradients = found.map((gradient, i) => gradient ?? unused(leaves[i], options, copyOut));
    return finish(result, withLeaves(parameters, gradients), copyOut, region);
  };
  if (isDifferentiated()) return run((tensor) => tensor);
  const caller = currentPlace();
  const scope = openScope();
  try {
    return within(scope, () => run((tensor) => within(caller, () => copyOf(tensor)), scope.region));
  } finally {
    scope.close();
  }
}

function checkScalar(result: unknown): asserts result is Tensor {
  if (!(result instanceof Tensor)) {
    const what = kindOf(checkedSync("grad", result));
    throw new TypeError(`[grad] the function returned ${what}, not a tensor. Return the loss itself.`);
  }
  if (result.rank !== 0) {
    throw new RangeError(
      `[grad] the result has shape ${showShape(result.shape)}; a gradient needs one number. End with .sum() or .mean().`,
    );
  }
  if (!result.type.isFloat) {
    throw new TypeError(`[grad] the result is ${result.dtype}, which has no derivative. Return a loss of floats.`);
  }
}

function unused({ tensor, path }: Leaf, options: GradOptions, copyOut: CopyOut): Tensor {
  if (options.unused !== "zero") {
    const name = path === "" ? "the argument" : `"${plain(path)}"`;
    throw new RangeError(`[grad] ${name} does not reach the result. If that is intended, pass { unused: "zero" }.`);
  }
  return copyOut(zerosLike(tensor));
}

/** What `vjp` gives besides the value: a function from cotangents to gradients, which owns the tape it reads. */
export interface Pullback<P, R> {
  /** The gradients for a cotangent of the shape (or tree of shapes) of the value; zeros where there is no path. */
  (cotangent: R): P;
  /** Frees the tape. Better: `using pullback = ...`. */
  dispose(): void;
  [Symbol.dispose](): void;
}

/**
 * Runs `f` on `parameters` and returns its value with the pullback, the product of a cotangent with the Jacobian. The
 * pullback may be called any number of times until it is disposed.
 *
 * @example
 * const { value, pullback } = vjp((x: Tensor) => x.square(), tensor([1, 2])); // [1, 4]
 * pullback(tensor([1, 1])); // [2, 4]
 */
export function vjp<P extends TreeOf<P>, R extends TreeOf<R>>(
  f: (parameters: P) => R,
  parameters: P,
): { value: R; pullback: Pullback<P, R> } {
  checkKind("vjp", "the function to differentiate", f, "a function");
  const { handles } = parametersOf("vjp", parameters);
  const inner = isDifferentiated();
  const tape = inner ? undefined : new OwnTape();
  const scope = tape?.scope;
  const place = scope ?? currentPlace();
  const dispose = (): void => tape?.dispose();
  const run = (): { result: R; stretch: Stretch; outputs: Leaf[] } => {
    try {
      const made = within(place, () => recorded(() => f(withLeaves(parameters, handles))));
      return { ...made, outputs: leavesOf("vjp", made.result) };
    } catch (error) {
      dispose();
      throw error;
    }
  };
  const { result, stretch, outputs } = run();
  const results = outputs.map((leaf) => leaf.tensor);

  const pull = (cotangent: R): P => {
    const words = { subject: "the cotangent", verb: "is", cure: "Pass a tree like the value." };
    const seeds = leavesLike("pullback", outputs, cotangent, words).map(({ tensor, path }, i) => {
      if (results[i].type.isFloat) {
        checkFloat("pullback", "the cotangent", path, tensor);
        checkLike("pullback", "the cotangent", tensor, results[i]);
      }
      return tensor;
    });
    const caller = currentPlace();
    const found = sweepBack(stretch, results, seeds, handles, (tensor) => within(caller, () => copyOf(tensor)));
    const zero = { tensor: handles[0], path: "" };
    return withLeaves(
      parameters,
      found.map((gradient, i) => gradient ?? unused({ ...zero, tensor: handles[i] }, { unused: "zero" }, (t) => t)),
    );
  };
  const value = scope ? withLeaves(result, results.map(copyOf)) : result;
  const pullback = Object.assign(pull, { dispose, [disposeSymbol]: dispose });
  tape?.belongsTo(pullback);
  return { value, pullback };
}

/** The memory of a tape that outlives its call, until it is disposed or the pullback that reads it is collected. */
class OwnTape {
  private readonly arena = borrowArena();
  readonly scope = new Scope(this.arena);
  private holding: Holding | undefined;

  belongsTo(pullback: object): void {
    const { arena, scope } = this;
    // What the collector keeps must not lead back to the pullback, or that would never be collected.
    const free = (): void => close(arena, scope);
    this.holding = { kind: "pullbacks", bytes: arena.bytes, index: -1, fresh: undefined, weak: undefined, free };
    collector.hold(pullback, this.holding);
  }

  dispose(): void {
    if (this.holding) collector.release(this.holding);
    close(this.arena, this.scope);
  }
}

function close(arena: Arena, scope: Scope): void {
  if (!scope.open) return;
  scope.close();
  returnArena(arena);
}
