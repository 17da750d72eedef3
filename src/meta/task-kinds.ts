// The kinds of tasks, one record each: their settings, the defaults of a run with them, and how their images are drawn.
// No other code compares the name of a kind.

import type { Key } from "../core/index.js";
import { InputError } from "../core/index.js";
import {
  checkRegression,
  type Dataset,
  ownTasks,
  type RegressionKind,
  sampleSequence,
  sampleTask,
  type Task,
  type TaskOptions,
} from "../data/index.js";
import { type AnyFields, defaultsOf, field, type Leaf, list, number, text, variants, whole } from "../fields/index.js";
import type { PlasticityConfig } from "../plasticity/index.js";

/** Tasks whose answers are classes of images. */
export interface ImageTasks {
  /** How many parts of `ways` classes a task has, one after the other. */
  readonly parts: number;
  /** Whether a report can show a task's images as one set. */
  readonly shown: boolean;
  /** The task of this key; `firstSteps` is the number of steps of its first part, if it has more than one. */
  draw(dataset: Dataset, key: Key, options: TaskOptions): Task & { readonly firstSteps?: number };
}

/** Defaults of a run that can differ from those of its preset. */
interface Setting {
  readonly hidden?: readonly number[];
  readonly ways?: number;
  readonly shots?: number;
  readonly queries?: number;
  readonly metaBatch?: number;
  readonly learningRate?: number;
}

/** A kind of task. */
export interface TaskKind {
  /** What it is, for the help. */
  readonly summary: string;
  /** How images are drawn. A kind without this is regression, whose answers are numbers. */
  readonly images?: ImageTasks;
  /** Defaults of a run of this kind that differ from those of the preset. */
  readonly run?: Setting;
  /** The same for the rule. */
  readonly plasticity?: Partial<PlasticityConfig>;
}

/** Answers are numbers, and inputs may be negative. */
const numbers = { head: "linear", inputGate: "one" } as const;

const segment: Leaf<readonly [number, number]> = {
  ...(list(whole(1, { to: 1e6 }), { length: 2, allowed: "two whole numbers from 1 up" }) as unknown as Leaf<
    readonly [number, number]
  >),
  text: {
    allowed: "the shortest and the longest, such as 5,15",
    read: (given) => {
      const [from, to, more] = list(whole(1, { most: 1e6 })).text!.read(given) ?? [];
      return more === undefined && from <= to ? [from, to] : undefined;
    },
  },
};

const size = whole(1, { most: 16384 });
const inputs = field({
  type: size,
  default: 8,
  flag: "--inputs <n>",
  help: "inputs of a teacher or two-timescale teacher",
});
const outputs = field({ type: size, default: 4, flag: "--outputs <n>", help: "outputs of that teacher" });

/** The settings of each kind, in addition to `kind`. */
export const taskTables = {
  classify: {},
  continual: {},
  sinusoid: {},
  teacher: { inputs, outputs, width: field({ type: whole(1), default: 16 }) },
  "two-timescale": {
    ...{ inputs, outputs },
    segment: field({
      type: segment,
      default: [5, 15],
      flag: "--segment <a,b>",
      help: "a two-timescale teacher changes after a to b steps",
    }),
    fast: field({ type: number(), default: 0.5 }),
  },
  // Whether a task of this name was added is found out when the configuration is checked as a whole.
  own: { name: field({ type: text("the name of a task", { empty: true }), default: "" }) },
} as const satisfies Readonly<Record<string, AnyFields>>;

/** Every kind of task by its name. */
const kinds: { readonly [K in keyof typeof taskTables]: TaskKind } = {
  classify: {
    summary: "images of some classes (--ways, --shots, --queries)",
    images: { parts: 1, shown: true, draw: sampleTask },
  },
  continual: {
    summary: "images of some classes, then of the same number of others; queries about both",
    images: { parts: 2, shown: false, draw: sampleSequence },
  },
  sinusoid: {
    summary: "a sine of random amplitude and phase, from points on it (--shots points, --queries)",
    run: { hidden: [64, 64], ways: 1, shots: 100, queries: 50 },
    plasticity: numbers,
  },
  teacher: {
    summary: "a random network of two layers, from its answers",
    run: { hidden: [64], ways: 1, shots: 200, queries: 50 },
    plasticity: numbers,
  },
  // One plastic layer: the teacher is linear, so that only the synapses' time scales matter. Fast chemicals must write
  // fast, so the slowest time constant is the length of a segment.
  "two-timescale": {
    summary: "a linear teacher that changes by half every few steps (--segment)",
    run: { hidden: [], ways: 1, shots: 120, queries: 32, metaBatch: 4, learningRate: 3e-3 },
    plasticity: { ...numbers, motifs: [0, 3], tauMax: 10, initialP0: 0.02 },
  },
  own: {
    summary: "a task that defineTask added",
    run: { hidden: [64], ways: 1, shots: 100, queries: 50 },
    plasticity: numbers,
  },
};

/** What is learned in an episode: a kind of task and its settings. Those without images are a `RegressionKind`. */
export const taskType = variants("kind", taskTables);

/** The name of a kind of task. */
export type TaskName = keyof typeof taskTables;

/** The names of the kinds of tasks of the package. */
export const taskKinds = (Object.keys(kinds) as TaskName[]).filter(
  (name): name is Exclude<TaskName, "own"> => name !== "own",
);

/** What tasks are called, by a flag too: the kinds of the package, and those that were added. */
export const taskNames = (): readonly string[] => [...taskKinds, ...ownTasks().map(({ name }) => name)];

/** What a task is called. */
export const taskName = (task: { readonly kind: TaskName; readonly name?: string }): string => task.name ?? task.kind;

/** The task of this name with the defaults of its settings, what it is, and the defaults of a run with it. */
export function taskNamed(name: string): TaskKind & { readonly task: { readonly kind: TaskName } } {
  const own = ownTasks().find((each) => each.name === name);
  if (!own) return { ...kinds[name as TaskName], task: { kind: name as TaskName, ...defaultsOf(tableOf(name)) } };
  const { summary, shots, queries } = own;
  const run = { ...kinds.own.run, ...(shots && { shots }), ...(queries && { queries }) };
  return { ...kinds.own, summary, run, task: { kind: "own", ...{ name } } };
}

const tableOf = (name: string): AnyFields => taskTables[name as TaskName];

/** How the images of a task are drawn; undefined for regression. */
export const imagesOf = ({ kind }: { readonly kind: TaskName }): ImageTasks | undefined => kinds[kind].images;

/** Throws an InputError for a regression task with invalid settings; `before` is put in front of its sentence. */
export function checkTaskSettings(task: RegressionKind, before: string): void {
  try {
    checkRegression(task);
  } catch (error) {
    throw new InputError(`${before}${(error as Error).message.replace(/^\[task\] /, "")}`, { cause: error });
  }
}
