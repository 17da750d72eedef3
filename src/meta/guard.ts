// Keeps long runs from collapsing. It acts only on what is far from ordinary; any other run has the same bits as
// without it.
//
// Gradients through hundreds of steps have heavy tails, and if a rule makes lifetimes chaotic, they explode: they become
// thousands to millions of times too long, in a meaningless direction. Adam takes the step all the same, and its
// running mean of squares then makes the next thousand steps too short to recover. (The published run with five
// chemicals fell from an accuracy of 0.8 to 0 near episode 590 and stayed there.) The guard compares the length of the
// meta-gradient with the median of the last hundred:
// - beyond `clip` times the median (10 by default), it is shortened to that, once a hundred are known. The bound
//   follows the run's own gradients, as in AutoClip (Seetharaman, Wichern, Pardo and Le Roux 2020), but by their
//   median, which outliers cannot move; the shortening is that of Pascanu, Mikolov and Bengio 2013.
// - beyond 100 times that bound, or if no episode of the batch is finite, there is no step. The rule goes back to its
//   running mean over the rules that had ordinary gradients (the average of Polyak and Juditsky 1992), Adam's momentum
//   to 0 (the restart of O'Donoghue and Candes 2015), and the step size is halved, to be doubled again after a hundred
//   ordinary steps (like the loss scale of mixed precision: Micikevicius and others 2018, section 3.2).
//
// It also watches the losses, since a rule that takes too large a step can end up where nothing is learned and gradients
// are short: repeated with five seeds, that published run does so in one of them, and shortening came too late.
// - fifteen losses in a row above the upper quartile of the hundred before them count as a fall. If all tasks are drawn
//   in the same way, this happens by chance in one of sixty million steps (one of two hundred thousand, if only the
//   minimum of twenty losses came before). Of 103 runs it detected the five that fell, and no other. The rule goes back
//   as above, as training is rewound after a spike (Chowdhery and others 2022, section 5.1), and the step size is
//   doubled again after twice as many ordinary steps as before.
//
// After twenty halvings the run ends with an error.
import { InputError } from "../core/index.js";
import { type Floats, leafValues, mapLeaves, type RuleValues } from "./rule-values.js";

/** Meta-steps over which the median is taken; also the ordinary steps after which the step size is doubled. */
const WINDOW = 100;

/**
 * A gradient this many times longer than the bound is an explosion. While a rule begins to work its gradients grow, in
 * ordinary runs up to 230 times the median within two episodes; in explosions they were 10,000 times the median or
 * more.
 */
const EXPLOSION = 100;

/** Gradients that must be known before a finite one can count as an explosion. */
const FEWEST = 10;

/** The share of the distance to the rule that the running mean moves in each step; it averages over some 20 steps. */
const TOWARDS = 0.05;

/** High losses in a row that make a fall, and the fewest losses before them that are needed to detect it. */
const FALL = 15;
const BEFORE = 20;

/** Halvings of the step size, down to a millionth, after which a run is hopeless. */
const MOST_HALVINGS = 20;

/** What the guard remembers of a run; a part of the checkpoint. */
export interface GuardState {
  /** Global norms of the last meta-gradients that were used for a step, after shortening, oldest first. */
  readonly norms: Float32Array;
  /** Running mean of the rules that had ordinary gradients and losses. */
  readonly mean: RuleValues;
  /** Losses of the last steps, oldest first; those of a fall are forgotten when the rule goes back. */
  readonly losses: Float32Array;
  /** Falls so far. */
  readonly falls: number;
  /** How many times the step size is currently halved. */
  readonly halvings: number;
  /** Ordinary steps since the step size last changed. */
  readonly ordinary: number;
}

/** What the guard knows before the first episode. */
export const newGuard = (rule: RuleValues): GuardState => ({
  norms: new Float32Array(),
  mean: rule,
  losses: new Float32Array(),
  falls: 0,
  halvings: 0,
  ordinary: 0,
});

