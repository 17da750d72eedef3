// Compares the credit that an algorithm assigns with the gradient of the tape. If the algorithm is only right in a limit, a
// tolerance would hide a wrong factor; the slope of the error in the small parameter shows it.
import {
  checkKind,
  type Leaf,
  leavesOf,
  plain,
  quote,
  sameShape,
  scope,
  showShape,
  type TreeOf,
} from "../core/index.js";
import { log, tensor } from "../ops/index.js";

/** How two tensors of the same shape differ. */
export interface CreditDifference {
  /** The path of the parameter, such as `hidden.input.weight`; "" for all together. */
  readonly path: string;
  /** ‖credit - gradient‖ / ‖gradient‖ (Euclidean); 0 if both are zero, infinite if only the gradient is. */
  readonly relativeError: number;
  /** max |credit - gradient| / max |gradient|, with the same rules for zeros. */
  readonly largestError: number;
  /** The cosine of the angle between the two; 1 if both are zero, 0 if one is. */
  readonly cosine: number;
  /** The share of the elements that have the same sign, where 0 is a sign of its own. */
  readonly signAgreement: number;
}

/** The result of `compareCredit`: the numbers for all parameters together, as if they were one vector, and for each. */
export interface CreditComparison extends CreditDifference {
  /** Each parameter, in the order of the tree. */
  readonly parameters: readonly CreditDifference[];
}

/** The result of `creditSlope`: how the error depends on a small parameter. */
export interface CreditSlope {
  /** The slope of log(relative error) against log(small parameter), by least squares; NaN if an error is 0 or NaN. */
  readonly slope: number;
  /** The comparison for each value, in the order given. */
  readonly points: readonly { readonly small: number; readonly comparison: CreditComparison }[];
}

/** Sums over pairs of elements, from which all measures follow. They are float64 for tensors of any type. */
class Sums {
  private apart = 0;
  private ours = 0;
  private theirs = 0;
  private product = 0;
  private farthest = 0;
  private largest = 0;
  private agree = 0;
  private count = 0;

  add(credit: ArrayLike<number>, gradient: ArrayLike<number>): void {
    for (let i = 0; i < credit.length; i++) {
      const [a, b] = [credit[i], gradient[i]];
      this.apart += (a - b) ** 2;
      this.ours += a * a;
      this.theirs += b * b;
      this.product += a * b;
      this.farthest = Math.max(this.farthest, Math.abs(a - b));
      this.largest = Math.max(this.largest, Math.abs(b));
      this.agree += Math.sign(a) === Math.sign(b) ? 1 : 0;
    }
    this.count += credit.length;
  }

  difference(path: string): CreditDifference {
    const { apart, ours, theirs, product, farthest, largest, agree, count } = this;
    const oneIsZero = ours === 0 || theirs === 0;
    return {
      path,
      relativeError: ratio(Math.sqrt(apart), Math.sqrt(theirs)),
      largestError: ratio(farthest, largest),
      cosine: oneIsZero ? Number(ours === theirs) : product / (Math.sqrt(ours) * Math.sqrt(theirs)),
      signAgreement: agree / count,
    };
  }
}

const ratio = (error: number, size: number): number => (error === 0 ? 0 : error / size);

/**
 * Compares the credit that an algorithm assigns to parameters with the gradient. Both are trees of the same structure, and
 * both point in the direction in which the loss grows.
 *
 * ```ts
 * const { credit } = zil(net, params, x, target);
 * const { relativeError, parameters } = compareCredit(credit, grad(net.loss)(params, x, target));
 * ```
 *
 * @param credit the algorithm's tree of float32 or float64 tensors.
 * @param gradient the tree to compare it with; its types may differ.
 * @throws TypeError for leaves that are not tensors; RangeError for trees of different structures, or without an element.
 */
export function compareCredit<P extends TreeOf<P>>(credit: P, gradient: P): CreditComparison {
  const [ours, theirs] = [leavesOf("compareCredit", credit), leavesOf("compareCredit", gradient)];
  checkSame(ours, theirs);
  const all = new Sums();
  const parameters = ours.map(({ tensor, path }, i) => {
    const [a, b] = [tensor.data(), theirs[i].tensor.data()];
    const one = new Sums();
    one.add(a, b);
    all.add(a, b);
    return one.difference(path);
  });
  return { ...all.difference(""), parameters };
}

function checkSame(credit: readonly Leaf[], gradient: readonly Leaf[]): void {
  const show = (leaf?: Leaf): string => (leaf ? `"${plain(leaf.path)}" ${showShape(leaf.tensor.shape)}` : "nothing");
  for (let i = 0; i < Math.max(credit.length, gradient.length); i++) {
    const [ours, theirs] = [credit[i], gradient[i]];
    if (ours?.path === theirs?.path && sameShape(ours.tensor.shape, theirs.tensor.shape)) continue;
    throw new RangeError(
      `[compareCredit] the credit has ${show(ours)} where the gradient has ${show(theirs)}. Pass trees of the same structure.`,
    );
  }
  if (credit.some(({ tensor }) => tensor.size > 0)) return;
  throw new RangeError("[compareCredit] there is no number to compare. Pass trees with at least one element.");
}

/**
 * How the error of an algorithm falls with a small parameter: at a slope of 1 the error is proportional to it, at 2 to its
 * square, and at 0 the limit is not the gradient.
 *
 * ```ts
 * const il = (outputWeight: number) => inferenceLearning(net, params, x, t, { outputWeight, steps: 2000 }).credit;
 * const { slope } = creditSlope(il, grad(net.loss)(params, x, t), [1e-2, 1e-3, 1e-4]);
 * ```
 *
 * @param credit the algorithm's tree for a value of the small parameter.
 * @param gradient the tree that it should approach.
 * @param smalls two or more different values above 0.
 * @throws RangeError for fewer than two values, equal values, or values that are not above 0.
 */
export function creditSlope<P extends TreeOf<P>>(
  credit: (small: number) => P,
  gradient: P,
  smalls: readonly number[],
): CreditSlope {
  checkKind("creditSlope", "`credit`", credit, "a function");
  checkKind("creditSlope", "`smalls`", smalls, "a list");
  const odd = smalls.find((small) => !(small > 0 && small < Number.POSITIVE_INFINITY));
  if (odd !== undefined) {
    throw new RangeError(`[creditSlope] one of \`smalls\` is ${quote(odd)}. Give finite numbers above 0.`);
  }
  if (new Set(smalls).size !== smalls.length || smalls.length < 2) {
    throw new RangeError(
      `[creditSlope] \`smalls\` has ${smalls.length} numbers, ${new Set(smalls).size} of them different. Give two or more different ones.`,
    );
  }
  const points = smalls.map((small) => ({ small, comparison: scope(() => compareCredit(credit(small), gradient)) }));
  const [x, y] = [smalls, points.map(({ comparison }) => comparison.relativeError)].map(logarithms);
  return { slope: slopeOf(x, y), points };
}

/** Natural logarithms, with the same bits on every engine. */
const logarithms = (values: readonly number[]): number[] => scope(() => Array.from(log(tensor([...values])).data()));

function slopeOf(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [middle, height] = [mean(x), mean(y)];
  let [above, below] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    above += (x[i] - middle) * (y[i] - height);
    below += (x[i] - middle) ** 2;
  }
  return above / below;
}
