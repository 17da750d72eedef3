// The figures: bias and spread against the length of a lifetime, and the table with costs.
import type { Curves, Figure, Hue, Table } from "../figure.js";
import { log10Of } from "../logarithms.js";
import { bootstrap, mean } from "../statistics.js";
import { type Results, valuesOf } from "./claims.js";
import {
  type Compared,
  type EstimatorName,
  estimatorNames,
  noisy,
  type TaskName,
  taskNames,
  WINDOW,
} from "./measure.js";

const HUES: Readonly<Record<EstimatorName, Hue>> = {
  truncated: "s1",
  forward: "base",
  "forward:1": "s5",
  es: "s2",
  pes: "s3",
};

const lengthsOf = (results: Results): number[] =>
  [...new Set(results.map(({ row }) => row.steps))].sort((a, b) => a - b);

/** A chart of one number of some estimators against the length of a lifetime. */
function chart(results: Results, task: TaskName, part: keyof Compared, names: readonly EstimatorName[]): Curves {
  const lengths = lengthsOf(results);
  const seeds = [...new Set(results.map(({ cell }) => cell.seed))].sort((a, b) => a - b);
  const series = names.map((name) => ({
    ...{ name, hue: HUES[name] },
    curves: seeds.map((seed) =>
      lengths.map(
        (steps) =>
          valuesOf(results, { task, steps }, name, part).find((value) => value.seed === seed)?.value ?? Number.NaN,
      ),
    ),
  }));
  const all = series.flatMap(({ curves }) => curves.flat()).filter(Number.isFinite);
  return {
    ...{ kind: "curves", window: 1, axis: "steps of a lifetime, log10", at: log10Of(lengths), series },
    // All of it: the longest lifetimes, which cost the most, are also the farthest off.
    domain: [0, Math.max(...all)],
    quantity: `${part}, relative, ${task}`,
  };
}

/** What one lifetime costs with an estimator, in forward lifetimes of so many steps. */
function lifetimes(name: EstimatorName, steps: number, numbers: number): string {
  const costs: Readonly<Record<EstimatorName, number>> = {
    truncated: (steps + 2 * Math.min(WINDOW, steps)) / steps,
    forward: 2 * numbers,
    "forward:1": noisy["forward:1"],
    es: noisy.es,
    pes: noisy.pes,
  };
  return costs[name].toFixed(2);
}

const shown = (values: readonly number[], digits = 3): string => {
  const { mean, low, high } = bootstrap(values);
  return Number.isNaN(low)
    ? mean.toFixed(digits)
    : `${mean.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
};

/** Every number, with intervals over the seeds. */
function tableOf(results: Results): Table {
  const rows = taskNames.flatMap((task) =>
    lengthsOf(results).flatMap((steps) =>
      estimatorNames.flatMap((name) => {
        const numbers = (part: keyof Compared) =>
          valuesOf(results, { task, steps }, name, part).map(({ value }) => value);
        if (numbers("bias").length === 0) return [];
        const spread = mean(numbers("spread"));
        return [
          [
            ...[
              task,
              String(steps),
              name,
              shown(numbers("along")),
              shown(numbers("spread"), 2),
              lifetimes(name, steps, 2),
            ],
            spread === 0 ? "" : Math.ceil(noisy[name as keyof typeof noisy] * spread ** 2 * 100).toPrecision(2),
          ],
        ];
      }),
    ),
  );
  return {
    kind: "table",
    columns: [
      { head: "effects", text: true },
      { head: "steps" },
      { head: "estimator", text: true },
      { head: "bias along the gradient (98 %)" },
      { head: "spread of a draw (98 %)" },
      { head: "lifetimes a draw" },
      { head: "lifetimes for a spread of 0.1" },
    ],
    rows,
  };
}

/** All figures for which there are results. */
export function figuresOf(results: Results): Figure[] {
  if (results.length === 0) return [];
  return [
    {
      name: "bias",
      title: "What truncation loses",
      about: `How far the gradient through the last ${WINDOW} steps is from that through the whole lifetime, relative to it, by the length of the lifetime.`,
      rows: [taskNames.map((task) => chart(results, task, "bias", ["truncated", "forward"]))],
    },
    {
      name: "spread",
      title: "How noisy one draw is",
      about:
        "The root mean square distance of one draw (a pair, or a direction) from the mean, relative to the gradient. That of N draws is smaller by the root of N.",
      rows: [taskNames.map((task) => chart(results, task, "spread", ["forward:1", "es", "pes"]))],
    },
    {
      name: "estimators",
      title: "Bias, spread and cost",
      about:
        "Means over the seeds with 98 % intervals. Lifetimes are counted in steps forward; a step that carries a tangent counts as two, and a step back as two.",
      rows: [[tableOf(results)]],
    },
  ];
}
