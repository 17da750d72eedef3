// The figures: how fast tasks are learned, and how noise makes weights orthogonal.
import type { Figure, Hue, Series } from "../figure.js";
import { log10Of } from "../logarithms.js";
import { mean } from "../statistics.js";
import { type Arm, arms, descentsOf, type Results, trainingsOf } from "./claims.js";
import { LOOK } from "./measure.js";
import type { TaskName } from "./tasks.js";
import { EVERY } from "./training.js";

const curve = { kind: "curves", window: 1, width: 720 } as const;
const hues: readonly Hue[] = ["base", "s5", "s2", "s1"];

/** All figures for which there are results. */
export function figuresOf(results: Results): Figure[] {
  const descents = descentsOf(results).map(({ row }) => row);
  const learned = (["temporal", "addition", "permutation"] as const).flatMap((task) => {
    const series = arms.flatMap((arm, i) => seriesOf(results, task, arm, hues[i]));
    return series.length > 1 ? [learning(task, series)] : [];
  });
  return [...learned, ...(descents.length > 0 ? [flow(descents), noise(descents)] : [])];
}

type Descents = ReturnType<typeof descentsOf>[number]["row"][];

/** The errors of an arm, with the last one held from where the task was solved; all curves of one length. */
function seriesOf(results: Results, task: TaskName, arm: Arm, hue: Hue): Series[] {
  const found = trainingsOf(results, task, arm);
  if (found.length === 0) return [];
  const most = Math.max(
    ...found.map(({ cell }) => Math.ceil((cell.config as unknown as { iterations: number }).iterations / EVERY)),
  );
  const held = found.map(({ row: { errors } }) =>
    Array.from({ length: most }, (_, i) => errors[Math.min(i, errors.length - 1)]),
  );
  return [{ name: arm.name, hue, curves: held, dashed: arm === arms[0] }];
}

const titles: Readonly<Record<TaskName, string>> = {
  temporal: "Temporal order",
  addition: "Addition",
  permutation: "The first of many symbols",
};

const learning = (task: TaskName, series: readonly Series[]): Figure => ({
  name: task,
  title: titles[task],
  about: `Wrong answers to new sequences, after every ${EVERY} iterations; a network that has solved the task stops there.`,
  rows: [
    [
      {
        ...{ ...curve, quantity: "error, %", axis: "iterations", domain: [0, 100], series },
        at: series[0].curves[0].map((_, i) => (i + 1) * EVERY),
      },
    ],
  ],
});

const flow = (rows: Descents): Figure => ({
  name: "flow",
  title: "What reaches the first layer",
  about: "Lengths of gradients in a tanh network of 12 layers, one batch: means over seeds.",
  rows: [
    [
      {
        kind: "table",
        columns: [{ head: "first weights" }, { head: "first layer" }, { head: "last layer" }],
        rows: (
          [
            ["normal, 0.001", "small"],
            ["Glorot", "glorot"],
            ["orthogonalised", "orthogonal"],
          ] as const
        ).map(([name, key]) => [
          name,
          ...[0, 1].map((i) => mean(rows.map((row) => row.flow[key][i])).toExponential(1)),
        ]),
      },
    ],
  ],
});

const noise = (rows: Descents): Figure => ({
  name: "noise",
  title: "Noise and a local rule are enough",
  about: "How far the weight is from orthogonal under Oja's rule on white noise; logarithm of ‖W'W - I‖.",
  rows: [
    [
      {
        ...{ ...curve, quantity: "distance, log10", axis: "steps", domain: [-14, 1] },
        at: rows[0].noise.map((_, i) => i * LOOK),
        series: [{ name: "Oja's rule", hue: "s5", curves: rows.map((row) => log10Of(row.noise)) }],
      },
    ],
  ],
});
