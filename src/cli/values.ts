// Reads the values of flags that are in no table of fields. An invalid text throws an error that names the flag, the
// text, and what the flag accepts.
import * as types from "../fields/index.js";

/** The flag for a name of commander's: `tauMin` is --tau-min. */
export const flagOf = (key: string): string => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Reads the text of one flag. */
export type Reader<T> = (text: string) => T;

const reader =
  <T>(flag: string, type: types.Type<T>): Reader<T> =>
  (text) =>
    types.readFlag(flag, type, text);

/** A whole number in a range. */
export const whole = (flag: string, from: number, to: number): Reader<number> =>
  reader(flag, types.whole(from, { to }));

/** One of these words. */
export const word = <const T extends string>(flag: string, words: readonly T[]): Reader<T> =>
  reader(flag, types.choice(words));

/** Text that is not empty, such as a folder. */
export const text = (flag: string, what: string): Reader<string> => reader(flag, types.text(what));

/** Whole numbers in a range, separated by commas; with `distinct`, none twice. */
export const list = (
  flag: string,
  { from, to, ...options }: { from: number; to: number; example: string; distinct?: boolean },
): Reader<readonly number[]> => reader(flag, types.list(types.whole(from, { to }), options));
