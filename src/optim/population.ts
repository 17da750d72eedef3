// What evolution strategies share: losses of all members, and noise in the form of the parameters.
import { type Key, type Leaf, leavesOf, quote, type Tensor, type TreeOf } from "../core/index.js";
import { random } from "../ops/index.js";

/** The most members of a population. */
export const MOST_MEMBERS = 1_000_000;

/** Throws unless there is a number for each member; with `finite`, one that is not infinite. */
export function checkLosses(op: string, losses: ArrayLike<number>, members: number, finite: boolean): void {
  if (losses?.length !== members) {
    throw new RangeError(
      `[${op}] there are ${quote(losses?.length)} losses for ${members} members. Give one for each.`,
    );
  }
  for (let i = 0; i < members; i++) {
    const loss = losses[i];
    if (typeof loss === "number" && (finite ? Number.isFinite(loss) : !Number.isNaN(loss))) continue;
    throw new RangeError(
      `[${op}] the loss of member ${i} is ${quote(loss)}: give ${finite ? "finite numbers" : "numbers"}.`,
    );
  }
}

/** Throws unless `index` is that of a member. */
export function checkMember(op: string, index: number, members: number): void {
  if (Number.isSafeInteger(index) && index >= 0 && index < members) return;
  throw new RangeError(`[${op}] there is no member ${quote(index)}: give a whole number from 0 to ${members - 1}.`);
}

/** Throws unless `sigma` is a number above 0. */
export function checkSigma(op: string, sigma: number): void {
  if (typeof sigma === "number" && sigma > 0 && sigma < Number.POSITIVE_INFINITY) return;
  throw new RangeError(`[${op}] \`sigma\` is ${quote(sigma)}: give a number above 0.`);
}

/** Throws unless `count` is a whole number in this range. */
export function checkCount(op: string, name: string, count: number, least: number, most: number): void {
  if (Number.isSafeInteger(count) && count >= least && count <= most) return;
  throw new RangeError(`[${op}] \`${name}\` is ${quote(count)}: give a whole number from ${least} to ${most}.`);
}

/** The tensors of parameters. Throws if there are none, or if one is not of floats. */
export function floatsOf<P extends TreeOf<P>>(op: string, params: P): readonly Leaf[] {
  const leaves = leavesOf(op, params);
  if (leaves.length === 0) throw new RangeError(`[${op}] the parameters have no tensors. Pass a tree with some.`);
  const odd = leaves.find(({ tensor }) => !tensor.type.isFloat);
  if (odd) throw new TypeError(`[${op}] a parameter is ${odd.tensor.dtype}, which has no noise. Pass floats alone.`);
  return leaves;
}

/** Standard normal noise for each of these tensors. */
export const noiseFor = (leaves: readonly Leaf[], key: Key): Tensor[] =>
  leaves.map(({ tensor: { shape, dtype } }, i) => random.normal(key.fold(i), shape, { dtype }));

/** The places of these losses, that of the least first; of equal ones the first first. */
export const orderOf = (losses: ArrayLike<number>): number[] =>
  // Not the difference, which is NaN for two infinite losses.
  Array.from(losses, (_, i) => i).sort((a, b) => Number(losses[a] > losses[b]) - Number(losses[a] < losses[b]));

/**
 * For each loss its rank among all, from -0.5 for the least to 0.5 for the largest; equal losses share the mean of their ranks
 * (Wierstra et al. 2014, "Natural evolution strategies"; Salimans et al. 2017).
 */
export function centredRanks(losses: ArrayLike<number>): number[] {
  const order = orderOf(losses);
  const ranks = new Array<number>(losses.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && losses[order[to]] === losses[order[from]]) to++;
    for (let i = from; i < to; i++) ranks[order[i]] = (from + to - 1) / 2;
    from = to;
  }
  const last = Math.max(1, losses.length - 1);
  return ranks.map((rank) => rank / last - 0.5);
}
