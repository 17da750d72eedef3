// What every optimizer shares: checked options, trees that must fit each other, and arithmetic that has the same bits
// on every engine and derivatives that are finite at 0.
import { isFollowed } from "../autodiff/index.js";
import {
  checkMade,
  checkOptions,
  emptyLike,
  type Filling,
  kernelsOf,
  type Leaf,
  leavesOf,
  mapTensors,
  plain,
  quote,
  sameShape,
  scope,
  showShape,
  Tensor,
  type TreeOf,
  traceable,
  tracer,
} from "../core/index.js";
import { add, clip, div, isFinite as finite, greater, mul, neg, sqrt, where, zerosLike } from "../ops/index.js";

/** A step size: a number, or a tensor of shape [] and of the type of the parameters, which can be differentiated. */
export type Rate = number | Tensor;

/** What a step gives: the next parameters, and the state to give to the next step. */
export interface Stepped<P, S> {
  /** The parameters after the step. */
  readonly params: P;
  /** The state after the step. */
  readonly state: S;
}

/**
 * The one shape of all optimizers, for functions that take any: `adam({ lr })` is an `Optimizer<P, AdamState<P>>` for
 * every tree `P`.
 */
export interface Optimizer<P, S> {
  /** The state before the first step. */
  init(params: P): S;
  /** The parameters and the state after one step. Nothing given is changed. */
  step(params: P, grads: P, state: S): Stepped<P, S>;
}

/** An optimizer, or the one for each step, counted from 0: `(k) => adam({ lr: schedule(k) })`. */
export type Scheduled<P> = Optimizer<P, object> | ((step: number) => Optimizer<P, object>);

/**
 * The optimizer of a step, counted from 0.
 *
 * @example const optimizer = optimizerAt((step) => sgd({ lr: 1 / step }), 10) // the rate 0.1 at step 10
 */
export function optimizerAt<P>(optimizer: Scheduled<P>, step: number): Optimizer<P, object> {
  const found = typeof optimizer === "function" ? optimizer(step) : optimizer;
  checkOptimizer("optimizer", "`optimizer`", found);
  return found;
}

/** Throws a TypeError, with `name` for what was given, for what is no optimizer. */
export function checkOptimizer(op: string, name: string, value: unknown): void {
  checkMade(op, name, value, ["init", "step"], "Make one, such as adam({ lr: 0.001 }).");
}

/** Throws unless the options are an object with an `lr` and no names but these. */
export function checkNames(op: string, options: object, names: readonly string[]): void {
  if ((options as { lr?: unknown } | undefined)?.lr === undefined) {
    throw new TypeError(`[${op}] there is no \`lr\`: give ${op}({ lr: 0.01 }), or another step size.`);
  }
  checkOptions(op, options, names);
}

/** Throws unless `lr` is a finite number of at least 0, or one float as a tensor. */
export function checkRate(op: string, lr: Rate): void {
  if (lr instanceof Tensor) {
    if (lr.rank === 0 && lr.type.isFloat) return;
    throw new RangeError(`[${op}] lr is ${lr.dtype} ${showShape(lr.shape)}; one float of shape [] is needed.`);
  }
  if (typeof lr !== "number") throw new TypeError(`[${op}] lr is no number: give one, or a tensor of shape [].`);
  if (!Number.isFinite(lr)) throw new RangeError(`[${op}] lr is ${quote(lr)}: give a finite number.`);
  if (lr < 0) {
    throw new RangeError(
      `[${op}] lr is ${quote(lr)}, which climbs: give at least 0, and negate the loss to make it large.`,
    );
  }
}

/** Throws unless every one of these is at least 0 and less than 1. */
export function checkDecays(op: string, decays: Readonly<Record<string, number>>): void {
  for (const [name, decay] of Object.entries(decays)) {
    if (!(typeof decay === "number" && decay >= 0 && decay < 1)) {
      throw new RangeError(`[${op}] ${name} is ${quote(decay)}: give at least 0 and less than 1.`);
    }
  }
}