/** What to do with a meta-gradient: take a step along it, or go back. */
export interface StepDecision {
  /** What the gradient is multiplied by: 1 leaves it unchanged, 0 means that there is no step. */
  readonly scale: number;
  /** What the guard remembers from here on. */
  readonly guard: GuardState;
}

/** The length of all leaves as one vector, summed in float64, in order. */
export function globalNorm(gradient: readonly Floats[]): number {
  let sum = 0;
  for (const leaf of gradient) for (const x of leaf) sum += x * x;
  return Math.sqrt(sum);
}

/** The smallest of the numbers that at least this share of them does not exceed. */
const ranked = (values: Floats, share: number): number => values.slice().sort()[Math.ceil(values.length * share) - 1];

/** The middle one of the sorted numbers; of an even count, the lower of the two. */
export const median = (values: Floats): number => ranked(values, 0.5);

const upperQuartile = (values: Float32Array): number => ranked(values, 0.75);

/** Whether the last of these losses make a fall. */
function haveFallen(losses: Float32Array): boolean {
  const before = losses.subarray(0, -FALL);
  if (before.length < BEFORE) return false;
  const usual = upperQuartile(before);
  return losses.subarray(-FALL).every((loss) => loss > usual);
}

/** The mean moved part of the way to `rule`, rounded once to the type in which it is stored. */
function towards(mean: RuleValues, rule: RuleValues): RuleValues {
  const targets = leafValues(rule);
  return mapLeaves(mean, (data, leaf) => data.map((x, i) => x + TOWARDS * (targets[leaf].data[i] - x)));
}

/**
 * Decides what to do with the gradient at `rule`, from its length and the loss there; it is undefined if no episode was
 * finite. See the head of this file.
 *
 * @throws InputError when the step size would be halved for the 21st time.
 */
export function decideStep(
  clip: number,
  guard: GuardState,
  rule: RuleValues,
  gradient: readonly Floats[] | undefined,
  loss: number,
): StepDecision {
  const { norms, mean, falls } = guard;
  const norm = gradient ? globalNorm(gradient) : Number.POSITIVE_INFINITY;
  // In the first steps, and if most gradients are 0, there is no length to compare with.
  const bound = (norms.length >= FEWEST && clip * median(norms)) || Number.POSITIVE_INFINITY;
  if (!gradient || norm > EXPLOSION * bound) return goBack(guard, "meta-gradients explode");
  const losses = Float32Array.of(...guard.losses, loss).slice(-(WINDOW + FALL));
  if (haveFallen(losses)) {
    return goBack({ ...guard, losses: losses.slice(0, -FALL), falls: falls + 1 }, "the rule falls");
  }
  const scale = norms.length === WINDOW && norm > bound ? bound / norm : 1;
  const used = Float32Array.of(...norms.slice(norms.length < WINDOW ? 0 : 1), norm * scale);
  const ordinary = guard.halvings > 0 ? guard.ordinary + 1 : 0;
  const doubled = ordinary === WINDOW * 2 ** falls;
  const usual = losses.length < BEFORE || Math.fround(loss) <= upperQuartile(losses);
  return {
    scale,
    guard: {
      norms: used,
      mean: usual ? towards(mean, rule) : mean,
      losses,
      falls,
      halvings: guard.halvings - Number(doubled),
      ordinary: doubled ? 0 : ordinary,
    },
  };
}

/** No step: the rule goes back to the mean, and the step size is halved. */
function goBack(guard: GuardState, why: string): StepDecision {
  const halvings = guard.halvings + 1;
  if (halvings <= MOST_HALVINGS) return { scale: 0, guard: { ...guard, halvings, ordinary: 0 } };
  throw new InputError(
    `[train] ${why} again and again. The step size was halved ${MOST_HALVINGS} times and is now almost zero. ` +
      "Lower `learningRate`, or begin from smaller coefficients.",
  );
}
