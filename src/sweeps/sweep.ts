// A sweep: many settings of one subject, several seeds of each, as cells of one queue.
import { checkMade, InputError, quote } from "../core/index.js";
import { type Cell, cellName, type QueueOptions, type QueueOutcome, type Result, runCells } from "../runs/index.js";
import type { Measured } from "../studies/index.js";
import { MOST_TRIALS, type Settings } from "./settings.js";
import type { Subject } from "./subject.js";

/** What a sweep runs, and where; see `QueueOptions` for the store and the executor. */
export interface SweepOptions extends QueueOptions {
  /** The settings of each trial, for instance from `grid` or `draw`. */
  readonly settings: readonly Settings[];
  /** How many seeds each trial has, starting from 0; 1 by default. */
  readonly seeds?: number;
}

/** One setting and what came of it. */
export interface Trial {
  /** Its number, from 1, in the order of the settings. */
  readonly number: number;
  /** Its settings. */
  readonly settings: Settings;
  /** Its results, in the order of its cells; those of cells that failed or were not reached are missing. */
  readonly results: readonly Result[];
  /** Whether all its cells have results. */
  readonly whole: boolean;
  /** What is compared between trials; see `Subject.measures`. */
  readonly measures: Readonly<Record<string, Measured>>;
}

/** The outcome of a sweep. */
export interface SweepOutcome extends Pick<QueueOutcome, "failures" | "stopped"> {
  /** One for each of the settings, in their order. */
  readonly trials: readonly Trial[];
  /** The number of the best trial among those that are whole; undefined if there is none, or trials are not ranked. */
  readonly best: number | undefined;
}

/**
 * Runs every trial with every seed. What the store already holds is not computed again, so a sweep that was stopped
 * continues when it is started again, and a larger one takes over what a smaller one found. The first seed of every
 * trial comes before the second of any.
 *
 * ```ts
 * const outcome = await sweep(subject, {
 *   settings: grid({ learningRate: [1e-4, 1e-3, 1e-2] }),
 *   seeds: 3,
 *   store: await openStore("sweeps/step-size"),
 *   executor: studyThreads(2),
 * });
 * ```
 *
 * @throws InputError that names the first trial whose settings are refused, before anything is computed.
 */
export async function sweep(subject: Subject, given: SweepOptions): Promise<SweepOutcome> {
  checkMade(
    "sweep",
    "the last argument",
    given,
    ["settings", "store", "executor"],
    "Give { settings, store, executor }.",
  );
  const { settings, seeds = 1, ...queue } = given;
  checkMade(
    "sweep",
    "the subject",
    subject,
    ["name", "cells", "values", "measures"],
    "Make one with trainSubject() or its like.",
  );
  const cells = await cellsOfTrials(subject, settings, seeds);
  const { results, failures, stopped } = await runCells(roundRobin(cells), queue);
  const byName = new Map<string, Result>();
  for (const result of results) byName.set(await cellName(result.cell, result.numerics), result);
  const trials: Trial[] = [];
  for (const [i, own] of cells.entries()) {
    const names = await Promise.all(own.map((cell) => cellName(cell)));
    const found = names.flatMap((name) => byName.get(name) ?? []);
    trials.push(trialOf(subject, i + 1, settings[i], found, found.length === own.length));
  }
  return { trials, failures, stopped, best: bestOf(subject, trials) };
}

/** A trial from its results. */
export function trialOf(
  subject: Subject,
  number: number,
  settings: Settings,
  results: readonly Result[],
  whole: boolean,
): Trial {
  return { number, settings, results, whole, measures: results.length > 0 ? subject.measures(results) : {} };
}

/** The number by which a trial is ranked; NaN if it has none. */
export const scoreOf = ({ measures }: Pick<Trial, "measures">): number =>
  Object.values(measures)[0]?.value ?? Number.NaN;

/** The whole trial with the highest score; of equal ones the first. */
function bestOf({ ranked }: Subject, trials: readonly Trial[]): number | undefined {
  let best: Trial | undefined;
  for (const trial of ranked ? trials : []) {
    if (trial.whole && scoreOf(trial) > (best ? scoreOf(best) : -Infinity)) best = trial;
  }
  return best?.number;
}

async function cellsOfTrials(
  subject: Subject,
  settings: readonly Settings[],
  seeds: number,
): Promise<(readonly Cell[])[]> {
  if (!Array.isArray(settings) || settings.length === 0 || settings.length > MOST_TRIALS) {
    throw new InputError(
      `[sweep] \`settings\` is no list of 1 to ${MOST_TRIALS} trials. Make one with grid() or draw().`,
    );
  }
  if (!Number.isSafeInteger(seeds) || seeds < 1) {
    throw new InputError(`[sweep] \`seeds\` is ${quote(seeds)}. Make it a whole number from 1 up.`);
  }
  const cells: (readonly Cell[])[] = [];
  for (const [i, trial] of settings.entries()) {
    try {
      cells.push(await subject.cells(trial, seeds));
    } catch (error) {
      if (!(error instanceof InputError || error instanceof RangeError)) throw error;
      const fact = error.message.replace(/^\[[^\]]*\] /, "");
      throw new InputError(`[sweep] trial ${i + 1} of ${subject.name} cannot run: ${fact}`, { cause: error });
    }
  }
  return cells;
}

/** The first of each list, then the second of each, and so on. */
function roundRobin<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = lists.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}
