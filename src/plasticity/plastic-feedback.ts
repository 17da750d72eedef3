// Feedback weights that change by a rule of their own: a layer's synapses like any other.
import type { Tensor } from "../core/index.js";
import { matvec } from "../ops/index.js";
import { type PlasticityConfig, timeScales } from "./config.js";
import { feedbackConfig } from "./feedback.js";
import type { Signals } from "./motifs.js";
import { emptyRule, type Rule } from "./rule.js";
import { synapsesOf } from "./synapse.js";
import type { Synapses } from "./synapse-kind.js";

/** The synapses that hold the feedback weights; none unless these are plastic. */
export function feedbackSynapses(config: PlasticityConfig, { PB, KB, vB }: Rule, layers: number): Synapses[] {
  if (config.feedback !== "plastic") return [];
  const own = feedbackConfig(config);
  const { y, z } = timeScales(own);
  // Chemicals that B is read out of must not leak: there, what leaks would be random errors' only way back.
  const scales = own.synapse === "chemical" ? { y: y.map(() => 1), z } : { y, z };
  return synapsesOf(own, { ...emptyRule, P: PB, K: KB, v: vB }, layers, scales);
}

/** What a layer's feedback weights see: what its weights see, with B where that has W. */
export function feedbackSignals(b: Tensor, signals: Signals): Signals {
  return { ...signals, z: matvec(b, signals.yPre), u: matvec(b, signals.y, true) };
}
