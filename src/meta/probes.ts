// What a card asks of a frozen rule: how well it learns tasks in settings other than that of its training, and without each
// of its parts. A probe is one such question; the tasks of a probe are cells.
import { InputError } from "../core/index.js";
import type { Dataset } from "../data/index.js";
import { type Cell, cellName, type Result, type Store } from "../runs/index.js";
import { isRegression, layerSizes, type TrainConfig } from "./config.js";
import { dataRefOf } from "./data-config.js";
import type { Diagnosis } from "./diagnose.js";
import { type DiagnosisRow, diagnosisKind } from "./diagnosis-cell.js";
import type { EpisodeScore } from "./episode.js";
import { type Condition, checkTrials, trialsOf } from "./evaluate.js";
import { scoreOfTrial, type TrialRow, type TrialSetting, trialCell } from "./evaluate-cell.js";
import { neededRun, shares } from "./evaluation.js";
import { misfit } from "./fit.js";
import type { RunContents } from "./run-contents.js";
import { imagesOf } from "./task-kinds.js";
import { type Removed, removableChemicals } from "./without.js";

/** What is varied. */
export type ProbeTopic = "tasks" | "shots" | "ways" | "networks" | "data" | "motifs" | "chemicals" | "retention";

/** Images other than those of training, with what names them in a configuration. */
export interface OtherImages {
  readonly dataset: Dataset;
  readonly data: TrainConfig["data"];
}

/** A question to a frozen rule. */
export interface Probe {
  readonly topic: ProbeTopic;
  /** What is particular about it, such as "20 classes". */
  readonly name: string;
  readonly condition: Condition;
  readonly shots: number;
  readonly setting?: TrialSetting;
  readonly without?: Removed;
  /** Images to which the network is fitted in the place of those of training. */
  readonly images?: OtherImages;
}

/** The questions of a card, and those that cannot be asked of this rule or of these images. */
export interface Asked {
  readonly probes: readonly Probe[];
  readonly left: readonly { readonly topic: ProbeTopic; readonly name: string; readonly why: string }[];
}

/** Images of each class to learn from, classes of a task: what cards vary, in addition to what was trained. */
const [SHOTS, WAYS] = [
  [1, 2, 5, 10, 20, 50],
  [2, 5, 10, 20],
];
/** Steps of a regression, as shares of those of training. */
const LENGTHS = [0.25, 0.5, 1, 2];

const sorted = (numbers: readonly number[]): number[] => [...new Set(numbers)].sort((a, b) => a - b);

/** The numbers of shots that a card tries of itself. */
export const shotsOf = ({ task, shots }: TrainConfig): readonly number[] =>
  sorted(isRegression(task) ? LENGTHS.map((share) => Math.max(1, Math.round(share * shots))) : [...SHOTS, shots]);

/** Hidden layers of other widths and numbers. */
function networksOf(hidden: readonly number[]): (readonly number[])[] {
  const [last = 1] = hidden.slice(-1);
  const all = [
    hidden,
    hidden.map((width) => Math.max(1, Math.round(width / 2))),
    hidden.map((width) => 2 * width),
    hidden.slice(0, 1),
    hidden.slice(0, -1),
    ...(hidden.length > 0 ? [[...hidden, last]] : []),
  ];
  return [...new Map(all.map((each) => [each.join("-"), each])).values()];
}

/** Hidden layers in words. */
export const networkName = (hidden: readonly number[]): string => hidden.join("-") || "no hidden layer";

/** Every question that there is, whether it can be asked or not. */
function questions(config: TrainConfig, dataset: Dataset, { others, shots }: AskOptions): Probe[] {
  const { ways, hidden, plasticity, task } = config;
  const images = imagesOf(task);
  const trained = { condition: "trained", shots: config.shots } as const;
  const probe = (topic: ProbeTopic, name: string, rest: Partial<Probe> = {}): Probe => ({
    ...trained,
    ...{ topic, name },
    ...rest,
  });
  const label = (motif: number | string): string => (typeof motif === "number" ? `F${motif}` : motif);
  return [
    ...trialsOf(config, dataset, undefined).map(({ condition }) => probe("tasks", condition, { condition })),
    ...shots.map((count) => probe("shots", `${count} ${images ? "images of each class" : "steps"}`, { shots: count })),
    ...(images ? sorted([...WAYS, ways]) : []).map((count) =>
      probe("ways", `${count} classes`, count === ways ? {} : { setting: { ways: count } }),
    ),
    ...networksOf(hidden).map((other, i) =>
      probe("networks", networkName(other), i === 0 ? {} : { setting: { hidden: other } }),
    ),
    ...(images
      ? [probe("data", dataset.name), ...others.map((each) => probe("data", each.dataset.name, { images: each }))]
      : []),
    ...(plasticity.motifs.length > 1 ? plasticity.motifs : []).map((motif) =>
      probe("motifs", label(motif), { without: { motif } }),
    ),
    ...Array.from({ length: removableChemicals(plasticity) }, (_, chemical) =>
      probe("chemicals", `chemical ${chemical + 1}`, { without: { chemical } }),
    ),
    ...(images
      ? [probe("retention", "retention", images.parts > 1 ? {} : { setting: { task: { kind: "continual" } } })]
      : []),
  ];
}

