// Tasks: the examples and queries of one episode, drawn by a protocol.

import { checkKey, checkKind, InputError, type Key, plain, quote } from "../core/index.js";
import type { Dataset } from "./dataset.js";
import { checkDataset, pixelsOf } from "./dataset.js";
import { type ClassSplit, type ProtocolName, protocolNamed } from "./protocols.js";

/** What kind of tasks to draw. */
export interface TaskOptions {
  /** "faithful" for comparison with published numbers, "strict" for claims about generalisation. */
  readonly protocol: ProtocolName;
  /** Classes in a task. */
  readonly ways: number;
  /** Images of each class to learn from, one online step each. */
  readonly shots: number;
  /** Images of each class for the queries afterwards. */
  readonly queries: number;
  /** Which side of `splitClasses` to draw from; "strict" only. Default "train". */
  readonly classes?: keyof ClassSplit;
  /** Whether classes get random output units; by default as the protocol says: "strict" yes, "faithful" no. */
  readonly relabel?: boolean;
  /** The number of output units for labels, if it is not the number of classes. */
  readonly outputs?: number;
  /** How many images at the beginning of each class are left out; default 0. */
  readonly skip?: number;
}

/** The dataset for tasks without images: it is empty. */
export const noImages: Dataset = {
  name: "no images",
  classes: 0,
  rows: 0,
  columns: 0,
  channels: 1,
  images: new Uint8Array(),
  byClass: [],
};

/** One episode's data. */
export interface Task {
  /** The classes of the dataset that were drawn, in the order drawn; "faithful" may repeat one. */
  readonly classes: readonly number[];
  /** The images to learn from, (steps, pixels), from 0 to 1, in random order. */
  readonly images: Float32Array;
  /** The correct output unit for each step. */
  readonly labels: Int32Array;
  /** The images of the queries, (queries, pixels), from 0 to 1, class by class. */
  readonly queryImages: Float32Array;
  /** The correct output unit for each query. */
  readonly queryLabels: Int32Array;
  /** Online steps: ways times shots. */
  readonly steps: number;
  /** Queries in all: ways times queries per class. */
  readonly queries: number;
  /** Pixels of an image. */
  readonly pixels: number;
}

/**
 * Throws an InputError, before any work, if tasks of this kind cannot be drawn from this dataset.
 *
 * @example
 * checkTasks(glyphs({ perClass: 20 }), { protocol: "strict", ways: 5, shots: 2, queries: 3 }); // returns nothing
 */
export function checkTasks(data: Dataset, options: TaskOptions): void {
  checkDataset("task", data);
  checkKind("task", "what the tasks are given", options, "an object");
  const { ways, shots, queries, classes, skip = 0, outputs = data.classes, relabel } = options;
  const { heldout } = protocolNamed(options.protocol).classes(data.classes);
  for (const [option, value] of Object.entries({ ways, shots, queries })) {
    if (!(Number.isSafeInteger(value) && value > 0)) {
      throw new InputError(`[task] \`${option}\` is ${quote(value)}. Make it a whole number from 1 up.`);
    }
  }
  if (classes !== undefined && classes !== "train" && classes !== "heldout") {
    throw new InputError(`[task] no classes are called ${quote(classes)}. Choose "train" or "heldout".`);
  }
  if (heldout === undefined && classes === "heldout") {
    throw new InputError("[task] the faithful protocol holds no class out. Use the `protocol` strict.");
  }
  const pool = drawable(data, options);
  if (ways > pool.length) {
    const side = heldout === undefined ? "" : classes === "heldout" ? " held-out" : " training";
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

/**
 * The task of this key: the same key, data and options give the same task on every engine.
 *
 * @example
 * const task = sampleTask(glyphs({ perClass: 20 }), Key.of(0), { protocol: "strict", ways: 5, shots: 2, queries: 3 });
 * [task.steps, task.images.length]; // [10, 7840]
 */
export function sampleTask(data: Dataset, key: Key, options: TaskOptions): Task {
  checkTasks(data, options);
  checkKey("task", key, "the key");
  const { ways, shots, queries, skip = 0, outputs = data.classes } = options;
  const protocol = protocolNamed(options.protocol);
  // Each thing that is drawn has its own key, so that none depends on how many draws another takes.
  const [classKey, imageKey, orderKey, unitKey] = key.split(4);
  const pool = drawable(data, options);
  const classes = protocol.drawClasses(classKey, pool, ways);
  const chosen = classes.map((c) =>
    protocol.drawImages(imageKey.fold(c), data.byClass[c].subarray(skip), shots + queries),
  );
  const units = (options.relabel ?? protocol.relabel) ? unitKey.permutation(outputs) : undefined;
  const unit = (c: number): number => units?.[c] ?? c;

  const steps = ways * shots;
  const asked = ways * queries;
  const pixels = pixelsOf(data);
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
 * A task of two parts: first `ways` classes, then `ways` others. The queries are about the first part, then about the
 * second. "faithful" may draw a class twice; then all its images are in the part in which it occurs first.
 *
 * @example
 * const task = sampleSequence(glyphs({ perClass: 20 }), Key.of(0), { protocol: "strict", ways: 4, shots: 2, queries: 3 });
 * [task.firstSteps, task.steps]; // [8, 16]
 */
export function sampleSequence(data: Dataset, key: Key, options: TaskOptions): Task & { readonly firstSteps: number } {
  checkKind("task", "what the tasks are given", options, "an object");
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

/** The classes that these options can draw. Labels without images are not among them. */
function drawable(data: Dataset, { protocol, classes = "train" }: TaskOptions): number[] {
  const side = protocolNamed(protocol).classes(data.classes)[classes] ?? [];
  return side.filter((c) => data.byClass[c].length > 0);
}

/** Image `index` as numbers: bytes from 0 to 1 (byte / 255, rounded to float32), written from `offset` on. */
function copyImage(data: Dataset, index: number, to: Float32Array, offset: number): void {
  const pixels = pixelsOf(data);
  const scale = data.images instanceof Float32Array ? 1 : 255;
  for (let p = 0; p < pixels; p++) to[offset + p] = data.images[index * pixels + p] / scale;
}
