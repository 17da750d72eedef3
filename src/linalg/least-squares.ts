// Least squares by the QR factorisation.
import { checkTensors } from "../autodiff/index.js";
import type { Tensor } from "../core/index.js";
import { matmul } from "../ops/index.js";
import { checkMatrix, flipped, sidesOf, timesLeft } from "./matrices.js";
import { qr } from "./qr.js";
import { systemOf } from "./system.js";
import { solveTriangular } from "./triangular.js";

/**
 * The epsilon of float32. A diagonal element of R counts as 0 if it is below this, times the larger side, times the
 * largest.
 */
const EPSILON = 2 ** -23;

/**
 * The x that minimises |A x - b|, for A [..., m, n] of full rank and b [m] or [..., m, k]. With fewer equations than unknowns,
 * it is the shortest x with A x = b. Its shape is [n] or [..., n, k]. Leading axes are stacks, and broadcast. The method is QR.
 *
 * @throws RangeError if shapes do not fit, or A does not have full rank.
 * @example lstsq(tensor([[1, 0], [1, 1], [1, 2]]), tensor([1, 3, 5])) // [1, 2]
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
      `[lstsq] the matrix does not have full rank: column ${row} depends on those before it. Leave it out, or for a regularised ` +
        "solution append sqrt(c) times the identity to the matrix as rows, and zeros to the right side.",
    );
  }
}
