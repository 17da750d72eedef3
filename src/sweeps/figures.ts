// The results of a sweep as figures.
import { checkKind, checkMade } from "../core/index.js";
import { COVERAGE, cycle, type Figure, type Hue, type Measured, type Parallel, type Table } from "../studies/index.js";
import { checkOutcome, checkTrials, settingNames, textOf } from "./csv.js";
import type { Subject } from "./subject.js";
import { type SweepOutcome, scoreOf, type Trial } from "./sweep.js";

/** As many curves and rows as can be told apart. */
const MOST = { curves: cycle.length, rows: 30, lines: 400 } as const;

/**
 * Settings in a line of text: "lr 0.001, chemicals 5".
 *
 * @example
 * settingsText({ learningRate: 0.001, "plasticity.chemicals": 5 }); // "learningRate 0.001, plasticity.chemicals 5"
 */
export function settingsText(settings: Trial["settings"]): string {
  checkKind("settingsText", "what it is given", settings, "an object");
  const texts = Object.entries(settings).map(([name, value]) => `${name} ${textOf(value)}`);
  return texts.join(", ") || "as it is";
}

/**
 * The trials, the best first if they are ranked; those without a score last.
 *
 * @example
 * const trial = (number: number, lr: number, value: number) => ({
 *   ...{ number, settings: { lr }, results: [], whole: true },
 *   measures: { accuracy: { value, low: value - 0.25, high: value + 0.25, seeds: 5 } },
 * });
 * const trials = [trial(1, 0.001, 0.5), trial(2, 0.01, 0.75)];
 * ranking(trainSubject(defaultTrainConfig("rcn")), trials).map(({ number }) => number); // [2, 1]
 */
export function ranking(subject: Subject, trials: readonly Trial[]): readonly Trial[] {
  checkMade("ranking", "the subject", subject, ["ranked", "cells"], "Make one with trainSubject() or its like.");
  const { ranked } = subject;
  checkTrials("ranking", trials);
  if (!ranked) return trials;
  const score = (trial: Trial): number => (Number.isNaN(scoreOf(trial)) ? -Infinity : scoreOf(trial));
  // Not by subtraction: two trials without a score would give NaN.
  return [...trials].sort((a, b) => (score(a) < score(b) ? 1 : score(a) > score(b) ? -1 : a.number - b.number));
}

/**
 * A table of trials: settings, then measures with their intervals.
 *
 * @example
 * const trial = (number: number, lr: number, value: number) => ({
 *   ...{ number, settings: { lr }, results: [], whole: true },
 *   measures: { accuracy: { value, low: value - 0.25, high: value + 0.25, seeds: 5 } },
 * });
 * const trials = [trial(1, 0.001, 0.5), trial(2, 0.01, 0.75)];
 * trialTable(trials).rows; // [["1", "0.001", "0.5", "0.25 to 0.75", "5"], ["2", "0.01", "0.75", "0.5 to 1", "5"]]
 */
export function trialTable(trials: readonly Trial[]): Table {
  checkTrials("trialTable", trials);
  const settings = settingNames(trials);
  const measures = [...new Set(trials.flatMap((trial) => Object.keys(trial.measures)))];
  const percent = `${Math.round(100 * COVERAGE)} %`;
  return {
    kind: "table",
    columns: [
      { head: "trial" },
      ...settings.map((head) => ({ head })),
      ...measures.flatMap((head) => [{ head }, { head: measures.length > 1 ? `${percent} of ${head}` : percent }]),
      { head: "seeds" },
    ],
    rows: trials.map((trial) => [
      String(trial.number),
      ...settings.map((name) => textOf(trial.settings[name])),
      ...measures.flatMap((name) => cellsOf(trial.measures[name])),
      String(Math.max(0, ...Object.values(trial.measures).map(({ seeds }) => seeds))),
    ]),
  };
}

function cellsOf(measured: Measured | undefined): [string, string] {
  if (!measured) return ["-", "-"];
  const { value, low, high } = measured;
  return [short(value), low === undefined || high === undefined ? "-" : `${short(low)} to ${short(high)}`];
}

const short = (x: number): string => (Number.isFinite(x) ? String(Number(x.toPrecision(4))) : "-");

