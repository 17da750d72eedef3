// The figures of the study as data: the published ones, made from our runs, and tables of further experiments.
import type { Result } from "../../runs/index.js";
import type { Drawing, Figure, Hue, Table } from "../figure.js";
import { bootstrap, compare, deviation, type Estimate, mean, prediction, signed, WINDOWS } from "../statistics.js";
import { signedInterval } from "../tables.js";
import {
  comparisonTable,
  curveNote,
  curvesOf,
  HEAT_NOTE,
  heatsOf,
  pointsOf,
  type Shown,
  statisticTable,
} from "../training/drawings.js";
import { type Evidence, grouped, paired, statistics } from "../training/evidence.js";
import { anglesOf } from "../training/inside.js";
import { experiments, type Label } from "./experiments.js";
import { type FigurePart, figures, others } from "./parts.js";
import { comparable, independent, published } from "./published.js";
import { drawsOf, longRuns, type Row, runsOf, trialsIn } from "./rows.js";

/** Colours of the experiments. */
const HUES: Readonly<Record<Label, Hue>> = {
  ...({ bio: "base", "linear-7": "s1" } as const),
  ...({ "rcn-1": "l1", "rcn-2": "l2", "rcn-3": "l3", "rcn-5": "l5", "logged-5": "s3" } as const),
  ...({ "layer-1": "l1", "layer-2": "l2", "layer-3": "l3", "layer-5": "l5" } as const),
  ...({ "apart-5": "s4", "neuron-5": "s2", "synapse-5": "s3", "momentum-5": "s1", "momentum-10": "s3" } as const),
  ...({ fa: "s1", bp: "s5", ehebb: "s2", oja: "s3", pool: "s4" } as const),
};

/** How figures show an experiment. */
export function shownAs(evidence: Evidence): Shown {
  const label = evidence.label as Label;
  return {
    evidence,
    name: experiments[label].name,
    hue: HUES[label],
    published: comparable(evidence.config) ? published[label]?.accuracy : undefined,
  };
}

/** The figures of these results; a figure without any results is left out. */
export function figuresOf(results: readonly Result<Row>[]): Figure[] {
  const all = new Map(runsOf(results).map((evidence) => [evidence.label as Label, shownAs(evidence)]));
  return [
    ...accuracyFigures(all),
    ...Object.entries(figures).flatMap(([name, part]) => figureOf(name, part, all)),
    ...transferFigure(results),
    ...drawsFigure(results),
    ...longFigure(results),
  ];
}

const pick = (all: ReadonlyMap<Label, Shown>, labels: readonly Label[]): Shown[] =>
  labels.flatMap((label) => all.get(label) ?? []);

const heading = (text: string): Drawing => ({ kind: "heading", text });
const note = (text: string): Drawing => ({ kind: "note", text });

/** A published figure made from our runs. */
function figureOf(name: string, part: FigurePart, all: ReadonlyMap<Label, Shown>): Figure[] {
  const { title, about, panels, heat = [], angles = [], pairs } = part;
  const wanted = [...new Set([...panels.flatMap(({ labels }) => labels), ...heat])];
  const missing = wanted.filter((label) => !all.has(label));
  const present = pick(all, [...new Set(panels.flatMap(({ labels }) => labels))]);
  const maps = pick(all, heat);
  if (present.length + maps.length === 0) return [];
  const compared = [...present, ...maps].every(({ evidence }) => comparable(evidence.config));
  const rows: Drawing[][] = [];
  if (missing.length > 0) rows.push([note(`No finished run of: ${missing.join(", ")}.`)]);
  for (const panel of panels) {
    const shown = pick(all, panel.labels);
    if (shown.length > 0) rows.push([heading(panel.title)], curvesOf(shown));
  }
  if (present.length > 0) {
    const at = published.bio?.accuracy ?? Number.NaN;
    const beside = { published: publishedText, "another program": (label: string) => independentText(label) };
    rows.push([note(curveNote(present))]);
    rows.push([pointsOf(present, compared ? { at, name: `published baseline ${at}` } : undefined)]);
    rows.push([statisticTable(present, compared ? beside : {})]);
    rows.push([note(compared ? sources(present) : NOT_COMPARED)]);
  }
  const made = pairs.flatMap(([first, second]) => {
    const both = [all.get(first), all.get(second)] as const;
    return both[0] && both[1] ? [[both[0], both[1]] as const] : [];
  });
  const comparisons = comparisonTable(made);
  if (comparisons) rows.push([comparisons]);
  const turned = pick(all, angles).flatMap((each) => anglesOf(each) ?? []);
  if (turned.length > 0) rows.push([heading("Angles of the errors")], [note(ANGLE_NOTE)]);
  for (let i = 0; i < turned.length; i += 2) rows.push(turned.slice(i, i + 2));
  for (const shown of maps) {
    for (const { where, maps: drawn } of heatsOf(shown))
      rows.push([heading(`${shown.name}: P and K, ${where}`)], [...drawn]);
  }
  if (maps.length > 0) rows.push([note(HEAT_NOTE)]);
  return [{ name, title, about, rows }];
}

