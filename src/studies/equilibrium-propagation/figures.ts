// The figures: how the credit approaches the gradient, and how networks learn by it.
import type { Figure } from "../figure.js";
import { log10Of } from "../logarithms.js";
import { type Results, toysOf, trainingsOf } from "./claims.js";
import { BETAS, RATES } from "./toy.js";

const curve = { kind: "curves", window: 1, width: 720 } as const;

/** All figures for which there are results. */
export function figuresOf(results: Results): Figure[] {
  const toys = toysOf(results).map(({ row }) => row);
  const trained = (["ep", "random", "bptt"] as const).map((by) =>
    trainingsOf(results, by).map(({ row }) => row.errors),
  );
  return [
    ...(toys.length > 0 ? [beta(toys), continual(toys)] : []),
    ...(trained.every((curves) => curves.length > 0) ? [training(trained)] : []),
  ];
}

type Toys = ReturnType<typeof toysOf>[number]["row"][];

const beta = (rows: Toys): Figure => ({
  name: "beta",
  title: "Weaker nudging, smaller errors",
  about:
    "The relative error of the credit, compared with the gradient, by β. Both axes are logarithmic. The toy network is energy-based.",
  rows: [
    [
      {
        ...{ ...curve, quantity: "error, log10", axis: "β, log10", domain: [-9, 0], at: log10Of(BETAS) },
        series: [
          { name: "one-sided", hue: "s5", curves: rows.map(({ oneSided }) => log10Of(oneSided)) },
          { name: "symmetric", hue: "s1", curves: rows.map(({ symmetric }) => log10Of(symmetric)) },
        ],
      },
    ],
  ],
});

const continual = (rows: Toys): Figure => ({
  name: "continual",
  title: "Parameters that move together with the states must move slowly",
  about: "The relative error of the continual algorithm at β = 0.001, by its rate η. Both axes are logarithmic.",
  rows: [
    [
      {
        ...{ ...curve, quantity: "error, log10", axis: "η, log10", domain: [-4, 1], at: log10Of(RATES) },
        series: [{ name: "continual", hue: "s5", curves: rows.map((row) => log10Of(row.continual)) }],
      },
    ],
  ],
});

const training = (trained: readonly (readonly (readonly number[])[])[]): Figure => ({
  name: "training",
  title: "Equilibrium propagation learns as well as backpropagation through time",
  about: "The test error of prototypical networks on four classes after each epoch.",
  rows: [
    [
      {
        ...{ ...curve, quantity: "test error, %", axis: "epoch", domain: [0, 60] },
        series: [
          { name: "equilibrium propagation", hue: "s5", curves: trained[0] },
          { name: "random signs", hue: "s1", curves: trained[1] },
          { name: "backpropagation through time", hue: "base", dashed: true, curves: trained[2] },
        ],
      },
    ],
  ],
});
