// The laws, run over an op record: your own as well as ours.

import type { AnyOp, Op } from "../autodiff/index.js";
import type { FloatName } from "../core/index.js";
import { checkMade } from "../core/index.js";
import { casesOf } from "./case.js";
import { type Compared, errorOf, type Law, laws } from "./laws.js";

/** What a law found about an op. */
export interface Verdict {
  readonly law: Law;
  /** The largest relative error over all cases. */
  readonly error: number;
  /** Where it was found. */
  readonly worst: Compared | undefined;
  /** The index in the op's domain of the sample where it was found. */
  readonly sample: number;
}

/** Runs one law over `count` cases of each sample of an op's domain. */
export function verdictOf(op: AnyOp, law: Law, count = 2, dtype?: FloatName): Verdict {
  let verdict: Verdict = { law, error: 0, worst: undefined, sample: 0 };
  for (const c of casesOf(op, count, dtype)) {
    for (const worst of law.compare(c)) {
      const error = errorOf(worst);
      if (!(error <= verdict.error)) verdict = { law, error, worst, sample: op.domain.indexOf(c.sample) };
    }
  }
  return verdict;
}

/** The laws that are about this op. */
export const lawsOf = (op: AnyOp): readonly Law[] => laws.filter(({ applies }) => applies?.(op) ?? true);

/** Throws an Error that names the law, the sample, the element and both numbers, unless the law holds. */
export function enforce(op: AnyOp, law: Law, count = 2, dtype: FloatName = "float32"): void {
  const { error, worst, sample } = verdictOf(op, law, count, dtype);
  const allowed = law.tolerance[dtype];
  if (error < allowed || !worst) return;
  const { what, got, wanted } = worst;
  const offs = Array.from(wanted, (x, i) => Math.abs(got[i] - x)).map((x) => (Number.isNaN(x) ? Infinity : x));
  const at = offs.indexOf(Math.max(...offs));
  throw new Error(
    `[checkOp] ${op.name} in ${dtype}, sample ${sample} of its domain: it breaks the law "${law.name}". ` +
      `${what}, element ${at}, is ${got[at]} where ${wanted[at]} is right ` +
      `(relative error ${error.toExponential(1)}, allowed ${allowed}).`,
  );
}

/**
 * Checks an op record of your own by every law that ours obey: its values, first derivatives (reverse, forward, their
 * agreement, linearity), second derivatives (three ways), third ones (two ways), the same bits in a checkpointed loop, nothing
 * left in memory; each against the record's own float64 reference, on `count` cases (default 2) of each sample of its domain. `dtype` is
 * the type of the tensors: float32, or with far smaller tolerances float64, which then has to be imported.
 * Call it outside of `scope`, which still holds what an op has left behind.
 *
 * @throws Error that names the law, the sample, the element and both numbers.
 * @example
 * const cube: Op = {
 *   name: "cube",
 *   shapes: ([x]) => [x.shape],
 *   forward: ([y], [x]) => y.elements.set(Array.from(x.data(), (value) => value ** 3)),
 *   vjp: ([dy], { inputs: [x] }) => [dy.mul(x.square()).mul(3)],
 *   jvp: ([dx], { inputs: [x] }) => [dx && dx.mul(x.square()).mul(3)],
 *   reference: ([x]) => [{ shape: x.shape, data: x.data.map((value) => value ** 3) }],
 *   domain: [{ inputs: [{ shape: [2, 3], low: -1, high: 1 }], attributes: undefined }],
 * };
 * checkOp(cube); // returns nothing; a broken law throws
 */
export function checkOp<Attributes>(op: Op<Attributes>, count = 2, dtype: FloatName = "float32"): void {
  checkMade("checkOp", "the op", op, ["name", "shapes", "domain"], "See Op for what a record holds.");
  const any = op as unknown as AnyOp;
  if (op.domain.length === 0) {
    throw new RangeError(`[checkOp] ${op.name} has an empty domain: give samples inside which it is smooth.`);
  }
  for (const law of lawsOf(any)) enforce(any, law, count, dtype);
}
