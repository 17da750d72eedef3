// Types that are made from others: lists, and words as alternatives to another type.
import { type Leaf, leaf, type Type } from "./type.js";
import { orOf } from "./words.js";

/** The longest text of a flag that is read as a list. */
const MOST_TEXT = 65_536;

/** Limits of a list. */
export interface ListOptions {
  /** Whether a flag must not repeat an entry. For values from code and JSON, tables make their own checks. */
  readonly distinct?: boolean;
  /** How many entries it must have. */
  readonly length?: number;
  /** An example of a flag's text: "0,2,9". */
  readonly example?: string;
  /** The words for the whole list, if they do not follow from its entries. */
  readonly allowed?: string;
}

/** A list whose entries are all of one type; a flag has commas between them. */
export function list<T>(
  of: Leaf<T>,
  { distinct = false, length, example, allowed }: ListOptions = {},
): Leaf<readonly T[]> {
  const fits = (list: readonly unknown[]): boolean => length === undefined || list.length === length;
  const { text } = of;
  return {
    ...leaf<readonly T[]>({
      allowed: allowed ?? `a list, each entry ${of.allowed}`,
      holds: (value) => Array.isArray(value) && fits(value) && value.every((entry) => of.holds(entry)),
    }),
    text: text && {
      get allowed() {
        const entries = `${distinct ? "different " : ""}${of.several ?? text.allowed}`;
        return `${entries} with commas between them${example === undefined ? "" : `, such as ${example}`}`;
      },
      ...(text.words && { words: text.words }),
      read: (given) => {
        if (given.length > MOST_TEXT) return undefined;
        const values = given.split(",").map((part) => text.read(part.trim()));
        if (!fits(values) || values.some((value) => value === undefined)) return undefined;
        return distinct && new Set(values).size < values.length ? undefined : (values as T[]);
      },
    },
  };
}

/** One of these words, or a value of the other type, such as "off" or a number. */
export function wordOr<const W extends string, T>(names: readonly W[], other: Leaf<T>): Leaf<W | T> {
  const [words, rest] = [new Set<unknown>(names), other.text];
  return {
    ...leaf<W | T>({
      allowed: `${names.map((name) => `"${name}"`).join(", ")}, or ${other.allowed}`,
      holds: (value) => words.has(value) || other.holds(value),
    }),
    text: rest && {
      allowed: `${orOf(names)}, or ${rest.allowed}`,
      words: names,
      read: (given) => names.find((name) => name === given) ?? rest.read(given),
    },
  };
}

/** A list of any type, including objects: its entries are checked one by one, and messages name them by their place. */
export function listOf<T>(of: Type<T>): Type<readonly T[]> {
  return {
    allowed: `a list, each entry ${of.allowed}`,
    take(value, at) {
      if (!Array.isArray(value)) throw at.refuse(value, this.allowed);
      return value.map((entry, i) => of.take(entry, at.entry(i)));
    },
    canonical: (value) => value.map((entry) => of.canonical(entry)),
  };
}
