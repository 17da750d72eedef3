// The kernels that every program needs, those of float32. The kernels of float64 are a module of their own, loaded only
// where they are used, and so are those of plasticity; see float64.ts and plasticity.ts.
export * from "./kernels";

/** Where the constants of the modules of float64 may lie: from this module's end on, up to where the allocator's memory begins. */
const RESERVED: usize = 12272;

/** First byte after the constants: everything from here on belongs to the allocator. */
export function heapBase(): usize {
  return RESERVED;
}
