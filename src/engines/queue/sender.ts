// The side of a queue that sends cells, as an executor. A job is only the vehicle of a cell: what came of it is kept on
// the server under the cell's name. So a job that is lost is sent again, and one that is delivered twice changes nothing.
import { setMaxListeners } from "node:events";
import type { Dataset } from "../../data/index.js";
import { DivergedError } from "../../meta/index.js";
import { type Cell, cellName, type Executor, Stopped, type Submission, ThreadError } from "../../runs/index.js";
import { errorOf } from "../../runs/internal.js";
import { cureOf, identity, identityText, sameIdentity } from "../identity.js";
import { noAnswer } from "./failures.js";
import { cancelCell, fleetOf, joinFleet, queueName, wantCell } from "./fleet.js";
import { imageSender, MissingImages } from "./images.js";
import type { CellJobData, Link } from "./link.js";
import { decodeOutcome, type Outcome } from "./outcome.js";
import { answered, patience } from "./patience.js";
import { judging, Unjudged } from "./trust.js";

/** How a command sends cells. */
export interface SenderOptions {
  readonly data: readonly Dataset[];
  /** What others call this process. */
  readonly id: string;
  /** The most cells that are on the server at once. */
  readonly window: number;
  /** From 0, which comes first. */
  readonly priority: number;
  /** The share of the cells that are computed here too, to find workers that are wrong; see `TrustOptions`. */
  readonly check: number;
  /** Computes cells here, where one is in doubt. */
  readonly judge: () => Executor;
  readonly tell: (sentence: string) => void;
}

/** How long to wait before results are looked for, in milliseconds, at first and at most; events come sooner. */
const LOOKS = [100, 4000] as const;

/** When the user is told that no worker is there, and when again, in milliseconds. */
const LONELY = { first: 3000, again: 60_000 };

/** How often a cell may be missing on the server, between two looks, before it is sent again. */
const MISSED = 2;

/** How often a cell is sent again whose job BullMQ gave up, or whose images the server has lost. */
const TRIES = 3;

