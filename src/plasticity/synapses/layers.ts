// The synapses of every layer under one rule, of any kind.
import { scope, type Tensor } from "../../core/index.js";
import { add, columnsOf, mul, placeColumns, reshape, tensor, zeros } from "../../ops/index.js";
import { motifOf, namedMotif } from "../motifs/named.js";
import { MOTIFS } from "../motifs/numbered.js";
import type { MotifId, PlasticityConfig } from "../rule/config.js";
import { type Rule, type SynapsePart, synapseParts } from "../rule/parts.js";
import { byChemical, type NamedDrive, type Synapses } from "./kind.js";
import { inOwnUnits } from "./own-units.js";
import { synapseKind, timeScales } from "./registry.js";
import { learnedFrom, type TimeScales } from "./time-scales.js";

/**
 * The synapses of every layer. Everything that stays the same over a lifetime is computed once.
 *
 * @example
 * const rule = initialRule(defaultConfig, [4, 3, 2]);
 * synapsesOf(defaultConfig, rule, 2).length; // 2
 */
export function synapsesOf(config: PlasticityConfig, rule: Rule, layers: number, scales?: TimeScales): Synapses[] {
  const fixed = scales ?? timeScales(config);
  const { dtype } = rule.P[0];
  const [y, z] = [fixed.y, fixed.z].map((list) => tensor([...list], { dtype }));
  const kind = synapseKind(config.synapse);
  return Array.from({ length: layers }, (_, layer) => {
    const of = (list: readonly Tensor[]): Tensor => list[list.length === 1 ? 0 : layer];
    const given = of(rule.P);
    const b = config.bias === "none" ? undefined : rule.b[layer];
    const times = config.scales === "learned" ? learnedFrom({ y, z }, of(rule.tau)) : { y, z };
    const own = Object.fromEntries(synapseParts.map((part) => [part, of(rule[part])])) as Record<SynapsePart, Tensor>;
    const made = (p: Tensor): Synapses =>
      kind.synapses({
        config,
        p: numberedColumns(p, config.motifs),
        named: namedDrive(p, config.motifs),
        ...{ own, k: config.coupling === "scaled" ? mul(own.K, times.z) : own.K, v: own.v },
        b: b?.rank === 1 ? byChemical(b) : b,
        ...times,
      });
    return config.motifUnits === "own" ? inOwnUnits(given, config.motifs, made) : made(given);
  });
}

/**
 * The time scales that a rule has learned, one entry (scope "shared") or one for each layer: those of
 * `timeScales(config)` unless they are learned. Gates are not included: they differ from synapse to synapse.
 *
 * @example
 * learnedScales(presets.rcn.config, initialRule(presets.rcn.config, [4, 3, 2])); // [{ y: [1, 0.98], z: [1, 0.02] }]
 */
export function learnedScales(config: PlasticityConfig, rule: Pick<Rule, "tau">): TimeScales[] {
  const fixed = timeScales(config);
  if (config.scales === "fixed") return [fixed];
  return scope(() =>
    rule.tau.map((tau) => {
      const { dtype } = tau;
      const { y, z } = learnedFrom({ y: tensor(fixed.y, { dtype }), z: tensor(fixed.z, { dtype }) }, tau);
      return { y: [...y.data()], z: [...z.data()] };
    }),
  );
}

/** (rows, 10): the columns of P that belong to F0 .. F9, each at its place. */
function numberedColumns(p: Tensor, motifs: readonly MotifId[]): Tensor {
  const places = motifs.filter((motif): motif is number => typeof motif === "number");
  if (places.length === motifs.length) return placeColumns(p, places, MOTIFS);
  if (places.length === 0) return zeros([p.shape[0], MOTIFS], p);
  return placeColumns(
    columnsOf(
      p,
      places.map((motif) => motifs.indexOf(motif)),
    ),
    places,
    MOTIFS,
  );
}

/** The drive of the named motifs, if there are any. */
function namedDrive(p: Tensor, motifs: readonly MotifId[]): NamedDrive | undefined {
  const terms = motifs.flatMap((motif, column) =>
    typeof motif === "string" ? [{ motif: namedMotif(motif), coefficient: byChemical(columnsOf(p, [column])) }] : [],
  );
  if (terms.length === 0) return undefined;
  return (w, signals) =>
    terms
      .map(({ motif, coefficient }) => mul(coefficient, reshape(motifOf(motif, w, signals), [1, ...w.shape])))
      .reduce((total, term) => add(total, term));
}
