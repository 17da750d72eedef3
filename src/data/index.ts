// synaptape/data: images, and the tasks that are drawn from them.

export { gunzip, isGzip } from "../io/index.js";
export { type ConceptShift, type ConceptShiftOptions, conceptShift } from "./concept-shift.js";
export { type Dataset, type DatasetOptions, dataset } from "./dataset.js";
export { type Drawing, drawings } from "./glyphs/drawings.js";
export { glyphNames, glyphs } from "./glyphs/index.js";
export type { GlyphOptions } from "./glyphs/options.js";
export { type Idx, type IdxNames, idxDataset, readIdx } from "./idx.js";
export { openData } from "./open.js";
export { defineTask, type OwnTask, ownTasks } from "./own-task.js";
export { type ClassSplit, PROTOCOLS, type ProtocolName, protocolNamed, splitClasses } from "./protocols.js";
export {
  checkRegression,
  type RegressionKind,
  type RegressionTask,
  regressionShape,
  sampleRegression,
} from "./regression.js";
export { rotated } from "./rotated.js";
export type { DataOptions } from "./source.js";
export {
  checkTasks,
  noImages,
  sampleSequence,
  sampleTask,
  type Task,
  type TaskOptions,
} from "./task.js";
