// How contenders time themselves, in Node and in pages: short work is repeated until it lasts long enough to be measured.

/** Does the work once. */
export type Workload = () => unknown;
/** Workloads by name; each prepares itself from a number. */
export type Workloads = Readonly<Record<string, (size: number) => Workload | Promise<Workload>>>;

/** Work shorter than this many milliseconds is repeated until it lasts as long. */
export const LEAST = 50;

/** Milliseconds of `count` repetitions. */
export async function timed(run: Workload, count: number): Promise<number> {
  const begin = performance.now();
  for (let i = 0; i < count; i++) {
    const result = run();
    if (result instanceof Promise) await result;
  }
  return performance.now() - begin;
}
