// Every kind of synapse by its name.
import { checkMade, quote } from "../../core/index.js";
import type { PlasticityConfig } from "../rule/config.js";
import { cascade } from "./cascade.js";
import { chemical } from "./chemical.js";
import { gated } from "./gated.js";
import type { SynapseRecord } from "./kind.js";
import { linear } from "./linear.js";
import { momentum } from "./momentum.js";
import { timeLadder } from "./time-scales.js";

const kinds = new Map<string, SynapseRecord>(
  [linear, chemical, momentum, gated, cascade].map((kind) => [kind.name, kind]),
);

/** The kind of this name. */
export function synapseKind(name: string): SynapseRecord {
  const kind = kinds.get(name);
  if (kind) return kind;
  throw new RangeError(
    `[plasticity] no synapse is called ${quote(name)}: there are ${[...kinds.keys()].join(", ")}. ` +
      "Add it with defineSynapse before it is used.",
  );
}

/** All kinds of synapse, in the order in which they were added. */
export function synapseKinds(): SynapseRecord[] {
  return [...kinds.values()];
}

/**
 * The names of all kinds of synapse.
 *
 * @example synapseNames().includes("chemical") // true
 */
export function synapseNames(): string[] {
  return [...kinds.keys()];
}

/** Adds a kind. */
export function addKind(kind: SynapseRecord): void {
  kinds.set(kind.name, kind);
}

/**
 * The chemicals' time scales (Recurrent Chemical Networks, equation 8): z_i = 1 / tau_i and y_i = 1 - z_i, and chemical
 * 0 never forgets, y_0 = 1, except in kinds such as momentum that say otherwise.
 *
 * @example timeScales({ ...presets.rcn.config, chemicals: 3 }) // { y: [1, 0.8586, 0.98], z: [1, 0.1414, 0.02] }
 */
export function timeScales(config: PlasticityConfig): { y: number[]; z: number[] } {
  checkMade(
    "timeScales",
    "the configuration",
    config,
    ["synapse", "chemicals"],
    "Give a preset's, or one of defaultConfig.",
  );
  const { y, z } = timeLadder(config);
  if (synapseKind(config.synapse).neverForgets) y[0] = 1;
  return { y, z };
}
