// Studies: the experiments of papers, run again, with claims and verdicts.
export {
  type Arm,
  armsOf,
  type NetworkKind,
  networkKinds,
  type OptimizerKind,
  type Outcome,
  optimizerKinds,
} from "./bio-transformations/ablation.js";
export { type Effect, effectOf } from "./bio-transformations/effect.js";
export { bioCells, bioTransformations } from "./bio-transformations/study.js";
export { CLAIM_HEAD, type ClaimLine, claimRow, judged } from "./claims.js";
export { studyThreads } from "./executor.js";
export type * from "./figure.js";
export * from "./measure.js";
export { studies, studyNamed } from "./registry.js";
export {
  cellsOf,
  imageNeeds,
  keptResults,
  kindsOf,
  runStudy,
  type StudyOutcome,
  type StudyPlan,
} from "./run-study.js";
export * from "./statistics.js";
export {
  type AnyStudy,
  type Claim,
  type Effort,
  type ImageNeeds,
  type Images,
  type Measured,
  type Paper,
  type Part,
  type Plan,
  type Scale,
  type Study,
  scales,
  type Verdict,
} from "./study.js";
