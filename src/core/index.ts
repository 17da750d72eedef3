// What the floors above use of the core.
export { type Leak, type MemoryStats, memory } from "./accounts.js";
export { advance } from "./advance.js";
export type { Arena } from "./arena.js";
export { checkEachMade, checkKey, checkMade } from "./arguments.js";
export { base64Of, builtInName, bytesOf } from "./bytes.js";
export { callSite, withDeepStacks } from "./call-site.js";
export { collector, type Holding } from "./collector.js";
export { configure } from "./configure.js";
export {
  addFloat64,
  type DType,
  type Elements,
  ElementType,
  type FloatKernels,
  type FloatName,
  floatNames,
  typeNamed,
  widestFloat,
} from "./dtype.js";
export { isNode } from "./engine.js";
export { EngineError, InputError, MemoryError } from "./errors.js";
export { blockBytes, heap, type Store, withScratch } from "./heap.js";
export { Key } from "./key.js";
export {
  borrowArena,
  copyOf,
  copyOutward,
  currentPlace,
  empty,
  emptyLike,
  emptyOf,
  freeing,
  fromNumbers,
  holding,
  keep,
  kernelsOf,
  openScope,
  type Place,
  persistent,
  planning,
  returnArena,
  Scope,
  scope,
  within,
} from "./memory.js";
export { checkKind, checkOptions, checkTyped } from "./options.js";
export { listed, plain, quote } from "./quote.js";
export { configuration, moreKernels } from "./runtime.js";
export {
  checkList,
  checkShape,
  indexIn,
  MOST_AXES,
  ownShape,
  type Shape,
  sameShape,
  showShape,
  sizeOf,
} from "./shape.js";
export { checkedPair, checkedSync } from "./synchronous.js";
export { disposeSymbol, type NestedNumbers, type Owner, Region, Tensor, tensorCount } from "./tensor.js";
export { type Filling, type Tracer, traceable, traced, tracedBy, tracer, untraced } from "./tracer.js";
export {
  disposeTree,
  eachTensor,
  isPromise,
  kindOf,
  type Leaf,
  leavesOf,
  mapTensors,
  type TreeOf,
  withLeaves,
} from "./tree.js";
export { TreeDefinition, treeFlatten, treeLeaves, treeMap, treeUnflatten } from "./tree-functions.js";
export { missingFeature } from "./wasm.js";
