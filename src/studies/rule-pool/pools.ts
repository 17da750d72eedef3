// The pools that are compared, each given by what it changes in a preset.
import { defaultTrainConfig, type TrainConfig } from "../../meta/index.js";
import { type PlasticityConfig, type PresetName, presets } from "../../plasticity/index.js";
import { reportMotifs } from "../../plasticity/internal.js";

/** A pool, or a rule that pools are compared with. */
export interface Pool {
  /** Its name in figures. */
  readonly name: string;
  readonly preset: PresetName;
  /** What it changes in the rule's structure. */
  readonly rule?: Partial<PlasticityConfig>;
  /** Whether it selects among many motifs. */
  readonly selects: boolean;
}

const POOL = "pool-own";
const { motifs, motifUnits } = presets[POOL].config;

/** Every pool by its label. */
export const pools = {
  pool: { name: "ten motifs", preset: POOL, selects: true },
  fa: { name: "FA", preset: "fa", selects: false },
  bp: { name: "BP", preset: "bp", selects: false },
  bio: { name: "F0, F2, F9", preset: "bio", selects: false },
  seven: { name: "seven motifs", preset: POOL, rule: { motifs: reportMotifs }, selects: true },
  chemicals: {
    name: "ten motifs, two chemicals",
    preset: POOL,
    rule: { synapse: "chemical", chemicals: 2, motifs, motifUnits },
    selects: true,
  },
  layer: { name: "ten motifs, by layer", preset: POOL, rule: { scope: "layer" }, selects: true },
} as const satisfies Readonly<Record<string, Pool>>;

/** The label of a pool. */
export type Label = keyof typeof pools;

/** Every label, in the order in which they are shown. */
export const labels = Object.keys(pools) as readonly Label[];

/** What all runs share. */
export type Setting = Pick<TrainConfig, "data" | "hidden" | "ways" | "shots" | "queries" | "episodes">;

/** The run of a pool with this seed, under the published protocol with its quirks. */
export function configOf(label: Label, setting: Setting, seed: number): TrainConfig {
  const { preset, rule }: Pool = pools[label];
  const base = defaultTrainConfig(preset);
  return { ...base, ...setting, plasticity: { ...base.plasticity, ...rule }, seed };
}
