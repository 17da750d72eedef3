// The kernels of one type, float32 or float64: addresses and counts in, numbers out. Nothing is allocated here and nothing
// is imported but the memory. For the meaning of `Float` and the like see simd.ts.
export * from "./binary";
export { dotsScratch, matmulNT } from "./dots";
export * from "./elementwise";
export { gammaSlope, randomBeta, randomGamma } from "./gamma";
export * from "./gather";
export { longScratch, runOf } from "./long";
export { matmulNN, matmulTN } from "./matmul";
export { matmulPacked, packedScratch } from "./matmul-packed";
export * from "./matvec";
export * from "./order";
export * from "./patches";
export * from "./product";
export * from "./random";
export { argmax, countNonFinite, dot, dotChain, firstDifference, max, sum } from "./reduce";
export * from "./scalar";
export * from "./softmax";
export * from "./strided";
export { randomTruncated } from "./truncated";
