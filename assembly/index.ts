// The kernels that every program needs, those of float32. float64's are a module of their own, loaded by who uses them, and
// so are those of plasticity; see float64.ts and plasticity.ts.
export * from "./kernels";

/** Where the constants of the modules of float64 may lie: from this module's end on, up to where the allocator's memory begins. */
const RESERVED: usize = 12272;

/** First byte after the constants: everything from here on belongs to the allocator. */
export function heapBase(): usize {
  return RESERVED;
}
