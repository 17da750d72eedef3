// The report on runs of meta-training: accuracy and loss, what was learned, what was measured, and a task.
import { base64Of, checkOptions } from "../core/index.js";
import type { TrainConfig } from "../meta/index.js";
import { isRegression, settingsThatDiffer, taskName } from "../meta/internal.js";
import { cycle, type Drawing, type Figure, WINDOWS } from "../studies/index.js";
import {
  comparisonTable,
  curveNote,
  curvesOf,
  type Evidence,
  grouped,
  HEAT_NOTE,
  heatsOf,
  insideOf,
  pointsOf,
  type Shown,
  statisticTable,
  streamOf,
  timesOf,
} from "../studies/internal.js";
import { checkEvidence } from "./checks.js";
import { sectionsOf } from "./draw.js";
import { escapeHtml } from "./html.js";
import { reportPage, type Section } from "./page.js";
import type { Samples } from "./samples.js";

/** What else a report shows, if it is available. */
export interface ReportExtras {
  /** A task that no run was trained on; or why there is none. */
  readonly samples?: Samples | string;
  /** What messages call the images. */
  readonly dataset?: string;
  /** The names of the classes. */
  readonly classNames?: readonly string[] | undefined;
  /** The version of the package, which the page then names. */
  readonly version?: string | undefined;
}

/**
 * The report on these runs as a page of HTML, each configuration under its label: what `synaptape report` writes. The page
 * contains everything that it needs.
 *
 * @throws TypeError for what are no runs, and RangeError for none.
 * @example
 * const evidence = await readEvidence(["runs/rcn-glyphs-seed0"]);
 * await writeFile("report.html", runReport(evidence, { samples: sampleAnswers(evidence, glyphs()) }));
 */
export function runReport(evidence: readonly Evidence[], extras: ReportExtras = {}): string {
  checkEvidence("runReport", evidence);
  checkOptions("runReport", extras, ["samples", "dataset", "classNames", "version"]);
  const shown = evidence.map((each, i) => ({
    ...{ evidence: each, name: each.label, hue: cycle[i % cycle.length] },
  }));
  const streams = [...grouped(shown, (each) => streamOf(each.evidence)).values()];
  const figures = [
    ...streams.map((group, i) => accuracyOf(group, i, streams.length > 1)),
    learnedIn(shown),
    ...insideFigure(shown),
    ...timesFigure(shown),
    ...differencesFigure(shown),
  ];
  const sections = sectionsOf(figures, true);
  const title = evidence.length === 1 ? evidence[0].label : `${evidence.length} configurations`;
  const lead = `Meta-learned plasticity: ${settingText(evidence[0].config, extras.dataset)}.`;
  const { version } = extras;
  return reportPage({ title, lead, sections: [...sections, ...samplesSection(shown, extras)], evidence, version });
}

/** Accuracy and loss of configurations that draw the same tasks. */
function accuracyOf(group: readonly Shown[], i: number, several: boolean): Figure {
  const comparisons = comparisonTable(group.slice(1).map((each) => [each, group[0]] as const));
  const curves = chunks(group, cycle.length).map((part): Drawing[] => curvesOf(part));
  return {
    name: `accuracy-${i + 1}`,
    title: `Accuracy and loss${several ? `, ${settingText(group[0].evidence.config)}` : ""}`,
    about: "",
    rows: [
      ...curves,
      [{ kind: "note", text: curveNote(group) }],
      [pointsOf(group)],
      [statisticTable(group)],
      ...(comparisons ? [[comparisons]] : []),
    ],
  };
}

/** The coefficients at the end. */
function learnedIn(shown: readonly Shown[]): Figure {
  const rows = shown
    .filter(({ evidence }) => evidence.runs[0].rule.P.length > 0)
    .flatMap((each) =>
      heatsOf(each).flatMap(({ where, maps }): Drawing[][] => {
        const parts = maps.length > 1 ? "P and K" : "P";
        return [[{ kind: "heading", text: `${each.name}: ${parts}, ${where}` }], [...maps]];
      }),
    );
  return { name: "learned", title: "What was learned", about: HEAT_NOTE, rows };
}

