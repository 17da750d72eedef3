// What an estimator of the meta-gradient is given, and what it gives.
import type { Key, Tensor } from "../../core/index.js";
import type { Life, Rule } from "../../plasticity/index.js";

/** How a network answers the queries of its episode. */
export interface Tested {
  /** The mean loss of the queries. */
  readonly loss: Tensor;
  /** The score of the answers; see `EpisodeScore`. */
  readonly accuracy: number;
}

/** The meta-loss of an episode, in parts: a network lives for some steps under a rule, and is tested. */
export interface MetaLoss {
  /** Where the gradient is taken. */
  readonly rule: Rule;
  /** The steps of the whole lifetime. */
  readonly steps: number;
  /** The key of the noise that an estimator adds. */
  readonly key: Key;
  /** The number of the episode, from 1, for messages. */
  readonly episode: number;
  /** The network after the steps from `begin` (included) to `end` (excluded); `before` is the network that takes them. */
  live(rule: Rule, begin: number, end: number, before?: Life): Life;
  /** Tests a network. */
  test(life: Life): Tested;
}

/** The meta-loss as a function of the rule, for a lifetime from step `begin` to its end; and the score at its last call. */
export function metaLoss({ steps, live, test }: MetaLoss, begin: number, before?: Life) {
  let accuracy = 0;
  const loss = (rule: Rule): Tensor => {
    const tested = test(live(rule, begin, steps, before));
    accuracy = tested.accuracy;
    return tested.loss;
  };
  return { loss, accuracy: () => accuracy };
}

/** The meta-loss at the rule, its score, and the gradient or an estimate of it. */
export interface Estimate {
  readonly value: Tensor;
  readonly accuracy: number;
  readonly grad: Rule;
}

/** A way to get the gradient of the meta-loss, with settings of its own. */
export interface Estimator<Settings> {
  /** What it is, for the help. */
  readonly summary: string;
  /** The setting that may follow its name and a colon on the command line. */
  readonly argument?: keyof Settings & string;
  /** What is wrong with these settings for lifetimes of so many steps, and the cure; undefined if nothing is. */
  check?(settings: Settings, steps: number): string | undefined;
  /** Estimates the gradient. The result depends on the arguments alone. */
  estimate(settings: Settings, of: MetaLoss): Estimate;
}
