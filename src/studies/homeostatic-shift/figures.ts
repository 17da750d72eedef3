// The figures: the accuracies of the learners while labels shift, and their learning rates.
import type { Figure, Hue, Series, Table } from "../figure.js";
import { mean } from "../statistics.js";
import type { Arm, ShiftConfig } from "./arms.js";
import { accuracyOf, type Results } from "./claims.js";

const HUES: readonly Hue[] = ["base", "s5", "s1", "s2", "s3", "s4"];

const spoken = (every: number | null): string => (every === null ? "never" : `every ${every}`);

/** All figures for which there are results. */
export function figuresOf(results: Results): Figure[] {
  const configs = results.map(({ cell }) => cell.config as ShiftConfig);
  const arms = [...new Set(configs.map(({ arm }) => arm))];
  const shifts = [...new Set(configs.map(({ learner }) => learner.every))];
  if (arms.length === 0) return [];
  const table: Table = {
    kind: "table",
    columns: [{ head: "learner" }, ...shifts.map((every) => ({ head: `labels exchanged: ${spoken(every)}` }))],
    rows: arms.map((arm) => [
      arm,
      ...shifts.map((every) => {
        const values = accuracyOf(results, arm, every).map(({ value }) => value);
        return values.length === 0 ? "" : mean(values).toFixed(3);
      }),
    ]),
  };
  const last = shifts[shifts.length - 1];
  const series = (pick: (epoch: { online: number; rate: number }) => number): Series[] =>
    arms.flatMap((arm: Arm, i) => {
      const curves = results
        .filter(({ cell }) => {
          const config = cell.config as ShiftConfig;
          return config.arm === arm && config.learner.every === last;
        })
        .map(({ row }) => row.epochs.map(pick));
      return curves.length === 0 ? [] : [{ name: arm, hue: HUES[i % HUES.length], curves }];
    });
  return [
    {
      name: "learners",
      title: "Learners while labels shift",
      about: `The share of images that are classified correctly before they are learned from: in the table, its mean from the third epoch on; in the charts, by epoch and with the learning rate after each epoch, for labels that are exchanged ${last === null ? "never" : `every ${last} samples`}.`,
      rows: [
        [table],
        [
          {
            ...{ kind: "curves", window: 1, quantity: "online accuracy", axis: "epoch", domain: [0, 1] },
            series: series(({ online }) => online),
          },
          {
            ...{ kind: "curves", window: 1, quantity: "learning rate", axis: "epoch", domain: [0] },
            series: series(({ rate }) => rate),
          },
        ],
      ],
    },
  ];
}
