// Tasks: what one episode learns and is asked. Two protocols. "faithful" repeats the published one with its quirks
// (Shervani-Tabar and Rosenbaum 2023, released code: classes drawn with replacement, always the first images of a
// class, global labels), so that published numbers can be compared. "strict" removes what lets a rule learn the data
// instead of how to learn: images are redrawn, classes are distinct, some are held out, labels are permuted.

import { InputError, Key, plain, quote } from "../core/index.js";
import type { Dataset } from "./dataset.js";

/** What kind of tasks to draw. */
export interface TaskOptions {
  /** "faithful" for comparison with published numbers, "strict" for claims about generalisation. */
  readonly protocol: "faithful" | "strict";
  /** Classes in a task. */
  readonly ways: number;
  /** Images of each class to learn from, one online step each. */
  readonly shots: number;
  /** Images of each class to be asked about afterwards. */
  readonly queries: number;
  /** Which side of `splitClasses` to draw from; "strict" only. Default "train". */
  readonly classes?: "train" | "heldout";
  /** Whether classes get random output units; by default as the protocol has it: "strict" yes, "faithful" no. */
  readonly relabel?: boolean;
  /** Output units that there are for labels, if not as many as classes. */
  readonly outputs?: number;
  /** The first images of each class that are not used; default 0. */
  readonly skip?: number;
}

/** The dataset of tasks that need none: it has no image. */
export const noImages: Dataset = {
  name: "no images",
  classes: 0,
  rows: 0,
  columns: 0,
  images: new Uint8Array(),
  byClass: [],
};

/** One episode's data. */
export interface Task {
  /** The classes of the dataset that were drawn, in the order drawn; "faithful" may repeat one. */
  readonly classes: readonly number[];
  /** The images to live through, (steps, pixels), from 0 to 1, in random order. */
  readonly images: Float32Array;
  /** For each step the output unit that is right. */
  readonly labels: Int32Array;
  /** The images to be asked about, (queries, pixels), from 0 to 1, class by class. */
  readonly queryImages: Float32Array;
  /** For each query the output unit that is right. */
  readonly queryLabels: Int32Array;
  /** Online steps: ways times shots. */
  readonly steps: number;
  /** Queries in all: ways times queries a class. */
  readonly queries: number;
  /** Pixels of an image. */
  readonly pixels: number;
}

/** The classes of a dataset in two parts, each in ascending order. */
export interface ClassSplit {
  /** Classes that meta-training may draw. */
  readonly train: readonly number[];
  /** Classes that it never sees. */
  readonly heldout: readonly number[];
}

/**
 * The strict protocol's split of `count` classes: a fifth, rounded, is held out. Which ones is fixed by Key.of(20) for
 * ever, whatever the seed of a run, so that every rule ever trained is tested on classes new to it.
 */
export function splitClasses(count: number): ClassSplit {
  const held = new Set(
    Key.of(20)
      .permutation(count)
      .slice(0, Math.floor(count / 5 + 0.5)),
  );
  const all = Array.from({ length: count }, (_, i) => i);
  return { train: all.filter((c) => !held.has(c)), heldout: all.filter((c) => held.has(c)) };
}

/** Throws an InputError, before any work, if tasks of this kind cannot be drawn from this dataset. */
export function checkTasks(data: Dataset, options: TaskOptions): void {
  const { protocol, ways, shots, queries, classes, skip = 0, outputs = data.classes, relabel } = options;
  if (protocol !== "faithful" && protocol !== "strict") {
    throw new InputError(
      `[task] no protocol is called ${quote(protocol)}. Choose the \`protocol\` faithful or strict.`,
    );
  }
  for (const [option, value] of Object.entries({ ways, shots, queries })) {
    if (!(Number.isSafeInteger(value) && value > 0)) {
      throw new InputError(`[task] \`${option}\` is ${quote(value)}. Make it a whole number from 1 up.`);
    }
  }
  if (classes !== undefined && classes !== "train" && classes !== "heldout") {
    throw new InputError(`[task] no classes are called ${quote(classes)}. Choose "train" or "heldout".`);
  }
  if (protocol === "faithful" && classes === "heldout") {
    throw new InputError("[task] the faithful protocol holds no class out. Use the `protocol` strict.");
  }
  const pool = drawable(data, options);
  if (ways > pool.length) {
    const side = protocol === "faithful" ? "" : classes === "heldout" ? " held-out" : " training";
    throw new InputError(
      `[task] \`ways\` ${quote(ways)} is more than the ${pool.length}${side} classes of ${plain(data.name)}. ` +
        `Lower \`ways\`, or use data with more classes.`,
    );
  }
  if (!(Number.isSafeInteger(skip) && skip >= 0)) {
    throw new InputError(`[task] ${quote(skip)} images cannot be left out. Give a whole number.`);
  }
  if (outputs < (relabel === true ? ways : data.classes)) {
    throw new InputError(
      `[task] ${quote(outputs)} output units are too few for the ${data.classes} classes of ${plain(data.name)}. ` +
        "Use data with fewer classes, or a network with more outputs.",
    );
  }
  const poor = pool.find((c) => data.byClass[c].length < skip + shots + queries);
  if (poor !== undefined) {
    const needed = skip > 0 ? `${shots + queries} after the first ${quote(skip)}` : String(shots + queries);
    throw new InputError(
      `[task] class ${poor} of ${plain(data.name)} has ${data.byClass[poor].length} images, but ${shots} shots and ` +
        `${queries} queries need ${needed}. Lower \`shots\` or \`queries\`, or use other data.`,
    );
  }
}

