// The header of a .npy file: a Python dictionary as text. It is read character by character, so the time grows only
// linearly with its length, whatever it contains.
import type { Shape } from "../core/index.js";

/** The description of the data in a header. */
export interface NpyHeader {
  /** NumPy's name of the element type, such as "<f4"; for a structured type, its text. */
  readonly descr: string;
  /** Whether the first axis varies fastest. */
  readonly fortran: boolean;
  readonly shape: Shape;
}

/** A value of the dictionary: what kind it is, and its text without quotes or parentheses. */
interface Value {
  readonly kind: "text" | "word" | "tuple" | "list";
  readonly text: string;
}

const CLOSING: Readonly<Record<string, string>> = { "[": "]", "(": ")", "{": "}" };

/**
 * Reads a header from its text.
 *
 * @param fail throws an error that states the given fact.
 */
export function parseNpyHeader(text: string, fail: (fact: string) => never): NpyHeader {
  const fields = entriesOf(text, fail);
  const field = (name: string, kind: Value["kind"]): string => {
    const value = fields.get(name);
    return value?.kind === kind ? value.text : fail(`has no ${name} in its header`);
  };
  const type = fields.get("descr");
  const descr = type?.kind === "list" ? type.text : field("descr", "text");
  const order = field("fortran_order", "word");
  if (order !== "True" && order !== "False") fail("has no fortran_order in its header");
  const shape = sizesOf(field("shape", "tuple")) ?? fail("has no shape in its header");
  return { descr, fortran: order === "True", shape };
}

/** The entries of a dictionary of text keys. */
function entriesOf(text: string, fail: (fact: string) => never): Map<string, Value> {
  const entries = new Map<string, Value>();
  let at = 0;
  const skipSpace = (): void => {
    while (at < text.length && (text[at] === " " || text[at] === "\n" || text[at] === "\t" || text[at] === "\r")) at++;
  };
  const expect = (character: string): void => {
    skipSpace();
    if (text[at++] !== character) fail("has a header that is no dictionary");
  };
  /** The text up to the bracket that closes the one at `at`, skipping nested brackets and strings. */
  const bracketed = (): string => {
    const start = at;
    const open: string[] = [];
    do {
      const character = text[at];
      if (character === undefined) fail("has a header that is cut short");
      if (character in CLOSING) open.push(CLOSING[character]);
      else if (character === open.at(-1)) open.pop();
      else if (character === "'" || character === '"') quoted();
      at++;
    } while (open.length > 0);
    return text.slice(start, at);
  };
  /** The text in quotes at `at`; afterwards `at` is at the closing quote. */
  const quoted = (): string => {
    const end = text.indexOf(text[at], at + 1);
    if (end < 0) fail("has a header that is cut short");
    const inside = text.slice(at + 1, end);
    at = end;
    return inside;
  };
  const value = (): Value => {
    skipSpace();
    const first = text[at];
    if (first === "'" || first === '"') {
      const inside = quoted();
      at++;
      return { kind: "text", text: inside };
    }
    if (first === "(") return { kind: "tuple", text: bracketed().slice(1, -1) };
    if (first === "[") return { kind: "list", text: bracketed() };
    const start = at;
    while (at < text.length && /[A-Za-z0-9_.]/.test(text[at])) at++;
    return { kind: "word", text: text.slice(start, at) };
  };
  expect("{");
  for (skipSpace(); text[at] !== "}"; skipSpace()) {
    const { kind, text: name } = value();
    if (kind !== "text") fail("has a header that is no dictionary");
    if (entries.has(name)) fail(`has ${name.length > 20 ? "a name" : name} twice in its header`);
    expect(":");
    entries.set(name, value());
    skipSpace();
    if (text[at] === ",") at++;
    else if (text[at] !== "}") fail("has a header that is no dictionary");
  }
  at++;
  skipSpace();
  if (at < text.length) fail("has a header that goes on after its dictionary");
  return entries;
}

/** The sizes in a tuple's text; Python 2 wrote an L after some. Undefined if they are not sizes. */
function sizesOf(tuple: string): number[] | undefined {
  const parts = tuple.split(",").map((part) => part.trim());
  if (parts.at(-1) === "") parts.pop(); // after the last comma, or in ()
  const sizes = parts.map((part) => (/^\d{1,16}L?$/.test(part) ? Number.parseInt(part, 10) : Number.NaN));
  return sizes.every(Number.isSafeInteger) ? sizes : undefined;
}
