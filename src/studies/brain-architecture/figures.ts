// The figures: the circuits, how the reflex is learned, which hypotheses are rejected, and the interfaces.
import { type Bra, cerebellum } from "../../brain/index.js";
import type { Figure, Table } from "../figure.js";
import { type Results, sampleOf } from "./claims.js";
import { EVERY, type ReflexRow, RIVALS } from "./reflexes.js";
import type { SampleRow } from "./sample.js";

/** All figures for which there are results. */
export function figuresOf(results: Results): Figure[] {
  const seeds = results
    .filter(({ row }) => "errors" in row)
    .sort((a, b) => a.cell.seed - b.cell.seed)
    .map(({ row }) => row as ReflexRow);
  const sample = sampleOf(results);
  return [
    ...(seeds.length > 0 ? [learning(seeds), hypotheses(seeds)] : []),
    ...(sample ? [circuitsOf(cerebellum), interfaces(sample)] : []),
  ];
}

/** The circuits and their connections; inhibition ends in a bar, and what is outside the region has a dashed frame. */
function circuitsOf({ circuits, connections }: Bra): Figure {
  const hues = { Excitatory: "s5", Inhibitory: "s1", Modulatory: "s2", none: "base" } as const;
  const modOf = new Map(circuits.map(({ id, mod }) => [id, mod]));
  return {
    name: "circuits",
    title: "Circuits",
    about:
      "The circuits of the sample and their connections. Blue excites and ends in an arrow; orange inhibits and ends in a bar; dashed frames are outside the cerebellum.",
    rows: [
      [
        {
          kind: "diagram",
          label: `${circuits.length} circuits with ${connections.length} connections`,
          nodes: circuits.map(({ id, mod, roi }) => ({ name: id, hue: hues[mod], dashed: roi !== "internal" })),
          edges: connections.map(({ sender, receiver }) => {
            const mod = modOf.get(sender) ?? "none";
            return { from: sender, to: receiver, hue: hues[mod], blunt: mod === "Inhibitory" };
          }),
        },
      ],
    ],
  };
}

function learning(seeds: readonly ReflexRow[]): Figure {
  // The error of the last cycle is kept too, but it need not be on the curves' grid, so it is left out.
  const curves = seeds.map(({ errors }) => errors.slice(0, -1));
  return {
    name: "learning",
    title: "The reflex is learned",
    about:
      "The error of the eye's movement as a share of the wanted movement: 1 means that the eye does not move. Only the synapses from granule cells to Purkinje cells learn.",
    rows: [
      [
        {
          ...{ kind: "curves", window: 1, width: 720, quantity: "error", axis: "cycle", domain: [0] },
          at: curves[0].map((_, i) => 1 + i * EVERY),
          series: [{ name: "the sample", hue: "s5", curves }],
          rule: { at: 0.1, name: "a tenth", end: true },
        },
      ],
    ],
  };
}

function hypotheses(seeds: readonly ReflexRow[]): Figure {
  const times = (rejected: readonly boolean[]): string => `${rejected.filter((yes) => yes).length} of ${seeds.length}`;
  const table: Table = {
    kind: "table",
    columns: [{ head: "hypothesis" }, { head: "seeds that reject it" }],
    rows: [...["the sample", ...RIVALS].map((name, i) => [name, times(seeds.map(({ rejected }) => rejected[i]))])],
  };
  return {
    name: "hypotheses",
    title: "Hypotheses",
    about: "A hypothesis is rejected if its error does not fall by half in 20 cycles.",
    rows: [[table]],
  };
}

function interfaces({ interfaces: lines, apart }: SampleRow): Figure {
  const table: Table = {
    kind: "table",
    columns: [{ head: "given" }, { head: "derived", text: true }],
    rows: lines.map(({ given, ours }) => [given, ours]),
  };
  const note = `Circuits without a connection to the others of their function: in ${apart.join(", ") || "none"}.`;
  return {
    name: "interfaces",
    title: "Interfaces",
    about:
      "The outputs and inputs of functions of the sample: as published with it, and as derived from its connections.",
    rows: [[table], [{ kind: "note", text: note }]],
  };
}
