// What commands compute about a run, and keep in its folder.
import { mkdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { plain } from "../core/index.js";
import type { Dataset } from "../data/index.js";
import { trialKind } from "../meta/index.js";
import { diagnosisKind } from "../meta/internal.js";
import { type Cell, here, openStore, type QueueOutcome, type Result, runCells, type Store } from "../runs/index.js";
import { explained, lockFolder, writeAside } from "../runs/node.js";
import { studyThreads } from "../studies/index.js";
import type { WorkBar } from "./progress.js";
import { toldInOrder } from "./told-in-order.js";
import { sayStopped, stepsOf, underBar } from "./under-bar.js";

/** The folder, inside that of the run, where results are kept. */
const RESULTS = "evaluation";

/** Does something while no other process evaluates the run; the run itself may go on meanwhile. */
export async function aloneIn<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const results = join(folder, RESULTS);
  const cannot = (error: unknown): never => {
    throw explained(error, `${plain(results)} cannot be written`, "Put that right and run the same command again.");
  };
  await mkdir(results, { recursive: true }).catch(cannot);
  const lock = await lockFolder(results, `the evaluation of ${plain(folder)}`).catch(cannot);
  return work().finally(() => lock.release());
}

/** Writes a file into a folder. */
export async function write(folder: string, name: string, content: string | Uint8Array): Promise<void> {
  await writeAside(folder, name, content).catch((error: unknown) => {
    const cure = "Put that right and run the same command again; what was computed is kept.";
    throw explained(error, `${plain(join(folder, name))} cannot be written`, cure);
  });
}

/** What is computed. */
interface Work {
  readonly cells: readonly Cell[];
  over(store: Store): Store;
}

/** Computes the results of these cells that are missing in the folder of a run; undefined if a signal stopped it. */
export async function computed(
  { cells, over }: Work,
  folder: string,
  data: readonly Dataset[],
  { json = false, workers = availableParallelism() }: { readonly json?: boolean; readonly workers?: number },
  onResult: (result: Result) => void = () => {},
): Promise<readonly Result[] | undefined> {
  const count = Math.min(workers, cells.length);
  const executor = count === 1 ? here([trialKind, diagnosisKind], { data }) : studyThreads(count, { data });
  const work = async (bar: WorkBar, signal: AbortSignal): Promise<QueueOutcome> =>
    runCells(cells, {
      ...{ store: over(await openStore(join(folder, RESULTS))), executor, signal },
      onProgress: stepsOf(bar),
      onResult: toldInOrder(cells, onResult),
    });
  const { found, code } = await underBar(json, work, () => executor.close());
  if (found.failures.length > 0) throw found.failures[0].error;
  if (code === undefined) return found.results;
  sayStopped(code);
  return undefined;
}
