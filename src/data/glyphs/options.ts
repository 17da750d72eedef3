// What drawn characters are asked for: which handwriting, and how many images.
import { InputError, quote } from "../../core/index.js";

/** Images of each class, if nothing else is said. */
export const PER_CLASS = 80;

/** Options of `glyphs` and `drawings`. */
export interface GlyphOptions {
  /** Another seed gives other handwriting. Default 0. */
  readonly seed?: number;
  /** Images of each class. Default 80. */
  readonly perClass?: number;
}

/** The options with their defaults. Throws an InputError for values that are not allowed. */
export function checkGlyphOptions(
  op: string,
  { seed = 0, perClass = PER_CLASS }: GlyphOptions,
): Required<GlyphOptions> {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new InputError(`[${op}] seed ${quote(seed)} is not a whole number from 0 to 2^53 - 1. Pass one, such as 0.`);
  }
  if (!(Number.isInteger(perClass) && perClass > 0 && perClass <= 10_000)) {
    throw new InputError(
      `[${op}] perClass ${quote(perClass)} is not a whole number from 1 to 10000. Pass one, such as 80.`,
    );
  }
  return { seed, perClass };
}
