// Reads text from outside: turns bytes into characters and JSON into values, and refuses what could be harmful in other
// programs' files.
import { bytesOf, InputError, plain, quote } from "../core/index.js";

/** A number of bytes, in words. */
export const countedBytes = (count: number): string => (count === 1 ? "1 byte" : `${count} bytes`);

/** Byte-order marks, and the encodings that they stand for. */
const MARKS = [
  { encoding: "utf-8", mark: [0xef, 0xbb, 0xbf] },
  { encoding: "utf-16le", mark: [0xff, 0xfe] },
  { encoding: "utf-16be", mark: [0xfe, 0xff] },
] as const;

/**
 * The text of a file: UTF-8, or UTF-16 if a byte-order mark says so (Windows' editors and shells write one). The mark
 * is not part of the text.
 *
 * @param name what errors call the file.
 * @throws InputError for bytes that are not text.
 * @example textOf(Uint8Array.of(0xef, 0xbb, 0xbf, 0x68, 0x69)) // "hi"
 */
export function textOf(bytes: ArrayBuffer | ArrayBufferView, name = "the file"): string {
  const whole = bytesOf("textOf", bytes);
  const found = MARKS.find(({ mark }) => mark.every((byte, i) => whole[i] === byte));
  const { encoding, mark } = found ?? { encoding: "utf-8", mark: [] };
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(whole.subarray(mark.length));
  } catch (cause) {
    throw new InputError(`${plain(name)} is not text in ${encoding.toUpperCase()}. Save it as UTF-8.`, { cause });
  }
}

/** Lists and objects that are nested deeper than this are an attack: none of our files goes beyond eight levels. */
const DEEPEST = 100;

/**
 * The value of a JSON text, as `JSON.parse` gives it, but safe to walk and with nothing dropped: a text that nests more
 * than 100 deep, or in which an object has a name twice, is refused.
 *
 * @param name what errors call the text.
 * @throws InputError, in one sentence.
 * @example parseJson('{ "seed": 7 }') // { seed: 7 }
 */
export function parseJson(text: string, name = "the text"): unknown {
  const fail = (fact: string, cause?: unknown): never => {
    throw new InputError(`${plain(name)} ${fact}.`, { cause });
  };
  if (typeof text !== "string") return fail(`is ${quote(text)}, not text`);
  const value = ((): unknown => {
    try {
      return JSON.parse(text);
    } catch (cause) {
      return fail("is not JSON", cause);
    }
  })();
  // The text is valid JSON by now, so it is enough to look at strings and brackets.
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === "{" || character === "[") {
      open.push(character === "{" ? new Set() : undefined);
      if (open.length > DEEPEST) fail(`nests more than ${DEEPEST} lists and objects in each other`);
    } else if (character === "}" || character === "]") {
      open.pop();
    } else if (character === '"') {
      const start = at;
      at = closingQuote(text, start);
      const names = open.at(-1);
      if (!names || !isFollowedByColon(text, at + 1)) continue;
      const key = JSON.parse(text.slice(start, at + 1)) as string;
      if (names.has(key)) fail(`has ${quote(key)} twice in one object`);
      names.add(key);
    }
  }
  return value;
}

/** Where the string that starts at `start` ends. */
function closingQuote(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
}

function isFollowedByColon(text: string, from: number): boolean {
  let at = from;
  while (text[at] === " " || text[at] === "\n" || text[at] === "\r" || text[at] === "\t") at++;
  return text[at] === ":";
}
