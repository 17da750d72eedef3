// How much of this machine's memory the tapes of a command may take. The library's own default is small, since it
// shares a process with somebody's program; here the process is ours. No result depends on this, only how much is
// computed twice: 250 steps with five chemicals store 1.1 GB, and then take 0.73 of the CPU time that they take with
// the library's default of 256 MiB (two pairs of runs, taken alternately: 10.1 and 11.4 s against 14.2 and 15.2 s).
import { availableParallelism, freemem } from "node:os";
import { configuration, configure } from "../core/index.js";

/** A tape can take half of what WebAssembly can address; the rest is left for the tensors it is computed from. */
const MOST = 2 * 2 ** 30;

/**
 * Bytes for the tape of one lifetime, where one lifetime runs on each core and all tapes together take a quarter of the
 * free memory.
 *
 * @param least what each tape gets in any case.
 */
export function tapeShare(free: number, cores: number, least: number): number {
  return Math.max(least, Math.min(MOST, Math.floor(free / 4 / cores)));
}

/** Lets tapes take their share of this machine. */
export function useMemory(): void {
  // This function also knows the limit of a container, but not every engine has it.
  const free = process.availableMemory?.() ?? freemem();
  configure({ tapeBytes: tapeShare(free, availableParallelism(), configuration().tapeBytes) });
}
