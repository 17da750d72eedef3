// What fields of parsed JSON must be, and the errors that name the first one that is not.
import { InputError } from "../core/index.js";

/** An object as JSON has it. */
export type Fields = Record<string, unknown>;

/** What a field must be: a phrase for the error message, and the test. */
export type Check = readonly [needed: string, test: (value: unknown) => boolean];

/** Any text but the empty one. */
export const text: Check = ["text", (value) => typeof value === "string" && value !== ""];
/** A whole number from 1 up. */
export const count: Check = [
  "a whole number from 1 up",
  (value) => Number.isSafeInteger(value) && (value as number) > 0,
];
/** A finite number above 0. */
export const positive: Check = ["a number above 0", (value) => Number.isFinite(value) && (value as number) > 0];
/** A finite number. */
export const number: Check = ["a number", (value) => Number.isFinite(value)];
/** A list of what the check demands. */
export const list = ([needed, test]: Check): Check => [
  `a list, each entry ${needed}`,
  (value) => Array.isArray(value) && value.every(test),
];
/** One of these texts. */
export const choice = (...names: string[]): Check => [
  `one of ${names.map((name) => `"${name}"`).join(", ")}`,
  (value) => names.includes(value as string),
];
/** A whole number in a range, both ends included. */
export const whole = (low: number, high: number): Check => [
  `a whole number from ${low} to ${high}`,
  (value) => Number.isInteger(value) && (value as number) >= low && (value as number) <= high,
];

/** Whether a value is an object with fields: no list, not null. */
export const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The fields of `value` that `checks` names, in that order, each checked.
 *
 * @param name what the error calls the whole.
 * @param within what it puts before a field's name.
 * @throws InputError naming the first field that is missing, unknown or makes no sense.
 */
export function checked(name: string, value: Fields, checks: Readonly<Record<string, Check>>, within = ""): Fields {
  const fail = (fact: string): InputError => new InputError(`[config] ${name}: ${fact}`);
  for (const field of Object.keys(value)) {
    if (!Object.hasOwn(checks, field)) {
      throw fail(`there is no field "${within}${field}". Remove it; there are ${Object.keys(checks).join(", ")}.`);
    }
  }
  return Object.fromEntries(
    Object.entries(checks).map(([field, [needed, test]]) => {
      if (!Object.hasOwn(value, field)) throw fail(`the field "${within}${field}" is missing. Add it: ${needed}.`);
      if (!test(value[field])) {
        throw fail(`"${within}${field}" is ${JSON.stringify(value[field])}. Make it ${needed}.`);
      }
      return [field, value[field]];
    }),
  );
}
