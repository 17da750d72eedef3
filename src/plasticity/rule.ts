// The numbers of a plasticity rule: the meta-parameters that an outer loop learns.
import type { Tensor } from "../core/index.js";
import { full, placeColumns, tensor, zeros } from "../ops/index.js";
import { checkConfig, type PlasticityConfig } from "./config.js";

/**
 * A rule's coefficients, one entry (scope "shared") or one for each layer. A linear rule has no K, v or b, and a rule
 * without bias no b: those lists are empty.
 */
export interface Rule {
  /** (chemicals, motifs): how strongly each motif drives each chemical. */
  readonly P: readonly Tensor[];
  /** (chemicals, chemicals), target by source: how chemicals drive each other. */
  readonly K: readonly Tensor[];
  /** (chemicals): how the weight is read out. */
  readonly v: readonly Tensor[];
  /** The constant drive of each layer: (chemicals), (chemicals, nOut, 1) or (chemicals, nOut, nIn), by its scope. */
  readonly b: readonly Tensor[];
}

/**
 * The rule before any learning: P is `initialP0` for motif F0 and 0 elsewhere, K and b are 0, v is 1 / chemicals
 * (Shervani-Tabar and Rosenbaum 2023, methods; for chemicals the published code's initialisation).
 *
 * @param sizes the widths of the network's layers, input first.
 */
export function initialRule(config: PlasticityConfig, sizes: readonly number[]): Rule {
  checkConfig(config);
  const { chemicals, motifs, synapse, bias } = config;
  const layers = sizes.length - 1;
  const each = <T>(make: () => T): T[] => Array.from({ length: config.scope === "layer" ? layers : 1 }, make);
  const P = each(() => {
    const first = motifs.indexOf(0);
    return first < 0
      ? zeros([chemicals, motifs.length])
      : placeColumns(full([chemicals, 1], config.initialP0), [first], motifs.length);
  });
  if (synapse === "linear") return { P, K: [], v: [], b: [] };
  const biasShape = (layer: number): number[] => {
    if (bias === "layer") return [chemicals];
    return [chemicals, sizes[layer + 1], bias === "synapse" ? sizes[layer] : 1];
  };
  return {
    P,
    K: each(() => zeros([chemicals, chemicals])),
    v: each(() => full([chemicals], 1 / chemicals)),
    b: bias === "none" ? [] : Array.from({ length: layers }, (_, layer) => zeros(biasShape(layer))),
  };
}

/** A rule of given numbers, nested as in `Rule`. */
export function ruleFrom(values: { [K in keyof Rule]?: readonly Parameters<typeof tensor>[0][] }): Rule {
  const tensors = (list: readonly Parameters<typeof tensor>[0][] = []): Tensor[] => list.map((value) => tensor(value));
  return { P: tensors(values.P), K: tensors(values.K), v: tensors(values.v), b: tensors(values.b) };
}
