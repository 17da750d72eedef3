// The built-in data: 47 classes of characters, drawn by us and distorted at random, so that everything runs without any
// file. They have the classes and the shape of EMNIST Balanced, and are upright.

import { checkOptions, InputError, Key, quote } from "../../core/index.js";
import { type Dataset, dataset } from "../dataset.js";
import { flatten, type Path, parsePath } from "./path.js";
import { render } from "./render.js";
import { characters } from "./strokes.js";
import { jitter, warp } from "./warp.js";

/** Images are squares of this many pixels. */
const SIDE = 28;
/** Height of an undistorted character and the background that always stays around ink, in pixels. */
const HEIGHT = 21;
const MARGIN = 1.5;
/**
 * Radius of the pen in pixels, from thin to thick: chosen so that images have as much ink as EMNIST's (17 % on
 * average).
 */
const PEN = { thin: 0.85, thick: 1.65 };
/** How far a character is shifted off the centre, in pixels, if there is room. */
const SHIFT = 1.5;

/** The character of each class, from "0" to "t". */
export const glyphNames: readonly string[] = characters.map((character) => character.name);

/** The images of every built-in set, by which such sets are recognised. */
const drawn = new WeakSet<Dataset["images"]>();

/** Whether these are built-in characters, with any seed and any number. */
export const isGlyphs = ({ images }: Pick<Dataset, "images">): boolean => drawn.has(images);

/** Options of `glyphs`. */
export interface GlyphOptions {
  /** Another seed gives other handwriting. Default 0. */
  readonly seed?: number;
  /** Images of each class. Default 80. */
  readonly perClass?: number;
}

/**
 * The built-in dataset, the same bytes on every engine. Image `i` of a class depends only on the seed, the class and
 * `i`: asking for more images per class does not change the first ones.
 */
export function glyphs(options: GlyphOptions = {}): Dataset {
  checkOptions("glyphs", options, ["seed", "perClass"]);
  const { seed = 0, perClass = 80 } = options;
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new InputError(`[glyphs] seed ${quote(seed)} is not a whole number from 0 to 2^53 - 1. Pass one, such as 0.`);
  }
  if (!(Number.isInteger(perClass) && perClass > 0 && perClass <= 10_000)) {
    throw new InputError(
      `[glyphs] perClass ${quote(perClass)} is not a whole number from 1 to 10000. Pass one, such as 80.`,
    );
  }
  const key = Key.of(seed);
  const images = new Uint8Array(characters.length * perClass * SIDE * SIDE);
  const labels = new Uint8Array(characters.length * perClass);
  characters.forEach(({ forms }, c) => {
    const paths = forms.map(parsePath);
    const classKey = key.fold(c);
    for (let i = 0; i < perClass; i++) {
      const index = c * perClass + i;
      labels[index] = c;
      drawGlyph(paths, classKey.fold(i), images, index * SIDE * SIDE);
    }
  });
  const made = dataset("glyphs", images, labels, SIDE, SIDE);
  drawn.add(made.images);
  return made;
}

/** Draws one of these forms in the handwriting of this key. */
function drawGlyph(forms: readonly Path[], key: Key, images: Uint8Array, offset: number): void {
  const [formKey, pointKey, warpKey, penKey] = key.split(4);
  const form = forms[formKey.integer(0, forms.length)];
  const segments = flatten(form, jitter(pointKey, form.points));
  warp(warpKey, segments);
  const radius = PEN.thin + (PEN.thick - PEN.thin) * penKey.uniform(0);
  place(segments, radius, 2 * penKey.uniform(1) - 1, 2 * penKey.uniform(2) - 1);
  render(segments, radius, SIDE, images, offset);
}

/** Scales segments to pixels and puts their middle near the image's, shifted, with all ink inside the margin. */
function place(segments: Float64Array, radius: number, shiftX: number, shiftY: number): void {
  const room = SIDE - 2 * (MARGIN + radius);
  const extents = [0, 1].map((axis) => {
    let low = segments[axis];
    let high = low;
    for (let i = axis; i < segments.length; i += 2) {
      low = Math.min(low, segments[i]);
      high = Math.max(high, segments[i]);
    }
    return { low, high };
  });
  const size = Math.max(...extents.map(({ low, high }) => high - low));
  const scale = Math.min(HEIGHT, room / size);
  extents.forEach(({ low, high }, axis) => {
    const slack = (room - scale * (high - low)) / 2;
    const shift = Math.min(SHIFT, slack) * (axis === 0 ? shiftX : shiftY);
    const start = SIDE / 2 + shift - (scale * (low + high)) / 2;
    for (let i = axis; i < segments.length; i += 2) segments[i] = start + scale * segments[i];
  });
}
