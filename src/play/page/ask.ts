// Questions to the worker, each with one answer.
import type { Acts } from "../acts.js";

/** A question. */
export interface Question {
  readonly id: number;
  readonly name: string;
  readonly given: readonly unknown[];
}

/** Its answer: what was asked for, or a sentence about why there is none. */
export type Answer = { readonly id: number } & ({ readonly value: unknown } | { readonly problem: string });

/** Asks the worker. The promise is rejected with a sentence for people. */
export type Ask = <K extends keyof Acts>(
  name: K,
  ...given: Parameters<Acts[K]>
) => Promise<Awaited<ReturnType<Acts[K]>>>;

/** Starts a worker to ask. */
export function startWorker(failed: (sentence: string) => void): Ask {
  const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  const waiting = new Map<number, { done(value: unknown): void; failed(error: Error): void }>();
  let last = 0;
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if ("value" in data) asked?.done(data.value);
    else asked?.failed(new Error(data.problem.replace(/^\[\w+\] /, "")));
  };
  worker.onerror = () => failed("What computes here has stopped. Load the page again; the address keeps the life.");
  return (name, ...given) =>
    new Promise((done, failed) => {
      waiting.set(++last, { done: done as (value: unknown) => void, failed });
      worker.postMessage({ id: last, name, given } satisfies Question);
    });
}
