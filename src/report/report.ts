// The report: one HTML file that carries everything with it, opens from a disk, prints, and needs no script.
import { isRegression, type TrainConfig } from "../meta/config.js";
import { RESAMPLES, SEEDS_FOR_CLAIM, WINDOWS } from "../studies/index.js";
import { type Evidence, episodesOf, grouped, streamOf } from "./evidence.js";
import { type Experiment, experiments, type Figure, type FigureName, figures } from "./experiments.js";
import {
  comparisonTable,
  curvePanels,
  forest,
  heatMaps,
  type Shown,
  sideBySide,
  spanOf,
  statisticTable,
} from "./figure.js";
import { escapeHtml, htmlPage } from "./html.js";
import { angleChart, insideCharts } from "./inside.js";
import { comparable, independent, published } from "./published.js";
import type { Samples } from "./samples.js";
import { type Colour, CYCLE, styleSheet } from "./theme.js";
import { timeChart } from "./times.js";

/** What else a report shows, where it can be had. */
export interface ReportExtras {
  /** A task that no run has learned from; or why there is none. */
  readonly samples?: Samples | string;
  /** What messages call the images. */
  readonly dataset?: string;
  /** The names of the classes. */
  readonly classNames?: readonly string[] | undefined;
}

/** Colours of the published experiments. */
const COLOURS: Readonly<Record<string, Colour>> = {
  ...{ bio: "base", "linear-7": "s1" },
  ...{ "rcn-1": "l1", "rcn-2": "l2", "rcn-3": "l3", "rcn-5": "l5", "logged-5": "s3" },
  ...{ "layer-1": "l1", "layer-2": "l2", "layer-3": "l3", "layer-5": "l5" },
  ...{ "apart-5": "s4", "neuron-5": "s2", "synapse-5": "s3", "momentum-5": "s1", "momentum-10": "s3" },
  ...{ fa: "s1", bp: "s5", ehebb: "s2", oja: "s3", pool: "s4" },
};

/** The report on the figures of a reproduction. Experiments without a run are named and left out. */
export function reproductionReport(
  names: readonly FigureName[],
  evidence: readonly Evidence[],
  extras: ReportExtras = {},
): string {
  const all = new Map(evidence.map((each) => [each.label, shownAs(each)]));
  const { config } = evidence[0];
  const compared = comparable(config);
  const sections = names.map((name) => {
    const figure: Figure = figures[name];
    const body = figureBody(figure, all, compared);
    return { id: name, title: figure.title, body: `<p>${escapeHtml(figure.about)}</p>\n${body}` };
  });
  const head = `<h1>Learned rules of synaptic plasticity</h1>
<p class="lead">A reproduction of the published experiments: ${escapeHtml(settingText(config, extras.dataset))}. ${
    compared ? "" : "This is not the published setting, so published numbers are not set beside it."
  }</p>`;
  return page(
    "Learned rules of synaptic plasticity",
    head,
    [...sections, ...common([...all.values()], extras)],
    evidence,
  );
}

/** The report on any runs, each configuration under its label. */
export function runReport(evidence: readonly Evidence[], extras: ReportExtras = {}): string {
  const shown = evidence.map((each, i) => ({
    evidence: each,
    name: each.label,
    colour: CYCLE[i % CYCLE.length],
  }));
  const streams = grouped(shown, ({ evidence }) => streamOf(evidence.config));
  const sections = [...streams.values()].flatMap((group, i) => {
    const suffix = streams.size > 1 ? `, ${settingText(group[0].evidence.config)}` : "";
    const curves = chunks(group, CYCLE.length).map((part) => `<figure>${curvePanels("", part)}</figure>`);
    const pairs = group.slice(1).map((each) => [each, group[0]] as const);
    const body = `${curves.join("\n")}
<p class="note">${curveNote(group)}</p>
<figure>${forest(group)}</figure>
${statisticTable(group)}
${comparisonTable(pairs)}`;
    return [{ id: `accuracy-${i + 1}`, title: `Accuracy and loss${suffix}`, body }];
  });
  const maps = shown.filter(({ evidence }) => evidence.runs[0].rule.P.length > 0).map(heatMaps);
  const learned = { id: "learned", title: "What was learned", body: `${HEAT_NOTE}\n${maps.join("\n")}` };
  const inside = insideSection(shown);
  const title = evidence.length === 1 ? evidence[0].label : `${evidence.length} configurations`;
  const head = `<h1>${escapeHtml(title)}</h1>
<p class="lead">Meta-learned plasticity: ${escapeHtml(settingText(evidence[0].config, extras.dataset))}.</p>`;
  return page(title, head, [...sections, learned, ...inside, ...common(shown, extras)], evidence);
}

