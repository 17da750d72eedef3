// A plasticity rule before any learning.
import type { Tensor } from "../../core/index.js";
import { full, placeColumns, zeros } from "../../ops/index.js";
import { feedbackPath } from "../feedback/paths.js";
import { feedbackConfig } from "../feedback/plastic.js";
import type { OwnPart } from "../synapses/kind.js";
import { synapseKind } from "../synapses/registry.js";
import { checkConfig } from "./check-config.js";
import type { MotifId, PlasticityConfig } from "./config.js";
import { emptyRule, feedbackParts, type Rule } from "./parts.js";

/**
 * The rule before any learning: P is `initialP0` for motif F0 and 0 elsewhere, K and b are 0, v is 1 / chemicals
 * (Shervani-Tabar and Rosenbaum 2023, methods; for chemicals the published code's initialisation). What came later
 * begins where it changes nothing: tau, s and PB are 0.
 *
 * @param sizes the widths of the network's layers, input first.
 */
export function initialRule(config: PlasticityConfig, sizes: readonly number[]): Rule {
  checkConfig(config);
  const { chemicals, bias, scope } = config;
  const layers = sizes.length - 1;
  const own = (of: PlasticityConfig): Pick<Rule, "P" | OwnPart> => {
    const kind = synapseKind(of.synapse);
    const entries = Array.from({ length: scope === "layer" ? layers : 1 }, () => kind.initial(of));
    const part = (name: OwnPart): Tensor[] => entries.flatMap((entry) => entry[name] ?? []);
    const P = entries.map(() => initialP(kind.rows(of), of.motifs, of.initialP0));
    return { P, K: part("K"), v: part("v"), s: part("s") };
  };
  const biasShape = (layer: number): number[] => {
    if (bias === "layer") return [chemicals];
    return [chemicals, sizes[layer + 1], bias === "synapse" ? sizes[layer] : 1];
  };
  const { P, K, v, s } = own(config);
  const back = feedbackPath(config.feedback).plastic ? own(feedbackConfig(config)) : emptyRule;
  // In the order of `ruleParts`, as every other maker of rules: leaves are counted in it.
  return {
    ...{ P, K, v },
    b: bias === "none" ? [] : Array.from({ length: layers }, (_, layer) => zeros(biasShape(layer))),
    tau: config.scales === "learned" ? P.map(() => zeros([chemicals])) : [],
    s,
    ...{ [feedbackParts.P]: back.P, [feedbackParts.K]: back.K, [feedbackParts.v]: back.v },
  };
}

function initialP(rows: number, motifs: readonly MotifId[], first: number): Tensor {
  const at = motifs.indexOf(0);
  return at < 0 ? zeros([rows, motifs.length]) : placeColumns(full([rows, 1], first), [at], motifs.length);
}
