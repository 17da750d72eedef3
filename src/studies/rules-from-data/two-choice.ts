// The two-choice experiment of docs/guides/two-choice-experiment.md: rewards depend on choices, and turn over in the middle.
import { fromNumbers, Key, scope } from "../../core/index.js";
import { bootstrapRule, fitRule, monomial, type Recording } from "../../infer/index.js";
import { sigmoid } from "../../ops/index.js";
import { type CellKind, Stopped, yieldToEvents } from "../../runs/index.js";
import { type Interval, intervalsOf, NAME } from "./measure.js";

/** How the experiment is repeated. The seed is the number of the first of its data sets. */
export interface TwoChoiceConfig {
  /** Data sets of a cell. */
  readonly sets: number;
  readonly flies: number;
  readonly trials: number;
  /** Fits of a bootstrap over flies. */
  readonly draws: number;
}

/** What was found in each data set: a coefficient of each term, and of each an interval of 90 %. */
export interface TwoChoiceRow {
  readonly truth: readonly number[];
  readonly estimates: readonly (readonly number[])[];
  /** Laplace's intervals. */
  readonly intervals: readonly (readonly Interval[])[];
  /** Intervals by fitting to drawn flies. */
  readonly recordings: readonly (readonly Interval[])[];
}

const TERMS = [monomial({ pre: 1, reward: 1 }), monomial({ weight: 1 })];
const TRUTH = [0.4, -0.1] as const;

const chanceOf = (weight: number): number => scope(() => sigmoid(fromNumbers([weight], [1], "float64")).item());

/** A session of a fly that goes left or right at each of two odours. */
function session(key: Key, trials: number): Recording {
  const [inputs, outputs, rewards]: [number[][], number[][], number[]] = [[], [], []];
  let weights = [0, 0];
  for (let trial = 0; trial < trials; trial++) {
    const odour = key.fold(0).uniform(trial) < 0.5 ? 1 : 0;
    const right = key.fold(1).uniform(trial) < chanceOf(weights[odour]);
    const good = (odour === 0) === trial < trials / 2; // right is good with the first odour at first, and then with the other
    const rewarded = key.fold(2).uniform(trial) < (right === good ? 0.8 : 0.2);
    const reward = rewarded ? (right ? 1 : -1) : 0;
    const input = [1 - odour, odour];
    inputs.push(input);
    outputs.push([Number(right)]);
    rewards.push(reward);
    weights = weights.map((w, i) => w + TRUTH[0] * input[i] * reward + TRUTH[1] * w);
  }
  return { inputs, outputs, rewards, start: [[0, 0]] };
}

/** See `TwoChoiceRow`. */
export const twoChoiceKind: CellKind<TwoChoiceConfig, TwoChoiceRow> = {
  name: `${NAME}/two-choice`,
  async run({ config: { sets, flies, trials, draws }, seed }, context) {
    const found = [];
    for (let set = 0; set < sets; set++) {
      const key = Key.of(seed).fold(set);
      const recordings = Array.from({ length: flies }, (_, fly) => session(key.fold(0).fold(fly), trials));
      const { coefficients } = fitRule(recordings, TERMS, { observe: "bernoulli" });
      const drawn = bootstrapRule(recordings, TERMS, key.fold(1), { observe: "bernoulli", draws });
      found.push({
        estimates: coefficients.map(({ estimate }) => estimate),
        ...{ intervals: intervalsOf(coefficients), recordings: intervalsOf(drawn.coefficients) },
      });
      context.progress((set + 1) / sets, "two choices");
      await yieldToEvents();
      if (context.signal.aborted) throw new Stopped();
    }
    return {
      truth: TRUTH,
      estimates: found.map((each) => each.estimates),
      intervals: found.map((each) => each.intervals),
      recordings: found.map((each) => each.recordings),
    };
  },
};
