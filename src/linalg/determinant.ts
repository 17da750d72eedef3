// Determinants, and the matrices of cofactors that are their derivatives.
import { type AnyOp, apply, applyAll, checkTensors, type Op } from "../autodiff/index.js";
import { kernelsOf, type Tensor } from "../core/index.js";
import { expandDims, sum } from "../ops/index.js";
import { forEachMatrix, type Kernels } from "./kernels.js";
import { checkSquare, countOf, sidesOf, timesRight } from "./matrices.js";
import { byMatrix, cofactors, determinant } from "./reference.js";
import { inverseOf } from "./solve.js";

const spread = (x: Tensor): Tensor => expandDims(expandDims(x, -1), -1);

const regular = [{ inputs: [{ shape: [2, 3, 3], diagonal: [2, -2.5, 3] }], attributes: undefined }];

/**
 * C = det(A) A'^-1, also where A is singular: from the singular values, C = det(U) det(V) U diag(product of the others) V'.
 * Its own derivative goes through the inverse: dC = tr(A^-1 dA) C - C dA' A'^-1.
 */
export const cofactorsOp: Op = {
  name: "cofactors",
  shapes: ([a]) => [a.shape],
  forward: ([c], [a]) => {
    const [n] = sidesOf(a);
    forEachMatrix(countOf(a.shape), [c], [a], 2 * n * n + 2 * n, (kernels, { inputs, outputs, room }) =>
      kernels.cofactors(outputs[0], inputs[0], room, n),
    );
  },
  vjp: ([dc], { inputs: [a], outputs: [c] }) => {
    const inner = inverseOf(a, true);
    const along = spread(sum(dc!.mul(c), [-2, -1]));
    return [along.mul(inner).sub(timesRight(inner, dc!).matmul(c))];
  },
  jvp: ([da], { inputs: [a], outputs: [c] }) => {
    const inner = inverseOf(a, true);
    return [
      spread(sum(inner.mul(da!), [-2, -1]))
        .mul(c)
        .sub(timesRight(c, da!).matmul(inner)),
    ];
  },
  reference: ([a]) => byMatrix([a], ([matrix]) => [{ shape: sidesOf(a), data: cofactors(matrix, sidesOf(a)[0]) }]),
  domain: regular,
};

/** The determinant of the matrix at `a`, which is overwritten: `fraction` times 2 to the power of `power`. */
function determinantBy(kernels: Kernels, a: number, room: number, n: number): { fraction: number; power: number } {
  kernels.determinant(room, a, n, kernels.lu(a, room, n));
  return { fraction: kernels.read(room), power: kernels.read(room + 8) };
}

/** y = det A, by LU factorisation. */
export const determinantOp: Op = {
  name: "det",
  shapes: ([a]) => [a.shape.slice(0, -2)],
  forward: ([y], [a]) => {
    const [n] = sidesOf(a);
    forEachMatrix(countOf(a.shape), [y], [a], n + 2, (kernels, { inputs, outputs, room }) => {
      const { fraction, power } = determinantBy(kernels, inputs[0], room, n);
      kernels.write(outputs[0], scaled(fraction, power));
    });
  },
  vjp: ([dy], { inputs: [a] }) => [spread(dy!).mul(apply(cofactorsOp, [a], undefined))],
  jvp: ([da], { inputs: [a] }) => [sum(apply(cofactorsOp, [a], undefined).mul(da!), [-2, -1])],
  reference: ([a]) =>
    byMatrix([a], ([matrix]) => [{ shape: [], data: Float64Array.of(determinant(matrix, sidesOf(a)[0])) }]),
  domain: [...regular, { inputs: [{ shape: [3, 3], diagonal: [1, 2, 3] }], attributes: undefined }],
};

/** x times 2 to the power of n. */
function scaled(x: number, n: number): number {
  let y = x;
  for (let left = n; left > 0 && Number.isFinite(y); left--) y *= 2;
  for (let left = n; left < 0 && y !== 0; left++) y /= 2;
  return y;
}

/** The sign of det A, and y = log |det A|. */
export const logDeterminantOp: Op = {
  name: "slogdet",
  shapes: ([a]) => [a.shape.slice(0, -2), a.shape.slice(0, -2)],
  forward: ([sign, y], [a]) => {
    const [n] = sidesOf(a);
    const powers = new Float64Array(y.size);
    forEachMatrix(y.size, [sign, y], [a], n + 2, (kernels, { inputs, outputs, room }, index) => {
      const { fraction, power } = determinantBy(kernels, inputs[0], room, n);
      powers[index] = power;
      kernels.write(outputs[0], Math.sign(fraction));
      kernels.write(outputs[1], Math.abs(fraction));
    });
    kernelsOf(y).log(y.address, y.address, y.size);
    const { elements } = y;
    powers.forEach((power, index) => {
      elements[index] += power * Math.LN2;
    });
  },
  vjp: ([, dy], { inputs: [a] }) => [dy && spread(dy).mul(inverseOf(a, true))],
  jvp: ([da], { inputs: [a] }) => [undefined, sum(inverseOf(a, true).mul(da!), [-2, -1])],
  reference: ([a]) =>
    byMatrix([a], ([matrix]) => {
      const value = determinant(matrix, sidesOf(a)[0]);
      return [Math.sign(value), Math.log(Math.abs(value))].map((x) => ({ shape: [], data: Float64Array.of(x) }));
    }),
  domain: regular,
};

/**
 * The determinant of a square matrix, shape [], or of each in a stack [..., n, n], shape [...].
 *
 * Its gradient, the matrix of cofactors, is also correct for singular matrices; second derivatives throw for them. For large
 * matrices, whose determinants exceed the range of numbers, use `slogdet`.
 *
 * @throws RangeError if a matrix is not square.
 * @example det(tensor([[1, 2], [3, 4]])) // -2
 */
export function det(a: Tensor): Tensor {
  checkTensors("det", [a]);
  checkSquare("det", a);
  return apply(determinantOp, [a], undefined);
}

/**
 * The sign of the determinant (1, -1, or 0 for a singular matrix) and the natural logarithm of its size (-Infinity for a
 * singular matrix) of a square matrix, or of each in a stack [..., n, n], shape [...]. The determinant itself may exceed the
 * range of numbers. The gradient of the logarithm is the transposed inverse; it throws for a singular matrix.
 *
 * @throws RangeError if a matrix is not square.
 * @example slogdet(tensor([[1, 2], [3, 4]])) // { sign: -1, logAbsDet: 0.6931 }
 */
export function slogdet(a: Tensor): { sign: Tensor; logAbsDet: Tensor } {
  checkTensors("slogdet", [a]);
  checkSquare("slogdet", a);
  const [sign, logAbsDet] = applyAll(logDeterminantOp, [a], undefined);
  return { sign, logAbsDet };
}

/** Every record of this file. */
export const determinantOps: readonly AnyOp[] = [cofactorsOp, determinantOp, logDeterminantOp];
