// The figures: how inference approaches the gradient, what a lower rate costs, and when layers fire.
import type { Result } from "../../runs/index.js";
import { cycle, type Figure, type Series } from "../figure.js";
import { log10Of } from "../logarithms.js";
import { LAMBDAS, SLOW, type TrialsRow } from "./measure.js";

/** All figures for which there are results. */
export function figuresOf(results: readonly Result<TrialsRow>[]): Figure[] {
  const rows = [...results].sort((a, b) => a.cell.seed - b.cell.seed).map(({ row }) => row);
  return rows.length === 0 ? [] : [limit(rows), firing(rows), rates(rows), errors(rows)];
}

const curve = { kind: "curves", window: 1, width: 720 } as const;

const limit = (rows: readonly TrialsRow[]): Figure => ({
  name: "limit",
  title: "Inference approaches the gradient as the output's error weighs less",
  about:
    "The relative error of IL on networks with layers of 6, 9, 8, 7 and 5 neurons, by the weight λ of the output's error in the energy. Both axes are logarithmic.",
  rows: [
    [
      {
        ...{ ...curve, quantity: "error, log10", axis: "λ, log10", domain: [-5, 1], at: log10Of(LAMBDAS) },
        series: [
          { name: "IL", hue: "s5", curves: rows.map((row) => log10Of(row.limit.errors)) },
          { name: "9 λ", hue: "base", dashed: true, curves: [log10Of(LAMBDAS.map((lambda) => 9 * lambda))] },
        ],
      },
    ],
  ],
});

const firing = (rows: readonly TrialsRow[]): Figure => {
  const layers = rows[0].autonomous.fired.length;
  const series = Array.from(
    { length: layers },
    (_, layer): Series => ({
      name: layer === layers - 1 ? "output" : `layer ${layer + 1}`,
      hue: cycle[layer],
      curves: rows.map(({ autonomous }) => autonomous.fired[layer]),
    }),
  );
  return {
    name: "firing",
    title: "Each layer fires in a tick of its own",
    about:
      "The share of the neurons of each layer that fire in each tick of Fa-Z-IL, in which nothing counts the ticks.",
    rows: [
      [
        {
          ...{ ...curve, quantity: "share that fires", axis: "tick", domain: [0, 1.05] },
          ...{ at: rows[0].autonomous.fired[0].map((_, tick) => tick), series },
        },
      ],
    ],
  };
};

const rates = (rows: readonly TrialsRow[]): Figure => ({
  name: "rates",
  title: "What a lower rate costs",
  about: `The relative error at a rate of ${SLOW}, by the level k of the layer, counted from the output at 0. It is 1 - ${SLOW}^k.`,
  rows: [
    [
      {
        ...{ ...curve, quantity: "error", axis: "level", domain: [0, 0.3] },
        at: rows[0].slow.errors.map((_, level) => level),
        series: [{ name: "Z-IL", hue: "s5", curves: rows.map(({ slow }) => slow.errors) }],
      },
    ],
  ],
});

const errors = (rows: readonly TrialsRow[]): Figure => {
  const over = (pick: (row: TrialsRow) => number | undefined): string =>
    Math.max(...rows.map((row) => pick(row) ?? Number.NEGATIVE_INFINITY)).toExponential(1);
  const kinds = Object.keys(rows[0].exact);
  return {
    name: "errors",
    title: "Errors",
    about:
      "The largest relative error of a layer in float64, and in float32 the largest difference divided by the largest gradient.",
    rows: [
      [
        {
          kind: "table",
          columns: [{ head: "networks" }, { head: "float64" }, { head: "float32" }],
          rows: kinds.map((kind) => [
            kind,
            over(({ exact }) => exact[kind]),
            kind in rows[0].single ? over(({ single }) => single[kind]) : "-",
          ]),
        },
      ],
    ],
  };
};
