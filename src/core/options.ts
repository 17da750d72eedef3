// Options of functions: a name that nobody reads is a mistake, which types find and plain JavaScript does not.

import { quote } from "./quote.js";
import { Tensor } from "./tensor.js";

/** Throws a TypeError if options are no object, or have a name that is not among these. */
export function checkOptions(op: string, options: object, names: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(`[${op}] options are an object such as { ${names[0]}: ... }, not ${quote(options)}.`);
  }
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue;
    throw new TypeError(`[${op}] there is no option ${quote(name)}; there ${listOf(names)}. Remove it.`);
  }
}

/** `checkOptions` for options that have a `dtype` too. A tensor may stand for them: what is made is then of its type. */
export function checkTyped(op: string, options: object, names: readonly string[] = []): void {
  if (!(options instanceof Tensor)) checkOptions(op, options, [...names, "dtype"]);
}

/** What an argument can be, of which plain JavaScript makes sure nowhere. */
const kinds = {
  "a function": (value: unknown) => typeof value === "function",
  "a list": Array.isArray,
  "a list of numbers": (value: unknown) =>
    Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView)),
  "a list or a set": (value: unknown) => typeof value === "object" && value !== null && Symbol.iterator in value,
  "a tensor": (value: unknown) => value instanceof Tensor,
  "an object": (value: unknown) => typeof value === "object" && value !== null,
  text: (value: unknown) => typeof value === "string",
};

/** Throws a TypeError unless an argument is of this kind. `name`: how messages call it. */
export function checkKind(op: string, name: string, value: unknown, kind: keyof typeof kinds): void {
  if (kinds[kind](value)) return;
  throw new TypeError(`[${op}] ${name} is ${quote(value)}. Give ${kind}.`);
}

const listOf = (names: readonly string[]): string =>
  names.length === 1 ? `is ${names[0]}` : `are ${names.join(", ")}`;
