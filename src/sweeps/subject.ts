// What can be swept: one record for each, which makes the cells of a trial and reads numbers from their results.
import type { Cell, Result } from "../runs/index.js";
import type { Measured } from "../studies/index.js";
import type { Settings } from "./settings.js";

/** Something whose settings can be swept. */
export interface Subject {
  /** What it is called: "train", "bio" or the name of a study. */
  readonly name: string;
  /**
   * The cells of a trial, seed by seed.
   *
   * @param seeds how many seeds, starting from 0.
   * @throws InputError for settings that do not exist or do not go together.
   */
  cells(settings: Settings, seeds: number): readonly Cell[] | Promise<readonly Cell[]>;
  /** The numbers of one result, by what they are. */
  values(result: Result): Readonly<Record<string, number>>;
  /**
   * What is compared between trials, by what it is, from all results of a trial. The first is what "best" is about if
   * the subject has one.
   */
  measures(results: readonly Result[]): Readonly<Record<string, Measured>>;
  /** Whether trials can be ranked: the one with the largest first measure is the best. */
  readonly ranked: boolean;
  /** A curve of one result, if it has one: a number for each of a run's episodes. */
  readonly curve?: {
    /** What the numbers are. */
    readonly quantity: string;
    /** The range of its axis. */
    readonly domain: readonly [low: number, high: number];
    /** The curve. */
    of(result: Result): readonly number[];
  };
}
