// A learning rate as an inner state that what is learned acts on: each sample of some classes raises it, each of the others
// lowers it, and the learner decides whether to take a sample's effect in or to leave it (Man, Damasio and Neven 2022). The
// controls change it at random.
import { checkKey, checkKind, checkMade, type Key, quote } from "../core/index.js";

/** How samples act on a learning rate. */
export interface RegulationOptions {
  /** How many classes there are: those of the upper half raise the rate, the others lower it. */
  readonly classes: number;
  /** By how much one sample raises or lowers it. */
  readonly step: number;
  /** Below this it never falls; 1e-8 by default. */
  readonly least?: number;
}

/** What came of a sample. */
export interface Regulated {
  /** The learning rate from now on. */
  readonly rate: number;
  /** Whether the sample's effect was taken in. */
  readonly taken: boolean;
}

/**
 * The learning rate after a sample of class `label` has acted on it: `step` more for classes of the upper half, `step`
 * less for the others, and never below `least`.
 *
 * @throws RangeError for a label that is no class, rates and steps that are not above 0.
 * @example affectedRate(0.1, 3, { classes: 10, step: 0.01 }) // 0.09
 */
export function affectedRate(rate: number, label: number, options: RegulationOptions): number {
  checkMade("homeostasis", "the last argument", options, ["classes", "step"], "Give { classes, step }.");
  const { classes, step, least = 1e-8 } = options;
  if (!Number.isSafeInteger(classes) || classes < 2) {
    throw new RangeError(`[homeostasis] \`classes\` is ${quote(classes)}: give a whole number of at least 2.`);
  }
  if (!Number.isSafeInteger(label) || label < 0 || label >= classes) {
    throw new RangeError(
      `[homeostasis] label ${quote(label)} is none of ${classes} classes. Give 0 to ${classes - 1}.`,
    );
  }
  for (const [name, value] of Object.entries({ rate, step, least })) {
    if (!(value > 0 && Number.isFinite(value))) {
      throw new RangeError(`[homeostasis] \`${name}\` is ${quote(value)}: give a number above 0.`);
    }
  }
  return Math.max(least, 2 * label >= classes ? rate + step : rate - step);
}

const SAMPLE = "Give { classes, step, predicted, actual, score }.";

/** A sample that a learner decides about. */
export interface HomeostaticSample extends RegulationOptions {
  /** The class that the learner takes it for: from this it expects the sample's effect. */
  readonly predicted: number;
  /** Its class: from this the effect follows. */
  readonly actual: number;
  /**
   * How well the learner would do on what it remembers, after its next step with this learning rate: the share of recent
   * samples that it would classify correctly.
   */
  score(rate: number): number;
}

/**
 * Homeostatic regulation: the effect of a sample is taken in only if the learner would do better with the rate that it
 * expects than with the rate that it has.
 *
 * ```ts
 * const sample = { classes: 10, step: 0.01, predicted: 3, actual: 3, score: (rate: number) => -rate };
 * homeostasis(0.1, sample).rate; // 0.09
 * ```
 */
export function homeostasis(rate: number, sample: HomeostaticSample): Regulated {
  checkMade("homeostasis", "the sample", sample, ["predicted", "actual", "score"], SAMPLE);
  checkKind("homeostasis", "`score`", sample.score, "a function");
  const expected = affectedRate(rate, sample.predicted, sample);
  const taken = sample.score(expected) > sample.score(rate);
  return { rate: taken ? affectedRate(rate, sample.actual, sample) : rate, taken };
}

/**
 * The control for `homeostasis`: the effect of a sample of class `actual` is taken in with a probability of one half.
 *
 * @example
 * randomRegulation(0.1, { classes: 10, step: 0.01, actual: 4, key: Key.of(0) }); // { rate: 0.1, taken: false }
 */
export function randomRegulation(
  rate: number,
  sample: RegulationOptions & { readonly actual: number; readonly key: Key },
): Regulated {
  checkMade("randomRegulation", "the sample", sample, ["actual", "key"], "Give { classes, step, actual, key }.");
  const { actual, key, ...options } = sample;
  checkKey("randomRegulation", key, "`key`");
  const taken = key.uniform(0) < 0.5;
  const affected = affectedRate(rate, actual, options);
  return { rate: taken ? affected : rate, taken };
}
