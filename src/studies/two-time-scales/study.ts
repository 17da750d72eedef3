// Do synapses with several chemicals learn what synapses with one cannot? A single plastic layer follows a linear
// teacher, one half of which stays the same while the other is drawn again every few steps, so only the synapses' own
// time scales matter. Rules are learned for each length of these segments, then frozen and tested on new tasks, which are
// the same for all rules and seeds.
//
// A search for the best filters with constant step sizes and decays for such teachers predicts that a second time scale
// lowers the error by a tenth to a sixth if a segment has about as many steps as the teacher has inputs, and not at all
// if segments are long enough to learn each one from scratch.
import { type ConfigOf, field, whole } from "../../fields/index.js";
import { ruleOfRow, trainCell, trainKind } from "../../meta/index.js";
import { type Cell, type CellKind, type Context, type Result, Stopped, yieldToEvents } from "../../runs/index.js";
import type { Figure } from "../figure.js";
import { bySeed, differenceOf, isAtMost, isBelow, meanOf, pairsOf, type SeedValue } from "../measure.js";
import { compare, deviation, mean, SEEDS_FOR_CLAIM } from "../statistics.js";
import type { Claim, Measured, Scale, Study } from "../study.js";
import { COMPARISON_COLUMNS, comparisonCells } from "../tables.js";
import { configOf, type Errors, ignorance, type RuleName, rules, tryOut } from "./rules.js";

const NAME = "two-time-scales";

const fields = {
  episodes: field({
    type: whole(1, { most: 1_000_000 }),
    default: 800,
    flag: "--episodes <n>",
    help: "lifetimes from which a rule is learned",
  }),
  metaBatch: field({
    type: whole(1, { most: 65_536 }),
    default: 4,
    flag: "--meta-batch <n>",
    help: "lifetimes whose gradients are averaged for one step of a rule",
  }),
  trials: field({
    type: whole(1, { most: 1_000_000 }),
    default: 400,
    flag: "--trials <n>",
    help: "new tasks on which a frozen rule is tested",
  }),
};

type Config = ConfigOf<typeof fields>;

/** A rule that is learned for a teacher and then tested. */
interface RuleConfig {
  readonly rule: RuleName;
  readonly segment: number;
  /** The run that learns it; see `trainCell`. */
  readonly run: object;
  readonly trials: number;
}

/** Numbers of a teacher without any rule: means over tasks, with their standard errors. */
interface TeacherRow {
  readonly zero: readonly [mean: number, standardError: number];
  readonly slowOnly: readonly [mean: number, standardError: number];
}

/** What is run at each scale. */
const SIZES: Readonly<Record<Scale, { readonly rules: readonly RuleName[]; readonly segments: readonly number[] }>> = {
  smoke: { rules: ["1 chemical", "2 chemicals"], segments: [10] },
  quick: { rules: ["1 chemical", "2 chemicals"], segments: [10, 40] },
  full: { rules: Object.keys(rules) as RuleName[], segments: [5, 10, 20, 40] },
};

/** The rule with which the others are compared. */
const REFERENCE: RuleName = "1 chemical";

const TRAINED = 0.9; // of a cell's time; the rest are trials

async function learnAndTry({ config, seed }: Cell<RuleConfig>, context: Context): Promise<Errors> {
  const { run, trials, segment } = config;
  const training = { kind: trainKind.name, config: { run, diagnostics: null }, seed };
  const progress = (part: number, note?: string): void => context.progress(TRAINED * part, note);
  const learned = await trainKind.run(training, { ...context, progress });
  const { episodes, metaBatch } = run as Config;
  const settings = configOf(config.rule, segment, { seed, episodes, metaBatch });
  const values = ruleOfRow(learned);
  let [error, slow] = [0, 0];
  for (let trial = 0; trial < trials; trial++) {
    const found = tryOut(settings, segment, values, trial);
    error += found.error / trials;
    slow += found.slow / trials;
    context.progress(TRAINED + ((1 - TRAINED) * (trial + 1)) / trials, `trial ${trial + 1} of ${trials}`);
    await yieldToEvents();
    if (context.signal.aborted) throw new Stopped();
  }
  return { error, slow };
}

/** Numbers of teachers without any rule, which follow from how teachers are drawn. */
const teacherKind: CellKind<{ readonly segment: number; readonly trials: number }, TeacherRow> = {
  name: `${NAME}/teacher`,
  run({ config: { segment, trials } }) {
    const all = Array.from({ length: trials }, (_, trial) => ignorance(segment, trial));
    const of = (pick: (each: (typeof all)[number]) => number) => {
      const values = all.map(pick);
      return [mean(values), deviation(values) / Math.sqrt(values.length)] as const;
    };
    return { zero: of(({ zero }) => zero), slowOnly: of(({ slowOnly }) => slowOnly) };
  },
};

type Results = readonly Result<Errors | TeacherRow>[];

/** The errors of a rule by seed. */
function errorsOf(results: Results, rule: RuleName, segment: number): SeedValue[] {
  return bySeed(results, ({ cell, row }) => {
    const config = cell.config as Partial<RuleConfig>;
    return config.rule === rule && config.segment === segment ? (row as Errors).error : undefined;
  });
}

/**
 * By how many standard errors a mean over tasks may differ from its exact value; a larger difference is no accident.
 */
const STANDARD_ERRORS = 5;

/** A law about teachers, measured as the largest difference of a mean from its exact value, in standard errors. */
const teacherLaw = (
  label: string,
  statement: string,
  part: keyof TeacherRow,
  must: number,
): Claim<Errors | TeacherRow> => ({
  ...{ label, statement, source: "law" },
  measure(results) {
    const rows = results.filter(({ cell }) => cell.kind === teacherKind.name).map(({ row }) => row as TeacherRow);
    if (rows.length === 0) return undefined;
    return { value: Math.max(...rows.map((row) => Math.abs(row[part][0] - must) / row[part][1])), seeds: 1 };
  },
  holds: (measured) => isAtMost(measured, STANDARD_ERRORS),
});

