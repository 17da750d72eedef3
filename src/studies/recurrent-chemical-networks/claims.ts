// Claims about the runs: from the papers, from another implementation, and from mathematics.
import { configOfCell, type TrainCellConfig, trainKind } from "../../meta/index.js";
import type { Cell, Result } from "../../runs/index.js";
import { contains, differenceOf, isAbove, isAtMost, oneMoreOf, type SeedValue } from "../measure.js";
import { withOpen } from "../open.js";
import { statistic } from "../statistics.js";
import type { Claim, Measured } from "../study.js";
import type { KeptRun } from "../training/evidence.js";
import { experiments, type Label, labelOf } from "./experiments.js";
import { comparable, independent, type Published, published } from "./published.js";
import { longOf, type Row, trialsIn } from "./rows.js";

type Results = readonly Result<Row>[];

/** The results of an experiment's runs, in ascending order of the seeds. */
const runsOf = (results: Results, label: Label): readonly Result<KeptRun>[] =>
  (results as readonly Result<KeptRun>[])
    .filter(({ cell }) => cell.kind === trainKind.name && labelOf(cell as Cell<TrainCellConfig>) === label)
    .sort((a, b) => a.cell.seed - b.cell.seed);

/** The published statistic of each run of an experiment. */
const accuracies = (results: Results, label: Label): SeedValue[] =>
  runsOf(results, label).map(({ cell: { seed, data }, row }) => ({
    ...{ seed, value: statistic(row.accuracy), images: data?.hash },
  }));

/** Why the runs of an experiment cannot be compared with published ones; undefined if they can. */
function otherProtocol(results: Results, label: Label): string | undefined {
  const other = runsOf(results, label).some(({ cell }) => !comparable(configOfCell(cell as Cell<TrainCellConfig>)));
  return other ? "not the published setting" : undefined;
}

/** The interval of one more run, limited to the range of an accuracy. */
const oneMoreAccuracy = (values: readonly SeedValue[]): Measured | undefined => {
  const measured = oneMoreOf(values);
  if (measured?.low === undefined || measured.high === undefined) return measured;
  return { ...measured, low: Math.max(0, measured.low), high: Math.min(1, measured.high) };
};

/** The claim that a published run could be one more of ours. */
const accuracyClaim = (label: Label, { accuracy, deviation, about, source }: Published): Claim<Row> => ({
  label: `accuracy-${label}`,
  statement: `${experiments[label].name}: the published run could be one of ours`,
  source: "paper",
  published: { value: accuracy, ...(deviation !== undefined && { spread: deviation }), where: source },
  measure: (results) =>
    withOpen(
      oneMoreAccuracy(accuracies(results, label)),
      otherProtocol(results, label) ?? (about && "published after more episodes than ours have"),
    ),
  holds: (measured) => contains(measured, accuracy),
});

/** The claim that the run of another program could be one more of ours. */
const independentClaim = (label: Label, accuracy: number): Claim<Row> => ({
  label: `independent-${label}`,
  statement: `${experiments[label].name}: the run of another program on the same images could be one of ours`,
  source: "reference",
  published: { value: accuracy, where: "sections 1 to 3 of both papers in PyTorch, one seed, five distinct classes" },
  measure: (results) => withOpen(oneMoreAccuracy(accuracies(results, label)), otherProtocol(results, label)),
  holds: (measured) => contains(measured, accuracy),
});

/** The claim that one experiment ends above another, seed by seed. */
const aboveClaim = (first: Label, second: Label, statement: string, where: string): Claim<Row> => ({
  label: `${first}-above-${second}`,
  statement,
  source: "paper",
  published: { value: "above 0", where },
  measure: (results) =>
    withOpen(
      differenceOf(accuracies(results, first), accuracies(results, second)),
      otherProtocol(results, first) ?? otherProtocol(results, second),
    ),
  holds: (measured) => isAbove(measured),
});

const REPORT = "the report's figures 1, 3 and 4";
const PAPER = "Shervani-Tabar and Rosenbaum 2023, figures 3 to 7";

/** Experiments that differ only in motifs whose coefficients begin at 0, and so have the same first loss. */
const ALIKE: readonly Label[] = ["fa", "bio", "linear-7", "ehebb", "oja"];

/** Experiments with fixed random feedback in which the angles of the errors are measured. */
const RANDOM: readonly Label[] = ["fa", "bio", "ehebb", "oja", "pool"];