const NOT_COMPARED = "This is not the published setting, so published numbers are not shown.";

/** A published accuracy, in the form in which tables show it next to ours. */
function publishedText(label: string): string {
  const found = published[label as Label];
  if (!found) return "";
  const { accuracy, deviation: spread, about } = found;
  if (about) return `about ${accuracy}`;
  return spread === undefined ? accuracy.toFixed(3) : `${accuracy.toFixed(3)} ± ${spread.toFixed(3)}`;
}

const independentText = (label: string): string => independent[label as Label]?.toFixed(3) ?? "";

/** Where the published numbers come from. */
function sources(shown: readonly Shown[]): string {
  const known = shown.filter(({ evidence }) => published[evidence.label as Label]);
  const by = grouped(known, ({ evidence }) => published[evidence.label as Label]?.source ?? "");
  const lines = [...by].map(([source, group]) => `${group.map(({ name }) => name).join("; ")}: ${source}.`);
  const other = shown.some(({ evidence }) => independentText(evidence.label) !== "")
    ? " Another program: in PyTorch, the same images, five distinct classes, one seed, mean accuracy of episodes 141 to 180 (FA and BP: 100 to 150)."
    : "";
  return `Published. ${lines.join(" ")}${other}`;
}

const ANGLE_NOTE = `The angle between the error that is sent back and the one that backpropagation would send, after each layer but the last, over the queries at the end of a lifetime. Below 90° the error is useful. Moving average over ${WINDOWS.paper} measurements, mean of the seeds, 98 % bootstrap interval.`;

/** The ends of an interval; NaN where there is none. */
type Ends = Pick<Estimate, "low" | "high">;
const interval = ({ low, high }: Ends): string => (Number.isNaN(low) ? "" : `${low.toFixed(3)} to ${high.toFixed(3)}`);

/** Whether a number lies in an interval: "yes" or "no"; "" if either is missing. */
const inside = ({ low, high }: Ends, value: number | undefined): string =>
  value === undefined || Number.isNaN(low) ? "" : low <= value && value <= high ? "yes" : "no";

const table = (first: string, others: readonly string[], rows: readonly (readonly string[])[]): Table => ({
  ...{ kind: "table", rows },
  columns: [{ head: first, text: true }, ...others.map((head) => ({ head }))],
});

/** All accuracies next to those of others, how far they differ, and the gain from one more chemical. */
function accuracyFigures(all: ReadonlyMap<Label, Shown>): Figure[] {
  const shown = [...all].filter(([, { evidence }]) => comparable(evidence.config));
  if (shown.length === 0) return [];
  const rows = shown.map(([label, { evidence, name }]) => {
    const values = statistics(evidence);
    const [estimate, one] = [bootstrap(values), prediction(values)];
    const oneSeed = { low: Math.max(0, one.low), high: Math.min(1, one.high) }; // accuracies cannot lie outside
    const theirs = published[label]?.about ? undefined : published[label]?.accuracy;
    return [
      ...[name, String(values.length), estimate.mean.toFixed(3), interval(estimate), interval(oneSeed)],
      ...[publishedText(label), inside(estimate, theirs), inside(oneSeed, theirs)],
      ...[independentText(label), inside(estimate, independent[label]), inside(oneSeed, independent[label])],
    ];
  });
  const head = [
    ...["seeds", "ours", "98 %, mean", "98 %, one seed", "published", "in the mean's", "in one seed's"],
    ...["other program, same images", "in the mean's", "in one seed's"],
  ];
  const gains = GAINS.flatMap((pair) => gainOf(all, pair));
  const gap = gapOf(shown);
  return [
    {
      ...{
        name: "accuracy",
        title: "Accuracy",
        about: "The statistic of the report's figure 1, compared with the numbers of others.",
      },
      rows: [[table("configuration", head, rows)], ...(gap === undefined ? [] : [[note(gap)]])],
    },
    ...(gains.length === 0 ? [] : [gainFigure(gains)]),
  ];
}

/**
 * Pairs of published runs that had the same tasks: the difference of their one seed, and the differences of our seeds.
 */
const GAINS: readonly (readonly [Label, Label])[] = [
  ["rcn-2", "rcn-1"],
  ["rcn-3", "rcn-1"],
];