const twoBeatOne = (segment: number): Claim<Errors | TeacherRow> => ({
  label: `two-chemicals-${segment}`,
  statement: `Two chemicals follow a teacher that changes every ${segment} steps with a smaller error than one`,
  source: "paper",
  published: { value: "below 0", where: "the report's hypothesis: a larger range of time scales learns better" },
  measure: (results) => differenceOf(errorsOf(results, "2 chemicals", segment), errorsOf(results, REFERENCE, segment)),
  holds: isBelow,
});

/** See the head of this file. */
export const twoTimeScales: Study<Config, RuleConfig | { segment: number; trials: number }, Errors | TeacherRow> = {
  name: NAME,
  papers: [
    {
      authors: "K. McMillan",
      title: "Efficient learning in biological neural networks",
      year: 2024,
      where: "technical milestone report, University of Cambridge, undated (it cites works up to June 2024)",
    },
  ],
  about:
    "Do synapses with several chemicals learn what synapses with one cannot? For 120 steps, one plastic layer follows a " +
    "teacher, one half of which stays the same while the other is drawn again every few steps. The error is that of a frozen rule on " +
    "new tasks, which are the same for all rules; always answering zero has an error of 1.",
  basis: "full text",
  fields,
  effort: {
    smoke: { seeds: 2, seconds: 5, config: { episodes: 4, trials: 20 } },
    quick: { seeds: 5, seconds: 100 },
    full: { seeds: 5, seconds: 500 },
  },
  cells({ scale, config: { trials, ...config }, seeds }) {
    const size = SIZES[scale];
    const teachers = size.segments.map((segment) => ({
      ...{ kind: teacherKind.name, config: { segment, trials }, seed: 0 },
    }));
    const learned = seeds.flatMap((seed) =>
      size.segments.flatMap((segment) =>
        size.rules.map((rule) => {
          const { run } = trainCell(configOf(rule, segment, { seed, ...config })).config;
          return { kind: NAME, config: { rule, segment, run, trials }, seed };
        }),
      ),
    );
    return [...teachers, ...learned];
  },
  run: (cell, context) => learnAndTry(cell as Cell<RuleConfig>, context),
  kinds: [teacherKind],
  claims: [
    teacherLaw("teacher-variance", "Always answering zero has an error of 1, to within 5 standard errors", "zero", 1),
    teacherLaw(
      "teacher-halves",
      "Knowing only the slow half leaves an error of one half, to within 5 standard errors",
      "slowOnly",
      0.5,
    ),
    twoBeatOne(5),
    twoBeatOne(10),
    twoBeatOne(20),
    {
      label: "gain-at-10",
      statement:
        "If the teacher stays the same for about as many steps as it has inputs, a second time scale lowers the error by a tenth to a sixth",
      source: "reference",
      published: {
        value: "0.10 to 0.17",
        where: "the best filters with two step sizes and decays that a search found",
      },
      measure(results) {
        const [two, one] = pairsOf(errorsOf(results, "2 chemicals", 10), errorsOf(results, REFERENCE, 10));
        return meanOf(two.map((error, seed) => ({ seed, value: 1 - error / one[seed], images: undefined })));
      },
      holds: (measured) => meets(measured, 1 / 10, 1 / 6),
    },
    {
      label: "nothing-at-40",
      statement:
        "If the teacher stays the same long enough to be learned from scratch, a second chemical changes the error by less than 0.01",
      source: "reference",
      published: { value: 0, where: "the same search" },
      measure: (results) => differenceOf(errorsOf(results, "2 chemicals", 40), errorsOf(results, REFERENCE, 40)),
      holds({ low = Number.NaN, high = Number.NaN, seeds }) {
        if (seeds < SEEDS_FOR_CLAIM) return "open";
        if (low > -0.01 && high < 0.01) return "holds";
        return low > 0.01 || high < -0.01 ? "does not hold" : "open";
      },
    },
  ],
  figures: (results) => [figureOf(results)],
};

/** Holds if the interval and a range overlap. */
function meets({ low = Number.NaN, high = Number.NaN, seeds }: Measured, from: number, to: number) {
  if (seeds < SEEDS_FOR_CLAIM) return "open";
  return low <= to && high >= from ? "holds" : "does not hold";
}

/** The errors of all rules, and how they differ from those of one chemical. */
function figureOf(results: Results): Figure {
  const rows = SIZES.full.segments.flatMap((segment) => {
    const one = errorsOf(results, REFERENCE, segment);
    return SIZES.full.rules.flatMap((rule) => {
      const errors = errorsOf(results, rule, segment);
      if (errors.length === 0) return [];
      const cells = [rule, String(segment), mean(errors.map(({ value }) => value)).toFixed(3)];
      const [ours, theirs] = pairsOf(errors, one);
      if (rule === REFERENCE || ours.length === 0) return [[...cells, "", "", "", "", ""]];
      return [[...cells, ...comparisonCells([rule, REFERENCE], compare(ours, theirs))]];
    });
  });
  const [, , ...intervals] = COMPARISON_COLUMNS;
  const columns = [
    { head: "rule" },
    { head: "steps per change" },
    { head: "error" },
    { head: "minus that of one chemical" },
  ];
  return {
    name: "errors",
    title: "Errors",
    about: "Mean squared errors of frozen rules, and how they differ from those of one chemical, seed by seed.",
    rows: [[{ kind: "table", columns: [...columns, ...intervals], rows }]],
  };
}