/** Throws unless every one of these is a finite number of at least 0. */
export function checkPositive(op: string, numbers: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (!(typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`[${op}] ${name} is ${quote(value)}: give a number of at least 0.`);
    }
  }
}

/** A tree of zeros like `params`. Throws a TypeError for leaves that are not tensors. */
export function zerosOf<P extends TreeOf<P>>(op: string, params: P): P {
  leavesOf(op, params);
  return mapTensors(params, zerosLike);
}

/** The tensors of `tree`. Throws, naming the path, unless it has the structure and shapes of the parameters. */
export function matching(op: string, name: string, tree: unknown, params: readonly Leaf[]): Tensor[] {
  const found = leavesOf(`${op}.step`, tree);
  params.forEach(({ tensor, path }, i) => {
    const other = found[i];
    if (other?.path === path && sameShape(other.tensor.shape, tensor.shape)) return;
    const fact = other ? `has "${plain(other.path)}" ${showShape(other.tensor.shape)}` : "ends";
    throw new RangeError(
      `[${op}] ${name} ${fact} where the parameters have "${plain(path)}" ${showShape(tensor.shape)}. Pass trees of one structure.`,
    );
  });
  if (found.length > params.length) {
    throw new RangeError(
      `[${op}] ${name} has ${found.length} tensors, the parameters ${params.length}. Pass trees of one structure.`,
    );
  }
  return found.map(({ tensor }) => tensor);
}

/** lr times the direction. */
export const scaled = (direction: Tensor, lr: Rate): Tensor => mul(direction, lr);

/** base^n for a whole n, by squaring: the same bits on every engine, which `Math.pow` does not promise. */
export function power(base: number, n: number): number {
  let [product, square] = [1, base];
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) product *= square;
    square *= square;
  }
  return product;
}

/** A number that depends on how many steps were done, of the type of `like`. A compiled step computes it anew. */
export function numberAt(like: Tensor, step: Tensor, rule: (steps: number, of: number) => number, of: number): Tensor {
  const number = emptyLike(like, []);
  const fill: Filling<Tensor> = ([out], [done]) => {
    const value = rule(done.item() + 1, of);
    out.type.check([value]);
    kernelsOf(out).fill(out.address, 1, value);
  };
  traceable([number], [step], fill, [rule, of]);
  return number;
}

/**
 * m / (sqrt(v) + eps), and 0 with derivatives of 0 where v is 0. There the quotient has the slope 1 / eps, which a few
 * steps would multiply beyond float32, and the root an infinite one, which would give 0 * inf.
 */
export function quotientOrZero(m: Tensor, v: Tensor, eps: number): Tensor {
  const positive = greater(v, 0);
  return mul(div(m, add(sqrt(add(v, add(neg(positive), 1))), eps)), positive);
}

const sumOfSquares = (x: Tensor): number => kernelsOf(x).dot(x.address, x.address, x.size);

/**
 * A finite gradient cut off at the largest power of two whose square its type holds (2^63 in float32). The squares of
 * larger ones would be infinite, and so would their running mean be for good: the optimizer would never move again.
 * Infinities and NaN stay, so that they are seen.
 */
export function squarable(gradient: Tensor): Tensor {
  if (!tracer || isFollowed()) return cutOff(gradient);
  // A compiled step looks anew at each call.
  const safe = emptyLike(gradient);
  traceable([safe], [gradient], cutOffInto);
  return safe;
}

const cutOffInto: Filling<Tensor> = ([out], [gradient]) =>
  scope(() => kernelsOf(out).copy(out.address, cutOff(gradient).address, out.bytes));

function cutOff(gradient: Tensor): Tensor {
  const bound = gradient.type.limits.largestSquarable;
  // Where the sum of all squares is far below bound², no element is above the bound: nearly always. To look costs a few
  // per cent of a step of Adam, to cut off without looking a quarter.
  if (!isFollowed() && sumOfSquares(gradient) <= (bound * bound) / 2) return gradient;
  return where(finite(gradient), clip(gradient, -bound, bound), gradient);
}