/** What was measured in the networks, if anything was. */
function insideSection(shown: readonly Shown[]): Section[] {
  const measured = shown.filter(({ evidence }) => evidence.runs.some(({ measured }) => measured.length > 0));
  if (measured.length === 0) return [];
  const bodies = measured.map((each) => `<h3>${escapeHtml(each.name)}</h3>\n${sideBySide(insideCharts(each))}`);
  return [{ id: "inside", title: "Inside the networks", body: `${INSIDE_NOTE}\n${bodies.join("\n")}` }];
}

interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: string;
}

/** An experiment as figures show it. */
export function shownAs(evidence: Evidence): Shown {
  const experiment: Experiment | undefined = experiments[evidence.label as keyof typeof experiments];
  return {
    evidence,
    name: experiment?.name ?? evidence.label,
    colour: COLOURS[evidence.label] ?? "s6",
    published: comparable(evidence.config) ? published[evidence.label]?.accuracy : undefined,
  };
}

/** The charts, tables and comparisons of a published figure. */
function figureBody(
  { panels, heat = [], angles = [], pairs }: Figure,
  all: ReadonlyMap<string, Shown>,
  compared: boolean,
): string {
  const pick = (labels: readonly string[]): Shown[] => labels.flatMap((label) => all.get(label) ?? []);
  const wanted = [...new Set([...panels.flatMap(({ labels }) => labels), ...heat])];
  const missing = wanted.filter((label) => !all.has(label));
  const present = pick([...new Set(panels.flatMap(({ labels }) => labels))]);
  const parts: string[] = [];
  if (missing.length > 0) parts.push(`<p class="note">No finished run of: ${escapeHtml(missing.join(", "))}.</p>`);
  for (const { title, labels } of panels) {
    const shown = pick(labels);
    if (shown.length > 0) parts.push(`<figure>${curvePanels(title, shown)}</figure>`);
  }
  if (present.length > 0) {
    const baseline = compared ? published.bio.accuracy : undefined;
    const reference = baseline === undefined ? undefined : { at: baseline, name: `published baseline ${baseline}` };
    const beside = {
      published: (label: string) => publishedText(label),
      "another implementation": (label: string) => independent[label]?.toFixed(3) ?? "",
    };
    parts.push(`<p class="note">${curveNote(present)}</p>`);
    parts.push(`<figure>${forest(present, reference)}</figure>`);
    parts.push(statisticTable(present, compared ? beside : {}));
    if (compared) parts.push(sources(present));
  }
  const made = pairs.flatMap(([first, second]) => {
    const both = [all.get(first), all.get(second)] as const;
    return both[0] && both[1] ? [[both[0], both[1]] as const] : [];
  });
  parts.push(comparisonTable(made));
  const turned = pick(angles).flatMap((each) => angleChart(each) ?? []);
  if (turned.length > 0) parts.push("<h3>Angles of the errors</h3>", ANGLE_NOTE, sideBySide(turned));
  const maps = pick(heat);
  if (maps.length > 0) parts.push(HEAT_NOTE, ...maps.map(heatMaps));
  return parts.join("\n");
}

/** A published accuracy as it is written beside ours. */
export function publishedText(label: string): string {
  const found = published[label];
  if (!found) return "";
  const { accuracy, deviation, about } = found;
  if (about) return `about ${accuracy}`;
  return deviation === undefined ? accuracy.toFixed(3) : `${accuracy.toFixed(3)} ± ${deviation.toFixed(3)}`;
}

/** Where the published numbers stand. */
function sources(shown: readonly Shown[]): string {
  const by = grouped(
    shown.filter(({ evidence }) => published[evidence.label]),
    ({ evidence }) => published[evidence.label].source,
  );
  const lines = [...by].map(
    ([source, group]) => `${group.map(({ name }) => escapeHtml(name)).join("; ")}: ${escapeHtml(source)}.`,
  );
  const other = shown.some(({ evidence }) => independent[evidence.label] !== undefined)
    ? " Another implementation: in PyTorch, the same images, five distinct classes, one seed, mean accuracy of episodes 141 to 180 (FA and BP: 100 to 150)."
    : "";
  return `<p class="note">Published. ${lines.join(" ")}${other}</p>`;
}

function curveNote(shown: readonly Shown[]): string {
  const { from, to } = spanOf(shown);
  const dashed = shown.some(({ published }) => published !== undefined) ? " Dashed, and diamonds: published." : "";
  return `Lines: moving average over 20 episodes, mean of the seeds. Bands: 98 % bootstrap interval over the seeds. A line leaves off where it goes out of the chart. Shaded: episodes ${from} to ${to}, which the statistic is the mean of; below, each small point is a seed.${dashed}`;
}

const HEAT_NOTE = `<p class="note">Thousandths, mean of the seeds at the end of learning; colour by size, blue above zero and orange below, each map by its own largest number. Pale: the 98 % interval over the seeds contains zero. Rows are the chemicals that are driven, by their time constants in steps. Columns of P are motifs, columns of K the chemicals that drive.</p>`;

