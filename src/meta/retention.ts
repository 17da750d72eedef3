// Measures a continual task while it is learned: how well its first classes are still known while others are learned. A
// lifetime is run once, in pieces, and the network is tested between them, which does not change it.
import { fromNumbers, type Tensor } from "../core/index.js";
import { take } from "../ops/index.js";
import {
  accuracyOf,
  live,
  logitsOf,
  type PlasticityConfig,
  type Rule,
  type Start,
  type Stream,
} from "../plasticity/index.js";
import { partOf } from "./part-of.js";
import type { DrawnTask } from "./tasks.js";

/** The points of a retention curve: the share of the second part that has been learned so far, from 0 to 1. */
export const RETENTION_SHARES: readonly number[] = Array.from({ length: 11 }, (_, i) => i / 10);

/**
 * How well both parts of a continual task are known while the second is learned, with all output units to choose from:
 * an entry for each of 0, 10, 20 ... 100 % of the second part's steps, rounded to whole steps.
 */
export interface Retention {
  /** Share of the queries about classes of the first part that are answered correctly. */
  readonly first: readonly number[];
  /**
   * The same for queries about the other classes. NaN (null in a file) if "faithful" drew only classes of the first
   * part.
   */
  readonly second: readonly number[];
}

/**
 * The weights after the lifetime of a continual task whose first part has `firstSteps` steps, and the retention during
 * it.
 */
export function liveRetaining(
  config: PlasticityConfig,
  rule: Rule,
  { start, stream, queries }: DrawnTask & { readonly start: Start },
  firstSteps: number,
): { readonly weights: readonly Tensor[]; readonly retention: Retention } {
  const known = new Set(stream.labels.data().subarray(0, firstSteps));
  const sides = [true, false].map((side) => queriesWhere(queries, (label) => known.has(label) === side));
  let life = live(config, rule, start, partOf(stream, 0, firstSteps));
  let lived = firstSteps;
  const points = RETENTION_SHARES.map((share) => {
    const until = firstSteps + Math.floor(share * (stream.labels.shape[0] - firstSteps) + 0.5);
    if (until > lived) life = live(config, rule, start, partOf(stream, lived, until), { from: life });
    lived = until;
    return sides.map((asked) =>
      asked ? accuracyOf(logitsOf(life.weights, asked.images, config.beta), asked.labels) : Number.NaN,
    );
  });
  const [first, second] = [0, 1].map((side) => points.map((point) => point[side]));
  return { weights: life.weights, retention: { first, second } };
}

/** The queries about these labels; undefined if there are none. */
function queriesWhere({ images, labels }: Stream, wanted: (label: number) => boolean): Stream | undefined {
  const all = labels.data();
  const chosen = [...all.keys()].filter((row) => wanted(all[row]));
  if (chosen.length === 0) return undefined;
  const asked = Int32Array.from(chosen, (row) => all[row]);
  return { images: take(images, chosen), labels: fromNumbers(asked, [chosen.length], "int32") };
}
