// What the folders above need from studies in addition to the public names.
export { type Arm, armsOf, type Outcome, type Setting } from "./bio-transformations/ablation.js";
export { effectOf } from "./bio-transformations/effect.js";
export { armsFigure, armsTable, effectsOf } from "./bio-transformations/figures.js";
export { bioCells, bioTransformations } from "./bio-transformations/study.js";
export { checkPlan, checkStudy } from "./checks.js";
export { NOT_RUN } from "./claims.js";
export { decodeKept, encodeKept } from "./kept.js";
export { log10Of } from "./logarithms.js";
export { knownStudies, makeOwnStudies } from "./own.js";
export { takeOlder } from "./run-study.js";
export {
  type AskedRun,
  CARD_FORMAT,
  type Card,
  type CardFindings,
  type CardMeasure,
  type CardNumber,
  type CardPart,
  type CardRetention,
  type CardScore,
  cardOf,
  withoutPaths,
} from "./training/card.js";
export { cardFigures, unitsOf } from "./training/card-figures.js";
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
  type NetworkMeasures,
  paired,
  type RunRecord,
  recordOf,
  streamOf,
} from "./training/evidence.js";
export { insideOf } from "./training/inside.js";
