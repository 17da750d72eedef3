// The kernels: addresses and counts in, numbers out. Nothing is allocated here and nothing is imported but the memory.
export * from "./binary";
export * from "./chemistry";
export * from "./elementwise";
export * from "./gamma";
export * from "./gather";
export { matmulNN, matmulNT, matmulTN } from "./matmul";
export { matmulPacked, matmulScratch } from "./matmul-packed";
export * from "./matvec";
export { linearStep, linearStepVjp, motifFactors, motifFactorsVjp } from "./motifs";
export * from "./order";
export * from "./patches";
export * from "./random";
export { argmax, countNonFinite, dot, firstDifference, max, sum } from "./reduce";
export * from "./scalar";
export * from "./softmax";
export * from "./strided";

/** First byte after the constants: everything from here on belongs to the allocator. */
export function heapBase(): usize {
  return __heap_base;
}