/**
 * Curves by setting, every trial's seeds, the settings side by side, and a table.
 *
 * @example
 * const subject: Subject = {
 *   ...{ name: "square", ranked: true, values: ({ row }) => ({ square: Number(row) }) },
 *   cells: ({ of }, seeds) => Array.from({ length: seeds }, (_, seed) => ({ kind: "square", config: of, seed })),
 *   measures: ([{ row }]) => ({ square: { value: Number(row), seeds: 1 } }),
 * };
 * const executor = here([{ name: "square", run: ({ config }) => Number(config) ** 2 }]);
 * const outcome = await sweep(subject, { settings: grid({ of: [2, 3] }), store: memoryStore(), executor });
 * sweepFigures(subject, outcome).map(({ title }) => title); // ["Square by trial", "All trials"]
 */
export function sweepFigures(subject: Subject, outcome: Pick<SweepOutcome, "trials">): Figure[] {
  checkOutcome("sweepFigures", outcome);
  const { trials } = outcome;
  const ranked = ranking(subject, trials).filter(({ results }) => results.length > 0);
  const figures = [curves(subject, ranked), spread(subject, ranked), together(ranked)];
  const table: Figure = {
    ...{ name: "trials", title: "All trials", about: "The settings of each trial, and what was measured." },
    rows: [[trialTable(ranking(subject, trials))]],
  };
  return [...figures.filter((figure) => figure !== undefined), table];
}

function curves({ curve }: Subject, ranked: readonly Trial[]): Figure | undefined {
  const shown = ranked.slice(0, MOST.curves);
  if (!curve || shown.length === 0) return undefined;
  const series = shown.map((trial, i) => ({
    ...{ name: `trial ${trial.number}`, hue: cycle[i] },
    curves: trial.results.map((result) => curve.of(result)),
  }));
  // A chart has one axis: trials of other lengths would be stretched or cut.
  const length = Math.max(...series.flatMap((each) => each.curves.map((values) => values.length)));
  const whole = series.map((each) => ({
    ...each,
    curves: each.curves.map((values) => [...values, ...new Array<number>(length - values.length).fill(Number.NaN)]),
  }));
  const few = ranked.length > shown.length ? `the best ${shown.length} of ${ranked.length} trials` : "every trial";
  const names = shown.map((trial) => `Trial ${trial.number}: ${settingsText(trial.settings)}.`);
  return {
    ...{ name: "curves", title: `${titled(curve.quantity)} by episode` },
    about: `Moving averages with intervals over the seeds, of ${few}.`,
    rows: [
      [{ kind: "curves", quantity: curve.quantity, series: whole, domain: curve.domain, width: 970 }],
      [{ kind: "note", text: names.join(" ") }],
    ],
  };
}

function spread(subject: Subject, ranked: readonly Trial[]): Figure | undefined {
  const shown = ranked.slice(0, MOST.rows);
  const quantity = shown.flatMap((trial) => Object.keys(trial.measures)).at(0);
  if (quantity === undefined) return undefined;
  const rows = shown.flatMap((trial) => {
    const values = trial.results.flatMap((result) => subject.values(result)[quantity] ?? []).filter(Number.isFinite);
    return values.length > 0 ? [{ name: `${trial.number}: ${settingsText(trial.settings)}`, hue: HUE, values }] : [];
  });
  if (rows.length === 0) return undefined;
  const few = ranked.length > shown.length ? `The best ${shown.length} of ${ranked.length} trials` : "Every trial";
  return {
    ...{ name: "spread", title: `${titled(quantity)} by trial` },
    about: `${few}: every seed as a point, and the mean with its interval.`,
    rows: [[{ kind: "points", quantity, rows }]],
  };
}

const HUE: Hue = "s1";

/** Parallel coordinates, if there are at least two settings that differ. */
function together(ranked: readonly Trial[]): Figure | undefined {
  const shown = ranked.filter((trial) => Number.isFinite(scoreOf(trial))).slice(0, MOST.lines);
  const differing = settingNames(shown).filter(
    (name) => new Set(shown.map(({ settings }) => textOf(settings[name]))).size > 1,
  );
  const [measure] = shown.flatMap((trial) => Object.keys(trial.measures));
  if (differing.length < 2 || measure === undefined) return undefined;
  const drawing: Parallel = {
    kind: "parallel",
    axes: [
      ...differing.map((name) => ({ name, values: shown.map(({ settings }) => asPlace(settings[name])) })),
      { name: measure, values: shown.map(scoreOf) },
    ],
  };
  return {
    ...{ name: "settings", title: "Settings side by side" },
    about: `A line for each trial, stronger the larger its ${measure} is. An axis whose numbers differ by a factor of 100 or more is logarithmic.`,
    rows: [[drawing]],
  };
}

/** A setting as a place on an axis. */
const asPlace = (value: unknown): number | string => (typeof value === "number" ? value : textOf(value) || "none");

const titled = (text: string): string => text[0].toUpperCase() + text.slice(1);
