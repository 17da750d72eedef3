// The registry: every study, a line each.
export { bioTransformations } from "./bio-transformations/study.js";
export { recurrentChemicalNetworks } from "./recurrent-chemical-networks/study.js";
export { sparseRepresentations } from "./sparse-representations/study.js";
export { twoTimeScales } from "./two-time-scales/study.js";
