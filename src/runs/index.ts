// Runs: the units of work that studies are made of, who computes them, and where results are kept. Knows no rule and no
// paper. Loads in a page; what takes Node is in `internal.ts`, or loaded on demand.
export { type Cell, canonical, cellName, type DataRef, NUMERICS } from "./cell.js";
export { dataHash, dataOpener, dataRef } from "./data.js";
export { type Executor, type ExecutorOptions, here, type Submission } from "./executor.js";
export { type ErrorClass, errorOf, type Failure, failureOf, ThreadError } from "./failure.js";
export { heldAbove, type Lock } from "./held.js";
export { type CellKind, type Context, kindNamed, Stopped } from "./kind.js";
export { openStore } from "./open-store.js";
export { cryptography, inNode, sha256, yieldToEvents } from "./platform.js";
export { inOrder, openPool, type PoolOptions, type Slot } from "./pool.js";
export { type QueueOptions, type QueueOutcome, type QueueProgress, runCells } from "./queue.js";
export {
  type Codec,
  type Lines,
  type Position,
  type Run,
  type RunFormat,
  type RunState,
  runInMemory,
} from "./run-format.js";
export { type JobContext, type Service, serveJobs } from "./serve.js";
export { type Claim, memoryStore, type Result, type Store } from "./store.js";
export type { StartThread, Thread, ThreadCode, ThreadListener } from "./thread.js";
export { serveCells, sharedImages, threads } from "./threads.js";
