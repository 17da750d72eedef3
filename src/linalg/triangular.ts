// Triangular systems of equations.
import { apply, checkTensors, type Op, sumOf } from "../autodiff/index.js";
import { quote, type Tensor } from "../core/index.js";
import { matmul, tril, triu } from "../ops/index.js";
import { forEachMatrix } from "./kernels.js";
import { checkSquare, countOf, sidesOf, timesLeft, timesRight, which } from "./matrices.js";
import { byMatrix, solved } from "./reference.js";
import { systemOf } from "./system.js";

/** How the triangle of a system is read. */
export interface Triangle {
  /** Whether the lower triangle of the matrix is used, or else the upper one; the rest of the matrix is ignored. */
  readonly lower: boolean;
  /** Whether the equations are T'x = b instead of T x = b. */
  readonly transposed: boolean;
}

const within = (a: Tensor, { lower }: Triangle): Tensor => (lower ? tril(a) : triu(a));

/** x with T x = b, or T'x = b, for stacks of triangles T (n, n) and right sides b (n, m). */
export const triangularOp: Op<Triangle> = {
  name: "solveTriangular",
  shapes: ([, b]) => [b.shape],
  forward: ([x], [t, b], { lower, transposed }) => {
    const [n, m] = sidesOf(b);
    forEachMatrix(countOf(b.shape), [x], [t, b], 0, (kernels, { inputs, outputs }, index) => {
      const row = kernels.triangular(inputs[0], inputs[1], n, m, lower, transposed, false);
      if (row >= 0) {
        throw new RangeError(
          `[solveTriangular] ${which(t.shape, index)} has a zero on its diagonal, in row ${row}, and is singular. ` +
            "Add a small number to the diagonal, or use lstsq for a least-squares solution.",
        );
      }
      kernels.copy(outputs[0], inputs[1], n * m);
    });
  },
  vjp: ([dx], { inputs: [t], outputs: [x], attributes, needs }) => {
    const db = apply(triangularOp, [t, dx!], { ...attributes, transposed: !attributes.transposed });
    const dt = attributes.transposed ? timesRight(x, db) : timesRight(db, x);
    return [needs(0) ? within(dt.neg(), attributes) : undefined, db];
  },
  jvp: ([dt, db], { inputs: [t], outputs: [x], attributes }) => {
    const part = dt && within(dt, attributes);
    const product = part && (attributes.transposed ? timesLeft(part, x) : matmul(part, x));
    return [apply(triangularOp, [t, sumOf(product?.neg(), db)!], attributes)];
  },
  reference: ([t, b], { lower, transposed }) =>
    byMatrix([t, b], ([matrix, right]) => {
      const [n, m] = sidesOf(b);
      const triangle = matrix.map((x, at) => ((lower ? at % n <= at / n : at % n >= Math.floor(at / n)) ? x : 0));
      return [{ shape: [n, m], data: solved(triangle, right, n, m, transposed) }];
    }),
  domain: [true, false].flatMap((lower) =>
    [true, false].map((transposed) => ({
      inputs: [{ shape: [2, 3, 3], diagonal: [2, 2.5, 3] }, { shape: [2, 3, 3] }],
      attributes: { lower, transposed },
    })),
  ),
};

/** Options of `solveTriangular`. */
export interface TriangularOptions {
  /** Whether the lower triangle of the matrix is used (true, the default) or the upper one; the rest is ignored. */
  readonly lower?: boolean;
  /** Whether to solve T'x = b; false by default. */
  readonly transposed?: boolean;
}

/**
 * The solution x of T x = b for a triangular matrix T [..., n, n] and b [n] or [..., n, m], in the shape of b. Leading axes
 * are stacks of systems, and broadcast. It takes less than half the work of `solve`.
 *
 * @throws RangeError if shapes do not fit, or T has a zero on its diagonal; TypeError for options that are not booleans.
 * @example solveTriangular(tensor([[2, 0], [1, 4]]), tensor([2, 9]), { lower: true }) // [1, 2]
 */
export function solveTriangular(t: Tensor, b: Tensor, options: TriangularOptions = {}): Tensor {
  checkTensors("solveTriangular", [t, b]);
  checkSquare("solveTriangular", t);
  const { lower = true, transposed = false } = options;
  for (const [name, value] of Object.entries({ lower, transposed })) {
    if (typeof value === "boolean") continue;
    throw new TypeError(`[solveTriangular] \`${name}\` is ${quote(value)}. Pass true or false.`);
  }
  return systemOf("solveTriangular", t, b, (left, right) => apply(triangularOp, [left, right], { lower, transposed }));
}
