// Drawings of runs of meta-training: curves, points, tables and heat maps.
import { isRegression } from "../../meta/internal.js";
import { type PlasticityConfig, timeScales } from "../../plasticity/index.js";
import { synapseKind } from "../../plasticity/internal.js";
import type { Curves, Heat, Hue, LogPoints, Points, Series, Table } from "../figure.js";
import { bootstrap, compare, mean, statisticSpan } from "../statistics.js";
import { COMPARISON_COLUMNS, comparisonCells } from "../tables.js";
import { type Evidence, episodesOf, grouped, paired, statistics } from "./evidence.js";

/** A configuration with how it is shown. */
export interface Shown {
  readonly evidence: Evidence;
  readonly name: string;
  readonly hue: Hue;
  /** Published accuracy. */
  readonly published?: number | undefined;
}

/** The charts of accuracy and of loss by episode. */
export function curvesOf(shown: readonly Shown[]): Curves[] {
  const episodes = Math.min(...shown.map(({ evidence }) => episodesOf(evidence)));
  const span = statisticSpan(episodes);
  const draw = (part: "accuracy" | "loss", quantity: string): Curves => {
    const series: Series[] = shown.map(({ evidence, name, hue, published }) => ({
      ...{ name, hue },
      curves: evidence.runs.map((run) => run[part].slice(0, episodes)),
      published: part === "accuracy" ? published : undefined,
    }));
    return { kind: "curves", quantity, series, domain: part === "accuracy" ? [0, 1] : [0], span };
  };
  const score = scoreName(shown);
  return [draw("accuracy", `query ${score}, mean of 20 episodes`), draw("loss", "query loss, mean of 20 episodes")];
}

/** The name of an episode's score: accuracy, or R² (the share of variance explained). */
function scoreName([{ evidence }]: readonly Shown[]): string {
  return isRegression(evidence.config.task) ? "R²" : "accuracy";
}

/** The statistic of each configuration, as points with intervals. */
export function pointsOf(shown: readonly Shown[], reference?: Points["reference"]): Points {
  const rows = shown.map(({ evidence, ...rest }) => ({ ...rest, values: statistics(evidence) }));
  const { from, to } = spanOf(shown);
  return { kind: "points", quantity: `mean ${scoreName(shown)}, episodes ${from} to ${to}`, rows, reference };
}

/** The episodes that the statistic of these is taken over. */
export const spanOf = (shown: readonly Shown[]) =>
  statisticSpan(Math.min(...shown.map(({ evidence }) => episodesOf(evidence))));

/** How to read charts of curves and points. */
export function curveNote(shown: readonly Shown[]): string {
  const { from, to } = spanOf(shown);
  const dashed = shown.some(({ published: theirs }) => theirs !== undefined) ? " Dashed, and diamonds: published." : "";
  return `Lines: moving average over 20 episodes, mean of the seeds. Bands: 98 % bootstrap interval over the seeds. A line ends where it leaves the chart. Shaded: episodes ${from} to ${to}, whose mean is the statistic; below, each small point is a seed.${dashed}`;
}

/** How to read heat maps. */
export const HEAT_NOTE =
  "Thousandths, mean of the seeds at the end of learning; colour by size, blue above zero and orange below, scaled to the largest number of each map. Pale: the 98 % interval over the seeds contains zero. Rows are the chemicals that are driven, by their time constants in steps. Columns of P are motifs, columns of K the chemicals that drive.";

/** The statistic of each configuration, as a table. `more` adds columns by label. */
export function statisticTable(
  shown: readonly Shown[],
  more: Readonly<Record<string, (label: string) => string>> = {},
): Table {
  const columns = ["seeds", scoreName(shown), "98 % interval", "loss", ...Object.keys(more)].map((head) => ({ head }));
  const rows = shown.map(({ evidence, name }) => {
    const { mean: middle, low, high, count } = bootstrap(statistics(evidence));
    const { from, to } = statisticSpan(episodesOf(evidence));
    const loss = mean(evidence.runs.map((run) => mean(run.loss.slice(from - 1, to))));
    const interval = count > 1 ? `${low.toFixed(3)} to ${high.toFixed(3)}` : "one seed";
    const rest = Object.values(more).map((value) => value(evidence.label));
    const ours = [name, String(count), middle.toFixed(3), interval];
    return [...ours, loss < 1000 ? loss.toFixed(3) : loss.toExponential(1), ...rest];
  });
  return { kind: "table", columns: [{ head: "configuration", text: true }, ...columns], rows };
}

/** Comparisons of pairs, seed by seed; pairs without common seeds are left out. Undefined if none can. */
export function comparisonTable(pairs: readonly (readonly [Shown, Shown])[]): Table | undefined {
  const rows = pairs.flatMap(([first, second]) => {
    const both = paired(first.evidence, second.evidence);
    if (!both) return [];
    const comparison = compare(statistics(both[0]), statistics(both[1]));
    const names = [first.name, second.name] as const;
    return [[`${first.name} − ${second.name}`, ...comparisonCells(names, comparison)]];
  });
  return rows.length === 0 ? undefined : { kind: "table", columns: COMPARISON_COLUMNS, rows };
}

/** The heat maps of a configuration's P and K: for each layer its name and its maps. */
export function heatsOf({ evidence, name }: Shown): { readonly where: string; readonly maps: readonly Heat[] }[] {
  const { config, runs } = evidence;
  const rows = chemicalNames(evidence.config.plasticity);
  const motifs = config.plasticity.motifs.map((motif) => (typeof motif === "number" ? `F${motif}` : motif));
  return runs[0].rule.P.map((_, layer, { length }) => {
    const where = length === 1 ? "all layers" : `layer ${layer + 1}`;
    const map = (part: "P" | "K", columns: readonly string[]): Heat => ({
      ...{ kind: "heat", title: `${part} of ${name}, ${where}`, rows, columns },
      seeds: runs.map(({ rule }) => rule[part][layer].data),
    });
    return { where, maps: [map("P", motifs), ...(runs[0].rule.K.length > 0 ? [map("K", rows)] : [])] };
  });
}

/** The names of the rows of P and K: the chemicals' time constants, in steps. */
export function chemicalNames(plasticity: PlasticityConfig): string[] {
  if (!synapseKind(plasticity.synapse).scales) return ["w"];
  return timeScales(plasticity).z.map((z) => `τ ${(1 / z).toFixed(1).replace(/\.0$/, "")}`);
}

/**
 * The time constants of chemicals: a row for each set of time constants, named after the configurations that have it;
 * undefined if none has chemicals.
 */
export function timesOf(shown: readonly Shown[]): LogPoints | undefined {
  const chemical = shown.filter(({ evidence }) => synapseKind(evidence.config.plasticity.synapse).scales);
  if (chemical.length === 0) return undefined;
  const key = ({ evidence: { config } }: Shown): string => JSON.stringify(timeScales(config.plasticity));
  const rows = [...grouped(chemical, key).values()].map((group) => {
    const { y, z } = timeScales(group[0].evidence.config.plasticity);
    const names = group.map(({ name }) => name);
    const name = names.length > 3 ? `${names.slice(0, 2).join("; ")} and ${names.length - 2} more` : names.join("; ");
    return { name, points: z.map((rate, i) => ({ at: 1 / rate, open: y[i] === 1 })) };
  });
  return { kind: "log-points", quantity: "steps", rows };
}
