// The public face of `synaptape/studies`: repeated experiments of papers, with claims and verdicts, and the parts from
// which to build your own study. To run them on threads or keep results in folders, use `synaptape/runs`.
export {
  type ConfigOf,
  choice,
  type Field,
  type Fields,
  field,
  number,
  type Type,
  whole,
  yesNo,
} from "../fields/index.js";
export { type ClaimLine, claimRow, claimTable, judged } from "./claims.js";
export { studyThreads } from "./executor.js";
export * from "./figure.js";
export { type OpenedImages, openStudyImages } from "./images.js";
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
  type Older,
  type Paper,
  type Part,
  type Plan,
  type Scale,
  type Study,
  scales,
  type Verdict,
} from "./study.js";
