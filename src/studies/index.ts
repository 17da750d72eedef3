// Studies: the experiments of papers, run again, with claims and verdicts.
export {
  type Arm,
  armsOf,
  type Outcome,
} from "./bio-transformations/ablation.js";
export { type Effect, effectOf } from "./bio-transformations/effect.js";
export { armsFigure, armsTable, effectsOf } from "./bio-transformations/figures.js";
export { bioCells, bioTransformations } from "./bio-transformations/study.js";
export { type ClaimLine, claimRow, claimTable, judged } from "./claims.js";
export { studyThreads } from "./executor.js";
export * from "./figure.js";
export { type OpenedImages, openStudyImages } from "./images.js";
export { decodeKept, encodeKept } from "./kept.js";
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
  takeOlder,
} from "./run-study.js";
export * from "./statistics.js";
export {
  type AnyStudy,
  type Claim,
  type Effort,
  type ImageNeeds,
  type Images,
  type Measured,
  type Older,
  type Paper,
  type Part,
  type Plan,
  type Scale,
  type Study,
  scales,
  type Verdict,
} from "./study.js";
export {
  comparisonTable,
  curveNote,
  curvesOf,
  HEAT_NOTE,
  heatsOf,
  pointsOf,
  type Shown,
  statisticTable,
  timesOf,
} from "./training/drawings.js";
export {
  type Evidence,
  episodesOf,
  familyOf,
  grouped,
  paired,
  type RunRecord,
  recordOf,
  statistics,
  streamOf,
} from "./training/evidence.js";
export { insideOf } from "./training/inside.js";
