// The QR factorisation. Its derivatives: S. F. Walter and L. Lehmann, Algorithmic differentiation of linear algebra
// functions (2010), section 3; J. A. O. Roberts and J. Roberts, QR and LQ decomposition matrix backpropagation (2020).
import { apply, applyAll, checkTensors, type Op, sumOf } from "../autodiff/index.js";
import type { Tensor } from "../core/index.js";
import { concat, matmul, slice, tril } from "../ops/index.js";
import { forEachMatrix } from "./kernels.js";
import { checkMatrix, countOf, flipped, sidesOf, timesLeft, timesRight } from "./matrices.js";
import { byMatrix, orthogonal } from "./reference.js";
import { triangularOp } from "./triangular.js";

/** B R^-1 for an upper triangle R: the transpose of R'^-1 B'. */
const over = (b: Tensor, r: Tensor): Tensor =>
  flipped(apply(triangularOp, [r, flipped(b)], { lower: false, transposed: true }));

/** B R'^-1 for an upper triangle R: the transpose of R^-1 B'. */
const overTransposed = (b: Tensor, r: Tensor): Tensor =>
  flipped(apply(triangularOp, [r, flipped(b)], { lower: false, transposed: false }));

/** The strict lower triangle. */
const strictly = (a: Tensor): Tensor => tril(a, -1);

/** Q (m, n) and R (n, n) of A (m, n), m >= n. */
export const qrOp: Op = {
  name: "qr",
  shapes: ([a]) => {
    const [, n] = sidesOf(a);
    return [a.shape, [...a.shape.slice(0, -2), n, n]];
  },
  forward: ([q, r], [a]) => {
    const [m, n] = sidesOf(a);
    forEachMatrix(countOf(a.shape), [q, r], [a], n, (kernels, { inputs, outputs, room }) =>
      kernels.qr(inputs[0], outputs[0], outputs[1], room, m, n),
    );
  },
  // dA = (dQ + Q S) R'^-1, S the symmetric matrix with the lower triangle of R dR' - dQ' Q.
  vjp: ([dq, dr], { outputs: [q, r] }) => {
    const inner = sumOf(dr && timesRight(r, dr), dq && timesLeft(dq, q).neg())!;
    const both = tril(inner).add(flipped(strictly(inner)));
    return [overTransposed(sumOf(dq, matmul(q, both))!, r)];
  },
  // With X = dA R^-1 and P = Q'X: dQ = X - Q U and dR = U R, where U is P minus the skew part from its strict lower triangle.
  jvp: ([da], { outputs: [q, r] }) => {
    const x = over(da!, r);
    const p = timesLeft(q, x);
    const u = p.sub(strictly(p)).add(flipped(strictly(p)));
    return [x.sub(matmul(q, u)), matmul(u, r)];
  },
  reference: ([a]) => {
    const [m, n] = sidesOf(a);
    return byMatrix([a], ([matrix]) => orthogonal(matrix, m, n));
  },
  domain: [
    { inputs: [{ shape: [2, 3, 3], diagonal: [2, 2.5, 3] }], attributes: undefined },
    { inputs: [{ shape: [4, 2], diagonal: [2, 2.5] }], attributes: undefined },
  ],
};

/**
 * The factors of A = Q R, or of each matrix in a stack [..., m, n], with k = min(m, n): `q` [..., m, k] has orthonormal
 * columns, and `r` [..., k, n] is upper triangular with no negative number on its diagonal. If A has full rank, there is only
 * one such pair, and derivatives are defined; otherwise they throw. The method is Householder reflections.
 *
 * @throws RangeError if `a` is not a matrix.
 * @example qr(tensor([[3, 1], [4, 2]])).r // [[5, 2.2], [0, 0.4]]
 */
export function qr(a: Tensor): { q: Tensor; r: Tensor } {
  checkTensors("qr", [a]);
  checkMatrix("qr", a);
  const [m, n] = sidesOf(a);
  if (m >= n) {
    const [q, r] = applyAll(qrOp, [a], undefined);
    return { q, r };
  }
  // The first columns form a square matrix, whose Q is that of the whole matrix.
  const [q, r] = applyAll(qrOp, [columns(a, 0, m)], undefined);
  return { q, r: concat([r, timesLeft(q, columns(a, m, n))], -1) };
}

/** Columns `from` to `to` of each matrix. */
function columns(a: Tensor, from: number, to: number): Tensor {
  const whole = a.shape.slice(0, -1).map(() => undefined);
  return slice(a, [...whole, from], [...whole, to]);
}
