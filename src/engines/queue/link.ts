// A connection to the server of a queue. BullMQ is the queue on every server; a link makes its objects.
import { setTimeout as wait } from "node:timers/promises";
import type { Job, JobsOptions } from "bullmq";
import type { Cell } from "../../runs/index.js";
import type { Keep } from "./keep.js";
import { answered } from "./patience.js";

/** What a job is given: the cell, and the rows of the cells that it needs. */
export interface CellJobData {
  readonly cell: Cell;
  readonly rows: readonly unknown[];
}

/** What a finished job says. The row itself is kept under the cell's name. */
export interface CellJobNote {
  /** The worker that computed it. */
  readonly by: string;
}

/** The job of a cell. */
export type CellJob = Pick<
  Job<CellJobData, CellJobNote>,
  "id" | "data" | "attemptsMade" | "opts" | "updateProgress" | "moveToWait"
>;

// What is used of BullMQ's objects, whose types differ between servers.

/** The queue of cells. */
export interface CellQueue {
  waitUntilReady(): Promise<unknown>;
  add(name: string, data: CellJobData, options: JobsOptions): Promise<unknown>;
  getJobState(id: string): Promise<string>;
  remove(id: string): Promise<unknown>;
  pause(): Promise<unknown>;
  resume(): Promise<unknown>;
  isPaused(): Promise<boolean>;
  drain(): Promise<unknown>;
  getJobCounts(...states: string[]): Promise<Readonly<Record<string, number>>>;
}

/** What happens in a queue. */
export interface CellEvents {
  waitUntilReady(): Promise<unknown>;
  on(event: "completed" | "failed", listener: (args: { readonly jobId: string }) => void): unknown;
  on(event: "progress", listener: (args: { readonly jobId: string; readonly data: unknown }) => void): unknown;
}

/** What takes jobs. */
export interface CellTaker {
  /** Resolves when it is connected; rejects, for good, if its first connection fails. */
  waitUntilReady(): Promise<unknown>;
  /** Takes jobs until it is closed. */
  run(): Promise<void>;
  /** Finishes its jobs and takes no more. */
  close(): Promise<void>;
}

/** Computes the jobs that a worker takes. */
export type CellProcessor = (job: CellJob, token?: string) => Promise<CellJobNote>;

/** How a worker takes jobs. */
export interface TakeOptions {
  /** How many at once. */
  readonly count: number;
  /** After so many milliseconds of silence its jobs are given to others. */
  readonly lease: number;
  /** What others call it. */
  readonly name: string;
}

/** A connection to a server. */
export interface Link {
  /** The address without its secrets. */
  readonly name: string;
  /** Bytes and notes on the server. */
  readonly keep: Keep;
  /** The queue of this name. */
  queue(name: string): CellQueue;
  /** What happens in the queue of this name. */
  events(name: string): CellEvents;
  /** Takes jobs from the queue of this name, from `run()` on. */
  take(name: string, processor: CellProcessor, options: TakeOptions): CellTaker;
  /** Ends all connections. */
  close(): Promise<void>;
}

/** After so many milliseconds a worker whose look for a job has failed looks again. */
const LOOK_AGAIN = 1000;

/** Makes objects of BullMQ that outlive a lost connection, and closes them all. */
export function keeper() {
  const closing: (() => Promise<void>)[] = [];
  return {
    kept<T extends { close(): Promise<void>; on(event: "error", f: () => void): unknown }>(made: T): T {
      made.on("error", () => {}); // a connection that is lost comes back, and what waits for it goes on
      closing.push(() => made.close());
      return made;
    },
    async close() {
      // BullMQ does not get to the end if the server is away.
      await answered(Promise.allSettled(closing.map((close) => close()))).catch(() => {});
    },
  };
}

/** How BullMQ's worker looks for a job. */
interface Looking {
  moveToActive(token: string, name?: string): Promise<unknown>;
  waitForJob(seconds: number): Promise<unknown>;
}

/**
 * A backend of BullMQ whose looks for a job take a while if they fail. BullMQ's worker looks again at once after most
 * errors: it would spend all its time on a server that is full, and with PostgreSQL, whose client refuses without asking the
 * server once a connection is lost, it would never get to hear of anything else.
 */
export function unhurried<B extends Looking>(backend: B): B {
  const slow =
    <A extends unknown[], T>(look: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      try {
        return await look.apply(backend, args);
      } catch (error) {
        await wait(LOOK_AGAIN);
        throw error;
      }
    };
  return Object.assign(backend, { moveToActive: slow(backend.moveToActive), waitForJob: slow(backend.waitForJob) });
}

/**
 * How often a cell may bring its worker down, or be lost with it, before it is given up. Workers are killed for many
 * reasons; BullMQ's own limit is 1.
 */
export const MOST_LOST = 25;

/** Options of BullMQ's workers that all servers share. */
export const workerOptions = ({ count, lease, name }: TakeOptions) => ({
  ...{ name, concurrency: count, autorun: false },
  ...{ lockDuration: lease, stalledInterval: Math.max(500, lease / 2), maxStalledCount: MOST_LOST },
  // After an error of the connection, and how long an idle worker waits before it looks again.
  ...{ runRetryDelay: LOOK_AGAIN, drainDelay: 5 },
});
