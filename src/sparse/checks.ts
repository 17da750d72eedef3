// The check for whole numbers in a range.
import { checkMade, quote } from "../core/index.js";

/**
 * Checks a whole number.
 *
 * @param where the name of the called function, for the message.
 * @param name the name of the option.
 * @param least the smallest allowed number.
 * @throws RangeError unless `value` is a whole number from `least` to the bound, which is given in words and as a number.
 */
export function checkWhole(
  where: string,
  name: string,
  value: number,
  least: number,
  [what, bound]: readonly [what: string, bound: number] = ["2^53 - 1", Number.MAX_SAFE_INTEGER],
): void {
  if (Number.isSafeInteger(value) && value >= least && value <= bound) return;
  throw new RangeError(
    `[${where}] \`${name}\` is ${quote(value)}. Make it a whole number from ${least} to ${what}${what === String(bound) || what === "2^53 - 1" ? "" : ` (${bound})`}.`,
  );
}

/** Throws a TypeError for sizes that are no object: each function says which numbers it needs. */
export function checkSizes(where: string, sizes: object, names: string): void {
  checkMade(where, "what it is given", sizes, [], `Give { ${names} }.`);
}
