// Types of settings. A type describes in words what is allowed, checks values from code or JSON, and reads the text of
// a flag. The words are written once and used in every message.
import { InputError, quote } from "../core/index.js";

/**
 * Where a value comes from, for messages: from a file, whose fields are put in quotes, or from code, whose options are
 * put in backticks.
 */
export class Place {
  constructor(
    /** What every message begins with, such as "[config] runs/a/config.json: ". */
    readonly whole: string,
    /** The path of field names to this value, such as "plasticity.motifs"; "" for the whole configuration. */
    readonly path: string,
    readonly where: "file" | "code",
  ) {}

  /** The place of the field with this name, one level down. */
  at(name: string): Place {
    return new Place(this.whole, this.path === "" ? name : `${this.path}.${name}`, this.where);
  }

  /** The place of the list entry at this index. */
  entry(index: number): Place {
    return new Place(this.whole, `${this.path}[${index}]`, this.where);
  }

  /** The path as messages show it. */
  get name(): string {
    return this.where === "code" ? `\`${this.path}\`` : `"${this.path}"`;
  }

  /** An error that states this fact: an InputError for a file, a RangeError for code. */
  error(fact: string): Error {
    const Kind = this.where === "code" ? RangeError : InputError;
    return new Kind(`${this.whole}${fact}`);
  }

  /** The error for a value that is not allowed here. */
  refuse(value: unknown, allowed: string): Error {
    const subject = this.path === "" ? "it" : this.name;
    return this.error(`${subject} is ${quote(value)}. Make it ${allowed}.`);
  }
}

/** How a flag's text is read as a value of a type. */
export interface TextForm<T> {
  /** What is allowed, in words that follow "Pass": "a whole number from 1 to 64". */
  readonly allowed: string;
  /** The words that are allowed, where it is words; a list has those of its entries. */
  readonly words?: readonly string[];
  /** The value of this text; undefined if the text is not valid. */
  read(text: string): T | undefined;
}

/** The type of a setting. */
export interface Type<T> {
  /** What is allowed, in words that follow "Make it": "a whole number from 1 up". */
  readonly allowed: string;
  /**
   * A copy of the value, with the fields of objects in the order of their tables.
   *
   * @throws InputError (or RangeError, if the value comes from code) that names the place, the value and what is
   * allowed.
   */
  take(value: unknown, at: Place): T;
  /**
   * The value in the form that is hashed: without fields that do not affect the result, and without later fields that
   * have their value `before`.
   */
  canonical(value: T): unknown;
  /** How a flag's text is read; without this, no flag can set a value of the type. */
  readonly text?: TextForm<T> | undefined;
}

/** A type whose values are checked as a whole. */
export interface Leaf<T> extends Type<T> {
  /** Whether a value is of the type. */
  holds(value: unknown): value is T;
  /** The words for several of them: "whole numbers from 1 up". */
  readonly several?: string | undefined;
}

/** Makes a type whose values are checked as a whole, from its words and its check. */
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

/** Whether a value is an object with fields: neither a list nor null. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
