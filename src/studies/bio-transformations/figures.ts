// The results of the arms, as a chart and a table.
import type { Result } from "../../runs/index.js";
import type { Figure, Table } from "../figure.js";
import { signed } from "../statistics.js";
import type { Outcome, Setting } from "./ablation.js";
import { type Effect, effectOf } from "./effect.js";

/** The name of an arm with the published formulas. */
const published = (arm: string): string => `${arm}, published`;

/** The figure of a study's results. */
export function figuresOf(results: readonly Result<Outcome>[]): Figure[] {
  const rows = results.map(({ cell, row }) =>
    (cell.config as Setting).reference ? { ...row, arm: published(row.arm) } : row,
  );
  return rows.length === 0 ? [] : [armsFigure(effectsOf(rows), "Accuracy with and without each mechanism")];
}

/** The effects of the arms in order of appearance, each compared with the arm "none" of the same seeds. */
export function effectsOf(rows: readonly Outcome[]): Effect[] {
  const of = (arm: string): Outcome[] => rows.filter((row) => row.arm === arm);
  return [...new Set(rows.map(({ arm }) => arm))].map((arm) => effectOf(arm, of(arm), of("none")));
}

/** Accuracies as points, and what the mechanisms did as a table. */
export function armsFigure(effects: readonly Effect[], title: string): Figure {
  const rows = effects.map(({ arm, accuracies }) => ({
    name: arm,
    hue: arm === "none" ? ("base" as const) : ("s5" as const),
    values: accuracies,
  }));
  const none = effects.find(({ arm }) => arm === "none");
  const reference = none && { at: none.accuracy.mean, name: "none" };
  return {
    name: "arms",
    title,
    about:
      "Effects are differences from the same seed without mechanisms, in percentage points. Frozen: share of synapses at half their rate or less; " +
      "reborn: how often a synapse was replaced; signs: weights that break Dale's principle; spread: standard deviation of how " +
      "far synapses move, relative to how far the plain optimizer would move them.",
    rows: [
      [{ kind: "points", quantity: "share of the test images classified correctly", rows, reference }],
      [armsTable(effects)],
    ],
  };
}

/** The columns of `armsTable`. */
const HEADS = ["accuracy", "98 % interval", "effect, points", "interval", "frozen", "reborn", "signs", "spread"];

/** A table with the accuracy of each arm, its effect, and what its mechanisms did. */
export function armsTable(effects: readonly Effect[]): Table {
  const percent = (x: number): string => `${(100 * x).toFixed(1)} %`;
  const points = (x: number): string => signed(100 * x, 2);
  const known = (x: number | null, show: (x: number) => string): string => (x === null ? "-" : show(x));
  const rows = effects.map(({ arm, accuracy, effect, frozen, reborn, violations, spread }) => {
    const several = accuracy.count > 1;
    return [
      arm,
      `${(100 * accuracy.mean).toFixed(2)} %`,
      several ? `${(100 * accuracy.low).toFixed(2)} to ${(100 * accuracy.high).toFixed(2)}` : "-",
      arm === "none" ? "" : points(effect.mean),
      arm === "none" ? "" : several ? `${points(effect.low)} to ${points(effect.high)}` : "-",
      ...[known(frozen, percent), known(reborn, (x) => x.toFixed(2)), known(violations, String)],
      spread.mean.toFixed(4),
    ];
  });
  return { kind: "table", columns: [{ head: "mechanism", text: true }, ...HEADS.map((head) => ({ head }))], rows };
}
