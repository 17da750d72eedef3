// The public face of `synaptape/studies`: the experiments of papers, run again, with claims and verdicts, and what a study
// of your own is made of. Running them on threads and in folders takes `synaptape/runs`.
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
