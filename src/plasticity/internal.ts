// What the folders above need from plasticity in addition to its public names.
export { noDual } from "./dual.js";
export { feedbackNames, feedbackPath } from "./feedback/paths.js";
export { type CaseResult, checkCase, TOLERANCES } from "./golden/check-case.js";
export { builtInCases, type GoldenCase, readCase } from "./golden/read-case.js";
export { biasShape } from "./rule/initial-rule.js";
export { partInFiles } from "./rule/parts.js";
export { reportMotifs } from "./rule/presets.js";
export { synapseKind, synapseKinds } from "./synapses/registry.js";
