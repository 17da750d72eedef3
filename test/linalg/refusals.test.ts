// What linear algebra refuses, and what it says then.
import { describe, expect, it } from "vitest";
import { cholesky, det, gram, inverse, lstsq, qr, solve, solveTriangular } from "../../src/linalg/index.js";
import { concat, eye, stack, tensor, zeros } from "../../src/ops/index.js";

describe("refusals", () => {
  const singular = tensor([
    [1, 2],
    [2, 4],
  ]);
  it.each([
    [() => solve(singular, tensor([1, 2])), "[solve] the matrix is singular. Add a small number"],
    [() => inverse(stack([eye(2), singular])), "[solve] matrix 1 of 2 is singular"],
    [() => solve(zeros([2, 3]), tensor([1, 2])), "[solve] the matrix is 2 x 3, not square. For other"],
    [() => solve(eye(2), tensor([1, 2, 3])), "the right side to 2 numbers, or 2 rows of them"],
    [() => solve(zeros([3, 2, 2]), zeros([2, 2, 1])), "stacks of shapes [3] and [2] do not broadcast"],
    [() => det(tensor([1, 2])), "[det] shape [2] is not a matrix"],
    [() => det(zeros([0, 0])), "none of them empty"],
    [
      () => cholesky(singular.mul(-1)),
      "[cholesky] the matrix is not positive definite: the factor has no positive number on the diagonal of row 0",
    ],
    [
      () =>
        solveTriangular(
          tensor([
            [1, 0],
            [5, 0],
          ]),
          tensor([1, 1]),
        ),
      "a zero on its diagonal, in row 1",
    ],
    [() => solveTriangular(eye(2), tensor([1, 1]), { lower: "no" as never }), '`lower` is "no". Pass true or false.'],
    [
      () => lstsq(concat([singular, singular]), tensor([1, 2, 3, 4])),
      "[lstsq] the matrix does not have full rank: column 1",
    ],
    [() => qr([[1]] as never), "[qr] operand 1 is"],
    [() => gram(tensor([1, 2])), "[gram] shape [2] is not a matrix"],
    [() => gram(zeros([2, 0])), "none of them empty"],
  ])("%#", (run, sentence) => {
    expect(run).toThrow(sentence);
  });
});
