// Questions to a worker, each with one answer; and what it tells of itself.

/** A question. */
export interface Question {
  readonly id: number;
  readonly name: string;
  readonly given: readonly unknown[];
}

/** Its answer: what was asked for, or a sentence about why there is none. */
export type Answer = { readonly id: number } & ({ readonly value: unknown } | { readonly problem: string });

/** What a worker sends without being asked. */
export interface Told {
  readonly told: unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: functions of any kind; `unknown` would refuse those that take something.
type Acts = Readonly<Record<string, (...given: any[]) => unknown>>;

/** Asks a worker. The promise is rejected with a sentence for people. */
export type Ask<A extends Acts> = <K extends keyof A & string>(
  name: K,
  ...given: Parameters<A[K]>
) => Promise<Awaited<ReturnType<A[K]>>>;

/**
 * Starts the worker in a file beside the page's script.
 *
 * @param failed is given a sentence when the worker has stopped for good.
 * @param heard is given what it tells.
 */
export function startWorker<A extends Acts>(
  file: `${string}.js`,
  failed: (sentence: string) => void,
  heard: (told: unknown) => void = () => {},
): Ask<A> {
  const worker = new Worker(new URL(file, import.meta.url), { type: "module" });
  const waiting = new Map<number, { done(value: unknown): void; failed(error: Error): void }>();
  let last = 0;
  worker.onmessage = ({ data }: MessageEvent<Answer | Told>) => {
    if ("told" in data) return heard(data.told);
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
