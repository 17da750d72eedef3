// A network of superconducting neurons that computes XOR with single flux quanta (Krylov, Edwards, Friedman and Friedman
// 2023): as neurons of pulses, as a circuit of Josephson junctions, and with biases that are tuned by gradients.
import { type ConfigOf, field, whole } from "../../fields/index.js";
import type { Cell, CellKind, Context } from "../../runs/index.js";
import type { Study } from "../study.js";
import { claims, type Row } from "./claims.js";
import { type FactsRow, factsRow, PARAMETERS } from "./facts.js";
import { figuresOf } from "./figures.js";
import { type MarginsConfig, type MarginsRow, marginsRow } from "./margins.js";
import { type TuningConfig, tuningRow } from "./tuning.js";

const NAME = "flux-quantum-xor";

const fields = {
  steps: field({
    type: whole(1, { most: 1000 }),
    default: 15,
    flag: "--steps <n>",
    help: "the most steps in which biases are tuned",
  }),
};

type Config = ConfigOf<typeof fields>;

const factsKind: CellKind<unknown, FactsRow> = { name: `${NAME}/facts`, run: factsRow };
const marginsKind: CellKind<MarginsConfig, MarginsRow> = { name: `${NAME}/margins`, run: marginsRow };

/** How exact margins are, and how fine the grid is, at each scale. */
const effortOfMargins: Readonly<Record<"smoke" | "quick" | "full", MarginsConfig>> = {
  smoke: { names: ["hidden"], tolerance: 0.2, points: 2 },
  quick: { names: [...PARAMETERS, "l", "all"], tolerance: 0.02, points: 7 },
  full: { names: [...PARAMETERS, "l", "all"], tolerance: 0.01, points: 13 },
};

/** See the head of this file. */
export const fluxQuantumXor: Study<Config, TuningConfig | MarginsConfig | Record<string, never>, Row> = {
  name: NAME,
  papers: [
    {
      authors: "G. Krylov, A. J. Edwards, J. S. Friedman, E. G. Friedman",
      title: "Deep Neuromorphic Networks with Superconducting Single Flux Quanta",
      year: 2023,
      where: "arXiv 2311.10721",
    },
  ],
  about:
    "Synapses and neurons of ordinary Josephson junctions pass single quanta of magnetic flux, and a deep network of them " +
    "computes XOR with wide margins. Only the abstract could be read, so the netlist is our own; it is simulated with the " +
    "usual model of a junction, and its biases are also tuned by gradients through the simulation.",
  basis: "abstract only",
  fields,
  effort: {
    smoke: { seeds: 1, seconds: 10, config: { steps: 2 } },
    quick: { seeds: 5, seconds: 60 },
    full: { seeds: 10, seconds: 120 },
  },
  cells({ scale, config: { steps }, seeds }) {
    const once = [
      { kind: factsKind.name, config: {}, seed: 0 },
      { kind: marginsKind.name, config: effortOfMargins[scale], seed: 0 },
    ];
    return [...once, ...seeds.map((seed) => ({ kind: NAME, config: { steps }, seed }))];
  },
  run: (cell, context: Context) => tuningRow(cell as Cell<TuningConfig>, context),
  kinds: [factsKind, marginsKind],
  claims,
  figures: figuresOf,
};
