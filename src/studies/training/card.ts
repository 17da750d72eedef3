// A card: what is known of a learned rule, as plain data. Its unit is the seed if there are runs of several seeds, and the task
// if there is one; every number says how many of them it is a mean of.
import type { RuleValues, TrainConfig } from "../../meta/index.js";
import { type Answers, type Asked, hashedPart, networkName, type Probe, type ProbeTopic } from "../../meta/internal.js";
import { ruleParts, timeScales } from "../../plasticity/index.js";
import { partInFiles, synapseKind } from "../../plasticity/internal.js";
import { NUMERICS } from "../../runs/index.js";
import { sha256 } from "../../runs/internal.js";
import { bootstrap, mean } from "../statistics.js";
import { chemicalNames } from "./drawings.js";
import { sixDigits } from "./evidence.js";

/** Raised when the fields of a card change in a way that older code would misread. */
export const CARD_FORMAT = 1;

/** A mean with the 98 % interval around it, whose ends are null if there is only one value. */
export interface CardNumber {
  /** The mean; null if there is no value. */
  readonly mean: number | null;
  /** The lower end of the interval. */
  readonly low: number | null;
  /** Its upper end. */
  readonly high: number | null;
  /** How many values it is a mean of: seeds, or tasks if there is one seed. */
  readonly count: number;
}

/** How a frozen rule did in one setting. */
export interface CardScore {
  /** What is varied. */
  readonly topic: ProbeTopic;
  /** What is particular about the setting. */
  readonly name: string;
  /** How tasks differ from those of training. */
  readonly condition: string;
  /** The images. */
  readonly data: string;
  /** Images of each class to learn from, or steps of a regression. */
  readonly shots: number;
  /** Classes of a task. */
  readonly ways: number;
  /** Widths of the hidden layers. */
  readonly hidden: string;
  /** Tasks for each seed. */
  readonly tasks: number;
  /** Accuracy (of regression R2) under the learned rule. */
  readonly learned: CardNumber;
  /** The same for each seed. */
  readonly bySeed: readonly number[];
  /** Under the rule before any learning; null where a part was taken out. */
  readonly initial: CardNumber | null;
  /** What is gained over it, on the same tasks. */
  readonly gain: CardNumber | null;
  /** What is lost if the part is taken out, on the same tasks; null where nothing was. */
  readonly lost: CardNumber | null;
}

/** A part of the rule: its numbers under the names of files, entry by entry. */
export interface CardPart {
  /** P, K, v or another part, as files name it. */
  readonly part: string;
  /** "all layers", or one layer. */
  readonly where: string;
  /** The names of its rows. */
  readonly rows: readonly string[];
  /** The names of its columns. */
  readonly columns: readonly string[];
  /** Row by row. */
  readonly numbers: readonly CardNumber[];
  /** The numbers of each seed, row by row. */
  readonly seeds: readonly (readonly number[])[];
}

/** Accuracy on the classes of the first and of the second part of a task, while the second is learned. */
export interface CardRetention {
  /** Under which rule. */
  readonly rule: "learned" | "initial";
  /** On which classes. */
  readonly part: "first" | "second";
  /** A curve for each seed, or for each task if there is one seed. */
  readonly curves: readonly (readonly (number | null)[])[];
}

/** A measure inside the networks, one number for each of its places. */
export interface CardMeasure {
  /** What was measured. */
  readonly measure: string;
  /** Its value in each place where it has one. */
  readonly numbers: readonly { readonly at: string; readonly value: CardNumber }[];
}

/** What is known of a rule. */
export interface Card {
  /** What tells a card from other files. */
  readonly kind: "synaptape card";
  /** The version of these fields. */
  readonly format: number;
  /** What the rule is called. */
  readonly name: string;
  /** The version of the package that measured. */
  readonly version: string;
  /** The version of its numerics. */
  readonly numerics: number;
  /** The whole configuration of the first run. The others differ in the seed. */
  readonly config: TrainConfig;
  /** What intervals are over. */
  readonly over: "seeds" | "tasks";
  /** Tasks for each seed and setting. */
  readonly tasks: number;
  /** The runs, in ascending order of the seeds. */
  readonly runs: readonly {
    readonly seed: number;
    /** As `ruleHash` gives it. */
    readonly ruleHash: string;
    /** Episodes of training. */
    readonly episodes: number;
    /** Seconds that its episodes took. */
    readonly seconds: number;
    /** Episodes whose meta-gradient was shortened or left out. */
    readonly guarded: number;
    /** The accuracy of each episode's queries. */
    readonly accuracy: readonly number[];
  }[];
  /** SHA-256 of the images, and of the settings on which a run's bits depend, without the seed. */
  readonly hashes: { readonly images: string; readonly settings: string };
  /** Accuracy of the first and the last fifty episodes of training. */
  readonly training: { readonly first: CardNumber; readonly last: CardNumber };
  /** The numbers of the rule; parts of more than 1024 are only in the rule's file. */
  readonly parts: readonly CardPart[];
  /** How the frozen rule did, setting by setting; the first is that of training. */
  readonly scores: readonly CardScore[];
  /** The curves of a continual task; empty if none was tried. */
  readonly retention: readonly CardRetention[];
  /** What was measured inside the networks. */
  readonly inside: readonly CardMeasure[];
  /** Fixed time constants of the chemicals, in steps; empty for synapses without. */
  readonly timeConstants: readonly number[];
  /** What could not be tried, and why. */
  readonly left: Asked["left"];
}

