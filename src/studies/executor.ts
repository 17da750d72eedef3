// Computes the cells of studies on worker threads.
import { checkKind } from "../core/index.js";
import { loadedParts } from "../meta/internal.js";
import type { Executor, ThreadsOptions } from "../runs/index.js";
import { codeOfPackage, threadsOf } from "../runs/internal.js";

/**
 * Computes cells of any study of the package on `count` threads, which know the parts that `loadParts` has loaded. For a
 * study of your own, use `threads`.
 *
 * @param options `workerEntry` is the built file `studies/study-worker.js` here.
 * @example
 * const executor = studyThreads(2); // give it to runStudy(); its threads start with the first cell
 * executor.lanes; // 2
 * await executor.close();
 */
export function studyThreads(count: number, options: ThreadsOptions = {}): Executor {
  checkKind("studyThreads", "its last argument", options, "an object");
  const { workerEntry, ...others } = options;
  const code = codeOfPackage("studies/study-worker.js", {
    entry: workerEntry,
    from: import.meta.url,
    inPage: () => new Worker(new URL("../studies/study-worker.js", import.meta.url), { type: "module" }),
  });
  return threadsOf(count, code, others, undefined, loadedParts());
}
