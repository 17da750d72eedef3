// What is claimed about the circuit as a controller, held against episodes.
import type { Result } from "../../runs/index.js";
import { bySeed, differenceOf, isAbove, isAtMost, largestOf, meanOf, type SeedValue } from "../measure.js";
import { withOpen } from "../open.js";
import type { Claim, Measured, Verdict } from "../study.js";
import type { FilmRow } from "./film.js";
import type { GradientRow } from "./gradient.js";
import { PERCEPTRON_NUMBERS, type PolicyName } from "./policies.js";
import { returnsOfEngine, STEPS } from "./reference.js";
import type { TrainedConfig, TrainedRow } from "./trained.js";
import { ABLATIONS, LINKS, PERIODS, type UntrainedRow } from "./untrained.js";

/** A row of the study. */
export type Row = UntrainedRow | TrainedRow | GradientRow | FilmRow;
export type Results = readonly Result<Row>[];

/** A number of the untrained circuits by seed. */
export const ofUntrained = (results: Results, pick: (row: UntrainedRow) => number): SeedValue[] =>
  bySeed(results, ({ row }) => ("still" in row ? pick(row) : undefined));

/** A number of a policy that has learned, by seed. */
export const ofTrained = (results: Results, name: PolicyName, pick: (row: TrainedRow) => number): SeedValue[] =>
  bySeed(results, ({ cell, row }) =>
    "curve" in row && (cell.config as TrainedConfig).policy === name ? pick(row) : undefined,
  );

/** A number of the two ways to learn, by seed. */
export const ofGradient = (results: Results, pick: (row: GradientRow) => number): SeedValue[] =>
  bySeed(results, ({ row }) => ("simulated" in row ? pick(row) : undefined));

/** Open unless all episodes were as long as those of the reference. */
const ofWhole = (results: Results, measured: Measured | undefined): Measured | undefined => {
  const other = results.some(({ cell }) => ((cell.config as { steps?: number }).steps ?? STEPS) !== STEPS);
  return withOpen(measured, other ? "episodes of another length" : undefined);
};

/** Also open unless as much was learned from. */
const ofAllLearning = (results: Results, measured: Measured | undefined): Measured | undefined => {
  const less = results.some(({ cell }) => {
    const { generations = 20, pairs = 8 } = cell.config as Partial<TrainedConfig>;
    return generations !== 20 || pairs !== 8;
  });
  return withOpen(ofWhole(results, measured), less ? "other numbers of generations or rollouts" : undefined);
};

/** How far the returns of a seed are off those of MuJoCo. */
function offEngine({ links, periods, ablations }: UntrainedRow, seed: number): number {
  const off = (name: keyof typeof returnsOfEngine, keys: readonly (string | number)[], ours: readonly number[]) =>
    keys.map((key, i) => Math.abs(ours[i] - returnsOfEngine[name][key][seed]));
  return Math.max(
    ...off("links", LINKS, links),
    ...off("periods", PERIODS, periods),
    ...off("ablations", Object.keys(ABLATIONS), ablations),
  );
}

const within =
  (low: number, high: number) =>
  ({ value, seeds }: Measured): Verdict =>
    seeds < 5 ? "open" : low <= value && value <= high ? "holds" : "does not hold";

const law = (label: string, statement: string, pick: (row: UntrainedRow) => number, most = 0): Claim<Row> => ({
  ...{ label, statement, source: "law" },
  measure: (results) => largestOf(ofUntrained(results, pick)),
  holds: (measured) => isAtMost(measured, most),
});

/** A difference seed by seed that must be above 0. */
const better = (
  [label, statement, source]: readonly [string, string, Claim<Row>["source"]],
  first: (results: Results) => SeedValue[],
  second: (results: Results) => SeedValue[],
  published?: Claim<Row>["published"],
): Claim<Row> => ({
  ...{ label, statement, source },
  ...(published && { published }),
  measure: (results) => differenceOf(first(results), second(results)),
  holds: isAbove,
});

const untrained = (pick: (row: UntrainedRow) => number) => (results: Results) => ofUntrained(results, pick);
const after = (name: PolicyName) => (results: Results) => ofTrained(results, name, (row) => row.after);

const paper = { value: "above 0", where: "figures and text of the paper, other ways to learn" };
const program = "another program on MuJoCo";

/** The returns on a body of so many links. */
const onLinks = (links: (typeof LINKS)[number]) => untrained((row) => row.links[LINKS.indexOf(links)]);
const atPeriod = (period: (typeof PERIODS)[number]) => untrained((row) => row.periods[PERIODS.indexOf(period)]);

