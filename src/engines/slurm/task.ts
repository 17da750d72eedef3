// A task of a job array: computes the cells of a manifest that are free, until none is left or it is told to stop. Any
// number of tasks may run at once, on any machines that share the disk: a cell is claimed by one of them, and its result
// is written once. A task that finds nothing free ends, so none waits at the cost of others.
import { InputError } from "../../core/index.js";
import { type Cell, cellName, type Executor, NUMERICS, Stopped, type Store } from "../../runs/index.js";
import { asKept, failureOf } from "../../runs/internal.js";
import { folderStore, HeldError, namesIn } from "../../runs/node.js";
import { installed, type Run, saidBy } from "./commands.js";
import { type Environment, elsewhere, taskIn } from "./jobs.js";
import {
  failuresIn,
  keepFailure,
  keepStop,
  lastStop,
  type Manifest,
  namesOf,
  outOf,
  readManifest,
  submissionOf,
} from "./manifest.js";

/** What a task is given. */
export interface TaskOptions {
  /** Opens what computes so many cells at once. */
  readonly open: (cpus: number) => Executor;
  /** Aborted by the warning, or by any other wish that the task ends. */
  readonly signal: AbortSignal;
  /** Is told, as a sentence, what the task does. */
  readonly say: (sentence: string) => void;
  readonly environment?: Environment;
  readonly run?: Run;
}

/** What became of a task: how many cells it finished, and whether it stopped before the manifest was done. */
export interface TaskOutcome {
  readonly done: number;
  readonly failed: number;
  readonly stopped: boolean;
}

/**
 * Runs a task.
 *
 * @param file the manifest.
 * @throws InputError if the manifest cannot be read or is of another version.
 */
export async function runTask(file: string, options: TaskOptions): Promise<TaskOutcome> {
  const { open, signal, say, environment = process.env, run = installed } = options;
  const manifest = await readManifest(file);
  const out = outOf(file);
  const store = await folderStore(out, elsewhere(run, environment));
  const executor = open(manifest.cpus);
  const counts = { done: 0, failed: 0 };
  const work = new Work(manifest, await namesOf(manifest.cells), { store, out, file, start: shareOf(environment) });
  const lane = async (): Promise<void> => {
    for (let count = 0; !signal.aborted; count++) {
      const next = await work.take();
      if (!next) return;
      const { cell, folder, name, release } = next;
      let from: number | undefined;
      const progress = (part: number): void => {
        from ??= part;
      };
      const what = `the cell of seed ${cell.seed} of ${cell.kind} (${name.slice(0, 12)})`;
      try {
        const rows = await rowsOf(cell, store);
        const began = performance.now();
        const row = asKept(await executor.submit(cell, { folder, signal, rows, progress }));
        const seconds = Math.max(0, Math.round(performance.now() - began) / 1000);
        await store.put({ cell, numerics: NUMERICS, row, seconds });
        counts.done++;
        say(`${what}: done in ${seconds} s.`);
      } catch (error) {
        const stopped = error instanceof Stopped && signal.aborted;
        const known = !stopped
          ? error
          : count > 0
            ? undefined
            : await stoppedBefore(submissionOf(file), name, from ?? 0);
        if (stopped && known === undefined) return say(`${what}: stopped; it will be continued.`);
        counts.failed++;
        say(`${what}: ${failureOf(known).message}`);
        await keepFailure(submissionOf(file), name, failureOf(known));
      } finally {
        await release();
      }
    }
  };
  try {
    const ended = await Promise.allSettled(Array.from({ length: manifest.cpus }, lane));
    for (const each of ended) if (each.status === "rejected") throw each.reason;
  } finally {
    await executor.close();
  }
  return { ...counts, stopped: signal.aborted };
}

/**
 * A cell had the whole time of a task, and was not finished. The error, if that was so before, and it began at the same
 * point now: more time of the same length would never be enough.
 */
