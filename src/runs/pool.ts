// A pool of threads that do jobs. A thread is started for its first job and stays for the next ones. If a thread dies,
// it is replaced and its job is done again, which is safe because jobs are pure.
import { InputError } from "../core/index.js";
import { type ErrorClass, errorOf, type Failure, ThreadError } from "./failure.js";
import { Stopped } from "./kind.js";
import { threadStarter } from "./start-threads.js";
import type { StartThread, Thread, ThreadCode } from "./thread.js";

/** What a thread reports: that it is ready for jobs, how far it is, or the result of a job. */
export type FromThread =
  | { readonly ready: true }
  | { readonly note: unknown }
  | { readonly result: unknown }
  | { readonly failure: Failure };

/** How often a job is tried again after its thread died. */
const RETRIES = 3;

/** How long a thread may take to say that it is ready, in milliseconds. */
const READY_WITHIN = 120_000;

/** How long a thread that was asked to stop may continue its job before it is ended, in milliseconds. */
const STOP_WITHIN = 10_000;

/** Options of a pool. */
export interface PoolOptions {
  readonly code: ThreadCode;
  readonly threads: number;
  /** The first message to each thread, which answers that it is ready. */
  readonly begin: unknown;
  /** Classes that errors of jobs may have, in addition to those of this package. */
  readonly errors?: readonly ErrorClass[];
  readonly readyWithin?: number;
  readonly stopWithin?: number;
}

/** Options of one job. */
export interface JobOptions {
  /** What messages call the job, such as "episode 5". */
  readonly name: string;
  /** When it is aborted, the job gets some time to end; then its thread is ended. */
  readonly signal?: AbortSignal | undefined;
  readonly onNote?: (note: unknown) => void;
}

/** A place for one thread, and the thread's current job. */
export class Slot {
  private thread: Thread | undefined;
  private answer: { take(message: FromThread): void; down(reason: unknown): void } | undefined;

  constructor(
    private readonly start: StartThread,
    private readonly options: PoolOptions,
  ) {}

  /** The result of the job. If the thread dies it is replaced, and the job is tried again, up to three times. */
  async run(job: unknown, how: JobOptions): Promise<unknown> {
    let reason: unknown;
    for (let attempt = 0; attempt <= RETRIES; attempt++) {
      try {
        return await this.ask(job, how);
      } catch (error) {
        if (error instanceof Error) throw error;
        reason = error;
      }
    }
    throw new ThreadError(
      `[workers] ${how.name} brought its thread down ${RETRIES + 1} times, the last time because ${reason}. ` +
        "Use fewer `workers` (each has its own memory), or `workers` 1, and resume.",
    );
  }

  /** Rejects with the reason as text if the thread dies, or with an error if another thread would fail too. */
  private ask(job: unknown, { signal, onNote, name }: JobOptions): Promise<unknown> {
    const { readyWithin = READY_WITHIN, stopWithin = STOP_WITHIN, code, errors } = this.options;
    return new Promise((resolve, reject) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const endAfter = (milliseconds: number, error: Error): void => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          void this.close();
          end(() => reject(error));
        }, milliseconds);
      };
      const onAbort = (): void => {
        this.thread?.post({ stop: true });
        endAfter(stopWithin, new Stopped(`[workers] ${name} did not end when asked to stop; its thread was ended.`));
      };
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        this.answer = undefined;
        settle();
      };
      this.answer = {
        take: (message) => {
          if ("ready" in message) return signal?.aborted ? onAbort() : clearTimeout(timer);
          if ("note" in message) return onNote?.(message.note);
          end(() => ("result" in message ? resolve(message.result) : reject(errorOf(message.failure, errors))));
        },
        down: (reason) => end(() => reject(reason)),
      };
      if (!this.thread) {
        this.thread = this.open();
        const silent = `[workers] ${code.entry ?? code.name} runs as a thread, but does not answer. `;
        endAfter(
          readyWithin,
          new InputError(`${silent}Give the address of ${code.name} as \`workerEntry\`, or use one worker.`),
        );
      }
      this.thread.post(job);
      signal?.addEventListener("abort", onAbort);
      if (signal?.aborted) onAbort();
    });
  }

  async close(): Promise<void> {
    const thread = this.thread;
    this.thread = undefined;
    await thread?.close();
  }

  private open(): Thread {
    const thread = this.start({
      onMessage: (message) => {
        if (this.thread === thread) this.answer?.take(message as FromThread);
      },
      onDown: (reason) => {
        if (this.thread !== thread) return; // it was replaced
        this.thread = undefined;
        this.answer?.down(reason);
      },
    });
    thread.post(this.options.begin);
    return thread;
  }
}

/** `count` places for threads; a thread is started when its place gets its first job. */
export async function openPool(options: PoolOptions): Promise<Slot[]> {
  const start = await threadStarter(options.code);
  return Array.from({ length: options.threads }, () => new Slot(start, options));
}

/**
 * Does jobs 0 to `count` - 1 on these slots and hands each result to `consume` in this order, so what is computed from
 * them does not depend on the number of threads. If several jobs fail, the error of the first one in this order is
 * thrown.
 */
export async function inOrder<T>(
  slots: readonly Slot[],
  count: number,
  run: (slot: Slot, index: number) => Promise<T>,
  consume: (result: T) => void,
): Promise<void> {
  const results = new Map<number, T>();
  const failures = new Map<number, unknown>();
  let [taken, consumed] = [0, 0];
  const work = async (slot: Slot): Promise<void> => {
    while (taken < count && failures.size === 0) {
      const at = taken++;
      try {
        results.set(at, await run(slot, at));
      } catch (error) {
        failures.set(at, error);
      }
      // Nothing after a failure is consumed, and finished results are dropped.
      for (; results.has(consumed); results.delete(consumed++)) consume(results.get(consumed)!);
    }
  };
  await Promise.all(slots.map(work));
  if (failures.size > 0) throw failures.get(Math.min(...failures.keys()));
}
