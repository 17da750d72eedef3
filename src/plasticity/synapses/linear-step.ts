// The linear rule: w' = w + sum_r P_r F_r, one number per synapse (Shervani-Tabar and Rosenbaum 2023, equation 5).
import { type Array64, apply, type Op } from "../../autodiff/index.js";
import { checkKind, emptyLike, type Tensor } from "../../core/index.js";
import { add, mul, outer, reshape, sub } from "../../ops/index.js";
import { plasticityKernels } from "../kernels.js";
import { factorsOf } from "./low-rank.js";

/** wNext (nOut, nIn) from w, left (3, 1, nOut), the vectors yPre, ePre, u (nIn), and p3 (1): the decay's coefficient. */
export const linearStepOp: Op = {
  name: "linearStep",
  lowRank: true,
  shapes: ([w]) => [w.shape],
  forward: ([next], [w, left, r0, r1, r2, p3]) => {
    plasticityKernels(next.type).linearStep(
      next.address,
      w.address,
      left.address,
      r0.address,
      r1.address,
      r2.address,
      p3.address,
      ...matrix(w),
    );
  },
  vjp: ([gNext], { inputs, needs }, [products]) => {
    const [w, left, r0, r1, r2, p3] = inputs;
    const [gW, gLeft] = [w, left].map((input) => emptyLike(input));
    const [gR0, gP3] = [2, 5].map((i) => (needs(i) ? emptyLike(inputs[i]) : undefined));
    const [gR1, gR2] = [r1, r2].map((input) => (needs(3) || needs(4) ? emptyLike(input) : undefined));
    const { dense, lA, rA, lB, rB } = factorsOf(w, gNext, products);
    plasticityKernels(w.type).linearStepVjp(
      gW.address,
      gLeft.address,
      gR0?.address ?? 0,
      gR1?.address ?? 0,
      gR2?.address ?? 0,
      gP3?.address ?? 0,
      dense,
      lA,
      rA,
      lB,
      rB,
      w.address,
      left.address,
      r0.address,
      r1.address,
      r2.address,
      p3.address,
      ...matrix(w),
    );
    return [gW, gLeft, gR0, gR1, gR2, gP3];
  },
  composition: ([w, left, r0, r1, r2, p3]) => {
    const row = (k: number): Tensor => reshape(left.row(k), [w.shape[0]]);
    const drive = add(add(outer(row(0), r0), outer(row(1), r1)), outer(row(2), r2));
    return [add(w, sub(drive, mul(w, p3)))];
  },
  reference: ([w, left, r0, r1, r2, p3]): Array64[] => {
    const [rows, columns] = w.shape;
    const data = w.data.map((x, at) => {
      const [i, j] = [Math.floor(at / columns), at % columns];
      const drive = [r0, r1, r2].reduce((total, r, k) => total + left.data[k * rows + i] * r.data[j], 0);
      return x + drive - p3.data[0] * x;
    });
    return [{ shape: w.shape, data }];
  },
  domain: [
    {
      inputs: [{ shape: [3, 6] }, { shape: [3, 1, 3] }, { shape: [6] }, { shape: [6] }, { shape: [6] }, { shape: [1] }],
      attributes: undefined,
    },
  ],
};

function matrix(w: Tensor): [number, number] {
  return [w.shape[0], w.shape[1]];
}

/**
 * One step of the linear rule; see `linearStepOp`. w and the result are (nOut, nIn), `left` (3, nOut), each of `right` (nIn),
 * and the decay a scalar.
 *
 * @example
 * linearStep(ones([2, 3]), ones([3, 2]), [ones([3]), ones([3]), ones([3])], tensor(0)); // [[4, 4, 4], [4, 4, 4]]
 */
export function linearStep(w: Tensor, left: Tensor, right: readonly Tensor[], decay: Tensor): Tensor {
  checkKind("linearStep", "the right vectors", right, "a list");
  return apply(linearStepOp, [w, left, ...right, decay], undefined);
}
