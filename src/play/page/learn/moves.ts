// The numbers of a rule while it is learned, each as a list that grows by one with every episode.
import type { RuleValues } from "../../../meta/index.js";

/** How the numbers of a leaf of the rule moved. */
export interface Moved {
  readonly part: keyof RuleValues;
  /** Which of the part's leaves; there are several if every layer has its own. */
  readonly leaf: number;
  readonly shape: readonly number[];
  /** For each number, what it was after each episode. */
  readonly values: readonly (readonly number[])[];
}

/** What is remembered. */
export interface Moves {
  readonly all: readonly Moved[];
  add(rule: RuleValues): void;
}

/** A leaf with more numbers than this is not shown. */
const MOST = 120;

/** Remembers a rule like this one. */
export function newMoves(rule: RuleValues): Moves {
  const all = Object.entries(rule).flatMap(([part, leaves]: [string, RuleValues["P"]]) =>
    leaves.flatMap(({ shape, data }, leaf) => {
      if (data.length > MOST) return [];
      return { part: part as keyof RuleValues, leaf, shape, values: Array.from(data, (): number[] => []) };
    }),
  );
  return {
    all,
    add(next) {
      for (const { part, leaf, values } of all) {
        const { data } = next[part][leaf];
        for (const [i, list] of values.entries()) list.push(data[i]);
      }
    },
  };
}
