// The kernels of float64: a third module over the same memory, compiled from the sources of the first, so that
// programs without float64 do not carry it. Its constants lie behind those of the core; asconfig.json has both places.
export * from "./convert";
export * from "./events";
export * from "./kernels";
export * from "./special";
export * from "./traces";

/** First byte after this module's constants; at most where the allocator's memory begins. */
export function constantsEnd(): usize {
  return __heap_base;
}
