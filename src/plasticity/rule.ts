// The numbers of a plasticity rule: the meta-parameters that an outer loop learns.
import type { Tensor } from "../core/index.js";
import { full, placeColumns, tensor, zeros } from "../ops/index.js";
import { checkConfig } from "./check-config.js";
import type { MotifId, PlasticityConfig } from "./config.js";
import { feedbackConfig } from "./feedback.js";
import type { OwnPart } from "./synapse-kind.js";
import { synapseKind } from "./synapse-registry.js";

/**
 * A rule's coefficients, one entry (scope "shared") or one for each layer. Parts that a kind of rule does not have are
 * empty lists: a linear rule has no K, v or b, and a rule without bias no b.
 */
export interface Rule {
  /** (chemicals, motifs): how strongly each motif drives each chemical; (1, motifs) where there is one drive. */
  readonly P: readonly Tensor[];
  /** (chemicals, chemicals), target by source: how chemicals drive each other. */
  readonly K: readonly Tensor[];
  /** (chemicals): how the weight is read out. */
  readonly v: readonly Tensor[];
  /** The constant drive of each layer: (chemicals), (chemicals, nOut, 1) or (chemicals, nOut, nIn), by its scope. */
  readonly b: readonly Tensor[];
  /** (chemicals): 1/32 of what is added to the logits of 1 / tau, if time scales are learned; see `time-scales.ts`. */
  readonly tau: readonly Tensor[];
  /** Gated synapses: (2 chemicals, chemicals + 6), what opens the gates; see `gated.ts`. */
  readonly s: readonly Tensor[];
  /** Plastic feedback: P of its rule. */
  readonly PB: readonly Tensor[];
  /** Plastic feedback: K of its rule. */
  readonly KB: readonly Tensor[];
  /** Plastic feedback: v of its rule. */
  readonly vB: readonly Tensor[];
}

/** A rule without any coefficients, to spread others over. */
export const emptyRule: Rule = { P: [], K: [], v: [], b: [], tau: [], s: [], PB: [], KB: [], vB: [] };

/** The names of a rule's parts, in the order in which their numbers are stored. */
export const ruleParts = Object.keys(emptyRule) as readonly (keyof Rule)[];

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
  const back = config.feedback === "plastic" ? own(feedbackConfig(config)) : emptyRule;
  // In the order of `ruleParts`, as every other maker of rules: leaves are counted in it.
  return {
    ...{ P, K, v },
    b: bias === "none" ? [] : Array.from({ length: layers }, (_, layer) => zeros(biasShape(layer))),
    tau: config.scales === "learned" ? P.map(() => zeros([chemicals])) : [],
    s,
    ...{ PB: back.P, KB: back.K, vB: back.v },
  };
}

function initialP(rows: number, motifs: readonly MotifId[], first: number): Tensor {
  const at = motifs.indexOf(0);
  return at < 0 ? zeros([rows, motifs.length]) : placeColumns(full([rows, 1], first), [at], motifs.length);
}

/** A rule of given numbers, nested as in `Rule`. */
export function ruleFrom(values: { [K in keyof Rule]?: readonly Parameters<typeof tensor>[0][] }): Rule {
  const made = Object.entries(values).map(([part, list]) => [part, list.map((value) => tensor(value))]);
  return { ...emptyRule, ...Object.fromEntries(made) };
}
