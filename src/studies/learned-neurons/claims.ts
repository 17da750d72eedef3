// What is claimed of learned internals and of complexity, held against what was computed.
import type { Result } from "../../runs/index.js";
import {
  boundedLaw,
  bySeed,
  differenceOf,
  isAbove,
  isAtLeast,
  isAtMost,
  largestOf,
  meanOf,
  type SeedValue,
  smallestOf,
} from "../measure.js";
import type { Claim, Measured } from "../study.js";
import { type ComplexityRow, type FactsRow, pairsOfSources } from "./facts.js";
import { pairs, type TaskName, tasks } from "./tasks.js";
import type { NeuronName, TrainingConfig, TrainingRow } from "./training.js";

/** A row of the study. */
export type Row = TrainingRow | FactsRow | ComplexityRow;
export type Results = readonly Result<Row>[];

/** A number of the networks with these neurons on a task, by seed. */
export const of = (
  results: Results,
  task: TaskName,
  neuron: NeuronName,
  learn: boolean,
  pick: (row: TrainingRow) => number = ({ accuracy }) => accuracy,
): SeedValue[] =>
  bySeed(results, ({ row, cell }) => {
    const config = cell.config as Partial<TrainingConfig>;
    const same = config.task === task && config.neuron === neuron && config.learn === learn;
    return same && "losses" in row ? pick(row) : undefined;
  });

/** Which neurons are compared on each task. */
export const compared: Readonly<Record<TaskName, readonly NeuronName[]>> = {
  rate: ["lif, tau 2, threshold 2.5", "lif, tau 10, threshold 1", "meta"],
  synchrony: ["lif, tau 2, threshold 2.5", "lif, tau 10, threshold 1", "plif, tau 16", "plif, tau 2", "meta"],
  "1 or 7": ["lif, tau 10, threshold 1", "meta"],
  "3 or 8": ["lif, tau 10, threshold 1", "meta"],
  "4 or 9": ["lif, tau 10, threshold 1", "meta"],
};

const GAIN = "up to 13.5 points (LIF), 8.5 (meta), on other data";
/** What learning the internals adds to the accuracy. */
const added = (results: Results, task: TaskName, neuron: NeuronName): SeedValue[] => {
  const [learned, fixed] = [of(results, task, neuron, true), of(results, task, neuron, false)];
  return learned.flatMap((each) => {
    const other = fixed.find(({ seed }) => seed === each.seed);
    return other ? [{ ...each, value: each.value - other.value }] : [];
  });
};

const learnedHelps = (task: TaskName, neuron: NeuronName): Claim<Row> => ({
  label: `${task} ${neuron}`.replace(/[^a-z0-9]+/g, "-"),
  statement: `On ${tasks[task].about}, neurons (${neuron}) with learned internals are right more often than with fixed ones: difference of accuracies, above 0`,
  source: "paper",
  published: { value: GAIN, where: "abstract" },
  measure: (results) => differenceOf(of(results, task, neuron, true), of(results, task, neuron, false)),
  holds: (measured) => isAbove(measured),
});

const complexity =
  (pair: (typeof pairsOfSources)[number], pick: "complexity" | "count") =>
  (results: Results): SeedValue[] =>
    bySeed(results, ({ row }) => ("pairs" in row ? row.pairs[pairsOfSources.indexOf(pair)][pick] : undefined));

const BEST: NeuronName = "lif, tau 2, threshold 2.5";

