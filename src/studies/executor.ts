// Cells of studies on worker threads.
import { type Executor, type ExecutorOptions, threads } from "../runs/index.js";

/**
 * Computes cells of any study on so many threads.
 *
 * @param entry the built file `studies/worker.js`, where it does not lie beside the built code.
 */
export function studyThreads(
  count: number,
  { entry, ...options }: ExecutorOptions & { readonly entry?: string | URL } = {},
): Executor {
  const code = {
    entry,
    name: "synaptape/dist/studies/worker.js",
    places: ["./worker.js", "./studies/worker.js", "../studies/worker.js"],
    from: import.meta.url,
  };
  return threads(count, code, options);
}
