// A figure of a report: charts, tables and what may be said, as HTML.
import { isRegression } from "../meta/config.js";
import type { LeafValues } from "../meta/index.js";
import { timeScales } from "../plasticity/index.js";
import { synapseKind } from "../plasticity/internal.js";
import { bootstrap, compare, mean, signed, statisticSpan, verdict } from "../studies/index.js";
import { curveChart, type Series } from "./curves.js";
import { type Evidence, episodesOf, paired, statistics } from "./evidence.js";
import { forestChart, type Reference } from "./forest.js";
import { heatMap } from "./heat.js";
import { escapeHtml, htmlTable } from "./html.js";
import type { Colour } from "./theme.js";

/** A configuration with how it is shown. */
export interface Shown {
  readonly evidence: Evidence;
  readonly name: string;
  readonly colour: Colour;
  /** Published accuracy. */
  readonly published?: number | undefined;
}

/** The charts of accuracy and of loss by episode. */
export function curveCharts(shown: readonly Shown[]): string[] {
  const episodes = Math.min(...shown.map(({ evidence }) => episodesOf(evidence)));
  const span = statisticSpan(episodes);
  const draw = (part: "accuracy" | "loss", quantity: string): string => {
    const series: Series[] = shown.map(({ evidence, name, colour, published }) => ({
      name,
      colour,
      curves: evidence.runs.map((run) => run[part].slice(0, episodes)),
      published: part === "accuracy" ? published : undefined,
    }));
    return curveChart({ quantity, series, domain: part === "accuracy" ? [0, 1] : [0], span });
  };
  const score = scoreName(shown);
  return [draw("accuracy", `query ${score}, mean of 20 episodes`), draw("loss", "query loss, mean of 20 episodes")];
}

/** What the score of an episode is: the share of right answers, or of variance explained. */
function scoreName([{ evidence }]: readonly Shown[]): string {
  return isRegression(evidence.config.task) ? "R²" : "accuracy";
}

/** Both, side by side, under a title. */
export function curvePanels(title: string, shown: readonly Shown[]): string {
  const head = title === "" ? "" : `<h3>${escapeHtml(title)}</h3>\n`;
  return `${head}${sideBySide(curveCharts(shown))}`;
}

/** Charts side by side where there is room. */
export const sideBySide = (charts: readonly string[]): string =>
  `<div class="panels">\n${charts.map((svg) => `<div>${svg}</div>`).join("\n")}\n</div>`;

/** The statistic of each, as a chart. */
export function forest(shown: readonly Shown[], reference?: Reference): string {
  const rows = shown.map(({ evidence, ...rest }) => ({ ...rest, values: statistics(evidence) }));
  const { from, to } = spanOf(shown);
  return forestChart(`mean ${scoreName(shown)}, episodes ${from} to ${to}`, rows, { reference });
}

/** The episodes that the statistic of these is taken over. */
export const spanOf = (shown: readonly Shown[]) =>
  statisticSpan(Math.min(...shown.map(({ evidence }) => episodesOf(evidence))));

/** The statistic of each, as a table. `more` adds columns by label. */
export function statisticTable(
  shown: readonly Shown[],
  more: Readonly<Record<string, (label: string) => string>> = {},
): string {
  const columns = ["seeds", scoreName(shown), "98 % interval", "loss", ...Object.keys(more)].map((head) => ({ head }));
  const rows = shown.map(({ evidence, name }) => {
    const { mean: middle, low, high, count } = bootstrap(statistics(evidence));
    const { from, to } = statisticSpan(episodesOf(evidence));
    const loss = mean(evidence.runs.map((run) => mean(run.loss.slice(from - 1, to))));
    const interval = count > 1 ? `${low.toFixed(3)} to ${high.toFixed(3)}` : "one seed";
    const rest = Object.values(more).map((value) => value(evidence.label));
    return [
      escapeHtml(name),
      String(count),
      middle.toFixed(3),
      interval,
      loss < 1000 ? loss.toFixed(3) : loss.toExponential(1),
      ...rest,
    ];
  });
  return htmlTable([{ head: "configuration", text: true }, ...columns], rows);
}

/** Comparisons of pairs, seed by seed; pairs that cannot be made are left out. */
export function comparisonTable(pairs: readonly (readonly [Shown, Shown])[]): string {
  const rows = pairs.flatMap(([first, second]) => {
    const both = paired(first.evidence, second.evidence);
    if (!both) return [];
    const comparison = compare(statistics(both[0]), statistics(both[1]));
    const { difference, student, larger, claim } = comparison;
    const interval = ({ low, high }: typeof difference): string =>
      Number.isNaN(low) ? "–" : `${signed(low)} to ${signed(high)}`;
    const words = escapeHtml(verdict(first.name, second.name, comparison));
    return [
      [
        `${escapeHtml(first.name)} <span class="quiet">−</span> ${escapeHtml(second.name)}`,
        signed(difference.mean),
        interval(difference),
        interval(student),
        `${larger} of ${difference.count}`,
        claim === 0 ? `<span class="quiet">${words}</span>` : words,
      ],
    ];
  });
  if (rows.length === 0) return "";
  const columns = [
    { head: "difference", text: true },
    { head: "mean" },
    { head: "98 %, bootstrap" },
    { head: "98 %, Student" },
    { head: "seeds above" },
    { head: "what may be said", text: true },
  ];
  return htmlTable(columns, rows);
}

/** The heat maps of a configuration's P and K, means over the seeds: for each layer what it is called, and the charts. */
export function heatCharts({
  evidence,
  name,
}: Shown): { readonly where: string; readonly P: string; readonly K: string }[] {
  const { config, runs } = evidence;
  const rows = chemicalNames(evidence);
  const motifs = config.plasticity.motifs.map((motif) => (typeof motif === "number" ? `F${motif}` : motif));
  return runs[0].rule.P.map((_, layer, { length }) => {
    const where = length === 1 ? "all layers" : `layer ${layer + 1}`;
    const map = (part: "P" | "K", columns: readonly string[]): string => {
      const leaves: LeafValues[] = runs.map(({ rule }) => rule[part][layer]);
      return heatMap(`${part} of ${name}, ${where}`, leaves, rows, columns);
    };
    return { where, P: map("P", motifs), K: runs[0].rule.K.length > 0 ? map("K", rows) : "" };
  });
}

/** The same under a heading. */
export function heatMaps(shown: Shown): string {
  const pairs = heatCharts(shown).map(({ where, ...charts }) => {
    const map = (part: "P" | "K"): string =>
      charts[part] === "" ? "" : `<div><b>${part}<span>, ${where}</span></b>${charts[part]}</div>`;
    return `<div class="pair">${map("P")}${map("K")}</div>`;
  });
  return `<h3>${escapeHtml(shown.name)}</h3>\n<div class="maps">\n${pairs.join("\n")}\n</div>`;
}

/** What the rows of P and K stand for: the chemicals' time constants, in steps. */
function chemicalNames({ config: { plasticity } }: Evidence): string[] {
  if (!synapseKind(plasticity.synapse).scales) return ["w"];
  return timeScales(plasticity).z.map((z) => `τ ${(1 / z).toFixed(1).replace(/\.0$/, "")}`);
}
