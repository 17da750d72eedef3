// Rank: matrices of low rank, and the effective rank of a matrix.
import { checkTensors } from "../autodiff/index.js";
import { quote, scope, showShape, type Tensor } from "../core/index.js";
import { div, exp, log, mul, norm, slice, sum, where } from "../ops/index.js";
import { checkMatrix, scaleColumns, sidesOf, timesRight } from "./matrices.js";
import { svd } from "./svd.js";

/** Options of `lowRank`. */
export interface LowRankOptions {
  /** The Frobenius norm of the result; by default that of the matrix, so that only its directions change. */
  readonly norm?: number;
}

/**
 * The matrix of rank `rank` that is nearest to `a` [m, n] (Eckart and Young 1936), scaled to the Frobenius norm of `a` or to
 * `norm`. Initial weights of equal norm and different ranks can be made in this way from one random matrix (Liu et al. 2023).
 *
 * @throws RangeError unless `rank` is a whole number from 1 to min(m, n), `norm` is above 0, and `a` is a matrix that is not
 * zero.
 * @example lowRank(tensor([[3, 0], [0, 1]]), 1) // [[3.162, 0], [0, 0]]
 */
export function lowRank(a: Tensor, rank: number, { norm: wanted }: LowRankOptions = {}): Tensor {
  checkTensors("lowRank", [a]);
  checkMatrix("lowRank", a);
  if (a.rank !== 2)
    throw new RangeError(`[lowRank] shape ${showShape(a.shape)} is a stack of matrices. Give one matrix.`);
  const most = Math.min(...sidesOf(a));
  if (!Number.isSafeInteger(rank) || rank < 1 || rank > most) {
    throw new RangeError(
      `[lowRank] \`rank\` is ${quote(rank)}, but a ${sidesOf(a).join(" x ")} matrix has a rank of at most ${most}. Give a whole number from 1 to ${most}.`,
    );
  }
  if (wanted !== undefined && !(wanted > 0 && Number.isFinite(wanted))) {
    throw new RangeError(`[lowRank] \`norm\` is ${quote(wanted)}. Give a finite number above 0.`);
  }
  return scope(() => {
    const { u, s, v } = svd(a);
    const first = (x: Tensor): Tensor => slice(x, [0, 0], [x.shape[0], rank]);
    const nearest = rank === most ? a : timesRight(scaleColumns(first(u), slice(s, [0], [rank])), first(v));
    const size = norm(nearest);
    if (size.item() === 0)
      throw new RangeError("[lowRank] the matrix is zero, and so has no direction to keep. Give another.");
    return div(mul(nearest, wanted ?? norm(a)), size);
  });
}

/**
 * The effective rank [...] of a matrix, or of each in a stack [..., m, n]: the exponential of the entropy of its singular
 * values, divided by their sum (Roy and Vetterli 2007). It is 1 for an outer product, and min(m, n) if all singular values
 * are equal.
 *
 * @throws RangeError if `a` is not a matrix.
 * @example effectiveRank(eye(3)) // 3
 */
export function effectiveRank(a: Tensor): Tensor {
  checkTensors("effectiveRank", [a]);
  checkMatrix("effectiveRank", a);
  return scope(() => {
    const { s } = svd(a);
    const share = div(s, sum(s, -1, true));
    const positive = share.greater(0);
    return exp(sum(mul(share, log(where(positive, share, 1))), -1).neg());
  });
}
