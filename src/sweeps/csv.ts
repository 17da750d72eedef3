// The results of a sweep as CSV (RFC 4180), for spreadsheets and data frames.
import { checkEachMade, checkMade } from "../core/index.js";
import type { Settings } from "./settings.js";
import type { Subject } from "./subject.js";
import type { SweepOutcome, Trial } from "./sweep.js";

/** Throws a TypeError for what is no list of trials. */
export function checkTrials(op: string, trials: readonly Trial[]): void {
  checkEachMade(
    op,
    "the list of trials",
    trials,
    ["number", "settings", "measures"],
    "Give those of what sweep() returned.",
  );
}

/** Throws a TypeError for what is no outcome of a sweep. */
export function checkOutcome(op: string, outcome: Pick<SweepOutcome, "trials">): void {
  checkMade(op, "the outcome", outcome, ["trials"], "Give what sweep() returned.");
  checkTrials(op, outcome.trials);
}

/** The names of all settings of these trials, in the order in which they first appear. */
export const settingNames = (trials: readonly { readonly settings: Settings }[]): string[] => [
  ...new Set(trials.flatMap(({ settings }) => Object.keys(settings))),
];

/** A value as text: words as they are, lists and objects as JSON, nothing for null. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/**
 * A row for each trial: its number, its settings, and of each measure the value, both ends of its interval and the
 * number of seeds. What is not there is empty.
 *
 * @example
 * const trial = (number: number, lr: number, value: number) => ({
 *   ...{ number, settings: { lr }, results: [], whole: true },
 *   measures: { accuracy: { value, low: value - 0.25, high: value + 0.25, seeds: 5 } },
 * });
 * const trials = [trial(1, 0.001, 0.5), trial(2, 0.01, 0.75)];
 * trialsCsv({ trials }).split("\r\n"); // ["trial,lr,accuracy,accuracy low,accuracy high,accuracy seeds", "1,0.001,0.5,0.25,0.75,5", "2,0.01,0.75,0.5,1,5", ""]
 */
export function trialsCsv(outcome: Pick<SweepOutcome, "trials">): string {
  checkOutcome("trialsCsv", outcome);
  const { trials } = outcome;
  const settings = settingNames(trials);
  const measures = [...new Set(trials.flatMap((trial) => Object.keys(trial.measures)))];
  const head = [
    "trial",
    ...settings,
    ...measures.flatMap((name) => [name, `${name} low`, `${name} high`, `${name} seeds`]),
  ];
  const rows = trials.map((trial) => [
    trial.number,
    ...settings.map((name) => trial.settings[name]),
    ...measures.flatMap((name) => {
      const { value, low, high, seeds } = trial.measures[name] ?? {};
      return [value, low, high, seeds];
    }),
  ]);
  return csv([head, ...rows]);
}

/**
 * A row for each result: its trial, its settings, its seed, and the numbers that the subject reads from it.
 *
 * @example
 * const subject: Subject = {
 *   ...{ name: "square", ranked: true, values: ({ row }) => ({ square: Number(row) }) },
 *   cells: ({ of }, seeds) => Array.from({ length: seeds }, (_, seed) => ({ kind: "square", config: of, seed })),
 *   measures: ([{ row }]) => ({ square: { value: Number(row), seeds: 1 } }),
 * };
 * const executor = here([{ name: "square", run: ({ config }) => Number(config) ** 2 }]);
 * const outcome = await sweep(subject, { settings: grid({ of: [2, 3] }), store: memoryStore(), executor });
 * resultsCsv(subject, outcome).split("\r\n"); // ["trial,of,seed,square", "1,2,0,4", "2,3,0,9", ""]
 */
export function resultsCsv(subject: Subject, outcome: Pick<SweepOutcome, "trials">): string {
  checkOutcome("resultsCsv", outcome);
  const { trials } = outcome;
  const settings = settingNames(trials);
  const results = trials.flatMap((trial) =>
    trial.results.map((result) => ({ trial, result, values: subject.values(result) })),
  );
  const names = [...new Set(results.flatMap(({ values }) => Object.keys(values)))];
  const rows = results.map(({ trial, result, values }) => [
    trial.number,
    ...settings.map((name) => trial.settings[name]),
    result.cell.seed,
    ...names.map((name) => values[name]),
  ]);
  return csv([["trial", ...settings, "seed", ...names], ...rows]);
}

const csv = (rows: readonly (readonly unknown[])[]): string =>
  rows.map((row) => `${row.map((value) => quoted(numberOrText(value))).join(",")}\r\n`).join("");

const numberOrText = (value: unknown): string =>
  typeof value === "number" && !Number.isFinite(value) ? "" : textOf(value);

/** A field; in quotes if it contains what separates fields. */
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
