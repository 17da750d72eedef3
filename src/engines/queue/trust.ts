// Whether the rows of workers can be believed. This process is the judge: a row that is in doubt is computed here, and a
// worker that gave other bits is named and barred, and everything that it gave is computed again.
import { InputError } from "../../core/index.js";
import { type Cell, cellName, type Executor } from "../../runs/index.js";
import { asKept } from "../../runs/internal.js";
import { barWorker, ordersOf } from "./fleet.js";
import type { Keep } from "./keep.js";
import type { CellJobData } from "./link.js";
import { encodeOutcome, keptOutcome, type Outcome, RESULT_STAYS, sameRow } from "./outcome.js";

/** An outcome that is a row. */
export type RowOutcome = Extract<Outcome, { readonly row: unknown }>;

/** What the judge needs. */
export interface TrustOptions {
  readonly keep: Keep;
  /** What this process is called. */
  readonly id: string;
  /** The share of the cells, from 0 to 1, that are computed here too; if it is not 0, each worker's first one is. */
  readonly share: number;
  /** Computes cells here. */
  readonly judge: () => Executor;
  readonly tell: (sentence: string) => void;
}

/** A row could not be computed here. */
export class Unjudged extends InputError {}

/** The judge. */
export interface Trust {
  /** The row to take for this outcome; undefined if the cell has to be computed again. */
  take(name: string, job: CellJobData, outcome: RowOutcome): Promise<unknown | undefined>;
  /**
   * Cells that were taken from workers who turned out to be wrong, and those computed from their rows; none of their
   * results is on the server any more. Disputes between workers are settled first.
   *
   * @throws InputError if rows of such a worker are in use; see `used`.
   */
  doubts(): Promise<readonly Cell[]>;
  /** Forgets the cells that were taken so far: their rows are in use and cannot be replaced. */
  used(): void;
  close(): Promise<void>;
}

/** Judges the rows of workers. */
export async function judging({ keep, id, share, judge, tell }: TrustOptions): Promise<Trust> {
  /** Whether the first row of each worker was right. */
  const first = new Map<string, Promise<boolean>>();
  /** What was taken, in this order: a cell comes after those that it needs. */
  const taken = new Map<string, { readonly job: CellJobData; readonly by: string }>();
  /** Workers whose rows are in use. */
  const inUse = new Set<string>();
  const barred = new Set((await ordersOf(keep)).barred);
  const doubted = new Map<string, Cell>();
  let opened: Executor | undefined;

  /** Computes the row here, and keeps it in the place of one that differs. */
  const verdict = async (name: string, { cell, rows }: CellJobData, outcome: RowOutcome): Promise<boolean> => {
    opened ??= judge();
    const how = { folder: undefined, signal: new AbortController().signal, progress: () => {}, rows };
    const row = asKept(
      await opened.submit(cell, how).catch((cause: Error) => {
        throw new Unjudged(`[engine] a cell of ${outcome.by} could not be checked here: ${cause.message}`, { cause });
      }),
    );
    if (sameRow(row, outcome.row)) return true;
    await keep.put("aside", `${name} ${outcome.by}`, await encodeOutcome(outcome), RESULT_STAYS);
    await keep.put("result", name, await encodeOutcome({ by: id, row }), RESULT_STAYS);
    await bar(outcome.by, cell);
    return false;
  };

  const bar = async (by: string, { kind, seed }: Cell): Promise<void> => {
    if (barred.has(by)) return;
    await distrust(by);
    await barWorker(keep, by, `the cell of seed ${seed} of ${kind}`);
    tell(
      `the worker ${by} gave other bits than this machine for the cell of seed ${seed} of ${kind}. Its results are set ` +
        "aside, and its cells computed again. Look for a changed version or a broken machine.",
    );
  };

  /** Takes nothing more from a worker, and doubts what was taken from it. */
  const distrust = async (by: string): Promise<void> => {
    barred.add(by);
    for (const [name, { job, by: worker }] of [...taken]) if (worker === by) await doubt(name, job.cell);
  };

  /** Puts a cell among those to be computed again. Of its results on the server, that of this process may stay. */
  const doubt = async (name: string, cell: Cell, rowsWereWrong = false): Promise<void> => {
    taken.delete(name);
    doubted.set(name, cell);
    const outcome = await keptOutcome(keep, "result", name);
    if (rowsWereWrong || outcome?.by !== id) await keep.remove("result", name);
  };

  /** Doubts what was computed from the rows of doubtful cells, by whomever. */
  const doubtDependants = async (): Promise<void> => {
    for (const [name, { job }] of [...taken]) {
      for (const need of job.cell.needs ?? []) {
        if (!doubted.has(await cellName(need))) continue;
        await doubt(name, job.cell, true);
        break;
      }
    }
  };

  /** Whether a cell is among those that are computed here too: its name decides. */
  const chosen = (name: string): boolean => Number.parseInt(name.slice(0, 8), 16) / 2 ** 32 < share;

  const settleDisputes = async (): Promise<void> => {
    const disputes = [...(await keep.notes("dispute")).keys()];
    // In the order in which they were taken: what was computed from rows that are wrong says nothing about its worker.
    for (const [name, { job }] of [...taken]) {
      for (const dispute of disputes.filter((each) => each.startsWith(`${name} `))) {
        await doubtDependants();
        if (taken.has(name)) await settle(name, job, dispute);
        await keep.unnote("dispute", dispute);
      }
    }
  };

  /** Judges both rows of a dispute. */
  const settle = async (name: string, job: CellJobData, dispute: string): Promise<void> => {
    const found = await keptOutcome(keep, "other", dispute);
    const kept = await keptOutcome(keep, "result", name);
    for (const outcome of [kept, found]) {
      if (outcome && "row" in outcome && outcome.by !== id) await verdict(name, job, outcome);
    }
  };

  return {
    async take(name, job, outcome) {
      const { by, row } = outcome;
      if (by === id) {
        taken.set(name, { job, by });
        return row;
      }
      if (barred.has(by)) {
        await keep.remove("result", name);
        return undefined;
      }
      if (share > 0) {
        const begun = first.get(by);
        const check = begun && !chosen(name) ? begun : verdict(name, job, outcome);
        if (!begun) first.set(by, check);
        if (!(await check)) {
          const now = await keptOutcome(keep, "result", name);
          if (now && "row" in now && now.by === id) {
            taken.set(name, { job, by: id });
            return now.row;
          }
          await keep.remove("result", name);
          return undefined;
        }
      }
      taken.set(name, { job, by });
      return row;
    },
    async doubts() {
      await settleDisputes();
      // Another command may have found out about a worker.
      for (const by of (await ordersOf(keep)).barred) if (!barred.has(by)) await distrust(by);
      const wrong = [...barred].find((by) => inUse.has(by));
      if (wrong !== undefined) {
        throw new InputError(
          `[engine] results of the worker ${wrong}, whose bits are wrong, are in use already. Remove what this command made, ` +
            "and run it again.",
        );
      }
      await doubtDependants();
      const cells = [...doubted.values()];
      doubted.clear();
      return cells;
    },
    used() {
      for (const { by } of taken.values()) inUse.add(by);
      taken.clear();
    },
    async close() {
      await opened?.close();
    },
  };
}
