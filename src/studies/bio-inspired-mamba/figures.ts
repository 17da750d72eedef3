// The figures: who learns to recall, and what errors of the same step tell a lower layer.
import type { Figure, Hue } from "../figure.js";
import { arms, lawsOf, type Results, trainingsOf } from "./claims.js";
import { STRETCH } from "./training.js";

const hues: readonly Hue[] = ["base", "s5", "s1", "s2", "s3"];

/** All figures for which there are results. */
export function figuresOf(results: Results): Figure[] {
  const laws = lawsOf(results).map(({ row }) => row);
  const series = arms.flatMap((arm, i) => {
    const curves = trainingsOf(results, arm).map(({ row }) => row.accuracy);
    return curves.length === 0 || curves[0].length === 0
      ? []
      : [{ name: arm.name, hue: hues[i], curves, dashed: i === 0 }];
  });
  return [...(series.length > 0 ? [recall(series)] : []), ...(laws.length > 0 ? [layers(laws)] : [])];
}

type Laws = ReturnType<typeof lawsOf>[number]["row"][];

const recall = (
  series: readonly { name: string; hue: Hue; curves: readonly (readonly number[])[]; dashed: boolean }[],
): Figure => ({
  name: "recall",
  title: "Recalling a marked symbol",
  about: `The share of right answers, in stretches of ${STRETCH} sequences. Through time and in real time are the same curve.`,
  rows: [
    [
      {
        ...{ kind: "curves", window: 1, width: 720, quantity: "accuracy", axis: "sequences", domain: [0, 1], series },
        at: series[0].curves[0].map((_, i) => (i + 1) * STRETCH),
      },
    ],
  ],
});

const layers = (rows: Laws): Figure => ({
  name: "layers",
  title: "Errors of the same step",
  about: "Two layers: the cosine between credit and gradient. The upper layer is exact, the lower one only near.",
  rows: [
    [
      {
        ...{ kind: "points", quantity: "cosine", reference: { at: 1, name: "the gradient" }, width: 720 },
        rows: [{ name: "lower layer", hue: "s5", values: rows.map(({ lower }) => lower) }],
      },
    ],
  ],
});
