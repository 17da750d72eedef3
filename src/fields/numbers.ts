// Types of numbers. A flag may have a lower limit than code, which catches typing errors.
import { checkOptions } from "../core/index.js";
import { type Leaf, leaf } from "./type.js";

/** The longest text that is read as a flag's number; longer text is never a number. */
const MOST_DIGITS = 64;

/** The whole number that these decimal digits stand for, or undefined. */
export function wholeIn(text: string, from: number, to: number): number | undefined {
  if (!/^\d{1,16}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= from && value <= to ? value : undefined;
}

/** The number that digits stand for, with or without a point and an exponent; NaN for anything else. */
export function decimalIn(text: string): number {
  if (text.length > MOST_DIGITS || !/^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number.NaN;
  return Number(text);
}

const shown = (limit: number): string => (limit === Number.MAX_SAFE_INTEGER ? "2^53 - 1" : String(limit));

/**
 * A whole number from `from` up.
 *
 * @param options `to`: the largest value; `most`: the largest value that a flag takes, if that is less.
 * @example whole(1, { to: 100 }).allowed // "a whole number from 1 to 100"
 */
export function whole(from: number, given: { to?: number; most?: number } = {}): Leaf<number> {
  checkOptions("whole", given, ["to", "most"]);
  const { to, most } = given;
  const range = (to: number | undefined): string =>
    to === undefined ? `from ${from} up` : `from ${from} to ${shown(to)}`;
  const last = most ?? to ?? Number.MAX_SAFE_INTEGER;
  return leaf<number>({
    allowed: `a whole number ${range(to)}`,
    several: `whole numbers ${range(last)}`,
    holds: (value) => Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= (to ?? Infinity),
    text: { allowed: `a whole number ${range(last)}`, read: (text) => wholeIn(text, from, last) },
  });
}

/** The range of a number; either end may be left out. */
export interface Range {
  /** It must be above this. */
  readonly above?: number;
  /** It must be at least this. */
  readonly from?: number;
  /** It must be at most this. */
  readonly to?: number;
  /** It must be below this. */
  readonly below?: number;
  /** The largest value that a flag takes, if that is less. */
  readonly most?: number;
  /** Examples of a flag's text: "0.001 or 4e-4". */
  readonly example?: string;
}

const words = ({ above, from, to, below }: Range): string => {
  if (from !== undefined && to !== undefined) return `a number from ${from} to ${to}`;
  const low = above !== undefined ? `above ${above}` : from !== undefined ? `of at least ${from}` : "";
  const high = below !== undefined ? `below ${below}` : to !== undefined ? `at most ${to}` : "";
  return ["a number", [low, high].filter((end) => end !== "").join(" and ")].join(" ").trim();
};

/**
 * A finite number in a range.
 *
 * @example number({ above: 0, to: 1 }).allowed // "a number above 0 and at most 1"
 */
export function number(range: Range = {}): Leaf<number> {
  checkOptions("number", range, ["above", "from", "to", "below", "most", "example"]);
  const { above = -Infinity, from = -Infinity, to = Infinity, below = Infinity, most = to, example } = range;
  const inside = (x: number, last: number): boolean =>
    Number.isFinite(x) && x > above && x >= from && x <= last && x < below;
  const typed = words(most === Infinity ? range : { ...range, to: most });
  return leaf<number>({
    allowed: words(range),
    holds: (value) => inside(value as number, to),
    text: {
      allowed: example === undefined ? typed : `${typed}, such as ${example}`,
      read: (text) => {
        const value = decimalIn(text);
        return inside(value, most) ? value : undefined;
      },
    },
  });
}
