// Least squares by the QR factorisation.
import { checkTensors } from "../autodiff/index.js";
import type { Tensor } from "../core/index.js";
import { matmul } from "../ops/index.js";
import { checkMatrix, flipped, sidesOf, timesLeft } from "./matrices.js";
import { qr } from "./qr.js";
import { systemOf } from "./system.js";
import { solveTriangular } from "./triangular.js";

/** Float32 epsilon: a diagonal element of R smaller than this many times the largest is lost. */
const EPSILON = 2 ** -23;

/**
 * The x for which |A x - b| is least, for A [..., m, n] of full rank and b [m] or [..., m, k]; with fewer equations than
 * unknowns the shortest x with A x = b. Shape [n] or [..., n, k]; leading axes are stacks, and broadcast. By QR.
 *
 * @throws RangeError if shapes do not fit, or A has not full rank.
 */
export function lstsq(a: Tensor, b: Tensor): Tensor {
  checkTensors("lstsq", [a, b]);
  checkMatrix("lstsq", a);
  const [m, n] = sidesOf(a);
  return systemOf("lstsq", a, b, (left, right) => {
    const { q, r } = qr(m >= n ? left : flipped(left));
    checkRank(r, m, n);
    return m >= n
      ? solveTriangular(r, timesLeft(q, right), { lower: false })
      : matmul(q, solveTriangular(r, right, { lower: false, transposed: true }));
  });
}

function checkRank(r: Tensor, m: number, n: number): void {
  const [k] = sidesOf(r);
  const numbers = r.data();
  for (let start = 0; start < numbers.length; start += k * k) {
    const diagonal = Array.from({ length: k }, (_, i) => numbers[start + i * (k + 1)]);
    const least = EPSILON * Math.max(m, n) * Math.max(...diagonal);
    const row = diagonal.findIndex((x) => x <= least);
    if (row < 0) continue;
    throw new RangeError(
      `[lstsq] the matrix has not full rank: column ${row} depends on those before it. Leave it out, or add rows ` +
        "sqrt(c) times the identity to the matrix, and zeros to the right side, for the shortest of nearly best solutions.",
    );
  }
}