const ANGLE_NOTE = `<p class="note">Between the error that is sent back and the one that backpropagation would send, after each layer but the last, over the queries at the end of a lifetime: below 90° the error is of use. Moving average over ${WINDOWS.paper} measurements, mean of the seeds, 98 % bootstrap interval.</p>`;

const INSIDE_NOTE = `<p class="note">Measured at the end of lifetimes, in the middle of learning. Moving average over ${WINDOWS.paper} measurements, mean of the seeds, 98 % bootstrap interval over the seeds. Angles below 90°: the error that is sent back is of use. Saturated: |tanh| beyond tanh 1 in the last step. E₁: squared distance of a layer's input from what its output tells of it, over the queries; 0 where Oja's rule has converged.</p>`;

/** The sections that every report ends with. */
function common(shown: readonly Shown[], { samples, classNames }: ReportExtras): Section[] {
  const sections: Section[] = [];
  const times = timeChart(shown);
  if (times) sections.push({ id: "times", title: "Time constants", body: times });
  if (typeof samples === "string") {
    sections.push({ id: "samples", title: "A task", body: `<p class="note">${escapeHtml(samples)}</p>` });
  } else if (samples) {
    const name = (c: number): string => escapeHtml(c < 0 ? "–" : (classNames?.[c] ?? String(c)));
    sections.push({
      id: "samples",
      title: "A task that no run has learned from",
      body: samplesBody(samples, shown, name),
    });
  }
  return sections;
}

function samplesBody({ images, answers }: Samples, shown: readonly Shown[], name: (c: number) => string): string {
  const cell = (text: string, tag = "td"): string => `<${tag}>${text}</${tag}>`;
  const pictures = images.map(({ png, label }) =>
    cell(
      `<img alt="class ${name(label)}" width="44" height="44" src="data:image/png;base64,${png.toString("base64")}">`,
    ),
  );
  const truth = images.map(({ label }) => cell(name(label), "th"));
  const rows = answers.map(({ label, classes, accuracy }) => {
    const cells = classes.map((c, i) =>
      cell(c === images[i].label ? name(c) : `<span class="wrong">${name(c)}</span>`),
    );
    const title = shown.find(({ evidence }) => evidence.label === label)?.name ?? label;
    return `<tr>${cell(escapeHtml(title))}${cells.join("")}${cell(`${Math.round(100 * accuracy)} %`)}</tr>`;
  });
  return `<p>Two queries of each class, as the network sees them, and the class it names after one lifetime of online learning by the rule of the first seed. Wrong answers are underlined. The last column is the accuracy over all queries of this one task.</p>
<div class="scroll samples"><table>
<thead><tr>${cell("")}${pictures.join("")}${cell("")}</tr>
<tr>${cell("class", "th")}${truth.join("")}${cell("right", "th")}</tr></thead>
<tbody>
${rows.join("\n")}
</tbody></table></div>`;
}

/** What the runs share, in words. */
function settingText(config: TrainConfig, dataset = config.data.source): string {
  const { ways, shots, queries, protocol, hidden, task } = config;
  if (isRegression(task)) {
    return `regression (${task.kind}), ${shots} steps to learn from and ${queries} questions, ${hidden.join("-") || "no"} hidden units`;
  }
  return `${ways} classes a task, ${shots} images of each to learn from one at a time and ${queries} to be asked about, ${protocol} protocol, ${hidden.join("-")} hidden units, images: ${dataset}`;
}

function page(title: string, head: string, sections: readonly Section[], evidence: readonly Evidence[]): string {
  const nav = sections.map(({ id, title: text }) => `<a href="#${id}">${escapeHtml(text)}</a>`).join("\n");
  const bodies = sections.map(
    ({ id, title: text, body }) => `<section id="${id}">\n<h2>${escapeHtml(text)}</h2>\n${body}\n</section>`,
  );
  const seeds = Math.max(...evidence.map(({ runs }) => runs.length));
  const episodes = Math.max(...evidence.map(episodesOf));
  const foot = `<footer class="note"><p>Up to ${seeds} ${seeds === 1 ? "seed" : "seeds"} and ${episodes} episodes. The unit is the seed: intervals are percentile bootstrap intervals (98 %, ${RESAMPLES} resamples) of the mean over seeds. They are too narrow for few seeds: with five, the bootstrap alone excludes the truth about one time in eight. A difference is therefore claimed only with at least ${SEEDS_FOR_CLAIM} seeds, paired (same tasks, same initial weights), and where both the bootstrap and Student's 98 % interval exclude zero.</p></footer>`;
  return htmlPage(title, styleSheet, [head, `<nav>${nav}</nav>`, ...bodies, foot].join("\n"));
}

/** Pieces of at most `size`, as even as can be. */
function chunks<T>(list: readonly T[], size: number): T[][] {
  const count = Math.ceil(list.length / size);
  const each = Math.ceil(list.length / count);
  return Array.from({ length: count }, (_, i) => list.slice(i * each, (i + 1) * each));
}
