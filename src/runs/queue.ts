// The queue: computes the cells whose results are missing, several at once, and reports progress.
import { checkEachMade, checkMade, InputError } from "../core/index.js";
import { asKept, type Cell, cellName, NUMERICS } from "./cell.js";
import type { Executor } from "./executor.js";
import { Stopped } from "./kind.js";
import type { Result, Store } from "./store.js";

/** How far a queue is. */
export interface QueueProgress {
  /** Cells in all. */
  readonly total: number;
  /** Cells that are done, either found or computed. */
  readonly done: number;
  /** Cells whose results were found in the store. */
  readonly found: number;
  /** Cells that failed. */
  readonly failed: number;
  /** The share of all cells that is done, from 0 to 1; unfinished cells count in part. */
  readonly part: number;
  /** Estimated seconds until the end, from what cells of the same kind took; undefined until something is known. */
  readonly secondsLeft: number | undefined;
  /** The cell that reported last. */
  readonly cell?: Cell;
  /** What that cell reported. */
  readonly note?: string | undefined;
}

/** Options of a queue. */
export interface QueueOptions {
  /** Where results are looked for and kept. */
  readonly store: Store;
  /** What computes the missing results. */
  readonly executor: Executor;
  /** When it is aborted, unfinished cells stop at their next safe point. */
  readonly signal?: AbortSignal;
  /** Called whenever there is progress to report. */
  readonly onProgress?: (progress: QueueProgress) => void;
  /** Called for each result once it is stored. `found` tells whether it was in the store before. */
  readonly onResult?: (result: Result, found: boolean) => void;
}

/** The outcome of a queue. */
export interface QueueOutcome {
  /** The results, in the order of the cells; those of cells that failed or were not reached are left out. */
  readonly results: readonly Result[];
  /** The cells that failed, with their errors, in the order in which they would be computed alone. */
  readonly failures: readonly { readonly cell: Cell; readonly error: unknown }[];
  /** Whether the signal stopped it early. */
  readonly stopped: boolean;
}

/**
 * Computes those of these cells, and of the cells that they need, whose results are not in the store. If a cell fails,
 * the others are still computed.
 *
 * @example
 * const square: CellKind<number, number> = { name: "square", run: ({ config }) => config ** 2 };
 * const cells = [2, 3].map((config) => ({ kind: "square", config, seed: 0 }));
 * const options = { store: memoryStore(), executor: here([square]) };
 * const { results, failures } = await runCells(cells, options);
 * [results.length, failures.length]; // [2, 0]
 * await runCells(cells, options); // finds both in the store and computes nothing
 */
export async function runCells(cells: readonly Cell[], options: QueueOptions): Promise<QueueOutcome> {
  checkEachMade(
    "runCells",
    "the list of cells",
    cells,
    ["kind", "config", "seed"],
    "Give cells such as { kind, config, seed }.",
  );
  checkMade("runCells", "the last argument", options, ["store", "executor"], "Give { store, executor }.");
  const { store, executor, signal = new AbortController().signal, onResult } = options;
  const results = new Map<string, Result>();
  const failed = new Map<string, { cell: Cell; error: unknown }>();
  const todo = new Map<string, Todo>();
  let found = 0;
  const names: string[] = [];
  for (const cell of cells) names.push(await want(cell, false));
  const watch = new Watch(
    [...todo.values()].map(({ cell }) => cell),
    { found, lanes: executor.lanes, onProgress: options.onProgress },
  );
  let stopped = false;

  /** Looks up a cell in the store. A missing cell is queued after the cells that it needs. */
  async function want(cell: Cell, needed: boolean): Promise<string> {
    const name = await cellName(cell);
    if (results.has(name) || todo.has(name)) return name;
    const result = await store.get(cell);
    if (result) {
      results.set(name, result);
      if (!needed) found++;
      if (!needed) onResult?.(result, true);
      return name;
    }
    const needs: string[] = [];
    for (const need of cell.needs ?? []) needs.push(await want(need, true));
    todo.set(name, { name, cell, needs });
    return name;
  }

  const compute = async (next: Todo): Promise<void> => {
    const { name, cell, needs } = next;
    if (executor.keeps) return takeKept(next);
    const claim = await store.claim(cell);
    try {
      // Another process may have finished it since the store was looked at.
      const before = await store.get(cell);
      if (before) {
        results.set(name, before);
        onResult?.(before, true);
        return;
      }
      const progress = (part: number, note?: string): void => watch.step(cell, part, note);
      let began = 0;
      const onBegin = (): void => {
        began = performance.now();
        watch.begin(cell);
      };
      onBegin();
      const rows = needs.map((need) => results.get(need)?.row);
      const row = asKept(await executor.submit(cell, { folder: claim.folder, signal, progress, rows, onBegin }));
      const seconds = Math.max(0, Math.round(performance.now() - began) / 1000);
      const result = { cell, numerics: NUMERICS, row, seconds };
      await store.put(result);
      results.set(name, result);
      onResult?.(result, false);
    } finally {
      await claim.release();
    }
  };

  /** Waits until others have computed and kept the result. */
  const takeKept = async ({ name, cell }: Todo): Promise<void> => {
    await executor.submit(cell, {
      ...{ folder: undefined, signal },
      progress: (part, note) => watch.step(cell, part, note),
    });
    const result = await store.get(cell);
    if (!result)
      throw new InputError(`[runs] ${executor.name} kept its result in another place than this queue's store.`);
    results.set(name, result);
    onResult?.(result, false);
  };

  const fail = ({ name, cell }: Todo, error: unknown): void => {
    if (error instanceof Stopped && signal.aborted) stopped = true;
    else failed.set(name, { cell, error });
    watch.fail(cell);
  };

  const queue = [...todo.values()];
  let ended = signalOnce();
  const lane = async (): Promise<void> => {
    while (queue.length > 0 && !signal.aborted && !stopped) {
      const at = queue.findIndex(({ needs }) => needs.every((need) => results.has(need) || failed.has(need)));
      if (at < 0) {
        await ended.promise; // what it needs is being computed in another lane
        continue;
      }
      const [next] = queue.splice(at, 1);
      watch.begin(next.cell);
      try {
        if (next.needs.some((need) => failed.has(need))) throw new InputError("[runs] a cell that it needs failed.");
        await compute(next);
        watch.end(next.cell);
      } catch (error) {
        fail(next, error);
      }
      ended.resolve();
      ended = signalOnce();
    }
  };

  /** Queues those cells again whose rows were wrong, and those that were computed from them; false if there are none. */
  const putBackDoubts = async (): Promise<boolean> => {
    const wrong = new Set<string>();
    for (const cell of (await executor.doubts?.()) ?? []) wrong.add(await cellName(cell));
    for (const each of todo.values()) {
      const { name, cell, needs } = each; // what a cell needs comes before it
      if (needs.some((need) => wrong.has(need))) wrong.add(name);
      if (!wrong.has(name)) continue;
      const done = results.delete(name);
      if (!done && !failed.delete(name)) continue;
      if (done) await store.setAside?.(cell);
      watch.again(cell, done);
      queue.push(each);
    }
    return queue.length > 0;
  };

  watch.tell();
  if (todo.size > 0) await executor.begin?.([...todo.values()].map(({ cell }) => cell));
  const lanes = executor.keeps ? queue.length : Math.min(executor.lanes + (executor.ahead ?? 0), queue.length);
  do await Promise.all(Array.from({ length: lanes }, lane));
  while (!signal.aborted && !stopped && (await putBackDoubts()));
  const ordered = [...new Set(names)].flatMap((name) => results.get(name) ?? []);
  const failures = [...todo.keys()].flatMap((name) => failed.get(name) ?? []);
  return { results: ordered, failures, stopped: stopped || queue.length > 0 };
}

