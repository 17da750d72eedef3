// A page's side of the race: `measure` does a workload and says what it took, in milliseconds.
import { LEAST, timed, type Workload, type Workloads } from "../timed.js";

/** Work that takes longer than this many milliseconds the first time is not repeated before it is measured. */
const COSTLY = 1000;

/** Gives the page `measure(work, size)`; what it needs beforehand is made in the first call. */
export function publish(works: Workloads, about: Readonly<Record<string, unknown>> = {}): void {
  const prepared = new Map<string, { run: Workload; count: number }>();
  const measure = async (work: string, size: number): Promise<number> => {
    const name = `${work} ${size}`;
    let own = prepared.get(name);
    if (!own) {
      own = { run: await works[work](size), count: 1 };
      const first = await timed(own.run, 1);
      while (first < COSTLY && (await timed(own.run, own.count)) < LEAST) own.count *= 2;
      prepared.set(name, own);
    }
    return (await timed(own.run, own.count)) / own.count;
  };
  Object.assign(globalThis, { measure, about: { isolated: crossOriginIsolated, ...about } });
}
