// The settings of the whole library: sizes of the memory, and whether tensors remember where they were made.
import { checkKind } from "./options.js";
import { quote } from "./quote.js";
import { configure as configureRuntime, type MemoryOptions } from "./runtime.js";
import { traceOrigins } from "./tensor.js";

/**
 * Sets sizes (see `MemoryOptions`) and, with `debug`, whether each tensor remembers where it was made.
 *
 * @example
 * configure({ debug: true }); // slower, and errors say where a tensor was made
 * configure({ debug: false });
 */
export function configure(options: MemoryOptions & { debug?: boolean }): void {
  checkKind("configure", "what it is given", options, "an object");
  const { debug, ...sizes } = options;
  if (debug !== undefined && typeof debug !== "boolean") {
    throw new TypeError(`[configure] debug is ${quote(debug)}: it is true or false.`);
  }
  configureRuntime(sizes);
  if (debug !== undefined) traceOrigins(debug);
}