/** A missing cell under its name, with the names of the cells that it needs. */
interface Todo {
  readonly name: string;
  readonly cell: Cell;
  readonly needs: readonly string[];
}

/** A promise and the function that resolves it. */
function signalOnce(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** How far each cell is, and how long the rest will take. */
class Watch {
  private readonly parts = new Map<Cell, number>();
  private readonly begun = new Map<Cell, { at: number; part: number }>();
  /** Seconds that whole cells of a kind took, or would take at their pace. */
  private readonly pace = new Map<string, number>();
  private done = 0;
  private failed = 0;

  constructor(
    private readonly todo: readonly Cell[],
    private readonly options: {
      readonly found: number;
      readonly lanes: number;
      readonly onProgress: QueueOptions["onProgress"];
    },
  ) {}

  begin(cell: Cell): void {
    this.begun.set(cell, { at: performance.now(), part: -1 });
    this.parts.set(cell, 0);
  }

  step(cell: Cell, part: number, note?: string): void {
    const start = this.begun.get(cell);
    this.parts.set(cell, part);
    if (start) {
      // A resumed cell begins in the middle, so its pace is measured from there.
      if (start.part < 0) Object.assign(start, { part, at: performance.now() });
      else if (part > start.part) this.pace.set(cell.kind, (performance.now() - start.at) / 1000 / (part - start.part));
    }
    this.tell(cell, note);
  }

  end(cell: Cell): void {
    this.parts.set(cell, 1);
    const start = this.begun.get(cell);
    if (start && start.part <= 0) this.pace.set(cell.kind, (performance.now() - start.at) / 1000);
    this.done++;
    this.tell(cell);
  }

  /** A cell that was done, or had failed, is computed once more. */
  again(cell: Cell, wasDone: boolean): void {
    this.parts.set(cell, 0);
    if (wasDone) this.done--;
    else this.failed--;
  }

  fail(cell: Cell): void {
    this.parts.set(cell, 1);
    this.failed++;
    this.tell(cell);
  }

  tell(cell?: Cell, note?: string): void {
    const { done, failed } = this;
    const { found, onProgress } = this.options;
    const total = this.todo.length + found;
    let whole = found;
    for (const part of this.parts.values()) whole += part;
    onProgress?.({
      ...{ total, done: done + found, found, failed, part: total === 0 ? 1 : whole / total },
      secondsLeft: this.secondsLeft(),
      ...(cell ? { cell, note } : {}),
    });
  }

  private secondsLeft(): number | undefined {
    let [sum, longest] = [0, 0];
    for (const cell of this.todo) {
      const left = 1 - (this.parts.get(cell) ?? 0);
      if (left <= 0) continue;
      const pace = this.pace.get(cell.kind);
      if (pace === undefined) return undefined;
      sum += left * pace;
      longest = Math.max(longest, left * pace);
    }
    return Math.max(sum / this.options.lanes, longest);
  }
}
