// What is computed: every word trained alone, pairs of words, and the sets of words that the authors trained.
import { around, bitsOf, firing, outcomeOf, WORDS } from "./closed.js";
import { pairs, triples } from "./published.js";
import { fires, neededFactor, summed, train } from "./simulated.js";

/** The row of single words. */
export interface SingleRow {
  /** How far a weight is from 1 / e where a word trains it, and from 0 elsewhere, at the most. */
  readonly off: number;
  /** The weights that occur where a word trains them. */
  readonly weights: readonly number[];
  /** Words whose output does not fire for this word alone. */
  readonly notAlone: number;
  /** Words for which a factor 5 / 4 larger does not let exactly the word and its ten neighbours fire. */
  readonly notNeighbours: number;
  /** The factor of one word. */
  readonly factor: number;
}

/** Trains every word alone. */
export function singleRow(): SingleRow {
  const weights = new Set<number>();
  let [off, notAlone, notNeighbours] = [0, 0, 0];
  for (let word = 0; word < WORDS; word++) {
    const { ones, zeros } = train(word);
    bitsOf(word).forEach((bit, j) => {
      const [right, wrong] = bit === 1 ? [ones[j], zeros[j]] : [zeros[j], ones[j]];
      weights.add(right);
      off = Math.max(off, Math.abs(right - 1 / Math.E), Math.abs(wrong));
    });
    const { positives, trained } = outcomeOf([word]);
    if (positives !== 1 || trained !== 1) notAlone++;
    if (outcomeOf([word], 5 / 4).positives !== 11) notNeighbours++;
  }
  return { off, weights: [...weights].sort(), notAlone, notNeighbours, factor: outcomeOf([0]).factor };
}

/** How many of the pairs are tried: every `stride`-th first word with all later ones. */
export interface PairsConfig {
  readonly stride: number;
}

/** The row of pairs of words. */
export interface PairsRow {
  readonly tried: number;
  /** Pairs at a distance d of 1 to 9 for which not exactly 2^d words fire, or not both trained ones. */
  readonly wrong: number;
  /** The accuracy by distance, from 0 to 9: the share of words that are told apart rightly. */
  readonly accuracy: readonly number[];
}

/** In how many bits words differ, by their exclusive or. */
const distances: readonly number[] = Array.from({ length: WORDS }, (_, word) =>
  bitsOf(word).reduce((sum, bit) => sum + bit, 0),
);
const distance = (a: number, b: number): number => distances[a ^ b];

/** Tries pairs. */
export function pairsRow({ config: { stride } }: { readonly config: PairsConfig }): PairsRow {
  let [tried, wrong] = [0, 0];
  const accuracy = new Array<number>(10).fill(Number.NaN);
  for (let first = 0; first < WORDS; first += stride) {
    for (let second = first; second < WORDS; second++) {
      const d = distance(first, second);
      if (d > 9) continue;
      const { positives, trained } = outcomeOf([first, second]);
      const wanted = d === 0 ? 1 : 2;
      accuracy[d] = 1 - (positives - trained + (wanted - trained)) / WORDS;
      if (d === 0) continue;
      tried++;
      if (positives !== 2 ** d || trained !== 2) wrong++;
    }
  }
  return { tried, wrong, accuracy };
}

/** The row of the published sets of words. */
export interface PublishedRow {
  /** For each pair: the distance, published and our factor, published and our positives, and what the simulation has. */
  readonly pairs: readonly {
    readonly distance: number;
    readonly factors: readonly [published: number, ours: number, simulated: number];
    readonly positives: readonly [published: number, ours: number, simulated: number];
    /** Words on which simulation and closed form differ. */
    readonly differ: number;
  }[];
  /** For each triple: published positives and ours, strict and inclusive; published and our trained words among them. */
  readonly triples: readonly {
    readonly positives: readonly [published: number, strict: number, inclusive: number];
    readonly trained: readonly [published: number, ours: number];
  }[];
}

/** Computes what was published, by simulation too. */
export function publishedRow(): PublishedRow {
  return {
    pairs: pairs.map(([first, second, factor, positives]) => {
      const words = [first, second];
      const ours = outcomeOf(words);
      const weights = summed(words);
      const simulated = Math.max(...words.map((word) => neededFactor(weights, word)));
      const fired = Array.from({ length: WORDS }, (_, word) => fires(weights, word, simulated));
      const { fires: expected } = firing(words);
      return {
        distance: distance(first, second),
        factors: [factor, ours.factor, simulated],
        positives: [positives, ours.positives, fired.filter((yes) => yes).length],
        differ: fired.filter((yes, word) => yes !== expected(word)).length,
      };
    }),
    triples: triples.map(([second, third, positives, trained]) => {
      const words = [0, second, third];
      return { positives: [positives, ...around(words)], trained: [trained, outcomeOf(words).trained] };
    }),
  };
}
