// The figures: pulses in time, margins, and biases on their way.
import type { Figure, Hue, Series } from "../figure.js";
import { factsOf, marginsOf, type Results, tuningOf } from "./claims.js";
import { type FactsRow, THRESHOLDS } from "./facts.js";
import type { MarginsRow } from "./margins.js";
import type { TuningRow } from "./tuning.js";

/** All figures for which there are results. */
export function figuresOf(results: Results): Figure[] {
  const [facts, margins, tuning] = [factsOf(results), marginsOf(results), tuningOf(results)];
  return [
    ...(facts ? [pulses(facts), neuron(facts)] : []),
    ...(margins ? [marginFigure(margins)] : []),
    ...(tuning.length > 0 ? [tuned(tuning)] : []),
  ];
}

function pulses({ traces }: FactsRow): Figure {
  const names: readonly (readonly [string, Hue])[] = [
    ["input 1", "s1"],
    ["input 2", "s2"],
    ["output", "s5"],
  ];
  return {
    name: "pulses",
    title: "Eight patterns in time",
    about:
      "The voltages at the inputs and the output; the inputs are drawn 4 and 2 mV higher. A pulse has the area of one flux quantum. The output sends one where exactly one input did.",
    rows: [
      [
        {
          ...{ kind: "curves", window: 1, width: 720, height: 320, quantity: "mV", axis: "ps", domain: [-0.6, 5.4] },
          at: traces[0].map((_, ps) => ps),
          series: names.map(
            ([name, hue], i): Series => ({ name, hue, curves: [traces[i].map((mV) => mV + 4 - 2 * i)] }),
          ),
        },
      ],
    ],
  };
}

function neuron({ neuron: counts }: FactsRow): Figure {
  return {
    name: "neuron",
    title: "One neuron, two gates",
    about: "Pulses of a neuron with two inputs, by its bias in units of the critical current.",
    rows: [
      [
        {
          kind: "table",
          columns: [{ head: "bias" }, ...["00", "01", "10", "11"].map((head) => ({ head }))],
          rows: THRESHOLDS.map((threshold, i) => [String(threshold), ...counts[i].map(String)]),
        },
      ],
    ],
  };
}

function marginFigure({ margins, grid }: MarginsRow): Figure {
  const text = `On a grid of ${grid.points} pairs of biases, circuit and neurons of pulses agree at ${grid.agree}; ${grid.both} are XOR for both, ${grid.either} for at least one.`;
  return {
    name: "margins",
    title: "Margins",
    about:
      "The least and the largest factor of each nominal value at which all eight patterns are right; circles where the circuit still works at the end of what was tried. The last row scales all biases together.",
    rows: [
      [
        {
          kind: "log-points",
          quantity: "factor of the nominal value",
          rows: margins.map(({ name, low, high, open }) => ({
            name,
            points: [
              { at: low, open: open[0] },
              { at: high, open: open[1] },
            ],
          })),
        },
      ],
      [{ kind: "note", text }],
    ],
  };
}

function tuned(rows: readonly TuningRow[]): Figure {
  const longest = Math.max(...rows.map(({ biases }) => biases.length));
  const curvesOf = (pick: (row: TuningRow) => readonly number[]): number[][] =>
    rows.map((row) => {
      const values = pick(row);
      return Array.from({ length: longest }, (_, step) => values[Math.min(step, values.length - 1)]);
    });
  const common = { kind: "curves", window: 1, axis: "step", at: Array.from({ length: longest }, (_, i) => i) } as const;
  return {
    name: "tuned",
    title: "Tuned by gradients",
    about:
      "From random biases at which the network is silent, the gradient of how late phases differ from what is wanted leads to XOR; each seed stops where all patterns are right.",
    rows: [
      [
        {
          ...{ ...common, quantity: "bias", domain: [0, 1] },
          series: [
            { name: "hidden", hue: "s5", curves: curvesOf(({ biases }) => biases.map(([hidden]) => hidden)) },
            { name: "output", hue: "s1", curves: curvesOf(({ biases }) => biases.map(([, output]) => output)) },
          ],
        },
        {
          ...{ ...common, quantity: "wrong patterns", domain: [0, 4] },
          series: [{ name: "wrong", hue: "s2", curves: curvesOf(({ wrong }) => wrong) }],
        },
      ],
    ],
  };
}
