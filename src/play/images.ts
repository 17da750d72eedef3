// The images of a life: those that the network learns from, in their order, and those on which it is tested.
import { Key } from "../core/index.js";
import { type Dataset, drawings, glyphNames } from "../data/index.js";
import { glyphsOfClass } from "../data/internal.js";
import { type Character, PIXELS, QUERIES } from "./limits.js";
import { type Setup, stepsOf } from "./setup.js";

/** Labelled images. */
export interface Images {
  /** One row of 784 numbers for each, from 0 (background) to 1. */
  readonly images: Float32Array;
  /** Which character each shows. */
  readonly labels: Int32Array;
}

/** The images of a life. */
export interface Drawn {
  /** Those that the network learns from, in their order. */
  readonly stream: Images;
  /** Those that it is tested on, character by character. */
  readonly queries: Images;
}

/** What characters are called: the built-in ones by themselves, others by their places. */
export const namesOf = (characters: readonly Character[]): string[] =>
  characters.map((character, i) => {
    if (character.kind === "glyph") return glyphNames[character.glyph];
    return character.kind === "drawing" ? `drawing ${i + 1}` : `images ${i + 1}`;
  });

/** For each character its images, as bytes: `perClass` of them, one after the other. */
export function bytesOfCharacters(
  { characters, seed }: Pick<Setup, "characters" | "seed">,
  perClass: number,
): Uint8Array[] {
  const some = <K extends Character["kind"]>(kind: K): Extract<Character, { kind: K }>[] =>
    characters.filter((character): character is Extract<Character, { kind: K }> => character.kind === kind);
  const drawn = some("drawing").map(({ strokes }) => ({ name: "drawing", strokes }));
  const own = drawn.length > 0 ? drawings(drawn, { seed, perClass }) : undefined;
  let place = 0;
  return characters.map((character) => {
    if (character.kind === "glyph") return glyphsOfClass(character.glyph, { seed, perClass });
    if (character.kind === "drawing") return classOf(own!, place++, perClass);
    const bytes = new Uint8Array(perClass * PIXELS);
    for (let i = 0; i < perClass; i++) bytes.set(character.images[i % character.images.length], i * PIXELS);
    return bytes;
  });
}

/** The images of a class, which stand together in sets that are drawn. */
const classOf = ({ images }: Dataset, c: number, perClass: number): Uint8Array =>
  images.subarray(c * perClass * PIXELS, (c + 1) * perClass * PIXELS) as Uint8Array;

/** The stream that the network learns from, in random order, and the queries, character by character. */
export function imagesOf(setup: Setup): Drawn {
  const { characters, shots, seed } = setup;
  const bytes = bytesOfCharacters(setup, shots + QUERIES);
  const take = (count: number, which: (row: number) => readonly [c: number, i: number]): Images => {
    const [images, labels] = [new Float32Array(count * PIXELS), new Int32Array(count)];
    for (let row = 0; row < count; row++) {
      const [c, i] = which(row);
      labels[row] = c;
      for (let p = 0; p < PIXELS; p++) images[row * PIXELS + p] = bytes[c][i * PIXELS + p] / 255;
    }
    return { images, labels };
  };
  const order = Key.of(seed).fold(1).permutation(stepsOf(setup));
  return {
    stream: take(stepsOf(setup), (row) => [order[row] % characters.length, Math.floor(order[row] / characters.length)]),
    queries: take(characters.length * QUERIES, (row) => [Math.floor(row / QUERIES), shots + (row % QUERIES)]),
  };
}
