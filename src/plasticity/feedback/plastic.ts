// Feedback weights that change by their own rule. They are synapses like those of any layer, configured by the fields
// that begin with "feedback", with the parts of a rule that `feedbackParts` names.
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
 * constant to the bit, if `feedbackP0` is 0: its coefficients begin at 0, only chemical 0 begins with B, and the
 * chemicals from which B is read out do not leak.
 */
export function feedbackConfig(config: PlasticityConfig): PlasticityConfig {
  const { feedbackSynapse: synapse, feedbackMotifs: motifs, feedbackChemicals: chemicals } = config;
  return {
    ...{ ...config, synapse, motifs, chemicals, initialP0: config.feedbackP0 },
    ...{ bias: "none", scales: "fixed", feedback: "fixed", motifUnits: "plain" },
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

/** What a layer's feedback weights see: the same as its weights, with B in place of W. */
export function feedbackSignals(b: Tensor, signals: Signals): Signals {
  return { ...signals, z: matvec(b, signals.yPre), u: matvec(b, signals.y, true) };
}
