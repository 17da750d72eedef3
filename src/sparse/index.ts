// The public face of `synaptape/sparse`: sparse distributed representations. It gives the exact chances that a segment of a
// dendrite fires on a pattern that it has not learned, or misses one that it has, and segments and neurons to run.
export { BitSet } from "./bit-set.js";
export {
  falseMatch,
  falseMatches,
  type Match,
  missedMatch,
  type Noise,
  type Overlap,
  overlapChances,
} from "./overlaps.js";
export { randomPattern, sampleOf, silenced } from "./patterns.js";
export { Rational } from "./rational.js";
export { type LearnOptions, Neuron, Segment } from "./segment.js";
export { corticalGrid, type Grid, leastThreshold, medianFalseMatches, optimalThreshold } from "./thresholds.js";
export { falseMatchOfAny, falseMatchOfUnion, type UnionMatch, unionSize } from "./unions.js";
