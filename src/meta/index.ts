// The public face of `synaptape/meta`: rules learned over many lifetimes. Needs Node, for files and threads.
export { defaultTrainConfig, layerSizes, parseTrainConfig, type TrainConfig } from "./config.js";
export { DivergedError, type EpisodeResult, type EpisodeScore, evaluateRule, runEpisode } from "./episode.js";
export type { EpisodeReport } from "./metrics.js";
export { type LeafValues, type RuleValues, ruleHash, ruleOf, valuesOf } from "./rule-values.js";
export { type RunContents, readRun, readRunConfig } from "./run-folder.js";
export { resume, type TrainOptions, type TrainResult, train } from "./train.js";
