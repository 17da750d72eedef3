// The tables of the results page, as Markdown.
import { paired, statistics } from "../../src/report/evidence.js";
import { experiments, type Label } from "../../src/report/experiments.js";
import type { Shown } from "../../src/report/figure.js";
import { independent, published } from "../../src/report/published.js";
import { publishedText } from "../../src/report/report.js";
import {
  bootstrap,
  type Comparison,
  compare,
  deviation,
  type Estimate,
  mean,
  prediction,
  signed,
  verdict,
} from "../../src/studies/index.js";
import type { ImageSets } from "./images.js";
import type { Evaluation } from "./kept.js";

const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
};

/** The ends of an interval; NaN where there is none. */
type Ends = Pick<Estimate, "low" | "high">;

const interval = ({ low, high }: Ends): string => (Number.isNaN(low) ? "" : `${low.toFixed(3)} to ${high.toFixed(3)}`);
const signedInterval = ({ low, high }: Ends): string => (Number.isNaN(low) ? "" : `${signed(low)} to ${signed(high)}`);

/** Whether a number lies in an interval; undefined where there is none of one of them. */
const inside = ({ low, high }: Ends, value: number | undefined): boolean | undefined =>
  value === undefined || Number.isNaN(low) ? undefined : low <= value && value <= high;

const yesNo = (value: boolean | undefined): string => (value === undefined ? "" : value ? "yes" : "no");

/** One experiment's numbers beside those of others. */
export function resultOf({ evidence, name }: Shown) {
  const values = statistics(evidence);
  const estimate = bootstrap(values);
  const { low, high } = prediction(values);
  const oneSeed = { low: Math.max(0, low), high: Math.min(1, high) }; // accuracies have nothing beyond
  const { label } = evidence;
  const theirs = published[label];
  const comparable = theirs?.about ? undefined : theirs?.accuracy;
  return {
    experiment: label,
    name,
    seeds: estimate.count,
    accuracy: estimate.mean,
    low: estimate.low,
    high: estimate.high,
    oneSeed,
    published: theirs?.accuracy,
    publishedInside: inside(estimate, comparable),
    publishedIsOneSeed: inside(oneSeed, comparable),
    independent: independent[label],
    independentInside: inside(estimate, independent[label]),
    independentIsOneSeed: inside(oneSeed, independent[label]),
  };
}

/** The results of all experiments. */
export type Result = ReturnType<typeof resultOf>;

/** All results, beside those of others. */
export function resultTable(results: readonly Result[]): string {
  const head = [
    ...["configuration", "seeds", "ours", "98 %, mean", "98 %, one seed"],
    ...["published", "in the mean's", "in one seed's"],
    ...["other program, same images", "in the mean's", "in one seed's"],
  ];
  const rows = results.map((row) => [
    ...[row.name, String(row.seeds), row.accuracy.toFixed(3)],
    ...[interval(row), interval(row.oneSeed)],
    ...[publishedText(row.experiment), yesNo(row.publishedInside), yesNo(row.publishedIsOneSeed)],
    ...[row.independent?.toFixed(3) ?? "", yesNo(row.independentInside), yesNo(row.independentIsOneSeed)],
  ]);
  return tableOf(head, rows);
}

/** How far apart the three are, over the configurations of which there are all three, each for the same episodes. */
export function gap(results: readonly Result[]): string {
  const three = results.flatMap(({ experiment, accuracy, published: theirs, independent: other, name }) =>
    published[experiment]?.deviation !== undefined && theirs !== undefined && other !== undefined
      ? [{ name, ours: accuracy - theirs, other: other - theirs }]
      : [],
  );
  if (three.length === 0) return "No configuration has all three numbers yet.";
  const ours = mean(three.map((row) => row.ours));
  const other = mean(three.map((row) => row.other));
  return (
    `Over the ${three.length} configurations with all three numbers (${three.map(({ name }) => name).join("; ")}), ours less the ` +
    `published ones are ${signed(ours)} on average, the other implementation's less the published ones ${signed(other)}, and ` +
    `ours less the other implementation's ${signed(ours - other)}.`
  );
}

/** Pairs of published runs that had the same tasks: one seed's difference there, and the differences of our seeds. */
const PUBLISHED_PAIRS: readonly (readonly [Label, Label])[] = [
  ["rcn-2", "rcn-1"],
  ["rcn-3", "rcn-1"],
];

/** What a chemical more is worth, here and in the published runs. */
export function gainTable(all: ReadonlyMap<string, Shown>): string {
  const rows = PUBLISHED_PAIRS.flatMap(([first, second]) => {
    const both = pairOf(all, first, second);
    if (!both) return [];
    const differences = both.values[0].map((value, i) => value - both.values[1][i]);
    const single = prediction(differences);
    const theirs = (published[first]?.accuracy ?? Number.NaN) - (published[second]?.accuracy ?? Number.NaN);
    const ours = [signed(single.mean), signedInterval(bootstrap(differences)), signedInterval(single)];
    return [[`${both.names[0]} − ${both.names[1]}`, ...ours, signed(theirs), yesNo(inside(single, theirs))]];
  });
  return tableOf(["difference", "ours", "98 %, mean", "98 %, one seed", "published", "in one seed's"], rows);
}

