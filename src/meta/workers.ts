// The episodes of a meta-batch, lived one after the other here or side by side in threads. Either way the results come
// in the order of the episodes, so nothing that is computed from them depends on the number of threads.
import { configuration } from "../core/index.js";
import { turn } from "./environment.js";
import {
  type EpisodeJob,
  type EpisodeSetup,
  errorOf,
  liveEpisode,
  type Reply,
  type TimedResult,
  type WorkerData,
} from "./episode-job.js";
import type { RuleValues } from "./rule-values.js";
import { type StartThread, type Thread, threadStarter } from "./thread.js";

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
        await turn();
      }
    },
    async close() {},
  };
}

/** The dataset with its images in memory that threads share, where that can be had; else each gets a copy. */
function shared(setup: EpisodeSetup): EpisodeSetup {
  if (typeof SharedArrayBuffer === "undefined") return setup;
  const images = new Uint8Array(new SharedArrayBuffer(setup.dataset.images.length));
  images.set(setup.dataset.images);
  return { ...setup, dataset: { ...setup.dataset, images } };
}

/** A thread and what it is doing. It is made for its first job and, if it came down, for the next one again. */
class Lane {
  private thread: Thread | undefined;
  private answer: { resolve(reply: Reply): void; reject(reason: unknown): void } | undefined;

  constructor(
    private readonly start: StartThread,
    private readonly data: WorkerData,
  ) {}

  /** Rejects, with the reason as text, if the thread comes down; with an error if no other would do better. */
  ask(job: EpisodeJob): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.answer = { resolve, reject };
      this.thread ??= this.open();
      this.thread.post(job);
    });
  }

  async close(): Promise<void> {
    await this.thread?.close();
  }

  private open(): Thread {
    const thread = this.start({
      onMessage: (reply) => this.answer?.resolve(reply as Reply),
      onDown: (reason) => {
        if (this.thread !== thread) return; // it was replaced
        this.thread = undefined;
        this.answer?.reject(reason);
      },
    });
    thread.post(this.data);
    return thread;
  }
}

/**
 * Episodes lived in `threads` threads that stay between the batches.
 *
 * @param entry the code that they run; see `threadStarter`.
 */
export async function inThreads(setup: EpisodeSetup, threads: number, entry?: string | URL): Promise<EpisodeRunner> {
  const start = await threadStarter(entry);
  const { maximumBytes, tapeBytes } = configuration();
  const data: WorkerData = { ...shared(setup), memory: { maximumBytes, tapeBytes } };
  const lanes = Array.from({ length: threads }, () => new Lane(start, data));

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
