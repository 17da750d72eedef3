// The kernels of plasticity: a second module over the same memory, so that a program without plasticity carries none of
// it (a sixth of the core's size). Its constants lie below those of the core; asconfig.json has both places.
export * from "./chemistry";
export { linearStep, linearStepVjp } from "./linear";
export { motifFactors, motifFactorsVjp, motifSquares } from "./motifs";

/** First byte after this module's constants; at most where the core's begin. */
export function constantsEnd(): usize {
  return __heap_base;
}