/** All claims. */
export const claims: readonly Claim<Row>[] = [
  law(
    "signs",
    "Every connection keeps its sign, whatever its raw parameter is: connections that lose it",
    (row) => row.lost,
  ),
  law("torques", "Torques lie between -1 and 1 for all parameters: torques that do not", (row) => row.beyond),
  law(
    "same-physics",
    "The differentiable swimmer is where the plain one is after five steps of control: largest difference (at most 1e-9)",
    (row) => row.off,
    1e-9,
  ),
  {
    label: "engine",
    statement:
      "Returns of the untrained circuit on five bodies, with seven periods and with six changes of its strengths are those of MuJoCo from the same starts: largest difference (at most 0.5)",
    source: "reference",
    measure: (results) =>
      ofWhole(
        results,
        largestOf(
          bySeed(results, ({ cell, row }) =>
            "still" in row && cell.seed < returnsOfEngine.links[6].length ? offEngine(row, cell.seed) : undefined,
          ),
        ),
      ),
    holds: (measured) => isAtMost(measured, 0.5),
  },
  {
    label: "six-links",
    statement: "The untrained circuit swims the paper's body with a mean return of 770 to 830",
    source: "reference",
    published: { value: 798.2, where: `${program}, five starts` },
    measure: (results) => ofWhole(results, meanOf(onLinks(6)(results))),
    holds: within(770, 830),
  },
  {
    label: "ten-links",
    statement: "The same circuit on ten links, without learning: a mean return of 880 to 940",
    source: "reference",
    published: { value: 908.7, where: `${program}, five starts` },
    measure: (results) => ofWhole(results, meanOf(onLinks(10)(results))),
    holds: within(880, 940),
  },
  better(
    [
      "good-from-the-start",
      "Without learning, the circuit swims farther than random torques do (difference of returns)",
      "paper",
    ],
    onLinks(6),
    untrained((row) => row.random),
    paper,
  ),
  better(
    [
      "better-than-perceptron-untrained",
      "Without learning, it swims farther than a perceptron does (difference)",
      "paper",
    ],
    onLinks(6),
    untrained((row) => row.first.perceptron),
    paper,
  ),
  better(
    ["period", "A period of 60 steps swims farther than one of 30 (difference)", "reference"],
    atPeriod(60),
    atPeriod(30),
    { value: 312, where: `${program}, one start` },
  ),
  better(
    [
      "signs-matter",
      "Random strengths with signs swim farther than without them, before learning (difference)",
      "paper",
    ],
    untrained((row) => row.first.constrained),
    untrained((row) => row.first.free),
    paper,
  ),
  better(
    ["signs-matter-learned", "And after learning by the evolution strategy (difference)", "paper"],
    after("constrained"),
    after("free"),
    paper,
  ),
  better(
    [
      "first-strengths-matter",
      "After learning, strengths that began at 1 swim farther than those that began at random (difference)",
      "paper",
    ],
    after("constant"),
    after("constrained"),
    paper,
  ),
  {
    label: "learned-return",
    statement: "After 20 generations of 16 rollouts the circuit has a mean return of at least 825",
    source: "reference",
    published: { value: 839, where: `${program}, two seeds` },
    measure: (results) => ofAllLearning(results, meanOf(after("constant")(results))),
    holds: within(825, 1000),
  },
  {
    label: "ahead-of-perceptron",
    statement: "And is at least 250 ahead of the perceptron with the same rollouts (difference)",
    source: "reference",
    published: { value: 465, where: `${program}, two seeds` },
    measure: (results) =>
      ofAllLearning(results, differenceOf(after("constant")(results), after("perceptron")(results))),
    holds: (measured) => isAbove(measured, 250),
  },
  {
    label: "transfer",
    statement: "What has learned on six links swims on ten without more: mean return at least 880",
    source: "paper",
    published: { value: "swims", where: "the paper's transfer to other bodies" },
    measure: (results) =>
      ofWhole(
        results,
        meanOf(ofTrained(results, "constant", ({ transfer }) => transfer?.[LINKS.indexOf(10)] ?? Number.NaN)),
      ),
    holds: within(880, 1000),
  },
  {
    label: "few-parameters",
    statement: "The circuit learns 4 numbers, the perceptron 6021: share of the perceptron's",
    source: "reference",
    published: { value: `4 of ${PERCEPTRON_NUMBERS}`, where: "the architectures" },
    measure: (results) => {
      const [ours, theirs] = (["constant", "perceptron"] as const).map((name) =>
        ofTrained(results, name, ({ parameters }) => parameters),
      );
      if (ours.length === 0 || theirs.length === 0) return undefined;
      return { value: ours[0].value / theirs[0].value, seeds: ours.length };
    },
    holds: ({ value }) => (value === 4 / PERCEPTRON_NUMBERS ? "holds" : "does not hold"),
  },
  better(
    [
      "gradient-learns",
      "Random strengths swim farther after learning by the gradient through the physics (difference)",
      "reference",
    ],
    (results) => ofGradient(results, (row) => row.gradient),
    (results) => ofGradient(results, (row) => row.before),
  ),
  better(
    [
      "gradient-beats-evolution",
      "They swim farther than after the evolution strategy with as many simulated steps (difference)",
      "reference",
    ],
    (results) => ofGradient(results, (row) => row.gradient),
    (results) => ofGradient(results, (row) => row.evolution),
  ),
];
