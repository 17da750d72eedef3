// Types of words: texts, choices, and true or false.
import { checkKind } from "../core/index.js";
import { type Leaf, leaf } from "./type.js";

/** `a, b or c`. */
export const orOf = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names[names.length - 1]}`;

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");

/**
 * Any text except the empty one.
 *
 * @param what what the text means, such as "a folder".
 */
export function text(what = "text", { empty = false }: { empty?: boolean } = {}): Leaf<string> {
  return leaf<string>({
    allowed: "text",
    holds: (value) => typeof value === "string" && (empty || value !== ""),
    text: { allowed: what, read: (given) => (given === "" || given.includes("\0") ? undefined : given) },
  });
}

/**
 * One of these words.
 *
 * @example choice(["relu", "tanh"]).allowed // "one of \"relu\", \"tanh\""
 */
export function choice<const T extends string>(names: readonly T[]): Leaf<T> {
  checkKind("choice", "what it is given", names, "a list");
  return leaf<T>({
    allowed: `one of ${quoted(names)}`,
    holds: (value) => names.includes(value as T),
    text: { allowed: orOf(names), words: names, read: (given) => names.find((name) => name === given) },
  });
}

/**
 * A word from a registry that may grow, such as the name of a kind. Here it only has to be text; the check of the whole
 * configuration finds out whether it is known.
 */
export function named(names: () => readonly string[]): Leaf<string> {
  return {
    ...text(),
    text: {
      get allowed() {
        return orOf(names());
      },
      get words() {
        return names();
      },
      read: (given) => names().find((name) => name === given),
    },
  };
}

/** true or false. */
export const yesNo: Leaf<boolean> = leaf<boolean>({
  allowed: "true or false",
  holds: (value) => typeof value === "boolean",
  text: {
    allowed: "true or false",
    words: ["true", "false"],
    read: (given) => (given === "true" ? true : given === "false" ? false : undefined),
  },
});
