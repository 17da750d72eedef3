// How much of this machine's memory the tapes of a command may take. The library itself is modest, since it is a guest in
// somebody's program; here the process is ours. No result depends on it, only how much is computed twice: 250 steps with
// five chemicals store 1.1 GB and then take 0.73 of the CPU time that they take with the library's 256 MiB (two pairs of
// runs, turn by turn: 10.1 and 11.4 s against 14.2 and 15.2 s).
import { availableParallelism, freemem } from "node:os";
import { configuration, configure } from "../core/index.js";

/** The memory of a tape can be half of what WebAssembly can address, and the rest is left to what it is made from. */
const MOST = 2 * 2 ** 30;

/**
 * Bytes for the tape of one of as many lifetimes at once as there are cores: together a quarter of what is free.
 *
 * @param least what each has in any case.
 */
export function tapeShare(free: number, cores: number, least: number): number {
  return Math.max(least, Math.min(MOST, Math.floor(free / 4 / cores)));
}

/** Lets tapes take their share of this machine. */
export function useMemory(): void {
  // Knows the limit of a container too, but not every engine has it.
  const free = process.availableMemory?.() ?? freemem();
  configure({ tapeBytes: tapeShare(free, availableParallelism(), configuration().tapeBytes) });
}
