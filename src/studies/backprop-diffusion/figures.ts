// The figures: the error after the onset of a constant input, the error by the speed of the input, and learning from
// samples that are held.
import type { Result } from "../../runs/index.js";
import { cycle, type Figure } from "../figure.js";
import { log10Of } from "../logarithms.js";
import { mean } from "../statistics.js";
import { DEPTHS, HOLDS, OMEGAS, type WavesRow } from "./measure.js";

const curve = { kind: "curves", window: 1, width: 720 } as const;

/** All figures for which there are results. */
export function figuresOf(results: readonly Result<WavesRow>[]): Figure[] {
  const rows = [...results].sort((a, b) => a.cell.seed - b.cell.seed).map(({ row }) => row);
  if (rows.length === 0) return [];
  return [
    {
      name: "onset",
      title: "The gradient arrives after one pass forward and one back",
      about:
        "The relative error of the credit after the onset of a constant input, in networks of 8 layers. It is 0 from tick 15 on.",
      rows: [
        [
          {
            ...{ ...curve, quantity: "error", axis: "tick", domain: [0] },
            at: rows[0].onset.map((_, tick) => tick),
            series: [{ name: "L = 8", hue: "s5", curves: rows.map(({ onset }) => onset) }],
          },
        ],
      ],
    },
    {
      name: "slow",
      title: "Slower inputs, smaller errors",
      about:
        "The mean relative error for inputs that move at ω radians per tick, for several numbers of layers. Both axes are logarithmic.",
      rows: [
        [
          {
            ...{ ...curve, quantity: "error, log10", axis: "ω, log10", domain: [-5, 1], at: log10Of(OMEGAS) },
            series: DEPTHS.map((depth, i) => ({
              ...{ name: `L = ${depth}`, hue: cycle[i] },
              curves: rows.map(({ moving }) => log10Of(moving[i])),
            })),
          },
        ],
      ],
    },
    {
      name: "held",
      title: "Samples must be held",
      about:
        "The loss after learning a map online, by waves and by the gradient of the same samples, against the number of ticks for which each sample is held. The networks have 3 layers.",
      rows: [
        [
          {
            ...{ ...curve, quantity: "loss", axis: "ticks", domain: [0], at: HOLDS },
            series: [
              { name: "waves", hue: "s5", curves: rows.map(({ held }) => held.waves) },
              { name: "gradient", hue: "base", dashed: true, curves: rows.map(({ held }) => held.gradient) },
            ],
          },
        ],
      ],
    },
    {
      name: "errors",
      title: "Mean errors",
      about:
        "Mean relative errors over all seeds with moving inputs. In brackets: the same with targets that are not delayed to match the output.",
      rows: [
        [
          {
            kind: "table",
            columns: [{ head: "L" }, ...OMEGAS.map((omega) => ({ head: `ω = ${omega}` }))],
            rows: DEPTHS.map((depth, i) => [
              String(depth),
              ...OMEGAS.map((_, j) => {
                const of = (key: "moving" | "unaligned"): string =>
                  mean(rows.map((row) => row[key][i][j])).toExponential(1);
                return `${of("moving")} (${of("unaligned")})`;
              }),
            ]),
          },
        ],
      ],
    },
  ];
}
