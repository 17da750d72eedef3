// What the folders above need from runs in addition to its public names. It loads in a page; what needs Node is in
// `node.ts`.
export { asKept } from "./cell.js";
export { errorOf, type Failure, failureOf, travellingFailure } from "./failure.js";
export { heldAbove, type Lock } from "./held.js";
export { cryptography, inNode, sha256 } from "./platform.js";
export { inOrder, openPool, type PoolOptions, type Slot } from "./pool.js";
export {
  type Codec,
  type Lines,
  type Position,
  type Run,
  type RunFormat,
  type RunState,
  runInMemory,
} from "./run-format.js";
export { serveJobs } from "./serve.js";
export { serveKinds, type ThreadModule } from "./serve-cells.js";
export { codeOfPackage, type ThreadCode } from "./thread.js";
export { sharedImages, threadsOf } from "./threads.js";
