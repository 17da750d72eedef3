// Concept shift: the same images, whose classes change their names now and then.
import { checkKey, checkOptions, type Key, quote } from "../core/index.js";

/** How labels shift. */
export interface ConceptShiftOptions {
  /** How many classes there are; at least 2. */
  readonly classes: number;
  /** After how many samples two classes exchange their labels; Infinity for never. */
  readonly every: number;
}

/** Labels that shift along a stream of samples. */
export interface ConceptShift {
  /** The label that each class has when this sample (from 0) comes: `labels(i)[c]` in place of class c. */
  labels(sample: number): readonly number[];
}

/**
 * A concept shift: after every so many samples two different classes, each pair as likely, exchange their labels.
 * Exchanges add up to a random walk over all permutations. The labels at a sample depend on the key and the sample alone.
 *
 * @throws RangeError for fewer than two classes, an `every` below 1, and samples that are not whole numbers from 0.
 * @example
 * const shift = conceptShift(Key.of(0), { classes: 3, every: 10 });
 * [shift.labels(0), shift.labels(10)]; // [[0, 1, 2], [1, 0, 2]]
 */
export function conceptShift(key: Key, options: ConceptShiftOptions): ConceptShift {
  checkKey("conceptShift", key);
  checkOptions("conceptShift", options, ["classes", "every"]);
  const { classes, every } = options;
  if (!Number.isSafeInteger(classes) || classes < 2) {
    throw new RangeError(`[conceptShift] \`classes\` is ${quote(classes)}: give a whole number of at least 2.`);
  }
  if (!(every >= 1) || !(Number.isSafeInteger(every) || every === Number.POSITIVE_INFINITY)) {
    throw new RangeError(
      `[conceptShift] \`every\` is ${quote(every)}: give a whole number of samples of at least 1, or Infinity for never.`,
    );
  }
  const known: number[][] = [Array.from({ length: classes }, (_, c) => c)];
  return {
    labels(sample) {
      if (!Number.isSafeInteger(sample) || sample < 0) {
        throw new RangeError(`[conceptShift] sample ${quote(sample)}: samples are numbered from 0.`);
      }
      const swaps = Math.floor(sample / every);
      while (known.length <= swaps) {
        const [first, second] = swapped(key.fold(known.length), classes);
        const before = known[known.length - 1];
        known.push(before.map((label) => (label === first ? second : label === second ? first : label)));
      }
      return known[swaps];
    },
  };
}

/** Two different labels. */
function swapped(key: Key, classes: number): readonly [number, number] {
  const first = key.integer(0, classes);
  const second = key.integer(1, classes - 1);
  return [first, second < first ? second : second + 1];
}
