// The figures: a network of learners learns, a layer that remembers does what others cannot, and wealth goes to the truth.
import type { Figure, Hue } from "../figure.js";
import type { Results } from "./claims.js";
import { CHANCES } from "./experiments.js";

const curve = { kind: "curves", window: 1, width: 720 } as const;
const hues: readonly Hue[] = ["s5", "s1", "base"];

/** All figures; none without results. */
export function figuresOf(results: Results): Figure[] {
  if (results.length === 0) return [];
  const rows = [...results].sort((a, b) => a.cell.seed - b.cell.seed).map(({ row }) => row);
  return [
    {
      name: "network",
      title: "Composed learners are the network",
      about:
        "The loss of a 2-16-16-2 network on two spirals, put together from learners; that of the tape is under it.",
      rows: [
        [
          {
            ...{ ...curve, quantity: "loss", axis: "steps", domain: [0, 0.8] },
            series: [
              { name: "learners", hue: "s5", curves: rows.map(({ network }) => network.learners) },
              { name: "tape", hue: "base", dashed: true, curves: rows.map(({ network }) => network.tape) },
            ],
          },
        ],
      ],
    },
    {
      name: "stream",
      title: "A layer with a memory inside",
      about:
        "How often a network tells whether a bit differs from the one before it, in stretches of 100 steps of 16 streams.",
      rows: [
        [
          {
            ...{ ...curve, quantity: "accuracy", axis: "stretch", domain: [0.4, 1] },
            series: [
              { name: "with a box", hue: "s5", curves: rows.map(({ stream }) => stream.box) },
              { name: "without", hue: "base", dashed: true, curves: rows.map(({ stream }) => stream.memoryless) },
            ],
          },
        ],
      ],
    },
    {
      name: "market",
      title: "Wealth goes to the truth",
      about: "What three experts own. They say that an outcome has these chances; 0.8 is the truth.",
      rows: [
        [
          {
            ...{ ...curve, quantity: "wealth", axis: "outcomes", domain: [0, 1] },
            series: CHANCES.map((chance, i) => ({
              ...{ name: `says ${chance}`, hue: hues[i], curves: rows.map(({ market }) => market.wealth[i]) },
            })),
          },
        ],
      ],
    },
  ];
}
