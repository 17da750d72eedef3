// Values of flags: text in, a checked value out, or one sentence that names the flag, what it was given and what it
// takes.
import type { Checkpoint } from "../autodiff/index.js";
import { UsageError } from "./failure.js";

/** The flag that a field of `TrainFlags` stands for. */
export const flagOf = (field: string): string => `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Reads the text of one flag. */
export type Reader<T> = (text: string) => T;

/** A reader that refuses what looks like the next flag: in `--out --json`, the value was forgotten. */
function reader<T>(flag: string, allowed: string, read: (text: string) => T | undefined): Reader<T> {
  return (text) => {
    if (text.startsWith("--")) throw new UsageError(`${flag} has no value: "${text}" follows it. Pass ${allowed}.`);
    const value = read(text.trim());
    if (value === undefined) throw new UsageError(`${flag} is ${JSON.stringify(text)}. Pass ${allowed}.`);
    return value;
  };
}

/** A whole number in decimal digits, or undefined. */
function digits(text: string, from: number, to: number): number | undefined {
  if (!/^\d{1,16}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= from && value <= to ? value : undefined;
}

/** A whole number in a range. */
export function whole(flag: string, from: number, to: number): Reader<number> {
  const range = to === Number.MAX_SAFE_INTEGER ? `${from} to 2^53 - 1` : `${from} to ${to}`;
  return reader(flag, `a whole number from ${range}`, (text) => digits(text, from, to));
}

/** A number above 0 and up to `to`. */
export function positive(flag: string, to: number): Reader<number> {
  return reader(flag, `a number above 0 and at most ${to}, such as 0.001 or 4e-4`, (text) => {
    const value = decimal(text);
    return value > 0 && value <= to ? value : undefined;
  });
}

/** A decimal number from 0 to `to`. */
export function weight(flag: string, to: number): Reader<number> {
  return reader(flag, `a number from 0 to ${to}, such as 1.5`, (text) => {
    const value = decimal(text);
    return value >= 0 && value <= to ? value : undefined;
  });
}

/** The number that digits stand for, with or without a point and an exponent; NaN for anything else. */
const decimal = (text: string): number => (/^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN);

/** One of these words. */
export function word<T extends string>(flag: string, words: readonly T[]): Reader<T> {
  const last = words[words.length - 1];
  const allowed = `${words.slice(0, -1).join(", ")} or ${last}`;
  return reader(flag, allowed, (text) => words.find((candidate) => candidate === text));
}

/** Text that is not empty, such as a folder. */
export function text(flag: string, what: string): Reader<string> {
  return reader(flag, what, (value) => (value === "" || value.includes("\0") ? undefined : value));
}

/** Whole numbers in a range, separated by commas; with `distinct`, none twice. */
export function list(
  flag: string,
  { from, to, example, distinct = false }: { from: number; to: number; example: string; distinct?: boolean },
): Reader<number[]> {
  const each = distinct ? "different whole numbers" : "whole numbers";
  return reader(flag, `${each} from ${from} to ${to} with commas between them, such as ${example}`, (text) => {
    const values = text.split(",").map((part) => digits(part.trim(), from, to));
    if (values.some((value) => value === undefined)) return undefined;
    if (distinct && new Set(values).size < values.length) return undefined;
    return values as number[];
  });
}

/** Motifs, separated by commas, none twice: numbers from 0 to 9 and these names. */
export function motifs(flag: string, names: readonly string[]): Reader<(number | string)[]> {
  const known = `different whole numbers from 0 to 9, or ${names.join(", ")}`;
  return reader(flag, `${known}, with commas between them, such as 0,2,9`, (text) => {
    const values = text
      .split(",")
      .map((part) => (names.includes(part.trim()) ? part.trim() : digits(part.trim(), 0, 9)));
    if (values.some((value) => value === undefined) || new Set(values).size < values.length) return undefined;
    return values as (number | string)[];
  });
}

/** How many times its usual length a gradient may have, or off. */
export function clip(flag: string): Reader<number | "off"> {
  return reader(flag, "off, or a number from 1 to 1000000, such as 10", (text) => {
    if (text === "off") return text;
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
    return value >= 1 && value <= 1e6 ? value : undefined;
  });
}

/** What the tape of a lifetime stores: auto, off, every:K or bytes:N. */
export function checkpoint(flag: string): Reader<Checkpoint> {
  return reader(flag, "auto, off, every:K (steps) or bytes:N, with whole numbers from 1", (text) => {
    if (text === "auto" || text === "off") return text;
    const [, kind, number] = /^(every|bytes):(\d+)$/.exec(text) ?? [];
    const value = digits(number ?? "", 1, kind === "every" ? 2 ** 31 : Number.MAX_SAFE_INTEGER);
    if (value === undefined) return undefined;
    return kind === "every" ? { every: value } : { bytes: value };
  });
}
