// A life as the part of an address after #, and back. Whoever opens such an address need not trust it: every value is
// checked before anything is allocated or run for it, and none of it is ever code.
import { InputError, plain, quote } from "../core/index.js";
import { isObject, wholeIn } from "../fields/index.js";
import { parseJson } from "../io/index.js";
import type { RuleValues } from "../meta/index.js";
import { defaultConfig, type PlasticityConfig, ruleParts } from "../plasticity/index.js";
import { partInFiles } from "../plasticity/internal.js";
import { bytesOfFloats, bytesOfText, textOfBytes } from "./bytes.js";
import { type Character, LIMITS, PIXELS } from "./limits.js";
import { checkSetup, checkStructure, initialValues, type Setup, stepsOf } from "./setup.js";

/** A life and the moment at which it stands. */
export interface Shared {
  readonly setup: Setup;
  /** Images that it has learned from. */
  readonly at: number;
}

/** Raised when an address changes in a way that older pages would misread. */
const VERSION = "1";
/** Letters that an address may have. */
const LONGEST = 300_000;
/** Numbers of a rule that an address can hold. */
export const MOST_NUMBERS = 20_000;

const FIELDS = ["play", "seed", "shots", "hidden", "at", "c", "set"];

/** The part of an address after # for a life. Throws an InputError for a rule with too many numbers. */
export function addressOf({ setup, at }: Shared): string {
  const { seed, shots, hidden, characters, plasticity, rule } = setup;
  const first = initialValues(setup);
  const fields = new URLSearchParams({ play: VERSION, seed: String(seed), shots: String(shots), at: String(at) });
  fields.set("hidden", hidden.join("."));
  fields.set("c", characters.map(textOfCharacter).join("."));
  const differs = Object.entries(plasticity).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(defaultConfig[name as keyof PlasticityConfig]),
  );
  fields.set("set", JSON.stringify(Object.fromEntries(differs)));
  for (const part of ruleParts) {
    const [mine, theirs] = [floatsOf(rule[part]), floatsOf(first[part])];
    if (mine.length > MOST_NUMBERS) {
      throw new InputError(
        `[play] the rule's ${part} has ${mine.length} numbers, more than an address can hold. Save the rule as a file.`,
      );
    }
    if (mine.some((x, i) => !Object.is(x, theirs[i]))) fields.set(partInFiles(part), textOfBytes(bytesOfFloats(mine)));
  }
  const text = fields.toString();
  if (text.length > LONGEST) {
    throw new InputError("[play] these images are too many for an address. Use fewer images of your own.");
  }
  return text;
}

/**
 * The life of an address.
 *
 * @param text the part of the address after #.
 * @throws InputError that says what is wrong with it.
 */
export function sharedIn(text: string): Shared {
  if (text.length > LONGEST) {
    throw new InputError(
      `[play] this address has ${text.length} letters, more than the playground writes. Copy it again.`,
    );
  }
  const fields = new URLSearchParams(text);
  const version = fields.get("play");
  if (version !== VERSION) {
    const fact =
      version === null ? "names no version" : `is of version ${quote(version)}, and this page reads ${VERSION}`;
    throw new InputError(`[play] this address ${fact}. Copy the whole address, or open it where it was made.`);
  }
  checkNames([...fields.keys()]);
  const structure = {
    seed: wholeOf(fields, "seed", LIMITS.seed),
    shots: wholeOf(fields, "shots", LIMITS.shots),
    hidden: hiddenOf(fields.get("hidden") ?? ""),
    plasticity: plasticityOf(fields.get("set") ?? "{}"),
    characters: charactersOf(fields.get("c") ?? ""),
  };
  checkStructure(structure);
  const setup = { ...structure, rule: ruleIn(fields, initialValues(structure)) };
  checkSetup(setup);
  return { setup, at: wholeOf(fields, "at", [0, stepsOf(setup)]) };
}

function checkNames(names: readonly string[]): void {
  const known = [...FIELDS, ...ruleParts.map(partInFiles)];
  const odd = names.find((name, i) => !known.includes(name) || names.indexOf(name) < i);
  if (odd === undefined) return;
  throw new InputError(
    `[play] this address has ${quote(plain(odd))} where it should not. Copy the whole address again.`,
  );
}

