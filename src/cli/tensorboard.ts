// `train --tensorboard`: the numbers of each episode as an event file, which TensorBoard and tools like it read. It is for
// looking only; nothing reads it back.
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { eventHead, eventOf } from "../io/internal.js";
import type { EpisodeReport } from "../meta/index.js";
import { explained } from "../runs/node.js";

/** The folder in that of the run, and the file, whose name tells tools what it is. */
const [FOLDER, FILE] = ["tensorboard", "events.out.tfevents.synaptape"];

/** Writes events. */
export interface EventWriter {
  /** Adds an episode. The first one writes the file anew, with those that were before it. */
  add(report: EpisodeReport): void;
  close(): void;
}

/** What is told of an episode. One that diverged has no loss. */
const numbersOf = ({ loss, accuracy, seconds, clipped }: EpisodeReport): Record<string, number> => ({
  accuracy,
  ...(Number.isFinite(loss) ? { loss } : {}),
  seconds,
  "meta-gradient times": clipped ?? 1,
});

/** Opens the events of the run in `folder`, which has done the episodes of `history`. */
export function openEvents(folder: string, history: readonly EpisodeReport[]): EventWriter {
  const path = join(folder, FOLDER);
  let file: number | undefined;
  const now = (): number => Date.now() / 1000;
  const put = (bytes: Uint8Array): void => {
    try {
      file ??= begin();
      writeSync(file, bytes);
    } catch (error) {
      throw explained(error, `${join(path, FILE)} cannot be written`, "Make room, or leave --tensorboard out.");
    }
  };
  const begin = (): number => {
    mkdirSync(path, { recursive: true });
    const opened = openSync(join(path, FILE), "w");
    writeSync(opened, eventHead(now()));
    for (const report of history) writeSync(opened, eventOf(now(), report.episode, numbersOf(report)));
    return opened;
  };
  return {
    add: (report) => put(eventOf(now(), report.episode, numbersOf(report))),
    close() {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}
