// What is claimed of the network of XOR, held against what was computed.
import type { Result } from "../../runs/index.js";
import { bySeed, isAtMost, largestOf } from "../measure.js";
import type { Claim, Measured } from "../study.js";
import { type FactsRow, THRESHOLDS, XOR } from "./facts.js";
import type { MarginsRow } from "./margins.js";
import { WANTED } from "./sequence.js";
import type { TuningRow } from "./tuning.js";

/** A row of the study. */
export type Row = FactsRow | MarginsRow | TuningRow;
export type Results = readonly Result<Row>[];

const rowsOf = (results: Results): readonly Row[] => results.map(({ row }) => row);
/** The row of facts, if it was computed. */
export const factsOf = (results: Results): FactsRow | undefined =>
  rowsOf(results).find((row): row is FactsRow => "flux" in row);
/** The row of margins, if it was computed. */
export const marginsOf = (results: Results): MarginsRow | undefined =>
  rowsOf(results).find((row): row is MarginsRow => "margins" in row);
/** The seeds' rows, in order. */
export const tuningOf = (results: Results): TuningRow[] =>
  [...results].sort((a, b) => a.cell.seed - b.cell.seed).flatMap(({ row }) => ("losses" in row ? [row] : []));

const fact =
  (pick: (row: FactsRow) => number) =>
  (results: Results): Measured | undefined => {
    const row = factsOf(results);
    return row && { value: pick(row), seeds: 1 };
  };
const ofMargins =
  (pick: (row: MarginsRow) => number) =>
  (results: Results): Measured | undefined => {
    const row = marginsOf(results);
    return row && { value: pick(row), seeds: 1 };
  };

const wrongIn = (got: readonly number[], wanted: readonly number[]): number =>
  got.filter((count, i) => count !== wanted[i]).length;
const neuronAt = ({ neuron }: FactsRow, threshold: (typeof THRESHOLDS)[number]): readonly number[] =>
  neuron[THRESHOLDS.indexOf(threshold)];
const none = (measured: Measured) => isAtMost(measured, 0);

/** All claims. */
export const claims: readonly Claim<Row>[] = [
  {
    label: "whole-turns",
    statement: "The phase of each junction advances by whole turns (largest deviation, in turns, at most 0.01)",
    source: "law",
    measure: fact(({ flux }) => flux.turns),
    holds: (measured) => isAtMost(measured, 0.01),
  },
  {
    label: "pulse-area",
    statement: "The voltage of a pulse has the area of a flux quantum (largest deviation, in quanta, at most 0.01)",
    source: "law",
    measure: fact(({ flux }) => flux.area),
    holds: (measured) => isAtMost(measured, 0.01),
  },
  {
    label: "ideal-weights",
    statement:
      "With ideal neurons and a bias of a third, XOR stands errors of all six weights of up to a third (corners at which it is wrong, for errors of 0.25 and 0.33)",
    source: "law",
    measure: fact(({ corners }) =>
      corners.filter(([error]) => error < 1 / 3).reduce((sum, [, share]) => sum + Math.round(64 * (1 - share)), 0),
    ),
    holds: none,
  },
  {
    label: "ideal-weights-fail",
    statement: "Beyond a third it does not (corners at which it is wrong, for an error of 0.34)",
    source: "law",
    measure: fact(({ corners }) => 64 * (1 - (corners.find(([error]) => error === 0.34)?.[1] ?? 1))),
    holds: ({ value }) => (value > 0 ? "holds" : "does not hold"),
  },
  {
    label: "same-flips",
    statement: "Half the step, or the implicit step, changes no count of pulses (patterns with another count)",
    source: "law",
    measure: fact(({ sequence: [first, ...others] }) => others.reduce((sum, each) => sum + wrongIn(each, first), 0)),
    holds: none,
  },
  {
    label: "line",
    statement:
      "A line of six stages passes one pulse as one, three 30 ps apart as three, and a weak one as none (wrong counts)",
    source: "reference",
    measure: fact(({ line }) => wrongIn(line, [1, 3, 0])),
    holds: none,
  },
  {
    label: "and-or",
    statement: "A neuron with two inputs is AND with a bias of 0.4, and OR with 0.8 (wrong entries of both tables)",
    source: "paper",
    published: { value: 0, where: "abstract: tuned by an external current" },
    measure: fact((row) => wrongIn(neuronAt(row, 0.4), [0, 0, 0, 1]) + wrongIn(neuronAt(row, 0.8), [0, 1, 1, 1])),
    holds: none,
  },
  {
    label: "xor",
    statement: "A network of junctions computes XOR, on eight patterns one after the other (wrong patterns)",
    source: "paper",
    published: { value: 0, where: "abstract: a deep network for XOR at circuit level" },
    measure: fact(({ sequence: [first] }) => wrongIn(first, WANTED)),
    holds: none,
  },
  {
    label: "fifth-off",
    statement:
      "It stands each of six parameters being a fifth off, and all biases being a tenth low or a fifth high (cases that fail)",
    source: "reference",
    measure: ofMargins(({ wrong }) => wrong.length),
    holds: none,
  },
  {
    label: "margins",
    statement:
      "Its margins are wide: the least of any single parameter, as a share of its nominal value, is at least a fifth",
    source: "paper",
    published: { value: "wide", where: "abstract, without numbers" },
    measure: ofMargins(({ margins }) =>
      Math.min(...margins.filter(({ name }) => name !== "all").map(({ low, high }) => Math.min(1 - low, high - 1))),
    ),
    holds: ({ value }) => (value >= 0.2 ? "holds" : "does not hold"),
  },
  {
    label: "levels-agree",
    statement:
      "Neurons of pulses with weights from three measured biases say at which biases the circuit is XOR (share of a grid of biases, at least 0.9)",
    source: "reference",
    measure: ofMargins(({ grid }) => grid.agree / grid.points),
    holds: ({ value }) => (value >= 0.9 ? "holds" : "does not hold"),
  },
  {
    label: "tuned",
    statement: `Gradients through the simulation lead from silence to XOR (patterns of ${XOR.length} that stay wrong, in the worst seed)`,
    source: "reference",
    measure: (results) =>
      largestOf(bySeed(results, ({ row }) => ("losses" in row ? row.wrong[row.wrong.length - 1] : undefined))),
    holds: none,
  },
];
