// The public face of `synaptape/sweeps`: many settings of a training or a study, with several seeds of each.
export { type AskOptions, asker } from "./ask.js";
export { resultsCsv, trialsCsv } from "./csv.js";
export { ranking, settingsText, sweepFigures, trialTable } from "./figures.js";
export { draw, grid, type Interval, type Settings, type Space, withSettings } from "./settings.js";
export type { Subject } from "./subject.js";
export { bioSubject, type ImagesOfRun, studySubject, trainSubject } from "./subjects.js";
export { type SweepOptions, type SweepOutcome, sweep, type Trial } from "./sweep.js";
