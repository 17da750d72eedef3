// The side of a queue that computes cells. They run on threads, so that this thread can always renew the leases of its
// jobs: a loop in WebAssembly would starve them. BullMQ's own processors in processes of their own are not needed for
// that, and know neither shared images nor the replacement of a thread that died.
import { setTimeout as wait } from "node:timers/promises";
import { InputError, MemoryError } from "../../core/index.js";
import { cellName, type Executor, Stopped, ThreadError } from "../../runs/index.js";
import { asKept, travellingFailure } from "../../runs/internal.js";
import { cureOf, identity, identityText, sameIdentity } from "../identity.js";
import { fleetOf, joinFleet, ordersOf, queueName } from "./fleet.js";
import { imageFetcher } from "./images.js";
import type { CellJob, CellJobNote, CellTaker, Link } from "./link.js";
import { keepOutcome, keptOutcome, type Outcome } from "./outcome.js";
import { answered, patience } from "./patience.js";
import { steadily } from "./steady.js";

/** How a worker works. */
export interface WorkerOptions {
  /** What computes the cells. */
  readonly executor: Executor;
  /** What others call this process. */
  readonly id: string;
  /** After so many milliseconds of silence its cells are given to others. */
  readonly lease: number;
  /** When it is aborted, the cells that are being computed are finished and no more are taken. */
  readonly drain: AbortSignal;
  /** When it is aborted, the cells that are being computed are given back. */
  readonly stop: AbortSignal;
  readonly tell: (sentence: string) => void;
}

/** How often orders are read, in milliseconds. */
const ORDERS = 1000;

/** How often progress is told, in milliseconds. */
const PROGRESS = 500;

/** How long a server may take to learn that a worker has ended, in milliseconds. */
const TOLD_WITHIN = 3000;

/** How long a worker that must stop may take, in milliseconds. */
const STOPPED_WITHIN = 15_000;

/** Errors that say something about this machine, not about the cell: another worker may succeed. */
const OF_MACHINE = [MemoryError, ThreadError];

/**
 * Computes cells until it is told to end.
 *
 * @returns how many cells it has computed.
 * @throws InputError if it is of another version than those who send cells, or its results turned out to be wrong.
 */
export async function work(link: Link, options: WorkerOptions): Promise<number> {
  const { executor, id, lease, drain, stop, tell } = options;
  const { keep } = link;
  const patiently = patience(link.name, tell);
  await patiently(() => answered(checkVersion(link)));
  const bull = await import("bullmq");
  const fetchImages = imageFetcher(keep);
  const running = new Map<string, AbortController>();
  let count = 0;

  const compute = async (job: CellJob): Promise<Outcome> => {
    const { cell, rows } = job.data;
    if (stop.aborted) throw new Stopped();
    const controller = new AbortController();
    running.set(job.id as string, controller);
    let last = 0;
    const progress = (part: number, note?: string): void => {
      if (performance.now() - last < PROGRESS) return;
      last = performance.now();
      void job.updateProgress({ part, ...(note === undefined ? {} : { note }) }).catch(() => {});
    };
    try {
      const images = await fetchImages(cell);
      const how = { folder: undefined, signal: controller.signal, progress, rows, images };
      return { by: id, row: asKept(await executor.submit(cell, how)) };
    } catch (error) {
      if (error instanceof Stopped) throw error;
      const last = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
      if (!last && OF_MACHINE.some((kind) => error instanceof kind)) throw error;
      return { by: id, failure: travellingFailure(error) };
    } finally {
      running.delete(job.id as string);
    }
  };

  const process = async (job: CellJob, token?: string): Promise<CellJobNote> => {
    const name = await cellName(job.data.cell);
    if (name !== job.id) throw new InputError("[worker] a job does not have the name of its cell.");
    // It may have been computed before: jobs are delivered at least once.
    if (await keptOutcome(keep, "result", name)) return { by: id };
    try {
      const outcome = await compute(job);
      await patiently(() => keepOutcome(keep, name, outcome, tell), stop);
      count++;
      return { by: id };
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      if (!stop.aborted) return { by: id }; // it was cancelled
      await job.moveToWait(token);
      throw new bull.WaitingError();
    }
  };

  const underWay = new Set<Promise<CellJobNote>>();
  const processor = (job: CellJob, token?: string): Promise<CellJobNote> => {
    const note = process(job, token).finally(() => underWay.delete(note));
    underWay.add(note);
    return note;
  };
  const how = { count: executor.lanes, lease, name: id };
  const worker = steadily(() => link.take(queueName(identity()), processor, how));
  const leave = await joinFleet(keep, { role: "worker", id, count: executor.lanes }, patiently);
  const onStop = (): void => {
    for (const controller of running.values()) controller.abort();
  };
  stop.addEventListener("abort", onStop);
  const ended = worker.run();
  ended.catch(() => {});
  try {
    await untilDrained();
  } finally {
    await closed(worker);
    await leave();
  }
  return count;

  /** Follows orders until it shall take no more cells. */
  async function untilDrained(): Promise<void> {
    const end = new AbortController();
    for (const signal of [drain, stop]) signal.addEventListener("abort", () => end.abort());
    while (!drain.aborted && !stop.aborted) {
      await wait(ORDERS, undefined, { signal: end.signal }).catch(() => {});
      const orders = await answered(ordersOf(keep)).catch(() => undefined); // the server is away
      if (!orders) continue;
      for (const name of orders.cancelled) running.get(name)?.abort();
      if (orders.barred.has(id)) {
        onStop();
        throw new InputError(
          "[worker] this machine computes other bits than the one that sends the cells. Look for a changed version or a broken machine.",
        );
      }
      if (count === 0) await answered(checkVersion(link)).catch(ignoreAway);
    }
  }

  /** Closes a worker: it finishes its cells, unless it must stop. A server that is away cannot be told, and is left. */
  async function closed(taker: Pick<CellTaker, "close">): Promise<void> {
    const done = taker.close();
    const finished = async (): Promise<void> => {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    };
    const stopped = new Promise<void>((resolve) => {
      if (stop.aborted) resolve();
      else stop.addEventListener("abort", () => resolve());
    });
    const over = new AbortController();
    const after = (milliseconds: number): Promise<void> => wait(milliseconds, undefined, { signal: over.signal });
    const ways = [done, finished().then(() => after(TOLD_WITHIN)), stopped.then(() => after(STOPPED_WITHIN))];
    await Promise.race(ways).finally(() => over.abort());
  }
}

/** Errors of the connection pass; those that are meant for the user do not. */
function ignoreAway(error: unknown): void {
  if (error instanceof InputError) throw error;
}

/** Refuses a server whose commands all are of another version. */
async function checkVersion(link: Link): Promise<void> {
  const senders = (await fleetOf(link.keep)).filter(({ role }) => role === "sender");
  if (senders.length === 0 || senders.some((sender) => sameIdentity(sender.identity, identity()))) return;
  const [theirs, own] = [senders[0].identity, identity()];
  throw new InputError(
    `[worker] the cells at ${link.name} are of ${identityText(theirs)}, and this worker is ${identityText(own)}: its bits ` +
      `could differ. ${cureOf(theirs, own)}`,
  );
}
