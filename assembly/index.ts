// The kernels that every program needs: addresses and counts in, numbers out. Nothing is allocated here and nothing is
// imported but the memory. Those of plasticity are a module of their own, loaded by who uses them; see plasticity.ts.
export * from "./binary";
export * from "./elementwise";
export { randomBeta, randomGamma } from "./gamma";
export * from "./gather";
export { runOf } from "./long";
export { longScratch, matmulNN, matmulNT, matmulTN } from "./matmul";
export { matmulPacked, packedScratch } from "./matmul-packed";
export * from "./matvec";
export * from "./order";
export * from "./patches";
export * from "./product";
export * from "./random";
export { argmax, countNonFinite, dot, firstDifference, max, sum } from "./reduce";
export * from "./scalar";
export * from "./softmax";
export * from "./strided";
export { randomTruncated } from "./truncated";

/** First byte after the constants: everything from here on belongs to the allocator. */
export function heapBase(): usize {
  return __heap_base;
}
