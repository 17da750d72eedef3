// The figures: accuracies with fixed and learned internals, and what counting and complexity name rightly.
import type { Figure, PointRow } from "../figure.js";
import { bySeed } from "../measure.js";
import { mean } from "../statistics.js";
import { compared, of, type Results } from "./claims.js";
import { pairsOfSources } from "./facts.js";
import type { TaskName } from "./tasks.js";

const titles: Readonly<Record<TaskName, string>> = {
  rate: "Two rates",
  synchrony: "Synchrony alone",
  "1 or 7": "Images of 1 and 7",
  "3 or 8": "Images of 3 and 8",
  "4 or 9": "Images of 4 and 9",
};

const names: Readonly<Record<TaskName, string>> = {
  rate: "rate",
  synchrony: "synchrony",
  "1 or 7": "one-or-seven",
  "3 or 8": "three-or-eight",
  "4 or 9": "four-or-nine",
};

/** All figures for which there are results. */
export function figuresOf(results: Results): Figure[] {
  const tasks = (Object.keys(compared) as TaskName[]).flatMap((task) => {
    const rows = rowsOf(results, task);
    return rows.length > 0 ? [accuracy(task, rows)] : [];
  });
  const sources = bySeed(results, ({ row }) => ("pairs" in row ? 0 : undefined));
  return [...tasks, ...(sources.length > 0 ? [complexity(results)] : [])];
}

function rowsOf(results: Results, task: TaskName): PointRow[] {
  const values = (each: ReturnType<typeof of>): number[] => each.map(({ value }) => value);
  const [first] = compared[task];
  const baselines: PointRow[] = [
    { name: "count", hue: "base", values: values(of(results, task, first, false, ({ count }) => count)) },
    {
      name: "complexity of inputs",
      hue: "base",
      values: values(of(results, task, first, false, (row) => row.complexity.input)),
    },
  ];
  const networks = compared[task].flatMap((neuron): PointRow[] => [
    { name: `${neuron}: fixed`, hue: "s1", values: values(of(results, task, neuron, false)) },
    { name: `${neuron}: learned`, hue: "s5", values: values(of(results, task, neuron, true)) },
    {
      name: `${neuron}: learned, complexity`,
      hue: "s2",
      values: values(of(results, task, neuron, true, (row) => row.complexity.output)),
    },
  ]);
  return [...baselines, ...networks].filter((row) => row.values.length > 0);
}

const accuracy = (task: TaskName, rows: readonly PointRow[]): Figure => ({
  name: names[task],
  title: titles[task],
  about:
    "The share of new examples whose class is named rightly: by the number of input spikes, by the complexity of trains, and by networks whose neurons have fixed or learned internals; weights always learn.",
  rows: [[{ kind: "points", quantity: "accuracy", rows }]],
});

const complexity = (results: Results): Figure => ({
  name: "complexity",
  title: "Complexity as a classifier",
  about: "The share of trains whose source is named rightly, without any network: means over seeds.",
  rows: [
    [
      {
        kind: "table",
        columns: [{ head: "sources" }, { head: "complexity" }, { head: "count" }],
        rows: pairsOfSources.map((name, i) => [
          name,
          ...(["complexity", "count"] as const).map((pick) =>
            mean(
              bySeed(results, ({ row }) => ("pairs" in row ? row.pairs[i][pick] : undefined)).map(({ value }) => value),
            ).toFixed(3),
          ),
        ]),
      },
    ],
  ],
});
