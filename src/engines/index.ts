// Where cells can be computed besides this process: threads, and engines on other machines.
export type { EngineKind, EngineOptions } from "./kind.js";
export { engineForms, engineKind, engineKinds, openEngine } from "./registry.js";
export { withoutSecrets } from "./secrets.js";
