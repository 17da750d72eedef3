// Characters of one's own, drawn as strokes, in as many handwritings as are asked for.

import { checkKind, checkOptions, InputError, Key, plain, quote } from "../../core/index.js";
import { type Dataset, dataset } from "../dataset.js";
import { checkGlyphOptions, type GlyphOptions } from "./options.js";
import { SIDE, write } from "./write.js";

/** A character that somebody drew. */
export interface Drawing {
  /** What it is called. */
  readonly name: string;
  /**
   * Its strokes, each a list of numbers x, y, x, y, ... with x to the right and y down, in any unit. A stroke of one point
   * is a dot.
   */
  readonly strokes: readonly (readonly number[])[];
}

/** The most points that a drawing can have. */
const MOST_POINTS = 10_000;

/**
 * Images of drawn characters, one class for each drawing, in the random handwriting of the built-in characters: every image
 * is bent, slanted, scaled and drawn with a pen of its own. Image `i` of a class depends only on the seed, the place of the
 * drawing in the list, the drawing and `i`. The same bytes on every engine.
 *
 * ```ts
 * import { drawings } from "synaptape/data";
 *
 * const cross = { name: "cross", strokes: [[0, 0, 1, 1], [0, 1, 1, 0]] };
 * const corner = { name: "corner", strokes: [[0, 0, 0, 1, 1, 1]] };
 * console.log(drawings([cross, corner], { perClass: 20 }).byClass[1].length);
 * ```
 *
 * @returns a dataset of 28 x 28 grey images.
 * @throws InputError that names a drawing without strokes, or with points that are no pairs of finite numbers.
 */
export function drawings(characters: readonly Drawing[], options: GlyphOptions = {}): Dataset {
  checkKind("drawings", "the drawings", characters, "a list");
  checkOptions("drawings", options, ["seed", "perClass"]);
  const { seed, perClass } = checkGlyphOptions("drawings", options);
  if (characters.length === 0) throw new InputError("[drawings] there is no drawing. Give at least one.");
  const images = new Uint8Array(characters.length * perClass * SIDE * SIDE);
  const labels = new Uint16Array(characters.length * perClass);
  const key = Key.of(seed);
  characters.forEach((character, c) => {
    const segments = segmentsOf(character);
    for (let i = 0; i < perClass; i++) {
      const index = c * perClass + i;
      labels[index] = c;
      const [warpKey, penKey] = key.fold(c).fold(i).split();
      write(segments.slice(), warpKey, penKey, images, index * SIDE * SIDE);
    }
  });
  return dataset("drawings", images, labels, SIDE, SIDE, { classNames: characters.map(({ name }) => name) });
}

/** The strokes as segments x0, y0, x1, y1, scaled so that they fill the box from 0 to 1 in one direction. */
function segmentsOf(character: Drawing): Float64Array {
  checkKind("drawings", "a drawing", character, "an object");
  const called = plain(String(character.name));
  const { strokes } = character;
  checkKind("drawings", `the strokes of ${called}`, strokes, "a list");
  let [segments, points] = [0, 0];
  for (const stroke of strokes) {
    checkKind("drawings", `a stroke of ${called}`, stroke, "a list");
    const odd = stroke.find((x) => !Number.isFinite(x));
    if (odd !== undefined || stroke.length % 2 !== 0 || stroke.length === 0) {
      const found = odd === undefined ? `${stroke.length} numbers` : quote(odd);
      throw new InputError(
        `[drawings] a stroke of ${called} has ${found}. Give pairs of finite numbers: x, y, x, y, ...`,
      );
    }
    points += stroke.length / 2;
    segments += Math.max(1, stroke.length / 2 - 1);
  }
  if (points === 0) throw new InputError(`[drawings] ${called} has no strokes. Draw at least a dot.`);
  if (points > MOST_POINTS) {
    throw new InputError(`[drawings] ${called} has ${points} points. Give at most ${MOST_POINTS}.`);
  }
  const flat = new Float64Array(4 * segments);
  let at = 0;
  for (const stroke of strokes) {
    for (let i = 0; i === 0 || i + 2 < stroke.length; i += 2) {
      const end = stroke.length > 2 ? i + 2 : i;
      flat.set([stroke[i], stroke[i + 1], stroke[end], stroke[end + 1]], at);
      at += 4;
    }
  }
  return inBox(flat);
}

/** Puts segments in the middle of the box from 0 to 1, in place. */
function inBox(segments: Float64Array): Float64Array {
  const [low, high] = [
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ];
  segments.forEach((value, i) => {
    low[i % 2] = Math.min(low[i % 2], value);
    high[i % 2] = Math.max(high[i % 2], value);
  });
  const size = Math.max(high[0] - low[0], high[1] - low[1]);
  const scale = size > 0 && Number.isFinite(size) ? 1 / size : 0;
  return segments.map((value, i) => 0.5 + scale * (value - low[i % 2] - (high[i % 2] - low[i % 2]) / 2));
}
