// synaptape/report: pages, pictures and tables about runs, studies and sweeps, as text. Everything works in Node and in pages,
// except for reading folders.
export type {
  Card,
  CardMeasure,
  CardNumber,
  CardPart,
  CardRetention,
  CardScore,
  Evidence,
  NetworkMeasures,
  RunRecord,
} from "../studies/internal.js";
export { cardReport } from "./card-report.js";
export { figureHtml, figureMarkdown, figureSvg } from "./draw.js";
export { type FigurePage, figureReport } from "./figure-report.js";
export { readEvidence } from "./folders.js";
export { figureCsv } from "./numbers.js";
export { type ReportExtras, runReport } from "./run-report.js";
export { type Samples, sampleAnswers } from "./samples.js";
export { type StudyFindings, studyReport } from "./study-report.js";
export { type SweepFindings, sweepReport } from "./sweep-report.js";
export { reportStyle } from "./theme.js";
