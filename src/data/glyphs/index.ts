// The built-in data: 47 classes of characters, drawn by us and distorted at random, so that everything runs without any
// file. They have the classes and the shape of EMNIST Balanced, and are upright.

import { checkOptions, Key } from "../../core/index.js";
import { type Dataset, dataset } from "../dataset.js";
import { checkGlyphOptions, type GlyphOptions, PER_CLASS } from "./options.js";
import { flatten, type Path, parsePath } from "./path.js";
import { characters } from "./strokes.js";
import { jitter } from "./warp.js";
import { SIDE, write } from "./write.js";

/** The character of each class, from "0" to "t". */
export const glyphNames: readonly string[] = characters.map((character) => character.name);

/** The images of every built-in set, by which such sets are recognised. */
const drawn = new WeakSet<Dataset["images"]>();

/** Whether these are built-in characters, with any seed and any number. */
export const isGlyphs = ({ images }: Pick<Dataset, "images">): boolean => drawn.has(images);

/**
 * The built-in dataset, the same bytes on every engine. Image `i` of a class depends only on the seed, the class and
 * `i`: asking for more images per class does not change the first ones.
 *
 * @example
 * const images = glyphs({ perClass: 20 });
 * [images.classes, images.rows, images.columns]; // [47, 28, 28]
 */
export function glyphs(options: GlyphOptions = {}): Dataset {
  checkOptions("glyphs", options, ["seed", "perClass"]);
  const { seed, perClass } = checkGlyphOptions("glyphs", options);
  const images = new Uint8Array(characters.length * perClass * SIDE * SIDE);
  const labels = Uint8Array.from({ length: characters.length * perClass }, (_, i) => Math.floor(i / perClass));
  characters.forEach((_, c) => {
    images.set(glyphsOfClass(c, { seed, perClass }), c * perClass * SIDE * SIDE);
  });
  const made = dataset("glyphs", images, labels, SIDE, SIDE);
  drawn.add(made.images);
  return made;
}

/** The images of one class of `glyphs`, one after the other, for those who need few of the 47. */
export function glyphsOfClass(c: number, { seed, perClass }: Required<GlyphOptions>): Uint8Array {
  const images = new Uint8Array(perClass * SIDE * SIDE);
  const paths = characters[c].forms.map(parsePath);
  const key = Key.of(seed).fold(c);
  for (let i = 0; i < perClass; i++) drawGlyph(paths, key.fold(i), images, i * SIDE * SIDE);
  return images;
}

/**
 * The built-in images of a run whose tasks take up to `perClass` images of a class. Which images a task draws depends on how
 * many there are, so whoever repeats a run must have as many.
 */
export const glyphsForTasks = (perClass: number): Dataset => glyphs({ perClass: Math.max(PER_CLASS, perClass) });

/** Draws one of these forms in the handwriting of this key. */
function drawGlyph(forms: readonly Path[], key: Key, images: Uint8Array, offset: number): void {
  const [formKey, pointKey, warpKey, penKey] = key.split(4);
  const form = forms[formKey.integer(0, forms.length)];
  write(flatten(form, jitter(pointKey, form.points)), warpKey, penKey, images, offset);
}