/** A run with what its rule answered. */
export interface AskedRun {
  readonly config: TrainConfig;
  readonly rule: RuleValues;
  readonly ruleHash: string;
  readonly episodes: readonly { readonly accuracy: number; readonly seconds: number; readonly clipped?: number }[];
  readonly answers: Answers;
}

/** What a card is made from. */
export interface CardFindings {
  readonly name: string;
  readonly version: string;
  /** The name of the images of training, and their hash. */
  readonly data: string;
  readonly images: string;
  readonly tasks: number;
  readonly asked: Asked;
  /** One for each seed. */
  readonly runs: readonly AskedRun[];
}

const known = (value: number): number | null => (Number.isFinite(value) ? sixDigits(value) : null);

/** The mean and the interval of these values, those left out that are not finite. */
function numberOf(all: readonly number[]): CardNumber {
  const values = all.filter(Number.isFinite);
  const { mean: middle, low, high } = bootstrap(values);
  return { mean: known(middle), low: known(low), high: known(high), count: values.length };
}

/** The last part of a path: where files were on a machine is nobody else's business. */
const nameOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

/** A configuration without the folders of the machine that it was on; its hash is the same. */
export const withoutPaths = (config: TrainConfig): TrainConfig => ({
  ...config,
  data: { ...config.data, source: nameOf(config.data.source) },
  module: { ...config.module, file: nameOf(config.module.file) },
});

/** Episodes at either end of a training. */
const WINDOW = 50;
/** Parts with more numbers than this, such as a bias for each synapse, are left out: they are in the rule's file. */
const MOST = 1024;

/** The card of a rule. */
export async function cardOf(findings: CardFindings): Promise<Card> {
  const { runs, asked, tasks } = findings;
  const [{ config }] = runs;
  const several = runs.length > 1;
  /** One value for each seed, or for each task if there is one seed. */
  const units = (of: (run: AskedRun) => readonly number[]): number[] =>
    several ? runs.map((run) => mean(of(run).filter(Number.isFinite))) : [...of(runs[0])];
  const end = (of: (episodes: AskedRun["episodes"]) => AskedRun["episodes"]): CardNumber =>
    numberOf(units(({ episodes }) => of(episodes).map(({ accuracy }) => accuracy)));
  return {
    ...{ kind: "synaptape card", format: CARD_FORMAT, name: findings.name, version: findings.version },
    ...{ numerics: NUMERICS, config: withoutPaths(config), over: several ? "seeds" : "tasks", tasks },
    runs: runs.map(({ config: { seed }, ruleHash, episodes }) => ({
      ...{ seed, ruleHash, episodes: episodes.length },
      seconds: Math.round(episodes.reduce((sum, { seconds }) => sum + seconds, 0)),
      guarded: episodes.filter(({ clipped }) => clipped !== undefined).length,
      accuracy: episodes.map(({ accuracy }) => sixDigits(accuracy)),
    })),
    hashes: {
      images: findings.images,
      settings: await sha256([JSON.stringify(hashedPart({ ...config, seed: 0 }))]),
    },
    training: { first: end((all) => all.slice(0, WINDOW)), last: end((all) => all.slice(-WINDOW)) },
    parts: partsOf(runs),
    scores: asked.probes.flatMap((probe, i) =>
      probe.topic === "retention" ? [] : [scoreOf(findings, probe, i, units)],
    ),
    retention: retentionOf(findings),
    inside: insideOf(runs, units),
    timeConstants: synapseKind(config.plasticity.synapse).scales
      ? timeScales(config.plasticity).z.map((z) => sixDigits(1 / z))
      : [],
    left: asked.left,
  };
}

type Units = (of: (run: AskedRun) => readonly number[]) => number[];