const laws: readonly Claim<Row>[] = [
  {
    label: "first-episode",
    statement: "Rules that differ only in motifs whose coefficients begin at 0 have the same loss in the first episode",
    source: "law",
    measure(results) {
      const first = (label: Label): SeedValue[] =>
        runsOf(results, label).map(({ cell: { seed, data }, row }) => ({
          ...{ seed, value: row.loss[0] ?? Number.NaN, images: data?.hash },
        }));
      const all = ALIKE.map(first).filter((values) => values.length > 0);
      if (all.length < 2) return undefined;
      const off = all.flatMap((values) =>
        values.flatMap(({ seed, value, images }) => {
          const other = all[0].find((each) => each.seed === seed && each.images === images);
          return other ? [Math.abs(value - other.value)] : [];
        }),
      );
      return { value: Math.max(...off), seeds: new Set(all[0].map(({ seed }) => seed)).size };
    },
    holds: (measured) => isAtMost(measured, 0),
  },
  {
    label: "last-angle",
    statement: "At the output, the error is that of backpropagation: their angle is 0°",
    source: "law",
    measure(results) {
      const measured = RANDOM.flatMap((label) => runsOf(results, label)).filter(({ row }) => row.measured.length > 0);
      const angles = measured.flatMap(({ row }) => row.measured.flatMap(({ errorAngles }) => errorAngles.at(-1) ?? []));
      if (angles.length === 0) return undefined;
      return { value: Math.max(...angles), seeds: new Set(measured.map(({ cell }) => cell.seed)).size };
    },
    holds: (measured) => isAtMost(measured, 0),
  },
];

/** The mean accuracies of frozen rules on tasks of one condition, by seed. */
const meanTrials = (results: Results, label: Label, condition: string): SeedValue[] =>
  trialsIn(results)
    .filter((each) => each.label === label && each.condition === condition)
    .map(({ seed, images, learned }) => ({
      ...{ seed, images: images?.hash, value: learned.reduce((sum, each) => sum + each, 0) / learned.length },
    }));

/** All claims of the study. */
export const claims: readonly Claim<Row>[] = [
  ...laws,
  ...Object.entries(published).map(([label, each]) => accuracyClaim(label as Label, each)),
  aboveClaim("rcn-2", "rcn-1", "Two chemicals learn better than one", REPORT),
  aboveClaim("rcn-2", "bio", "Two chemicals learn better than the rule of three terms", REPORT),
  aboveClaim("rcn-2", "linear-7", "Two chemicals learn better than a linear rule with the same motifs", REPORT),
  aboveClaim("layer-2", "rcn-2", "A rule for each layer learns better than one for all", REPORT),
  aboveClaim("synapse-5", "apart-5", "A bias for each synapse learns better than none", REPORT),
  aboveClaim(
    "momentum-10",
    "rcn-5",
    "Synapses with momentum learn better than synapses whose chemicals are the weight",
    REPORT,
  ),
  aboveClaim("ehebb", "fa", "With random feedback, adding a Hebbian term of the errors improves learning", PAPER),
  aboveClaim("oja", "fa", "With random feedback, adding Oja's rule improves learning", PAPER),
  aboveClaim("bio", "ehebb", "Adding Oja's rule to the Hebbian term improves learning", PAPER),
  aboveClaim("bio", "oja", "Adding the Hebbian term to Oja's rule improves learning", PAPER),
  {
    label: "biases-transfer",
    statement:
      "A rule with a bias for each synapse also works with permuted outputs: it loses at most 0.05 of accuracy",
    source: "reference",
    measure(results) {
      const of = (condition: string): SeedValue[] => meanTrials(results, "synapse-5", condition);
      return withOpen(differenceOf(of("permuted"), of("trained")), otherProtocol(results, "synapse-5"));
    },
    holds: (measured) => isAbove(measured, -0.05),
  },
  ...Object.entries(independent).map(([label, accuracy]) => independentClaim(label as Label, accuracy)),
  {
    label: "long-runs-last",
    statement: "With the guard, runs of a thousand episodes end with a mean accuracy of at least 0.7 (least)",
    source: "reference",
    measure(results) {
      const long = results.filter(({ cell }) => longOf(cell as Cell<TrainCellConfig>));
      if (long.length === 0) return undefined;
      const ends = long.map(({ row }) => {
        const last = (row as KeptRun).accuracy.slice(-100);
        return last.reduce((sum, each) => sum + each, 0) / last.length;
      });
      const short = (long[0].row as KeptRun).accuracy.length < 1000;
      return { value: Math.min(...ends), seeds: long.length, ...(short && { open: "fewer than 1000 episodes" }) };
    },
    holds: ({ value }) => (value >= 0.7 ? "holds" : "does not hold"),
  },
];
