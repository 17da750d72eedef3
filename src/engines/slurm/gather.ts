// Waits for the results of job arrays, by looking into the folder of results and, more seldom, by asking Slurm what is
// left. Nothing is lost if the waiting process ends: another one looks into the same folder.
import { setTimeout } from "node:timers/promises";
import { InputError } from "../../core/index.js";
import { type Cell, cellName, Stopped } from "../../runs/index.js";
import { lookAnew, namesIn } from "../../runs/node.js";
import type { Run } from "./commands.js";
import { type Queued, queued } from "./jobs.js";
import { failuresIn, partsOf } from "./manifest.js";

/** A job array that is waited for. */
export interface Awaited {
  readonly folder: string;
  readonly job: string;
}

/** How often the folder is looked at, and on every how many looks Slurm is asked. */
export interface Pace {
  readonly everyMs: number;
  readonly askEach: number;
}

export const PACE: Pace = { everyMs: 2000, askEach: 5 };

/** How often Slurm may fail to answer, one time after the other, before that is an error: for ten minutes. */
const MOST_SILENCES = 60;

interface Waiting {
  readonly signal: AbortSignal;
  readonly begun: (note: string) => void;
  readonly done: () => void;
  readonly fail: (error: unknown) => void;
}

/** Waits for cells. */
export class Gathering {
  private readonly waiting = new Map<string, Waiting>();
  private readonly signals = new WeakSet<AbortSignal>();
  private loop: Promise<void> | undefined;
  private closed = false;

  constructor(
    private readonly run: Run,
    private readonly out: string,
    private readonly jobs: readonly Awaited[],
    private readonly pace: Pace,
  ) {}

  /** Resolves when the result is there; rejects if the cell failed, or if no task is left that could compute it. */
  async wait(cell: Cell, { signal, progress }: { signal: AbortSignal; progress(part: number, note: string): void }) {
    const name = await cellName(cell);
    if (signal.aborted) throw new Stopped();
    this.listenTo(signal);
    return new Promise<void>((resolve, reject) => {
      const end = (settle: () => void): void => {
        this.waiting.delete(name);
        settle();
      };
      this.waiting.set(name, {
        signal,
        begun: (note) => progress(0, note),
        done: () => end(resolve),
        fail: (error) => end(() => reject(error)),
      });
      this.loop ??= this.look().finally(() => {
        this.loop = undefined;
      });
    });
  }

  /** Ends the waiting. Jobs go on. */
  close(): void {
    this.closed = true;
  }

  /** Stops, when it is aborted, whatever waits with this signal: one listener for a queue of any length. */
  private listenTo(signal: AbortSignal): void {
    if (this.signals.has(signal)) return;
    this.signals.add(signal);
    const onAbort = (): void => {
      for (const each of [...this.waiting.values()]) if (each.signal === signal) each.fail(new Stopped());
    };
    signal.addEventListener("abort", onAbort, { once: true });
  }

  private failAll(error: unknown): void {
    for (const { fail } of [...this.waiting.values()]) fail(error);
  }

  private async look(): Promise<void> {
    const begun = new Set<string>();
    let silences = 0;
    let left: Queued | undefined;
    for (let looks = 0; this.waiting.size > 0 && !this.closed; looks++) {
      try {
        if (looks % this.pace.askEach === 0) {
          left = await queued(
            this.run,
            this.jobs.map(({ job }) => job),
          ).catch((error: unknown) => {
            if (++silences > MOST_SILENCES) throw error;
            return left;
          });
          if (left) silences = 0;
        }
        await this.settle(begun, left);
      } catch (error) {
        this.failAll(error);
      }
      if (this.waiting.size > 0) await setTimeout(this.pace.everyMs);
    }
  }

  private async settle(begun: Set<string>, left: Queued | undefined): Promise<void> {
    // Slurm was asked before the folder is read, so what its tasks finished is seen.
    const ended = left?.jobs.size === 0;
    if (ended) await lookAnew(this.out);
    const names = await namesIn(this.out);
    for (const [name, { done }] of [...this.waiting]) if (names.kept.has(name)) done();
    const note = left ? noteOf(left) : "waiting for Slurm";
    for (const [name, { begun: tell }] of this.waiting) {
      if (!names.begun.has(name) || begun.has(name)) continue;
      begun.add(name);
      tell(note);
    }
    for (const { folder } of this.jobs) {
      for (const [name, error] of await failuresIn(folder)) this.waiting.get(name)?.fail(error);
    }
    if (!ended || this.waiting.size === 0) return;
    const logs = this.jobs.map(({ folder }) => partsOf(folder).log).join(", ");
    this.failAll(
      new InputError(
        `[slurm] no task of job ${this.jobs.map(({ job }) => job).join(", ")} is left, and there is no result. See what the ` +
          `tasks printed in ${logs} (if nothing is there, the nodes do not share this disk), and run the same command again.`,
      ),
    );
  }
}

function noteOf({ running, waiting, reasons }: Queued): string {
  const why = reasons.length > 0 ? ` (${reasons.join(", ")})` : "";
  return `${running} tasks run${waiting > 0 ? `, ${waiting} wait${why}` : ""}`;
}
