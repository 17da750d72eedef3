// Reads runs from folders. The code for folders needs Node and is loaded only when a folder is used.
import { InputError, quote } from "../core/index.js";
import { inNode } from "../runs/internal.js";
import type { TrainConfig } from "./config.js";
import type { RunContents } from "./run-contents.js";

/** The code for folders. Throws an InputError in a page. */
export async function runFolders(): Promise<typeof import("./training-folder.js")> {
  if (inNode) return import("./training-folder.js");
  throw new InputError(
    "[run] a page has no folders for a run. Leave out `out` to keep the run in memory and get its result.",
  );
}

/**
 * Reads the run in `folder`, up to the step of its checkpoint, without changing anything. Needs Node.
 *
 * @throws InputError naming the file that is missing or broken.
 * @example
 * const config = { ...defaultTrainConfig("rcn"), ways: 2, shots: 2, queries: 2, hidden: [8], episodes: 2 };
 * const images = glyphs({ perClass: 8 });
 * await train(images, config, { out: "runs/first", workers: 1 });
 * const { metrics } = await readRun("runs/first");
 * metrics.map(({ episode }) => episode); // [1, 2]
 */
export async function readRun(folder: string): Promise<RunContents> {
  checkFolder(folder);
  return (await runFolders()).readRun(folder);
}

/** Like `readRun`, but undefined if no run has begun. */
export async function contentsOf(folder: string): Promise<RunContents | undefined> {
  return (await runFolders()).contentsOf(folder);
}

/**
 * The configuration of the run in `folder`. Needs Node.
 *
 * @throws InputError naming the file that is missing or broken.
 * @example
 * const config = { ...defaultTrainConfig("rcn"), ways: 2, shots: 2, queries: 2, hidden: [8], episodes: 2 };
 * const images = glyphs({ perClass: 8 });
 * await train(images, config, { out: "runs/first", workers: 1 });
 * (await readRunConfig("runs/first")).shots; // 2
 */
export async function readRunConfig(folder: string): Promise<TrainConfig> {
  checkFolder(folder);
  return (await runFolders()).readRunConfig(folder);
}

function checkFolder(folder: unknown): void {
  if (typeof folder === "string") return;
  throw new TypeError(`[run] the folder is ${quote(folder)}. Give a text such as "runs/first".`);
}
