// The public face of `synaptape/runs`: cells, which are the units of work of studies, what computes them, and where
// their results are kept. It knows nothing of rules and papers, and loads in a page.
export { type Cell, canonical, cellName, type DataRef, NUMERICS } from "./cell.js";
export { dataHash, dataOpener, dataRef, type Reading } from "./data.js";
export { type Executor, type ExecutorOptions, here, type Submission } from "./executor.js";
export { ThreadError } from "./failure.js";
export { type CellKind, type Context, Stopped } from "./kind.js";
export { openStore } from "./open-store.js";
export { yieldToEvents } from "./platform.js";
export { type QueueOptions, type QueueOutcome, type QueueProgress, runCells } from "./queue.js";
export { serveCells } from "./serve-cells.js";
export { type Claim, memoryStore, type Result, type Store } from "./store.js";
export { type ThreadsOptions, threads } from "./threads.js";
