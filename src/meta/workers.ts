// The episodes of a meta-batch, lived one after the other here or side by side in threads. Either way the results come
// in the order of the episodes, so nothing that is computed from them depends on the number of threads.
import { existsSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { configuration, InputError } from "../core/index.js";
import {
  type EpisodeSetup,
  errorOf,
  liveEpisode,
  type Reply,
  type TimedResult,
  type WorkerData,
} from "./episode-job.js";
import type { RuleValues } from "./rule-values.js";

/** How often an episode is run again that brought its thread down. */
const RETRIES = 3;

/** What lives episodes. */
export interface EpisodeRunner {
  /**
   * Lives these episodes under one rule and hands each result, in this order, to `consume`. Of several episodes that
   * fail, the first one's error is thrown.
   */
  run(rule: RuleValues, indices: readonly number[], consume: (result: TimedResult) => void): Promise<void>;
  close(): Promise<void>;
}

/** Episodes lived here, with a turn of the event loop after each. */
export function inProcess(setup: EpisodeSetup): EpisodeRunner {
  return {
    async run(rule, indices, consume) {
      for (const index of indices) {
        consume(liveEpisode(setup, { index, rule }));
        await setImmediate();
      }
    },
    async close() {},
  };
}

/**
 * The built file that threads run. This module may have been bundled into a file of `dist`, of `dist/meta` or of a
 * folder beside it.
 */
export function workerEntry(override?: string | URL): URL {
  const given = typeof override === "string" ? pathToFileURL(override) : override;
  const places = ["./episode-worker.js", "./meta/episode-worker.js", "../meta/episode-worker.js"];
  const candidates = given ? [given] : places.map((place) => new URL(place, import.meta.url));
  const entry = candidates.find((candidate) => existsSync(candidate));
  if (entry) return entry;
  const tried = candidates.map((candidate) => fileURLToPath(candidate)).join(", ");
  throw new InputError(`[workers] the threads' code is not there; tried ${tried}. Use --workers 1, or install again.`);
}

/** The dataset with its images in memory that threads share. */
function shared(setup: EpisodeSetup): EpisodeSetup {
  const images = new Uint8Array(new SharedArrayBuffer(setup.dataset.images.length));
  images.set(setup.dataset.images);
  return { ...setup, dataset: { ...setup.dataset, images } };
}

/** A thread and what it is doing. It is made for its first job and, if it came down, for the next one again. */
class Lane {
  private worker: Worker | undefined;

  constructor(
    private readonly entry: URL,
    private readonly data: WorkerData,
  ) {}

  /** Rejects, with the reason as text, if the thread comes down. */
  ask(job: { readonly index: number; readonly rule: RuleValues }): Promise<Reply> {
    const worker = this.worker ?? this.start();
    return new Promise((resolve, reject) => {
      const done = (): void => {
        worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      };
      const onMessage = (reply: Reply): void => {
        done();
        resolve(reply);
      };
      const onError = (error: unknown): void => {
        done();
        reject(error instanceof Error ? error.message : String(error));
      };
      const onExit = (code: number): void => {
        done();
        reject(`it ended with code ${code}`);
      };
      worker.on("message", onMessage).on("error", onError).on("exit", onExit);
      worker.postMessage(job);
    });
  }

  async close(): Promise<void> {
    await this.worker?.terminate();
  }

  private start(): Worker {
    const worker = new Worker(this.entry, { workerData: this.data });
    const forget = (): void => {
      if (this.worker === worker) this.worker = undefined;
    };
    worker.on("error", forget).on("exit", forget);
    this.worker = worker;
    return worker;
  }
}

/** Episodes lived in `threads` threads that stay between the batches. */
export function inThreads(setup: EpisodeSetup, threads: number, entry: URL): EpisodeRunner {
  const { maximumBytes, tapeBytes } = configuration();
  const data: WorkerData = { ...shared(setup), memory: { maximumBytes, tapeBytes } };
  const lanes = Array.from({ length: threads }, () => new Lane(entry, data));

  /** The result of one episode; a thread that it brings down is replaced. */
  const live = async (lane: Lane, rule: RuleValues, index: number): Promise<TimedResult> => {
    let reason: unknown;
    for (let attempt = 0; attempt <= RETRIES; attempt++) {
      try {
        const reply = await lane.ask({ index, rule });
        if ("result" in reply) return reply.result;
        throw errorOf(reply.failure);
      } catch (error) {
        if (error instanceof Error) throw error;
        reason = error;
      }
    }
    throw new Error(
      `[workers] episode ${index + 1} brought its thread down ${RETRIES + 1} times, the last time because ${reason}. ` +
        "Use fewer --workers or --workers 1, and resume.",
    );
  };

  return {
    async run(rule, indices, consume) {
      const results: TimedResult[] = [];
      const failures: unknown[] = [];
      let taken = 0;
      let consumed = 0;
      const work = async (lane: Lane): Promise<void> => {
        while (taken < indices.length && failures.length === 0) {
          const at = taken++;
          try {
            results[at] = await live(lane, rule, indices[at]);
          } catch (error) {
            failures[at] = error;
          }
          // Nothing after a failure is consumed, and what was is let go.
          for (; results[consumed]; consumed++) {
            consume(results[consumed]);
            delete results[consumed];
          }
        }
      };
      await Promise.all(lanes.map(work));
      if (failures.length > 0) throw failures.find((failure) => failure !== undefined);
    },
    async close() {
      await Promise.all(lanes.map((lane) => lane.close()));
    },
  };
}