async function stoppedBefore(folder: string, name: string, from: number): Promise<Error | undefined> {
  const before = await lastStop(folder, name);
  await keepStop(folder, name, from);
  if (before === undefined || from > before) return undefined;
  return new InputError("[slurm] the time of a task was not enough to come any further, twice. Give `time` more.");
}

/** Where in the list a task begins, as a share: tasks that begin at different places rarely meet. */
function shareOf({ SLURM_ARRAY_TASK_ID, SLURM_ARRAY_TASK_COUNT }: Environment): number {
  const share = Number(SLURM_ARRAY_TASK_ID) / Number(SLURM_ARRAY_TASK_COUNT);
  return share >= 0 && share < 1 ? share : 0;
}

/** The rows that a cell needs. */
async function rowsOf(cell: Cell, store: Store): Promise<unknown[]> {
  const rows: unknown[] = [];
  for (const need of cell.needs ?? []) {
    const result = await store.get(need);
    if (!result)
      throw new InputError(`[slurm] a cell that it needs has no result (${(await cellName(need)).slice(0, 12)}).`);
    rows.push(result.row);
  }
  return rows;
}

interface Taken {
  readonly cell: Cell;
  readonly name: string;
  readonly folder: string | undefined;
  release(): Promise<void>;
}

/** The cells of a manifest, and which of them this task still has to look at. */
class Work {
  /** Cells that are done, failed, or held by a living process when they were looked at. */
  private readonly passed = new Set<string>();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly manifest: Manifest,
    private readonly names: readonly string[],
    private readonly at: { readonly store: Store; readonly out: string; readonly file: string; readonly start: number },
  ) {}

  /** Claims the next free cell; undefined if there is none. Lanes of a task ask one after the other. */
  take(): Promise<Taken | undefined> {
    const taken = this.turn.then(() => this.find());
    this.turn = taken.catch(() => {});
    return taken;
  }

  private async find(): Promise<Taken | undefined> {
    const { out, file, start } = this.at;
    const { kept, begun } = await namesIn(out);
    const failed = await failuresIn(submissionOf(file));
    for (const name of [...kept, ...failed.keys()]) this.passed.add(name);
    const first = Math.floor(start * this.names.length);
    const order = this.names
      .map((_, i) => (first + i) % this.names.length)
      .filter((i) => !this.passed.has(this.names[i]));
    // Cells that nobody has begun come first; the others are being computed, or were left behind.
    const ordered = [
      ...order.filter((i) => !begun.has(this.names[i])),
      ...order.filter((i) => begun.has(this.names[i])),
    ];
    for (const i of ordered) {
      const taken = await this.claim(this.manifest.cells[i], this.names[i]);
      this.passed.add(this.names[i]);
      if (taken) return taken;
    }
    return undefined;
  }

  private async claim(cell: Cell, name: string): Promise<Taken | undefined> {
    const { store } = this.at;
    try {
      const claim = await store.claim(cell);
      if (!(await store.get(cell))) return { cell, name, folder: claim.folder, release: () => claim.release() };
      await claim.release();
    } catch (error) {
      // Who finishes a cell removes its folder, perhaps just when it was to be claimed here.
      if (!(error instanceof HeldError) && !(await store.get(cell))) throw error;
    }
    return undefined;
  }
}

/**
 * Puts the task of this environment back into Slurm's queue. Slurm then ends this process.
 *
 * @throws InputError if Slurm refuses.
 */
export async function requeue(environment: Environment = process.env, run: Run = installed): Promise<void> {
  const task = taskIn(environment);
  if (task === undefined)
    throw new InputError("[slurm] this is no task of Slurm, so there is no queue to put it back into.");
  const said = await run("scontrol", ["requeue", task]);
  if (said.code === 0) return;
  throw new InputError(
    `[slurm] task ${task} cannot be put back into the queue: ${saidBy(said)}. Run the command that submitted it again.`,
  );
}
