// The figures: how the credit approaches the gradient, and how networks learn by it.
import type { Figure } from "../figure.js";
import { log10Of } from "../logarithms.js";
import { mean } from "../statistics.js";
import { digitsOf, FEW, type Results, toysOf, trainingsOf } from "./claims.js";
import { type DigitsConfig, type NetworkName, networks } from "./digits.js";
import { BETAS, RATES } from "./toy.js";
import { learners } from "./training.js";

const curve = { kind: "curves", window: 1, width: 720 } as const;

/** All figures for which there are results. */
export function figuresOf(results: Results): Figure[] {
  const toys = toysOf(results).map(({ row }) => row);
  const trained = learners.map((by) => trainingsOf(results, by).map(({ row }) => row.errors));
  return [
    ...(toys.length > 0 ? [beta(toys), continual(toys)] : []),
    ...(trained.every((curves) => curves.length > 0) ? [training(trained)] : []),
    ...digits(results),
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
  title: "Equilibrium propagation learns",
  about:
    "The test error of prototypical networks on four classes after each epoch. The last fifth of the epochs is at a tenth of the rates.",
  rows: [
    [
      {
        ...{ ...curve, quantity: "test error, %", axis: "epoch", domain: [0, 60] },
        series: [
          { name: "equilibrium propagation", hue: "s5", curves: trained[0] },
          { name: "random signs", hue: "s1", curves: trained[1] },
          { name: "both signs", hue: "s2", curves: trained[2] },
          { name: "backpropagation through time", hue: "base", dashed: true, curves: trained[3] },
        ],
      },
    ],
  ],
});

/** Curves of P-1h, and a table of all networks that learned digits. */
function digits(results: Results): Figure[] {
  const drawn = (fits: (config: DigitsConfig) => boolean, domain: [number] | [number, number]) => {
    const [ours, theirs] = (["ep", "bptt"] as const).map((by) =>
      digitsOf(results, "P-1h", by, fits).map(({ row }) => row.digits),
    );
    if (ours.length === 0 || theirs.length === 0) return [];
    return [
      {
        ...{ ...curve, quantity: "test error, %", axis: "epoch", domain, at: ours[0].map((_, i) => i + 1) },
        series: [
          { name: "equilibrium propagation", hue: "s5" as const, curves: ours },
          { name: "backpropagation through time", hue: "base" as const, dashed: true, curves: theirs },
        ],
      },
    ];
  };
  const few = drawn(({ samples }) => samples <= FEW, [0]);
  const whole = drawn(({ samples }) => samples > FEW, [0, 8]);
  const rows = (Object.keys(networks) as NetworkName[]).flatMap((network) => rowsOf(results, network));
  if (rows.length === 0) return [];
  const table = {
    kind: "table" as const,
    columns: ["network", "hidden", "images", "epochs", "seeds", "equilibrium propagation, %", "backpropagation, %"].map(
      (head) => ({ head }),
    ),
    rows,
  };
  return [
    {
      name: "digits",
      title: "Digits",
      about: "The test error of P-1h after each epoch, and of all networks at the end: means over seeds.",
      rows: [...(few.length > 0 ? [few] : []), [table]],
    },
    ...(whole.length > 0
      ? [
          {
            name: "digits-whole",
            title: "All 60,000 digits",
            about: "The test error of P-1h after each epoch.",
            rows: [whole],
          },
        ]
      : []),
  ];
}

/** A row for each size of a network's training. */
function rowsOf(results: Results, network: NetworkName): string[][] {
  const all = digitsOf(results, network, "ep").map(({ cell }) => cell.config as unknown as DigitsConfig);
  const sizes = [
    ...new Map(all.map((config) => [`${config.samples} ${config.epochs} ${config.widths}`, config])).values(),
  ];
  return sizes.map((config) => {
    const same = (other: DigitsConfig): boolean =>
      other.samples === config.samples && other.epochs === config.epochs && `${other.widths}` === `${config.widths}`;
    const last = (by: DigitsConfig["by"]): number[] =>
      digitsOf(results, network, by, same).map(({ row }) => row.digits[row.digits.length - 1]);
    const shown = (values: readonly number[]): string => (values.length > 0 ? mean(values).toFixed(2) : "-");
    const [ep, bptt] = [last("ep"), last("bptt")];
    return [
      ...[network, config.widths.join(", "), String(config.samples), String(config.epochs), String(ep.length)],
      ...[shown(ep), shown(bptt)],
    ];
  });
}