const gainFigure = (rows: readonly (readonly string[])[]): Figure => ({
  ...{ name: "gains", title: "The gain from more chemicals", about: "Differences, here and in the published runs." },
  rows: [[table("difference", ["ours", "98 %, mean", "98 %, one seed", "published", "in one seed's"], rows)]],
});

function gainOf(all: ReadonlyMap<Label, Shown>, [first, second]: readonly [Label, Label]): string[][] {
  const [one, other] = [all.get(first), all.get(second)];
  const both = one && other && paired(one.evidence, other.evidence);
  if (!both) return [];
  const [ours, theirs] = [statistics(both[0]), statistics(both[1])];
  const { difference } = compare(ours, theirs);
  const single = prediction(ours.map((value, i) => value - theirs[i]));
  const known = (published[first]?.accuracy ?? Number.NaN) - (published[second]?.accuracy ?? Number.NaN);
  const intervals = [signedInterval(difference), signedInterval(single)];
  return [[`${one.name} − ${other.name}`, signed(single.mean), ...intervals, signed(known), inside(single, known)]];
}

/**
 * How far ours, the published and the other program's numbers differ, over the configurations that have all three, each
 * over the same episodes.
 */
function gapOf(shown: readonly (readonly [Label, Shown])[]): string | undefined {
  const three = shown.flatMap(([label, { evidence, name }]) => {
    const [theirs, other] = [published[label], independent[label]];
    if (theirs?.deviation === undefined || other === undefined) return [];
    return [{ name, ours: mean(statistics(evidence)) - theirs.accuracy, other: other - theirs.accuracy }];
  });
  if (three.length === 0) return undefined;
  const [ours, other] = [mean(three.map((row) => row.ours)), mean(three.map((row) => row.other))];
  return (
    `Over the ${three.length} configurations with all three numbers (${three.map(({ name }) => name).join("; ")}), ours minus the ` +
    `published ones are ${signed(ours)} on average, the other program's minus the published ones ${signed(other)}, and ours ` +
    `minus the other program's ${signed(ours - other)}.`
  );
}

/** How well frozen rules do on tasks of other kinds. Intervals are over tasks, since each row is one run. */
function transferFigure(results: readonly Result<Row>[]): Figure[] {
  const rows = trialsIn(results).map(({ label, seed, condition, images, learned }) => {
    const estimate = bootstrap(learned);
    const what = [
      `${label ? experiments[label].name : "a rule"}, seed ${seed}`,
      condition,
      images ? `${images.source}, ${images.prefix}` : "",
      `${learned.length}`,
    ];
    return [...what, estimate.mean.toFixed(3), interval(estimate)];
  });
  if (rows.length === 0) return [];
  const head = ["tasks", "images", "number", "accuracy", "98 % interval over tasks"];
  return [{ name: "transfer", ...others.transfer, rows: [[table("rule", head, rows)]] }];
}

/** How much it matters which images of each class a run sees. */
function drawsFigure(results: readonly Result<Row>[]): Figure[] {
  const draws = drawsOf(results);
  const means = draws.filter(({ draw }) => draw > 0).map(({ accuracy }) => mean(accuracy));
  const first = draws.find(({ draw }) => draw === 0);
  if (!first || means.length === 0) return [];
  const name = first.label ? experiments[first.label].name : "a run";
  const text =
    `The rule of ${name}, seed ${first.seed} on the same ${first.accuracy.length} tasks: ${mean(first.accuracy).toFixed(3)} with ` +
    `the images that all runs here saw; with ${means.length} other draws of the same number of images per class ` +
    `${mean(means).toFixed(3)} on average, from ${Math.min(...means).toFixed(3)} to ${Math.max(...means).toFixed(3)}, ` +
    `standard deviation ${deviation(means).toFixed(3)}.`;
  return [{ name: "draws", ...others.draws, rows: [[note(text)]] }];
}

/** How accurate long runs are, by tenths of their episodes. */
function longFigure(results: readonly Result<Row>[]): Figure[] {
  const runs = longRuns(results);
  if (runs.length === 0) return [];
  const step = Math.max(1, Math.floor(Math.min(...runs.map(({ accuracy }) => accuracy.length)) / 10));
  const froms = Array.from({ length: 10 }, (_, i) => i * step);
  const rows = runs.map(({ label, seed, accuracy, guarded }) => [
    `${experiments[label].name}, seed ${seed}`,
    ...froms.map((from) => mean(accuracy.slice(from, from + step)).toFixed(3)),
    guarded.join(", ") || "none",
  ]);
  const head = [...froms.map((from) => `${from + 1} to ${from + step}`), "the guard acted at"];
  return [{ name: "long", ...others.long, rows: [[table("run", head, rows)]] }];
}
