// What the page and its worker agree on: kinds of characters, sizes of images, and how much a page takes on.

/** A character that the network learns, and where its images come from. */
export type Character =
  /** One of the built-in characters, by its class; see `glyphNames`. */
  | { readonly kind: "glyph"; readonly glyph: number }
  /** One that somebody drew: strokes of x, y, x, y, ..., whole numbers from 0 to 255. */
  | { readonly kind: "drawing"; readonly strokes: readonly (readonly number[])[] }
  /** Images of one's own, 28 x 28 bytes each, which are shown in turn. */
  | { readonly kind: "pictures"; readonly images: readonly Uint8Array[] };

/** Sides of an image in pixels. */
export const SIDE = 28;
/** Numbers of an image. */
export const PIXELS = SIDE * SIDE;
/** Images of each character on which the network is tested. */
export const QUERIES = 10;

/** What a page is willing to compute and to hold: the least and the most. */
export const LIMITS = {
  characters: [2, 10],
  shots: [1, 100],
  hiddenLayers: [0, 4],
  hiddenUnits: [1, 256],
  chemicals: [1, 10],
  seed: [0, Number.MAX_SAFE_INTEGER],
  strokes: [1, 32],
  /** In a stroke, and in all strokes of a character. */
  strokePoints: [1, 255],
  points: [1, 512],
  pictures: [1, 20],
  /** Characters in a task from which a rule is learned: not more than are held out for comparisons. */
  ways: [2, 9],
  episodes: [1, 5000],
  learningRate: [0, 1],
  /** Tasks on which two rules are compared. */
  tasks: [2, 200],
} as const satisfies Record<string, readonly [number, number]>;