/** The task of this key: the same key, data and options give the same task on every engine. */
export function sampleTask(data: Dataset, key: Key, options: TaskOptions): Task {
  checkTasks(data, options);
  const { protocol, ways, shots, queries, skip = 0, outputs = data.classes } = options;
  // One key for each thing drawn, so that none depends on how many draws another takes.
  const [classKey, imageKey, orderKey, unitKey] = key.split(4);
  const pool = drawable(data, options);
  const strict = protocol === "strict";
  const classes = strict
    ? draw(classKey, pool.length, ways).map((i) => pool[i])
    : Array.from({ length: ways }, (_, i) => pool[classKey.integer(i, pool.length)]);
  const chosen = classes.map((c) => {
    const own = data.byClass[c].subarray(skip);
    if (!strict) return own.subarray(0, shots + queries);
    return draw(imageKey.fold(c), own.length, shots + queries).map((i) => own[i]);
  });
  const units = (options.relabel ?? strict) ? unitKey.permutation(outputs) : undefined;
  const unit = (c: number): number => units?.[c] ?? c;

  const steps = ways * shots;
  const asked = ways * queries;
  const pixels = data.rows * data.columns;
  const images = new Float32Array(steps * pixels);
  const labels = new Int32Array(steps);
  orderKey.permutation(steps).forEach((source, step) => {
    const way = Math.floor(source / shots);
    copyImage(data, chosen[way][source % shots], images, step * pixels);
    labels[step] = unit(classes[way]);
  });
  const queryImages = new Float32Array(asked * pixels);
  const queryLabels = new Int32Array(asked);
  for (let i = 0; i < asked; i++) {
    const way = Math.floor(i / queries);
    copyImage(data, chosen[way][shots + (i % queries)], queryImages, i * pixels);
    queryLabels[i] = unit(classes[way]);
  }
  return { classes, images, labels, queryImages, queryLabels, steps, queries: asked, pixels };
}

/**
 * A task of two parts: `ways` classes, and when they are over `ways` others. The queries are about the first part, then
 * about the second. "faithful" may draw a class twice; its images are then all in the part in which it comes first.
 */
export function sampleSequence(data: Dataset, key: Key, options: TaskOptions): Task & { readonly firstSteps: number } {
  const task = sampleTask(data, key, { ...options, ways: 2 * options.ways });
  const { steps, pixels, queryLabels } = task;
  const first = new Set(queryLabels.subarray(0, task.queries / 2));
  const all = Array.from({ length: steps }, (_, i) => i);
  const [before, after] = [true, false].map((side) => all.filter((i) => first.has(task.labels[i]) === side));
  const images = new Float32Array(steps * pixels);
  const labels = new Int32Array(steps);
  [...before, ...after].forEach((source, step) => {
    images.set(task.images.subarray(source * pixels, (source + 1) * pixels), step * pixels);
    labels[step] = task.labels[source];
  });
  return { ...task, images, labels, firstSteps: before.length };
}

/** The classes that these options can draw. A label that no image bears is not one of them. */
function drawable(data: Dataset, { protocol, classes = "train" }: TaskOptions): number[] {
  const all = Array.from({ length: data.classes }, (_, c) => c);
  const side = protocol === "strict" ? splitClasses(data.classes)[classes] : all;
  return side.filter((c) => data.byClass[c].length > 0);
}

/** `count` distinct numbers below `bound` in random order: the first steps of Fisher and Yates. */
function draw(key: Key, bound: number, count: number): number[] {
  const order = Array.from({ length: bound }, (_, i) => i);
  for (let i = 0; i < count; i++) {
    const j = i + key.integer(i, bound - i);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order.slice(0, count);
}

/** Image `index` as numbers from 0 to 1 (byte / 255, rounded to float32), written from `offset` on. */
function copyImage(data: Dataset, index: number, to: Float32Array, offset: number): void {
  const pixels = data.rows * data.columns;
  for (let p = 0; p < pixels; p++) to[offset + p] = data.images[index * pixels + p] / 255;
}