/** What a card tries. */
export interface AskOptions {
  /** Images other than those of training. */
  readonly others: readonly OtherImages[];
  /** Images of each class to learn from, or steps of a regression. */
  readonly shots: readonly number[];
}

/** The questions that can be asked of a rule of this configuration, and why others cannot. */
export function askedOf(config: TrainConfig, dataset: Dataset, options: AskOptions): Asked {
  const own = layerSizes(config, dataset);
  const why = ({ setting, images, condition, shots }: Probe): string | undefined => {
    const there = { ...config, ...setting };
    const shown = images?.dataset ?? dataset;
    const odd = misfit(config, own, layerSizes(there, shown));
    if (odd) return odd;
    try {
      checkTrials(
        trialsOf(there, shown, undefined).filter((trial) => trial.condition === condition),
        there,
        [shots],
      );
      return undefined;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return error.message.replace(/^\[[^\]]*\] /, "");
    }
  };
  const all = questions(config, dataset, options).map((probe) => ({ probe, why: why(probe) }));
  return {
    probes: all.flatMap(({ probe, why }) => (why === undefined ? probe : [])),
    left: all.flatMap(({ probe: { topic, name }, why }) => (why === undefined ? [] : { topic, name, why })),
  };
}

/** What the rule of one run answered. */
export interface Answers {
  /** For each probe the scores, task by task; none under the initial rule where something was taken out of the rule. */
  readonly scores: readonly { readonly learned: readonly EpisodeScore[]; readonly initial: readonly EpisodeScore[] }[];
  /** What was measured in networks, task by task. */
  readonly measured: readonly Diagnosis[];
}

/** What the rule of one run is asked. */
export interface Inquiry {
  readonly cells: readonly Cell[];
  /** A store that has the run, which the cells need, in addition to what another store has. */
  over(store: Store): Store;
  /** The answers, from the results of all cells in the order in which a queue gives them. */
  answers(results: readonly Result[]): Answers;
}

/** Asks these questions of the rule of a run, on so many tasks each. */
export async function inquiryOf(
  contents: RunContents,
  probes: readonly Probe[],
  { dataset, tasks }: { readonly dataset: Dataset; readonly tasks: number },
): Promise<Inquiry> {
  const { config } = contents;
  const { run, over } = await neededRun(contents);
  const numbers = isRegression(config.task);
  const own = numbers ? undefined : await dataRefOf(dataset, config.data);
  const asked = await Promise.all(
    probes.map(async ({ condition, shots, setting, without, images }): Promise<Cell[]> => {
      const data = images ? await dataRefOf(images.dataset, images.data) : own;
      const trial = { condition, shots, ...(setting && { setting }), ...(without && { without }) };
      return shares(tasks).map((share) => trialCell(run, { ...trial, ...share }, { data }));
    }),
  );
  const measures = shares(tasks).map(
    (share): Cell => ({
      kind: diagnosisKind.name,
      config: share,
      seed: config.seed,
      needs: [run],
      ...(own && { data: own }),
    }),
  );
  const perProbe = measures.length;
  const cells = [...asked.flat(), ...measures];
  // A setting that several topics have is one cell, of which a queue gives one result, in the place of the first.
  const names = await Promise.all(cells.map((cell) => cellName(cell)));
  const places = new Map([...new Set(names)].map((name, place) => [name, place]));
  return {
    cells,
    over,
    answers(results) {
      const rows = names.map((name) => results[places.get(name) as number].row);
      return {
        scores: probes.map((_, i) => {
          const own = rows.slice(i * perProbe, (i + 1) * perProbe) as readonly TrialRow[];
          return {
            learned: own.flatMap(({ learned }) => learned.map(scoreOfTrial)),
            initial: own.flatMap(({ initial }) => initial.map(scoreOfTrial)),
          };
        }),
        measured: (rows.slice(probes.length * perProbe) as readonly DiagnosisRow[]).flatMap(({ measured }) => measured),
      };
    },
  };
}