const INSIDE_NOTE = `Measured at the end of lifetimes, in the middle of learning. Moving average over ${WINDOWS.paper} measurements, mean of the seeds, 98 % bootstrap interval over the seeds. Angles below 90°: the error that is sent back is useful. Saturated: |tanh| beyond tanh 1 in the last step. E₁: squared distance between a layer's input and its reconstruction from the output, over the queries; 0 where Oja's rule has converged.`;

/** What was measured in the networks, if anything was. */
function insideFigure(shown: readonly Shown[]): Figure[] {
  const rows = shown.flatMap((each): Drawing[][] => {
    const drawn = insideOf(each);
    return drawn.length > 0 ? [[{ kind: "heading", text: each.name }], drawn] : [];
  });
  return rows.length === 0 ? [] : [{ name: "inside", title: "Inside the networks", about: INSIDE_NOTE, rows }];
}

const TIMES_NOTE =
  "How slowly each chemical follows its drive: at each step a chemical takes up 1/τ of it, and forgets as fast. Open circle: a chemical that takes up its drive in the same way but never forgets.";

/** The time constants, if any configuration has chemicals. */
function timesFigure(shown: readonly Shown[]): Figure[] {
  const times = timesOf(shown);
  return times ? [{ name: "times", title: "Time constants", about: TIMES_NOTE, rows: [[times]] }] : [];
}

/** Where the configurations differ, if there are several. */
function differencesFigure(shown: readonly Shown[]): Figure[] {
  const rows = settingsThatDiffer(shown.map(({ evidence: { config } }) => ({ ...config, seed: 0 })));
  if (rows.length === 0) return [];
  const columns = [{ head: "setting" }, ...shown.map(({ name }) => ({ head: name, text: true }))];
  const about = "Settings that are not the same in all configurations, besides the seed.";
  return [
    {
      name: "differences",
      title: "Where the configurations differ",
      about,
      rows: [[{ kind: "table", columns, rows }]],
    },
  ];
}

/** The task that no run was trained on. */
function samplesSection(shown: readonly Shown[], { samples, classNames }: ReportExtras): Section[] {
  if (samples === undefined) return [];
  if (typeof samples === "string") {
    return [{ id: "samples", title: "A task", body: `<p class="note">${escapeHtml(samples)}</p>` }];
  }
  const name = (c: number): string => escapeHtml(c < 0 ? "–" : (classNames?.[c] ?? String(c)));
  return [{ id: "samples", title: "A task that no run was trained on", body: samplesBody(samples, shown, name) }];
}

function samplesBody({ images, answers }: Samples, shown: readonly Shown[], name: (c: number) => string): string {
  const cell = (text: string, tag = "td"): string => `<${tag}>${text}</${tag}>`;
  const pictures = images.map(({ png, label }) =>
    cell(`<img alt="class ${name(label)}" width="44" height="44" src="data:image/png;base64,${base64Of(png)}">`),
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

/** The settings that the runs share, in words. */
function settingText(config: TrainConfig, dataset = config.data.source): string {
  const { ways, shots, queries, protocol, hidden, task } = config;
  if (isRegression(task)) {
    return `regression (${taskName(task)}), ${shots} steps to learn from and ${queries} queries, ${hidden.join("-") || "no"} hidden units`;
  }
  return `${ways} classes per task, ${shots} images of each to learn from one at a time and ${queries} as queries, ${protocol} protocol, ${hidden.join("-")} hidden units, images: ${dataset}`;
}

/** Splits a list into pieces of at most `size`, of lengths as equal as possible. */
function chunks<T>(list: readonly T[], size: number): T[][] {
  const count = Math.ceil(list.length / size);
  const length = Math.ceil(list.length / count);
  return Array.from({ length: count }, (_, i) => list.slice(i * length, (i + 1) * length));
}
