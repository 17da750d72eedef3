// The kernels: addresses and counts in, numbers out. Nothing is allocated here and nothing is imported but the memory.
export * from "./elementwise";

/** First byte after the constants: everything from here on belongs to the allocator. */
export function heapBase(): usize {
  return __heap_base;
}
