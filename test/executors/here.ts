// A queue whose workers and commands are in this process, for what would be slow or hard to bring about with processes.
import { setTimeout as wait } from "node:timers/promises";
import { afterEach } from "vitest";
import type { Link } from "../../src/engines/queue/link.js";
import { openSender, type SenderOptions } from "../../src/engines/queue/sender.js";
import { work } from "../../src/engines/queue/worker.js";
import { type Cell, type CellKind, type Executor, here, Stopped } from "../../src/runs/index.js";

/** Squares: a cell that needs others adds their rows. It takes some milliseconds, and stops when it is asked to. */
export const square: CellKind = {
  name: "square",
  async run({ seed, config, needs = [] }, { signal, row }) {
    const { takes = 5 } = config as { takes?: number };
    for (let at = 0; at < takes; at += 5) {
      if (signal.aborted) throw new Stopped();
      await wait(Math.min(5, takes));
    }
    if (seed === 13) throw new RangeError("13 brings bad luck");
    return { square: needs.reduce((sum, _, i) => sum + (row(i) as { square: number }).square, seed * seed) };
  },
};

let salt = 0;
/** Cells that no other test has. */
export const cells = (count: number, config: object = {}): Cell[] => {
  salt++;
  return Array.from({ length: count }, (_, seed) => ({ kind: "square", config: { salt, ...config }, seed }));
};
export const squaresOf = (results: readonly { readonly row: unknown }[]) =>
  results.map(({ row }) => (row as { square: number }).square);
export const squares = (count: number) => Array.from({ length: count }, (_, seed) => seed * seed);

/** Workers and commands at the server that `open` connects to; they end with each test. */
export function queueHere(open: () => Promise<Link>) {
  const links: Link[] = [];
  const ends: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
    for (const link of links.splice(0)) await link.close();
  });

  const connect = async (): Promise<Link> => {
    const link = await open();
    links.push(link);
    return link;
  };

  /** Works in this process until `end`. */
  const worker = async (id: string, executor: Executor = here([square])) => {
    const [drain, stop] = [new AbortController(), new AbortController()];
    const told: string[] = [];
    const tell = (sentence: string): void => void told.push(sentence);
    const options = { executor, id, lease: 1000, drain: drain.signal, stop: stop.signal, tell };
    const done = work(await connect(), options);
    done.catch(() => {});
    const end = async (): Promise<number> => {
      drain.abort();
      return done;
    };
    ends.push(() => end().catch(() => {}));
    return { end, done, stop: () => stop.abort(), told };
  };

  const sender = async (more: Partial<SenderOptions> = {}) => {
    const told: string[] = [];
    const link = await open(); // which its executor closes
    const judge = (): Executor => here([square]);
    const tell = (sentence: string): void => void told.push(sentence);
    const id = `command ${++salt}`;
    const executor = await openSender(link, {
      ...{ data: [], id, window: 64, priority: 0, check: 0, judge, tell },
      ...more,
    });
    ends.push(() => executor.close());
    return { executor, told, link };
  };

  return { connect, worker, sender };
}
