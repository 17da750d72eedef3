// Runs the episodes of a meta-batch, one after the other here or in parallel on threads. Either way the results come in
// the order of the episodes, so what is computed from them does not depend on the number of threads.
import { configuration } from "../core/index.js";
import { yieldToEvents } from "../runs/index.js";
import { codeOfPackage, inOrder, openPool, sharedImages, type ThreadCode } from "../runs/internal.js";
import { DivergedError } from "./diverged.js";
import { type EpisodeJob, type EpisodeSetup, liveEpisode, type TimedResult, type WorkerData } from "./episode-job.js";
import { loadedParts } from "./own-parts.js";
import type { RuleValues } from "./rule-values.js";

/** Something that runs episodes. */
export interface EpisodeRunner {
  /**
   * Runs these episodes under one rule and hands each result, in this order, to `consume`. If several episodes fail,
   * the error of the first one in this order is thrown.
   */
  run(
    rule: RuleValues,
    indices: readonly number[],
    consume: (result: TimedResult) => void,
    signal?: AbortSignal,
  ): Promise<void>;
  close(): Promise<void>;
}

/** Runs episodes in this thread, and lets the event loop run after each. */
export function inProcess(setup: EpisodeSetup): EpisodeRunner {
  return {
    async run(rule, indices, consume) {
      for (const index of indices) {
        consume(liveEpisode(setup, { index, rule }));
        await yieldToEvents();
      }
    },
    async close() {},
  };
}

/**
 * The built code of the threads. This module may have been bundled into a file of `dist`, of `dist/meta` or of a folder
 * next to that; the path that pages use is right in `dist/meta` and in `dist/chunks`.
 */
export function episodeThreads(entry?: string | URL): ThreadCode {
  return codeOfPackage("meta/episode-worker.js", {
    entry,
    from: import.meta.url,
    inPage: () => new Worker(new URL("../meta/episode-worker.js", import.meta.url), { type: "module" }),
  });
}

/**
 * Runs episodes on `threads` threads, which stay alive between the batches.
 *
 * @param entry the code that they run; see `episodeThreads`.
 */
export async function inThreads(setup: EpisodeSetup, threads: number, entry?: string | URL): Promise<EpisodeRunner> {
  const { maximumBytes, tapeBytes } = configuration();
  const memory = { maximumBytes, tapeBytes };
  const begin: WorkerData = { ...setup, dataset: sharedImages(setup.dataset), memory, parts: loadedParts() };
  const slots = await openPool({ code: episodeThreads(entry), threads, begin, errors: [DivergedError] });
  return {
    run: (rule, indices, consume, signal) =>
      inOrder(
        slots,
        indices.length,
        async (slot, at) => {
          const job: EpisodeJob = { index: indices[at], rule };
          return (await slot.run(job, { name: `episode ${indices[at] + 1}`, signal })) as TimedResult;
        },
        consume,
      ),
    async close() {
      await Promise.all(slots.map((slot) => slot.close()));
    },
  };
}
