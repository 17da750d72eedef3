// Setups for the tests of the playground: the usual one, smaller, and one of every kind of character.
import { type Character, PIXELS } from "../../src/play/limits.js";
import { type Setup, setupOf } from "../../src/play/setup.js";

export const drawing: Character = {
  kind: "drawing",
  strokes: [
    [0, 0, 128, 130, 255, 255],
    [255, 0, 0, 255],
    [40, 200],
  ],
};

export const pictures: Character = {
  kind: "pictures",
  images: [1, 2, 3].map((n) => Uint8Array.from({ length: PIXELS }, (_, i) => (i * n * 37) % 256)),
};

/** A life of 20 images, with two hidden layers, of all kinds of characters, under the rule of a preset. */
export function small(preset: Parameters<typeof setupOf>[0] = "rcn"): Setup {
  const characters: Character[] = [{ kind: "glyph", glyph: 2 }, drawing, pictures, { kind: "glyph", glyph: 10 }];
  const { plasticity, rule } = setupOf(preset);
  const P = rule.P.map(({ shape, data }) => ({ shape, data: data.map((_, i) => 0.02 / (i + 1)) }));
  return { seed: 7, plasticity, rule: { ...rule, P }, hidden: [12, 8], characters, shots: 5 };
}
