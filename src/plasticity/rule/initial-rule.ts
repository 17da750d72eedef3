// A plasticity rule before any learning.

import type { Tensor } from "../../core/index.js";
import { checkKind } from "../../core/index.js";
import { full, type OfType, placeColumns, zeros } from "../../ops/index.js";
import { feedbackPath } from "../feedback/paths.js";
import { feedbackConfig } from "../feedback/plastic.js";
import { synapseKind } from "../synapses/registry.js";
import { checkConfig } from "./check-config.js";
import type { PlasticityConfig } from "./config.js";
import { emptyRule, feedbackParts, type Rule, type SynapsePart, synapseParts } from "./parts.js";

/**
 * The rule before any learning: P is `initialP0` for motif F0 and 0 elsewhere, K and b are 0, v is 1 / chemicals
 * (Shervani-Tabar and Rosenbaum 2023, methods; for chemicals the published code's initialisation). Parts that were
 * added later begin at values that change nothing: tau, s and feedbackP are 0.
 *
 * @param sizes the widths of the network's layers, input first.
 * @param options the type of the numbers; float32 by default.
 * @example
 * initialRule(defaultConfig, [784, 100, 5]); // { P: [[[0.001, 0, 0]]], K: [], v: [], b: [], tau: [], s: [], feedbackP: [], feedbackK: [], feedbackV: [] }
 */
export function initialRule(config: PlasticityConfig, sizes: readonly number[], options: OfType = {}): Rule {
  checkConfig(config);
  checkKind("initialRule", "the sizes of the layers", sizes, "a list");
  const { chemicals, bias, scope } = config;
  const layers = sizes.length - 1;
  const own = (of: PlasticityConfig): Pick<Rule, "P" | SynapsePart> => {
    const kind = synapseKind(of.synapse);
    const entries = Array.from({ length: scope === "layer" ? layers : 1 }, () => kind.initial(of, options));
    const part = (name: SynapsePart): Tensor[] => entries.flatMap((entry) => entry[name] ?? []);
    const parts = Object.fromEntries(synapseParts.map((name) => [name, part(name)])) as unknown as Pick<
      Rule,
      SynapsePart
    >;
    return { P: entries.map(() => initialP(kind.rows(of), of, options)), ...parts };
  };
  const forward = own(config);
  const back = feedbackPath(config.feedback).plastic ? own(feedbackConfig(config)) : emptyRule;
  // Spread over `emptyRule`, which puts the parts in the order of `ruleParts`, the order of the leaves.
  return {
    ...emptyRule,
    ...forward,
    b:
      bias === "none"
        ? []
        : Array.from({ length: layers }, (_, layer) => zeros(biasShape(config, sizes, layer), options)),
    tau: config.scales === "learned" ? forward.P.map(() => zeros([chemicals], options)) : [],
    ...{ [feedbackParts.P]: back.P, [feedbackParts.K]: back.K, [feedbackParts.v]: back.v },
  };
}

/** The shape of the constant drive of a layer, for a rule that has one. */
export function biasShape({ chemicals, bias }: PlasticityConfig, sizes: readonly number[], layer: number): number[] {
  if (bias === "layer") return [chemicals];
  return [chemicals, sizes[layer + 1], bias === "synapse" ? sizes[layer] : 1];
}

function initialP(rows: number, { motifs, initialP0 }: PlasticityConfig, options: OfType): Tensor {
  const at = motifs.indexOf(0);
  if (at < 0) return zeros([rows, motifs.length], options);
  return placeColumns(full([rows, 1], initialP0, options), [at], motifs.length);
}