/** A cell that is on the server. */
interface Pending {
  readonly name: string;
  readonly job: CellJobData;
  readonly how: Submission;
  readonly resolve: (row: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly onAbort: () => void;
  missed: number;
  lost: number;
  settling: boolean;
}

/**
 * An executor whose cells are computed by the workers of a queue.
 *
 * @throws InputError if the server goes away before it is there. The link is closed then.
 */
export async function openSender(link: Link, options: SenderOptions): Promise<Executor> {
  const { data, id, window, priority, check, judge, tell } = options;
  const { keep } = link;
  const own = queueName(identity());
  const [queue, events] = [link.queue(own), link.events(own)];
  try {
    await answered(Promise.all([queue.waitUntilReady(), events.waitUntilReady()]));
  } catch (error) {
    await link.close();
    throw noAnswer(link.name, error, /clos|terminat|end/i);
  }
  const patiently = patience(link.name, tell);
  const leave = await joinFleet(keep, { role: "sender", id, count: window }, patiently);
  const sendImages = imageSender(keep, data);
  const pending = new Map<string, Pending>();
  const trust = await judging({ keep, id, share: check, judge, tell });

  const put = async ({ name, job }: Pending): Promise<void> => {
    await wantCell(keep, name); // another command may have cancelled it
    await queue.add("cell", job, {
      jobId: name,
      priority,
      attempts: TRIES,
      removeOnComplete: true,
      removeOnFail: true,
    });
  };

  const kept = async (name: string): Promise<Outcome | undefined> => {
    for (const space of ["result", "failed"]) {
      const [bytes] = await keep.get(space, [name]);
      const outcome = bytes && (await decodeOutcome(bytes));
      if (outcome) return outcome;
      if (bytes) await keep.remove(space, name); // it is damaged, and computed again
    }
    return undefined;
  };

  const end = (of: Pending, settle: () => void): void => {
    if (pending.get(of.name) !== of) return;
    pending.delete(of.name);
    of.how.signal.removeEventListener("abort", of.onAbort);
    settle();
  };

  /** Looks for the outcome of a cell; false if there is none. */
  const settle = async (of: Pending): Promise<boolean> => {
    if (of.settling) return true;
    of.settling = true;
    try {
      const outcome = await kept(of.name);
      if (!outcome) return false;
      if ("failure" in outcome) {
        const error = errorOf(outcome.failure, [DivergedError, MissingImages]);
        if (error instanceof MissingImages && ++of.lost < TRIES) {
          await keep.remove("failed", of.name);
          await sendImages(of.job.cell, true);
          await put(of);
        } else end(of, () => of.reject(error));
      } else {
        const row = await trust.take(of.name, of.job, outcome);
        if (row === undefined) await put(of);
        else end(of, () => of.resolve(row));
      }
      return true;
    } catch (error) {
      if (!(error instanceof Unjudged)) throw error;
      end(of, () => of.reject(error));
      return true;
    } finally {
      of.settling = false;
    }
  };

  const onEnded = async (name: string, lost: boolean): Promise<void> => {
    const of = pending.get(name);
    if (!of || (await settle(of))) return;
    if (!lost) return; // it was cancelled by another command; the next look finds it missing
    if (++of.lost < TRIES) await put(of);
    else {
      const cure = "Look for workers that are killed or run out of memory, and run the same command again.";
      end(of, () => of.reject(new ThreadError(`[engine] the cell was lost with every worker that took it. ${cure}`)));
    }
  };
  events.on("completed", ({ jobId }) => void onEnded(jobId, false).catch(() => {}));
  events.on("failed", ({ jobId }) => void onEnded(jobId, true).catch(() => {}));
  events.on("progress", ({ jobId, data: said }) => {
    const { part, note } = said as { part: number; note?: string };
    pending.get(jobId)?.how.progress(part, note);
  });

  /** Events can be missed while a connection is lost, and jobs where a server lost its memory. */
  const look = async (): Promise<void> => {
    for (const of of [...pending.values()]) {
      if (await settle(of)) continue;
      const state = await queue.getJobState(of.name);
      of.missed = state === "unknown" ? of.missed + 1 : 0;
      if (of.missed < MISSED) continue;
      of.missed = 0;
      await put(of);
    }
  };
  let timer: NodeJS.Timeout | undefined;
  let [pause, lonely]: number[] = [LOOKS[0], performance.now() + LONELY.first];
  const lookLater = (): void => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      pause = Math.min(2 * pause, LOOKS[1]);
      await look().catch(() => {}); // the server is away; it is tried again
      await greet().catch(() => {});
      if (pending.size > 0) lookLater();
    }, pause);
  };

  /** Tells the user if nobody computes. */
  const greet = async (): Promise<void> => {
    const now = performance.now();
    if (pending.size === 0 || now < lonely) return;
    lonely = now + LONELY.again;
    const workers = (await fleetOf(keep)).filter(({ role }) => role === "worker");
    const own = identity();
    if (workers.some((worker) => sameIdentity(worker.identity, own))) return;
    tell(
      workers.length > 0
        ? `the workers at ${link.name} are of ${identityText(workers[0].identity)}, which is not that of this command, ` +
            `and do not take these cells. ${cureOf(workers[0].identity, own)}`
        : `no worker is there yet. Start one: npx synaptape worker --engine ${link.name}${own.module === "" ? "" : " --module ..."}`,
    );
  };

  return {
    name: link.name,
    lanes: window,
    async submit(cell: Cell, how: Submission) {
      const { signal, rows = [] } = how;
      const name = await cellName(cell);
      if (signal.aborted) throw new Stopped();
      setMaxListeners(0, signal); // one listener for each cell that is under way
      await patiently(async () => {
        // A failure of an earlier command is no answer to this one.
        await Promise.all([keep.remove("failed", name), sendImages(cell)]);
      }, signal);
      return new Promise((resolve, reject) => {
        const onAbort = (): void => {
          end(of, () => reject(new Stopped()));
          void keepOff(name).catch(() => {});
        };
        const counts = { missed: 0, lost: 0, settling: false };
        const of: Pending = { name, job: { cell, rows }, how, resolve, reject, onAbort, ...counts };
        pending.set(name, of);
        signal.addEventListener("abort", onAbort);
        const begin = async (): Promise<void> => {
          if (!(await settle(of))) await put(of);
        };
        patiently(begin, signal).catch((error: unknown) => end(of, () => reject(error)));
        pause = LOOKS[0];
        lookLater();
      });
    },
    doubts: () => patiently(() => trust.doubts()),
    used: () => trust.used(),
    async close() {
      clearTimeout(timer);
      await trust.close();
      await leave();
      await link.close();
    },
  };

  /** Takes a cell off the server that nobody waits for any more. */
  async function keepOff(name: string): Promise<void> {
    await cancelCell(keep, name);
    await queue.remove(name);
  }
}
