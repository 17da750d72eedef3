// The closed form: with bits as signs, the drive of a word is a sum of overlaps, and the output fires from a threshold on.
import "../../float64/index.js";
import { exp, full } from "../../ops/index.js";

/** Bits of a code word, and how many words there are. */
export const BITS = 10;
export const WORDS = 2 ** BITS;
/** The weight of a trained synapse: 1 / e in the machine's fixed point. */
export const WEIGHT = 47 / 128;

/** exp of a number, with the same bits on every engine. */
export const expOf = (x: number): number => exp(full([], x, { dtype: "float64" })).item();

/** What is left of a membrane after a millisecond, e^(-1/20): its time constant is 20 ms. */
export const MEMBRANE = 0.951229424500714;
/** Millivolts from rest to the threshold, and per nanoampere of a lasting current. */
export const [GAP, RESISTANCE] = [15, 20];
/** The current that a neuron at rest fires from, in nA. */
export const THRESHOLD = GAP / (RESISTANCE * (1 - MEMBRANE));
/** The largest factor that was searched. */
const MOST_FACTOR = 100;
/** A drive that should be the threshold exactly counts as reaching it. */
const SLACK = 1 - 1e-9;

/** The bits of a word, the highest first, as 0 and 1. */
export const bitsOf = (word: number): number[] => Array.from({ length: BITS }, (_, i) => (word >> (BITS - 1 - i)) & 1);

/** For trained words, the overlap of every word with their sum. */
export function overlaps(trained: readonly number[]): Int32Array {
  // By the place of the bit, the lowest first.
  const sum = new Int32Array(BITS);
  for (const word of trained) for (let j = 0; j < BITS; j++) sum[j] += 2 * ((word >> j) & 1) - 1;
  const all = new Int32Array(WORDS);
  for (let j = 0; j < BITS; j++) all[0] -= sum[j];
  // A word is one with fewer bits and its lowest one.
  for (let word = 1; word < WORDS; word++) {
    const rest = word & (word - 1);
    all[word] = all[rest] + 2 * sum[31 - Math.clz32(word ^ rest)];
  }
  return all;
}

/** The homeostatic factor of trained words: the largest that one of them needs. 0 where none is found for any. */
export function factorOf(trained: readonly number[], all = overlaps(trained)): number {
  const needed = trained.filter((word) => all[word] > 0).map((word) => THRESHOLD / (WEIGHT * all[word]));
  return Math.max(0, ...needed.filter((factor) => factor <= MOST_FACTOR));
}

/** What trained words come to. */
export interface Outcome {
  /** The homeostatic factor. */
  readonly factor: number;
  /** Words that make the output fire, and trained ones among them. */
  readonly positives: number;
  readonly trained: number;
}

/** The homeostatic factor, `scale` times larger, and which words then make the output fire. */
export function firing(
  trained: readonly number[],
  scale = 1,
): { readonly factor: number; readonly fires: (word: number) => boolean } {
  const all = overlaps(trained);
  const factor = factorOf(trained, all) * scale;
  return { factor, fires: (word) => factor * WEIGHT * all[word] >= THRESHOLD * SLACK };
}

/** The outcome of trained words; see `firing`. */
export function outcomeOf(trained: readonly number[], scale = 1): Outcome {
  const { factor, fires } = firing(trained, scale);
  let positives = 0;
  for (let word = 0; word < WORDS; word++) if (fires(word)) positives++;
  return { factor, positives, trained: [...new Set(trained)].filter(fires).length };
}

/** How many words have more than the least overlap that fires, and at least it: fixed point decides between. */
export function around(trained: readonly number[]): readonly [strict: number, inclusive: number] {
  const all = overlaps(trained);
  const factor = factorOf(trained, all);
  const least = Math.min(
    ...trained
      .map((word) => all[word])
      .filter((overlap) => overlap > 0 && THRESHOLD / (WEIGHT * overlap) <= factor * (1 + 1e-9)),
  );
  let [strict, inclusive] = [0, 0];
  for (const overlap of all) {
    if (overlap > least) strict++;
    if (overlap >= least) inclusive++;
  }
  return [strict, inclusive];
}
