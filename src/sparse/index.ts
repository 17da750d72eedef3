// The public face of `synaptape/sparse`: sparse distributed representations. How likely segments of dendrites fire on what
// they have not learned and miss what they have, exactly; and segments and neurons to run.
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