/** The statistics of two experiments for the seeds that both have. */
function pairOf(all: ReadonlyMap<string, Shown>, first: string, second: string) {
  const [one, other] = [all.get(first), all.get(second)];
  const matched = one && other && paired(one.evidence, other.evidence);
  if (!matched) return undefined;
  return { names: [one.name, other.name] as const, values: [statistics(matched[0]), statistics(matched[1])] as const };
}

/** The comparisons of pairs, seed by seed; those that cannot be made are left out. */
export function comparisonsOf(all: ReadonlyMap<string, Shown>, pairs: readonly (readonly [string, string])[]) {
  return pairs.flatMap(([first, second]) => {
    const both = pairOf(all, first, second);
    return both ? [{ first, second, names: both.names, ...compare(...both.values) }] : [];
  });
}

const COMPARISON_HEAD = ["difference", "mean", "98 %, bootstrap", "98 %, Student", "seeds above", "what may be said"];

const comparisonCells = ({ difference, student, larger }: Comparison): string[] => [
  signed(difference.mean),
  signedInterval(difference),
  signedInterval(student),
  `${larger} of ${difference.count}`,
];

export function comparisonTable(comparisons: ReturnType<typeof comparisonsOf>): string {
  const rows = comparisons.map(({ names: [first, second], ...comparison }) => [
    `${first} − ${second}`,
    ...comparisonCells(comparison),
    verdict(first, second, comparison),
  ]);
  return tableOf(COMPARISON_HEAD, rows);
}

/** What frozen rules do on tasks of other kinds. The unit is the task, since each row is one run. */
export function evaluationTable(evaluations: readonly Evaluation[]): string {
  const rows = evaluations.flatMap(({ label, seed, conditions }) =>
    conditions.map(({ condition, data, learned }) => {
      const estimate = bootstrap(learned);
      const what = [`${experiments[label].name}, seed ${seed}`, condition, data, `${estimate.count}`];
      return [...what, estimate.mean.toFixed(3), interval(estimate)];
    }),
  );
  return tableOf(["rule", "tasks", "images", "number", "accuracy", "98 % interval over tasks"], rows);
}

/** What two-timescale.json holds, as far as the page shows it. */
export interface TimeScaleResults {
  readonly results: readonly { readonly rule: string; readonly segment: number; readonly error: readonly number[] }[];
  readonly differences: readonly (Comparison & {
    readonly rule: string;
    readonly less: string;
    readonly segment: number;
  })[];
}

/** The errors of rules that follow a teacher of two time scales, and how they differ from those of one chemical. */
export function timeScaleTable({ results, differences }: TimeScaleResults): string {
  const rows = results.map(({ rule, segment, error }) => {
    const found = differences.find((each) => each.rule === rule && each.segment === segment);
    const rest = found ? [...comparisonCells(found), verdict(rule, found.less, found)] : ["", "", "", "", ""];
    return [rule, String(segment), mean(error).toFixed(3), ...rest];
  });
  const [, , ...intervals] = COMPARISON_HEAD;
  return tableOf(["rule", "steps to a change", "error", "less that of one chemical", ...intervals], rows);
}

/** A run of long-run.json. */
export interface LongRun {
  readonly name: string;
  readonly accuracy: readonly number[];
  /** Episodes whose step the guard shortened, or took back. */
  readonly guarded: readonly number[];
}

/** How accurate long runs are, by hundreds of episodes. */
export function longRunTable(runs: readonly LongRun[]): string {
  const hundreds = Array.from({ length: Math.floor(runs[0].accuracy.length / 100) }, (_, i) => i * 100);
  return tableOf(
    ["run", ...hundreds.map((from) => `${from + 1} to ${from + 100}`), "the guard acted at"],
    runs.map(({ name, accuracy, guarded }) => [
      name,
      ...hundreds.map((from) => mean(accuracy.slice(from, from + 100)).toFixed(3)),
      guarded.join(", ") || "none",
    ]),
  );
}

/** How much it matters which images of each class a run sees. */
export function imagesText({ rule, tasks, first, others }: ImageSets): string {
  const means = others.map(mean);
  return (
    `The rule of ${rule} on the same ${tasks} tasks: ${mean(first).toFixed(3)} with the images that all runs here saw; with ` +
    `${means.length} other draws of 60 images of each class ${mean(means).toFixed(3)} on average, from ` +
    `${Math.min(...means).toFixed(3)} to ${Math.max(...means).toFixed(3)}, standard deviation ${deviation(means).toFixed(3)}.`
  );
}
