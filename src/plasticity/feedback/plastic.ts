// Feedback weights that change by a rule of their own: a layer's synapses like any other, under the part of a
// configuration whose fields begin with "feedback", and the parts of a rule that `feedbackParts` names.
import type { Tensor } from "../../core/index.js";
import { matvec } from "../../ops/index.js";
import type { Signals } from "../motifs/numbered.js";
import type { PlasticityConfig } from "../rule/config.js";
import { emptyRule, feedbackParts, type Rule } from "../rule/parts.js";
import type { Synapses } from "../synapses/kind.js";
import { synapsesOf } from "../synapses/layers.js";
import { synapseKind, timeScales } from "../synapses/registry.js";
import { feedbackPath } from "./paths.js";

/**
 * The configuration of a plastic feedback weight's rule, as if it were that of a network. Before any learning B is
 * constant to the bit, if `feedbackP0` is 0: its coefficients begin at 0, chemical 0 alone begins with B, and chemicals
 * that B is read out of do not leak.
 */
export function feedbackConfig(config: PlasticityConfig): PlasticityConfig {
  const { feedbackSynapse: synapse, feedbackMotifs: motifs, feedbackChemicals: chemicals } = config;
  return {
    ...{ ...config, synapse, motifs, chemicals, initialP0: config.feedbackP0 },
    ...{ bias: "none", scales: "fixed", feedback: "fixed" },
    ...{ readout: "free", initialChemicals: "all", normalise: "none", coupling: "plain" },
    ...synapseKind(synapse).asFeedback?.config,
  };
}

/** The synapses that hold the feedback weights; none unless these are plastic. */
export function feedbackSynapses(config: PlasticityConfig, rule: Rule, layers: number): Synapses[] {
  if (!feedbackPath(config.feedback).plastic) return [];
  const own = feedbackConfig(config);
  const { y, z } = timeScales(own);
  const scales = synapseKind(own.synapse).asFeedback?.forgets ? { y, z } : { y: y.map(() => 1), z };
  const parts = Object.entries(feedbackParts).map(([part, stored]) => [part, rule[stored]]);
  return synapsesOf(own, { ...emptyRule, ...Object.fromEntries(parts) }, layers, scales);
}

/** What a layer's feedback weights see: what its weights see, with B where that has W. */
export function feedbackSignals(b: Tensor, signals: Signals): Signals {
  return { ...signals, z: matvec(b, signals.yPre), u: matvec(b, signals.y, true) };
}