/** All claims. */
export const claims: readonly Claim<Row>[] = [
  boundedLaw(
    "phrases",
    "The number of phrases of Lempel and Ziv is that of five known sequences (wrong ones)",
    0,
    (row) => ("phrases" in row ? row.phrases : undefined),
  ),
  {
    label: "meta-rates",
    statement:
      "Second-order neurons spike as often as those of another program, over 200 steps (largest difference of rates)",
    source: "reference",
    published: { value: 0, where: "the same in NumPy" },
    measure: (results) => largestOf(bySeed(results, ({ row }) => ("meta" in row ? row.meta : undefined))),
    holds: (measured) => isAtMost(measured, 1e-12),
  },
  boundedLaw("pair", "A pair of spikes changes a weight by its exponential (largest difference)", 1e-12, (row) =>
    "pair" in row ? row.pair : undefined,
  ),
  {
    label: "entropy",
    statement:
      "The complexity of 4,096 independent steps is their entropy in bits to 0.05, on average over draws (largest difference)",
    source: "reference",
    published: { value: 0.038, where: "the same in NumPy" },
    measure: (results) => largestOf(bySeed(results, ({ row }) => ("entropy" in row ? row.entropy : undefined))),
    holds: (measured) => isAtMost(measured, 0.05),
  },
  ...(Object.keys(compared) as TaskName[]).flatMap((task) =>
    compared[task].map((neuron) => learnedHelps(task, neuron)),
  ),
  {
    label: "bad-start",
    statement:
      "Learning the time constant adds more where it begins badly (tau 16) than where it begins well (tau 2), on trains that differ in synchrony: difference of what it adds, above 0",
    source: "paper",
    published: {
      value: "45.7 and 0.5 points",
      where: "PLIF (Fang et al. 2021) on CIFAR-10: 47.5 to 93.2 %, 93.0 to 93.5 %",
    },
    measure: (results) =>
      differenceOf(added(results, "synchrony", "plif, tau 16"), added(results, "synchrony", "plif, tau 2")),
    holds: (measured) => isAbove(measured),
  },
  {
    label: "count-wins",
    statement:
      "Where rates differ, counting the spikes of the inputs is right more often than the best network: difference of accuracies, above 0",
    source: "reference",
    measure: (results) =>
      differenceOf(
        of(results, "rate", BEST, true, ({ count }) => count),
        of(results, "rate", BEST, true),
      ),
    holds: (measured) => isAbove(measured),
  },
  {
    label: "network-wins",
    statement: "Where synchrony alone differs, a network is right more often than counting: difference, above 0",
    source: "reference",
    measure: (results) =>
      differenceOf(
        of(results, "synchrony", BEST, true),
        of(results, "synchrony", BEST, true, ({ count }) => count),
      ),
    holds: (measured) => isAbove(measured),
  },
  ...pairs.map(
    (task): Claim<Row> => ({
      label: `network-wins-${task.replaceAll(" ", "-")}`,
      statement: `On ${tasks[task].about}, a network with learned internals is right more often than counting the spikes of its inputs: difference, above 0`,
      source: "reference",
      measure: (results) =>
        differenceOf(
          of(results, task, "lif, tau 10, threshold 1", true),
          of(results, task, "lif, tau 10, threshold 1", true, ({ count }) => count),
        ),
      holds: (measured) => isAbove(measured),
    }),
  ),
  {
    label: "complexity-of-output",
    statement:
      "Of a network that learned synchrony, the complexity of its neurons' trains names the class less often than its own read-out: difference, above 0",
    source: "reference",
    measure: (results) =>
      differenceOf(
        of(results, "synchrony", BEST, true),
        of(results, "synchrony", BEST, true, ({ complexity: { output } }) => output),
      ),
    holds: (measured) => isAbove(measured),
  },
  {
    label: "chains",
    statement:
      "Complexity tells chains from independent steps of the same rate: least accuracy of a seed, at least 0.93",
    source: "reference",
    published: { value: 0.975, where: "the same in NumPy" },
    measure: (results) => smallestOf(complexity("chain or not, 512", "complexity")(results)),
    holds: (measured) => isAtLeast(measured, 0.93),
  },
  {
    label: "chains-count",
    statement: "Counting does not: how far its mean accuracy is from one half, at most 0.1",
    source: "reference",
    published: { value: "about 0.5", where: "the same in NumPy" },
    measure(results): Measured | undefined {
      const found = meanOf(complexity("chain or not, 512", "count")(results));
      return found && { value: Math.abs(found.value - 0.5), seeds: found.seeds };
    },
    holds: (measured) => isAtMost(measured, 0.1),
  },
  {
    label: "short-trains",
    statement:
      "For trains of 128 steps and two rates, counting is right more often than complexity: difference, above 0",
    source: "reference",
    published: { value: "0.95 and 0.88", where: "the same in NumPy" },
    measure: (results) =>
      differenceOf(
        complexity("0.1 or 0.2, 128", "count")(results),
        complexity("0.1 or 0.2, 128", "complexity")(results),
      ),
    holds: (measured) => isAbove(measured),
  },
];
