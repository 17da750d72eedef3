// Brain modes (Ghasemlou 2026): thresholds and gains over a frozen network, compared with other small sets of parameters.
import { type ConfigOf, field, whole } from "../../fields/index.js";
import type { Result } from "../../runs/index.js";
import type { Figure } from "../figure.js";
import { boundedLaw, bySeed, differenceOf, isAbove, isAtMost, isBelow, largestOf, type SeedValue } from "../measure.js";
import { mean } from "../statistics.js";
import type { Claim, Study } from "../study.js";
import { type Method, type ModesConfig, type ModesRow, methodNames, type Outcome, specialise } from "./modes.js";

const NAME = "brain-modes";

const fields = {
  samples: field({
    type: whole(10, { most: 1_000_000 }),
    default: 8000,
    flag: "--samples <n>",
    help: "images to learn from; fewer if the data has fewer",
  }),
  epochs: field({
    type: whole(1, { most: 1000 }),
    default: 8,
    flag: "--epochs <n>",
    help: "epochs of the network that is then frozen",
  }),
  specialise: field({
    type: whole(1, { most: 1000 }),
    default: 5,
    flag: "--specialise <n>",
    help: "epochs of each set of parameters over the frozen network",
  }),
};

type Config = ConfigOf<typeof fields>;
type Results = readonly Result<ModesRow>[];
type Name = Method | "frozen" | "hard gates";

const of = (results: Results, name: Name, pick: (outcome: Outcome) => number): SeedValue[] =>
  bySeed(results, ({ row }) => pick(row.methods[name]));

const turned = (results: Results, name: Name): SeedValue[] => of(results, name, ({ rotated }) => rotated);

const better = (label: string, statement: string, first: Name, second: Name): Claim<ModesRow> => ({
  ...{ label, statement, source: "reference" },
  measure: (results) => differenceOf(turned(results, first), turned(results, second)),
  holds: isAbove,
});

const law = (label: string, statement: string, pick: (row: ModesRow) => number): Claim<ModesRow> =>
  boundedLaw(label, statement, 0, pick);

const claims: readonly Claim<ModesRow>[] = [
  law("unchanged", "Frozen parameters keep their bits (1 if a seed changes them)", ({ unchanged }) =>
    Number(!unchanged),
  ),
  law(
    "hard-parity",
    "Hard gates with thresholds of 0 and gains of 1 give the logits of the frozen network (largest difference)",
    ({ parity }) => parity,
  ),
  {
    label: "gates-help",
    statement:
      "Trained thresholds and gains are more accurate on rotated images than the frozen network (paired difference)",
    source: "paper",
    published: { value: "above 0", where: "the abstract" },
    measure: (results) => differenceOf(turned(results, "gates"), turned(results, "frozen")),
    holds: isAbove,
  },
  better("lora-beats-gates", "Low-rank adapters are more accurate still (paired difference)", "lora", "gates"),
  better(
    "all-beats-lora",
    "Training all parameters is more accurate than low-rank adapters (paired difference)",
    "everything",
    "lora",
  ),
  {
    label: "few",
    statement: "Gates have at most a fifth as many parameters as low-rank adapters (share)",
    source: "paper",
    published: { value: "a few hundred parameters", where: "the abstract" },
    measure: (results) => {
      const [ours, theirs] = (["gates", "lora"] as const).map((name) =>
        of(results, name, ({ trainable }) => trainable),
      );
      return ours.length === 0 ? undefined : { value: ours[0].value / theirs[0].value, seeds: ours.length };
    },
    holds: (measured) => isAtMost(measured, 0.2),
  },
  {
    label: "hardened",
    statement: "Hardening gates after learning changes the accuracy by at most 0.01 (largest change)",
    source: "reference",
    measure: (results) =>
      largestOf(bySeed(results, ({ row }) => Math.abs(row.methods.gates.rotated - row.methods["hard gates"].rotated))),
    holds: (measured) => isAtMost(measured, 0.01),
  },
  {
    label: "threshold-beats-gain",
    statement: "Thresholds help: gates are more accurate than gains alone (paired difference)",
    source: "reference",
    measure: (results) => differenceOf(turned(results, "gates"), turned(results, "gains")),
    holds: isAbove,
  },
  {
    label: "forgets-less",
    statement:
      "With gates, less is forgotten about upright images than with all parameters trained (difference in lost accuracy)",
    source: "reference",
    measure: (results) => {
      const lost = (name: Name): SeedValue[] =>
        bySeed(results, ({ row }) => row.methods.frozen.upright - row.methods[name].upright);
      return differenceOf(lost("gates"), lost("everything"));
    },
    holds: isBelow,
  },
];

function figuresOf(results: Results): Figure[] {
  if (results.length === 0) return [];
  const names: readonly Name[] = ["frozen", ...methodNames, "hard gates"];
  const average = (name: Name, pick: (outcome: Outcome) => number): number =>
    mean(of(results, name, pick).map(({ value }) => value));
  return [
    {
      name: "methods",
      title: "Small sets of parameters over a frozen network",
      about: `Accuracy on test images rotated by 45 degrees, for which all methods were specialised, and on upright ones. On rotated images, ${(100 * mean(results.map(({ row }) => row.open))).toFixed(0)} % of the gates of the first layer are open and ${(100 * mean(results.map(({ row }) => row.active))).toFixed(0)} % of its units active.`,
      rows: [
        [
          {
            kind: "points",
            quantity: "accuracy on rotated images",
            rows: names.map((name) => ({
              ...{ name, hue: name === "frozen" ? "base" : name.includes("gates") ? "s5" : "s1" },
              values: turned(results, name).map(({ value }) => value),
            })),
          },
        ],
        [
          {
            kind: "table",
            columns: ["trained", "parameters", "rotated", "upright"].map((head) => ({ head })),
            rows: names.map((name) => [
              name,
              String(average(name, ({ trainable }) => trainable)),
              average(name, ({ rotated }) => rotated).toFixed(4),
              average(name, ({ upright }) => upright).toFixed(4),
            ]),
          },
        ],
      ],
    },
  ];
}

/** See the head of this file. */
export const brainModes: Study<Config, ModesConfig, ModesRow> = {
  name: NAME,
  papers: [
    {
      authors: "S. Ghasemlou",
      title: "Dopamine: Brain Modes, Not Brains",
      year: 2026,
      where: "arXiv 2602.11726; only the abstract and the opening were read",
    },
  ],
  about:
    "Can a frozen network be switched to another mode by the thresholds and gains of its units alone? A network that learned images " +
    "upright and rotated by 45 degrees is frozen, and specialised to rotated ones through thresholds and gains, gains alone, biases, " +
    "low-rank adapters, or all parameters. The exact form of the gates is our interpretation.",
  basis: "abstract only",
  fields,
  images: (scale) => ({ perClass: { smoke: 4, quick: 40, full: 100 }[scale] }),
  effort: {
    smoke: { seeds: 4, seconds: 8, config: { samples: 100, epochs: 1, specialise: 1 } },
    quick: { seeds: 5, seconds: 60, config: { samples: 2000, epochs: 6, specialise: 5 } },
    full: { seeds: 5, seconds: 200 },
  },
  cells: ({ config, seeds, images }) => seeds.map((seed) => ({ kind: NAME, config, seed, data: images!.train })),
  run: (cell, context) => specialise(cell, context),
  claims,
  figures: figuresOf,
};
