// What the folders above need from meta-training in addition to its public names.
export {
  EPISODE_LIMIT,
  hashedPart,
  isRegression,
  optionTables,
  taskOptions,
  trainFields,
  trainGroups,
  withTask,
} from "./config.js";
export { dataAt, dataFields, dataRefOf, readingOf, refOf } from "./data-config.js";
export { diagnosisKind } from "./diagnosis-cell.js";
export { drawEpisode, episodeOf, metaLossOf } from "./episode.js";
export type { MetaLoss } from "./estimators/estimator.js";
export { estimate, estimatorSummaries, estimatorTables } from "./estimators/kinds.js";
export { retentionCurves } from "./evaluate.js";
export { evaluationOf } from "./evaluation.js";
export { beginWith, begunWith } from "./first-rule.js";
export { misfit } from "./fit.js";
export { median } from "./guard.js";
export { metricsLines } from "./metrics.js";
export { OWN_DATA } from "./own-data.js";
export { loadedParts, loadSameParts, moduleFields, type OwnModule, studyMakers } from "./own-parts.js";
export {
  type Answers,
  type Asked,
  askedOf,
  inquiryOf,
  networkName,
  type OtherImages,
  type Probe,
  type ProbeTopic,
  shotsOf,
} from "./probes.js";
export { checkShapes } from "./rule-file.js";
export { ruleIn } from "./rule-tensors.js";
export { contentsOf } from "./run.js";
export { differences, settingsOf, settingsThatDiffer } from "./settings.js";
export { imagesOf, taskKinds, taskName, taskNamed, taskNames, taskTables } from "./task-kinds.js";
export { checkTask } from "./tasks.js";
export { accuracyOn, ruleWithout, withoutMotif } from "./without.js";
