// Options of functions: a name that nobody reads is a mistake, which types find and plain JavaScript does not.
import { quote } from "./quote.js";

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

const listOf = (names: readonly string[]): string =>
  names.length === 1 ? `is ${names[0]}` : `are ${names.join(", ")}`;