function scoreOf({ data, tasks, asked, runs }: CardFindings, probe: Probe, at: number, units: Units): CardScore {
  const { topic, name, condition, shots, setting, without, images } = probe;
  const { ways, hidden } = { ...runs[0].config, ...setting };
  const of =
    (rule: "learned" | "initial", place: number) =>
    ({ answers }: AskedRun): number[] =>
      answers.scores[place][rule].map(({ accuracy }) => accuracy);
  const less =
    (a: (run: AskedRun) => number[], b: (run: AskedRun) => number[]) =>
    (run: AskedRun): number[] => {
      const other = b(run);
      return a(run).map((value, i) => value - other[i]);
    };
  const [learned, initial] = [of("learned", at), of("initial", at)];
  const whole = asked.probes.findIndex(({ topic, condition }) => topic === "tasks" && condition === "trained");
  return {
    ...{ topic, name, condition, data: images?.dataset.name ?? data, shots, ways, hidden: networkName(hidden), tasks },
    learned: numberOf(units(learned)),
    bySeed: runs.map((run) => sixDigits(mean(learned(run)))),
    initial: without ? null : numberOf(units(initial)),
    gain: without ? null : numberOf(units(less(learned, initial))),
    lost: without ? numberOf(units(less(of("learned", whole), learned))) : null,
  };
}

/** The curves of the continual task, if it was tried. */
function retentionOf({ asked, runs }: CardFindings): CardRetention[] {
  const at = asked.probes.findIndex(({ topic }) => topic === "retention");
  if (at < 0) return [];
  return (["learned", "initial"] as const).flatMap((rule) =>
    (["first", "second"] as const).map((part) => {
      const all = runs.map(({ answers }) =>
        answers.scores[at][rule].flatMap(({ retention }) =>
          retention && !retention[part].some(Number.isNaN) ? [retention[part]] : [],
        ),
      );
      const curves = runs.length > 1 ? all.filter(({ length }) => length > 0).map(meanCurve) : all[0];
      return { rule, part, curves: curves.map((curve) => curve.map(known)) };
    }),
  );
}

const meanCurve = (curves: readonly (readonly number[])[]): number[] =>
  curves[0].map((_, point) => mean(curves.map((curve) => curve[point])));

/** The numbers of the rule, part by part. */
function partsOf(runs: readonly AskedRun[]): CardPart[] {
  const { plasticity } = runs[0].config;
  const kind = synapseKind(plasticity.synapse);
  const chemicals = chemicalNames(plasticity);
  const motifs = plasticity.motifs.map((motif) => (typeof motif === "number" ? `F${motif}` : motif));
  const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i + 1));
  const named = (part: string, count: number, across: boolean): readonly string[] => {
    if (part === "P" && across) return motifs;
    if (!across && kind.chemicals && count === chemicals.length) return chemicals;
    if (part === "K") return chemicals;
    return count === 1 ? [across ? "value" : "w"] : numbers(count);
  };
  return ruleParts.flatMap((part) =>
    runs[0].rule[part].flatMap(({ shape, data }, entry, { length }): CardPart[] => {
      if (data.length > MOST || data.length === 0) return [];
      const file = partInFiles(part);
      const rows = shape[0] ?? 1;
      const seeds = runs.map(({ rule }) => Array.from(rule[part][entry].data, sixDigits));
      return [
        {
          part: file,
          where: length === 1 ? "all layers" : `layer ${entry + 1}`,
          ...{ rows: named(file, rows, false), columns: named(file, data.length / rows, true) },
          numbers: Array.from(data, (_, i) => numberOf(seeds.map((values) => values[i]))),
          seeds,
        },
      ];
    }),
  );
}

type Measured = AskedRun["answers"]["measured"][number];

/** What was measured in the networks on new tasks. */
function insideOf(runs: readonly AskedRun[], units: Units): CardMeasure[] {
  const [first] = runs[0].answers.measured;
  if (first === undefined) return [];
  type Of = (diagnosis: Measured) => readonly (number | null)[] | undefined;
  const measure = (name: string, word: string, of: Of): CardMeasure => {
    const numbers = Array.from(of(first) ?? [], (_, at) => ({
      at: `${word} ${at + 1}`,
      value: numberOf(units(({ answers: { measured } }) => measured.map((each) => of(each)?.[at] ?? Number.NaN))),
    }));
    return { measure: name, numbers: numbers.filter(({ value }) => value.count > 0) };
  };
  const all = [
    // The first is the error at the input, which no synapse uses; the last, at the output, is the same for all feedback.
    measure("angle of the error, degrees", "after layer", ({ errorAngles }) => errorAngles.slice(1, -1)),
    measure("angle of the feedback, degrees", "layer", ({ feedbackAngles }) => feedbackAngles),
    measure("length of the weights, start = 1", "layer", ({ leak }) => leak),
    measure("saturated synapses, share", "layer", ({ saturated }) => saturated),
    measure("Oja's distance E₁", "layer", ({ orthonormality }) => orthonormality),
    measure("time constant in layer 1, steps", "chemical", ({ effectiveTimeConstants: [layer] }) => layer),
  ];
  return all.filter(({ numbers }) => numbers.length > 0);
}
