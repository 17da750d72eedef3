// What a setting may be. A type says it in words, tests values that come from code or from JSON, and reads the text of a
// flag. The words are written once and stand in every message.
import { InputError, quote } from "../core/index.js";

/** Where a value stands, for messages: in a file, whose fields have quotes, or in code, whose options have backticks. */
export class Place {
  constructor(
    /** What every message begins with, such as "[config] runs/a/config.json: ". */
    readonly whole: string,
    /** The names of the fields down to this one, such as "plasticity.motifs"; "" for the whole. */
    readonly path: string,
    readonly where: "file" | "code",
  ) {}

  /** The field of this name, one level further down. */
  at(name: string): Place {
    return new Place(this.whole, this.path === "" ? name : `${this.path}.${name}`, this.where);
  }

  /** The entry of a list at this index. */
  entry(index: number): Place {
    return new Place(this.whole, `${this.path}[${index}]`, this.where);
  }

  /** The path as messages show it. */
  get name(): string {
    return this.where === "code" ? `\`${this.path}\`` : `"${this.path}"`;
  }

  /** An error that says this fact: of a file an InputError, of code a RangeError. */
  error(fact: string): Error {
    const Kind = this.where === "code" ? RangeError : InputError;
    return new Kind(`${this.whole}${fact}`);
  }

  /** The error for a value that is not what is allowed here. */
  refuse(value: unknown, allowed: string): Error {
    const subject = this.path === "" ? "it" : this.name;
    return this.error(`${subject} is ${quote(value)}. Make it ${allowed}.`);
  }
}

/** How a flag gives a value of a type. */
export interface TextForm<T> {
  /** What may be given, in words that follow "Pass": "a whole number from 1 to 64". */
  readonly allowed: string;
  /** The value that this text means; undefined if it means none. */
  read(text: string): T | undefined;
}

/** What a setting may be. */
export interface Type<T> {
  /** In words that follow "Make it": "a whole number from 1 up". */
  readonly allowed: string;
  /**
   * A copy of the value, with the fields of objects in the order of their tables.
   *
   * @throws InputError, or RangeError where the place is code, that names the place, the value and what is allowed.
   */
  take(value: unknown, at: Place): T;
  /** The value as it is hashed: without the fields that change nothing, or that came later and are as before. */
  canonical(value: T): unknown;
  /** How a flag gives it; a type without cannot be given by one. */
  readonly text?: TextForm<T> | undefined;
}

/** A type whose values are tested whole. */
export interface Leaf<T> extends Type<T> {
  /** Whether a value is one. */
  holds(value: unknown): value is T;
  /** The words for several of them: "whole numbers from 1 up". */
  readonly several?: string | undefined;
}

/** A type that is tested whole, from its words and its test. */
export function leaf<T>({
  allowed,
  holds,
  several,
  text,
}: {
  readonly allowed: string;
  readonly holds: (value: unknown) => boolean;
  readonly several?: string;
  readonly text?: TextForm<T>;
}): Leaf<T> {
  return {
    allowed,
    several,
    text,
    holds: (value): value is T => holds(value),
    take: (value, at) => {
      if (holds(value)) return structuredClone(value) as T;
      throw at.refuse(value, allowed);
    },
    canonical: (value) => value,
  };
}

/** Whether a value is an object with fields: no list, not null. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
