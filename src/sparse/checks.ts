// Whole numbers in a range, refused in one form.
import { quote } from "../core/index.js";

/**
 * @param where the function that is called, for the message.
 * @param name the option that `value` was given as.
 * @param most what bounds it, in words, and the bound.
 * @throws RangeError if it is no whole number from `least` to the bound.
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
