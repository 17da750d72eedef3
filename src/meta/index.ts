// The public face of `synaptape/meta`: rules learned over many lifetimes, in Node or in a page. Folders of runs need
// Node.
export { defaultTrainConfig, layerSizes, parseTrainConfig, type TaskConfig, type TrainConfig } from "./config.js";
export { angle, type Diagnosis, diagnose } from "./diagnose.js";
export { DivergedError } from "./diverged.js";
export { type EpisodeResult, type EpisodeScore, evaluateRule, runEpisode } from "./episode.js";
export { type EpisodeCellConfig, type EpisodeRow, episodeKind } from "./episode-cell.js";
export type { EstimatorConfig } from "./estimators/kinds.js";
export { type Condition, type EvaluateOptions, type EvaluationLine, evaluate } from "./evaluate.js";
export {
  type TrialCell,
  type TrialConfig,
  type TrialRow,
  type TrialScore,
  type TrialSetting,
  trialCell,
  trialKind,
} from "./evaluate-cell.js";
export { type KeptRule, keptRule, keptRules } from "./kept-rules.js";
export type { EpisodeReport } from "./metrics.js";
export { loadParts, type OwnModule, type PartsModule, type PartsOfModule, type StudyMaker } from "./own-parts.js";
export type { Parts } from "./parts-library.js";
export { RETENTION_SHARES, type Retention } from "./retention.js";
export { decodeRule, encodeRule, type RuleFile } from "./rule-file.js";
export { type Floats, type LeafValues, type RuleValues, ruleHash, ruleOf, valuesOf } from "./rule-values.js";
export { readRun, readRunConfig } from "./run.js";
export type { RunContents } from "./run-contents.js";
export { type ResumeOptions, resume, type TrainOptions, type TrainResult, train } from "./train.js";
export {
  configOfCell,
  rowOfRun,
  ruleOfRow,
  type TrainCellConfig,
  type TrainRow,
  trainCell,
  trainKind,
} from "./train-cell.js";
export type { Removed } from "./without.js";