function wholeOf(fields: URLSearchParams, name: string, [least, most]: readonly [number, number]): number {
  const value = wholeIn(fields.get(name) ?? "", least, most);
  if (value !== undefined) return value;
  throw new InputError(
    `[play] this address has ${quote(fields.get(name) ?? "nothing")} as ${name}; it takes a whole number from ${least} to ${most}.`,
  );
}

function hiddenOf(text: string): number[] {
  const widths =
    text === "" ? [] : text.split(".", 1 + LIMITS.hiddenLayers[1]).map((one) => wholeIn(one, ...LIMITS.hiddenUnits));
  if (widths.every((width) => width !== undefined)) return widths as number[];
  throw new InputError(
    `[play] this address has ${quote(text)} as the widths of hidden layers. Copy the whole address again.`,
  );
}

function plasticityOf(text: string): PlasticityConfig {
  const set = parseJson(text, "[play] the rule's settings in this address");
  if (isObject(set)) return { ...defaultConfig, ...set } as PlasticityConfig;
  throw new InputError(`[play] the rule's settings in this address are ${quote(set)}, not a list of settings.`);
}

/** The numbers of an address, in the shapes of `first`. */
function ruleIn(fields: URLSearchParams, first: RuleValues): RuleValues {
  const parts = ruleParts.map((part) => {
    const text = fields.get(partInFiles(part));
    if (text === null) return [part, first[part]] as const;
    const count = first[part].reduce((sum, { data }) => sum + data.length, 0);
    const bytes = bytesOfText(text, `the rule's ${part}`, 4 * MOST_NUMBERS);
    if (bytes.length !== 4 * count) {
      throw new InputError(
        `[play] this address holds ${bytes.length / 4} numbers as ${part}, but its rule has ${count}. Copy it again.`,
      );
    }
    const all = new Float32Array(bytes.buffer);
    let at = 0;
    const leaves = first[part].map(({ shape, data }) => {
      at += data.length;
      return { shape, data: all.slice(at - data.length, at) };
    });
    return [part, leaves] as const;
  });
  return Object.fromEntries(parts) as unknown as RuleValues;
}

const floatsOf = (leaves: RuleValues["P"]): Float32Array => Float32Array.from(leaves.flatMap(({ data }) => [...data]));

/** A letter for the kind, and what it is made of. */
function textOfCharacter(character: Character): string {
  if (character.kind === "glyph") return `g${character.glyph}`;
  if (character.kind === "drawing") {
    return `s${textOfBytes(Uint8Array.from(character.strokes.flatMap((stroke) => [stroke.length / 2, ...stroke])))}`;
  }
  const bytes = new Uint8Array(character.images.length * PIXELS);
  for (const [i, image] of character.images.entries()) bytes.set(image, i * PIXELS);
  return `p${textOfBytes(bytes)}`;
}

function charactersOf(text: string): Character[] {
  return text.split(".", 1 + LIMITS.characters[1]).map((token, i): Character => {
    const [kind, rest, called] = [token[0], token.slice(1), `character ${i + 1}`];
    if (kind === "g") {
      const glyph = wholeIn(rest, 0, 1000);
      if (glyph !== undefined) return { kind: "glyph", glyph };
    } else if (kind === "s") {
      return {
        kind: "drawing",
        strokes: strokesOf(bytesOfText(rest, called, 2 * LIMITS.points[1] + LIMITS.strokes[1]), called),
      };
    } else if (kind === "p") {
      const bytes = bytesOfText(rest, called, LIMITS.pictures[1] * PIXELS);
      const count = Math.ceil(bytes.length / PIXELS);
      return {
        kind: "pictures",
        images: Array.from({ length: count }, (_, at) => bytes.slice(at * PIXELS, (at + 1) * PIXELS)),
      };
    }
    throw new InputError(
      `[play] this address has ${quote(plain(token.slice(0, 20)))} as ${called}. Copy the whole address again.`,
    );
  });
}

/** Strokes, each as its number of points and then x, y for each point. */
function strokesOf(bytes: Uint8Array, called: string): number[][] {
  const strokes: number[][] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 1 + 2 * bytes[at];
    if (bytes[at] === 0 || end > bytes.length) {
      throw new InputError(
        `[play] the strokes of ${called} are damaged in this address. Copy the whole address again.`,
      );
    }
    strokes.push([...bytes.subarray(at + 1, end)]);
    at = end;
  }
  return strokes;
}
