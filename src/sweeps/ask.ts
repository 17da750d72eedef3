// Ask and tell: trials whose settings are chosen from outside, one by one, by a program that waits for the answers.
import { checkMade } from "../core/index.js";
import { type QueueOptions, runCells } from "../runs/index.js";
import type { Settings } from "./settings.js";
import type { Subject } from "./subject.js";
import { type Trial, trialOf } from "./sweep.js";

/** How trials are run that are chosen one by one. */
export interface AskOptions extends Pick<QueueOptions, "store" | "executor" | "signal"> {
  /** How many seeds each trial has, starting from 0; 1 by default. */
  readonly seeds?: number;
}

/**
 * A function that runs a trial with the settings that it is given. It may be called again before the trial before is
 * finished; the executor computes as many cells at once as it can.
 *
 * @returns a function whose promise rejects with the error of the first cell that failed.
 * @example
 * const subject: Subject = {
 *   ...{ name: "square", ranked: true, values: ({ row }) => ({ square: Number(row) }) },
 *   cells: ({ of }, seeds) => Array.from({ length: seeds }, (_, seed) => ({ kind: "square", config: of, seed })),
 *   measures: ([{ row }]) => ({ square: { value: Number(row), seeds: 1 } }),
 * };
 * const executor = here([{ name: "square", run: ({ config }) => Number(config) ** 2 }]);
 * const ask = asker(subject, { store: memoryStore(), executor });
 * const { measures } = await ask({ of: 3 });
 * measures.square.value; // 9
 */
export function asker(subject: Subject, given: AskOptions): (settings: Settings) => Promise<Trial> {
  checkMade("asker", "the last argument", given, ["store", "executor"], "Give { store, executor }.");
  const { seeds = 1, ...queue } = given;
  let asked = 0;
  return async (settings) => {
    const number = ++asked;
    const cells = await subject.cells(settings, seeds);
    const { results, failures } = await runCells(cells, queue);
    if (failures.length > 0) throw failures[0].error;
    return trialOf(subject, number, settings, results, results.length === cells.length);
  };
}
