// Arguments that the library made: what plain JavaScript passes in their place is told by name, with the way to make one.
import { Key } from "./key.js";
import { checkKind } from "./options.js";
import { quote } from "./quote.js";
import { kindOf } from "./tree.js";

/** Throws, with the way to make one, for what is no key. `name`: how messages call the argument. */
export function checkKey(op: string, key: Key, name = "the first argument"): void {
  if (key instanceof Key) return;
  throw new TypeError(`[${op}] ${name} is ${kindOf(key)}, not a Key. Make one: Key.of(0).`);
}

/** Throws a TypeError unless this is an object that has all `members`. `cure`: a sentence that says how to make one. */
export function checkMade(op: string, name: string, value: unknown, members: readonly string[], cure: string): void {
  if (typeof value === "object" && value !== null && members.every((member) => member in value)) return;
  throw new TypeError(`[${op}] ${name} is ${quote(value)}. ${cure}`);
}

/** `checkMade` for each item of a list, and a TypeError for what is no list. */
export function checkEachMade(
  op: string,
  name: string,
  values: readonly unknown[],
  members: readonly string[],
  cure: string,
): void {
  checkKind(op, name, values, "a list");
  for (const [i, value] of values.entries()) checkMade(op, `item ${i} of ${name}`, value, members, cure);
}
