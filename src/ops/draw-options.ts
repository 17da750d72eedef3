// What all random tensors share: a key, a shape, and options whose names, ranges and types are written here once.

import {
  checkKey,
  checkTyped,
  type DType,
  type ElementType,
  type Key,
  ownShape,
  quote,
  type Shape,
  sameShape,
  showShape,
  Tensor,
  typeNamed,
} from "../core/index.js";
import { broadcastShapes } from "./broadcast.js";
import { full, type OfType } from "./create.js";
import type { Operand } from "./elementwise.js";

/** The parameters of distributions that are options. A draw takes some of them, and its description tells the defaults. */
export interface DrawParameters {
  /** The lower bound. */
  readonly low: number;
  /** The upper bound. */
  readonly high: number;
  /** The mean, finite. */
  readonly mean: number;
  /** The standard deviation, finite, at least 0. */
  readonly std: number;
  /** What is added to the draws: a finite number or a tensor. */
  readonly location: Operand;
  /** What the draws are multiplied by before: a finite number of at least 0 or a tensor. */
  readonly scale: Operand;
  /** The inverse of the mean: a number above 0 or a tensor. */
  readonly rate: Operand;
}

/** Options of a draw with these parameters. With `location`, `scale` or `rate` as a tensor the draws are of its type. */
export type DrawOptions<Name extends keyof DrawParameters = never> = Partial<Pick<DrawParameters, Name>> & OfType;

/** What a parameter may be: which numbers, in words, and whether it may be a tensor, whose numbers are not looked at. */
interface Range {
  readonly holds: (x: number) => boolean;
  readonly needed: string;
  readonly tensor: boolean;
}
const rangeOf = (holds: (x: number) => boolean, needed: string, tensor = false): Range => ({ holds, needed, tensor });
const width = (x: number): boolean => x >= 0 && Number.isFinite(x);

/** Any number, or a tensor of them. */
export const anyOperand: Range = rangeOf((x) => !Number.isNaN(x), "a number or a tensor", true);
/** A chance, or a tensor of chances. */
export const chance: Range = rangeOf((x) => x >= 0 && x <= 1, "a probability from 0 to 1, or a tensor", true);
/** A mean of counts, or a tensor of means. */
export const meanCount: Range = rangeOf((x) => x >= 0 && x <= 1e9, "a number from 0 to 10^9, or a tensor", true);

const ranges: { readonly [Name in keyof DrawParameters]: Range } = {
  low: rangeOf((x) => !Number.isNaN(x), "a number"),
  high: rangeOf((x) => !Number.isNaN(x), "a number"),
  mean: rangeOf(Number.isFinite, "a finite number"),
  std: rangeOf(width, "a finite number of at least 0"),
  location: rangeOf(Number.isFinite, "a finite number or a tensor", true),
  scale: rangeOf(width, "a finite number of at least 0, or a tensor", true),
  rate: rangeOf((x) => x > 0, "a number above 0, or a tensor", true),
};

/** Throws a RangeError for a number out of the range, and a TypeError for a value that is neither a number nor an accepted tensor. */
export function checkParameter(op: string, name: string, value: unknown, { holds, needed, tensor }: Range): void {
  if (typeof value === "number" ? holds(value) : tensor && value instanceof Tensor) return;
  const Kind = typeof value === "number" ? RangeError : TypeError;
  throw new Kind(`[${op}] \`${name}\` is ${quote(value)}: give ${needed}.`);
}

/**
 * The parameters of a draw: what `options` says, and `defaults` for the rest. Throws for a name that is not among these, and
 * for a value out of its range.
 */
export function parametersOf<Name extends keyof DrawParameters>(
  op: string,
  options: DrawOptions<Name>,
  defaults: Pick<DrawParameters, Name>,
): Pick<DrawParameters, Name> & OfType {
  const names = Object.keys(defaults) as Name[];
  checkTyped(op, options, names);
  // A tensor has methods by the names of parameters.
  const given: OfType = options instanceof Tensor ? { dtype: options.dtype } : options;
  const found = { ...defaults, ...given } as Pick<DrawParameters, Name> & OfType;
  for (const name of names) {
    if (found[name] === undefined) found[name] = defaults[name];
    checkParameter(op, name, found[name], ranges[name]);
  }
  return found;
}

/** The shape of a draw with this key. Throws for a value that is not a key or not a shape. */
export function checkDraw(op: string, key: Key, shape: Shape): Shape {
  checkKey(op, key);
  return ownShape(op, shape);
}

/** The type of draws with these parameters: `dtype` if it is given, else theirs, float32 for numbers alone. */
export function typeOfDraws(op: string, parameters: readonly Operand[], { dtype }: OfType): ElementType {
  const found = parameters.find((parameter) => typeof parameter !== "number");
  return floatNamed(op, dtype ?? found?.dtype ?? "float32");
}

/** The parameters of draws as tensors of one type. */
export function asTensors(op: string, parameters: readonly Operand[], options: OfType): readonly Tensor[] {
  const { name: dtype } = typeOfDraws(op, parameters, options);
  return parameters.map((x) => (typeof x === "number" ? full([], x, { dtype }) : x));
}

/** Throws for a type that is no float, of which there are no such draws. */
export function floatNamed(op: string, dtype: DType): ElementType {
  const type = typeNamed(dtype);
  if (type.isFloat) return type;
  throw new TypeError(`[${op}] draws are floats, not ${dtype}. Use float32 or float64, or random.integers.`);
}

/** The shape of draws whose parameters broadcast: `wanted`, into which they must fit, or their common one. */
export function drawShape(op: string, wanted: Shape | undefined, ...parameters: readonly Operand[]): Shape {
  let common: Shape = [];
  for (const parameter of parameters) {
    if (typeof parameter !== "number") common = broadcastShapes(op, common, parameter.shape);
  }
  if (wanted === undefined) return common;
  const own = ownShape(op, wanted);
  if (!sameShape(broadcastShapes(op, own, common), own)) {
    throw new RangeError(
      `[${op}] parameters of shape ${showShape(common)} do not fit draws of shape ${showShape(wanted)}.`,
    );
  }
  return own;
}

/** How many items there are to draw from: this number, or those of a tensor along its first axis. */
export function itemsOf(op: string, x: number | Tensor, least: number): number {
  const count = x instanceof Tensor ? x.shape[0] : x;
  if (Number.isInteger(count) && count >= least) return count;
  throw new RangeError(
    `[${op}] ${quote(count)} items: a whole number of at least ${least}, or a tensor with an axis, is needed.`,
  );
}
