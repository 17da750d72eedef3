// Einstein's summation convention, for operands without repeated labels: axes are summed, permuted, and multiplied as
// stacks of matrices, two operands at a time from the left.

import { checkTensors } from "../autodiff/index.js";
import { kindOf, quote, showShape, type Tensor } from "../core/index.js";
import { matmul } from "./batch.js";
import { transpose } from "./permute.js";
import { reshape } from "./shape.js";
import { sum } from "./sum.js";

/** A tensor with a letter for each axis. */
interface Labelled {
  readonly x: Tensor;
  readonly labels: string;
}

/**
 * The sum of products that `expression` names, as in NumPy: `"ij,jk->ik"` is a matrix product, `"bij,bj->bi"` one for
 * each item of a batch, `"ij->ji"` a transpose, `"ij->"` a sum, `"i,j->ij"` an outer product. Labels that the result
 * does not have are summed over; without `->` it has those that occur once, in alphabetical order.
 *
 * @throws RangeError if the labels do not fit the shapes, or for what is not supported: a label twice in one operand (a
 * diagonal), and an ellipsis.
 */
export function einsum(expression: string, ...operands: readonly Tensor[]): Tensor {
  const fail = (fact: string): never => {
    throw new RangeError(`[einsum] ${quote(expression)}: ${fact}`);
  };
  if (typeof expression !== "string") {
    throw new TypeError(
      `[einsum] the expression is ${kindOf(expression)}. Write it first, then the tensors: einsum("ij,jk->ik", a, b).`,
    );
  }
  checkTensors("einsum", operands);
  const [left, right, ...more] = expression.replaceAll(" ", "").split("->");
  if (more.length > 0 || !/^[a-zA-Z,]*$/.test(left + (right ?? "")) || right?.includes(",")) {
    fail('write letters, commas and one "->", such as "bij,bjk->bik". Ellipses are not supported.');
  }
  const terms = left.split(",");
  if (terms.length !== operands.length)
    fail(`${terms.length} groups of labels for ${operands.length} operands. Write one group for each tensor.`);
  const sizes = new Map<string, number>();
  terms.forEach((labels, i) => {
    const { shape } = operands[i];
    if (labels.length !== shape.length)
      fail(`${quote(labels)} does not name the axes of shape ${showShape(shape)}. Write one letter for each axis.`);
    [...labels].forEach((label, axis) => {
      if (labels.indexOf(label) !== axis) {
        fail(`label "${label}" stands twice in ${quote(labels)}; diagonals are not supported. Multiply by eye first.`);
      }
      const size = sizes.get(label) ?? shape[axis];
      if (size !== shape[axis]) fail(`label "${label}" has sizes ${size} and ${shape[axis]}. Make them equal.`);
      sizes.set(label, size);
    });
  });
  const once = [...sizes.keys()].filter((label) => terms.filter((term) => term.includes(label)).length === 1);
  const output = right ?? once.sort().join("");
  const odd = [...output].find((label, i) => !sizes.has(label) || output.indexOf(label) !== i);
  if (odd !== undefined) fail(`the result's label "${odd}" must occur in an operand, and once in the result.`);

  let result = summed({ x: operands[0], labels: terms[0] }, terms.slice(1).join("") + output);
  for (let i = 1; i < terms.length; i++) {
    const neededLater = terms.slice(i + 1).join("") + output;
    result = multiplied(result, summed({ x: operands[i], labels: terms[i] }, result.labels + neededLater), neededLater);
  }
  return ordered(result, output);
}

/** Without the labels that nobody needs any more. */
function summed({ x, labels }: Labelled, needed: string): Labelled {
  const gone = [...labels].flatMap((label, axis) => (needed.includes(label) ? [] : [axis]));
  if (gone.length === 0) return { x, labels };
  return { x: sum(x, gone), labels: [...labels].filter((label) => needed.includes(label)).join("") };
}

function ordered({ x, labels }: Labelled, wanted: string): Tensor {
  return transpose(
    x,
    [...wanted].map((label) => labels.indexOf(label)),
  );
}

/** The product of two operands, summed over the labels that both have and nobody needs later. */
function multiplied(a: Labelled, b: Labelled, neededLater: string): Labelled {
  const shared = [...a.labels].filter((label) => b.labels.includes(label));
  const batch = shared.filter((label) => neededLater.includes(label)).join("");
  const inner = shared.filter((label) => !neededLater.includes(label)).join("");
  const rows = [...a.labels].filter((label) => !shared.includes(label)).join("");
  const columns = [...b.labels].filter((label) => !shared.includes(label)).join("");
  const sizesOf = ({ x, labels }: Labelled, wanted: string): number[] =>
    [...wanted].map((label) => x.shape[labels.indexOf(label)]);
  const count = (sizes: readonly number[]): number => sizes.reduce((product, size) => product * size, 1);
  const [stack, m, k, n] = [sizesOf(a, batch), sizesOf(a, rows), sizesOf(a, inner), sizesOf(b, columns)];
  const lead = batch === "" ? [] : [count(stack)];
  const left = reshape(ordered(a, batch + rows + inner), [...lead, count(m), count(k)]);
  const right = reshape(ordered(b, batch + inner + columns), [...lead, count(k), count(n)]);
  return { x: reshape(matmul(left, right), [...stack, ...m, ...n]), labels: batch + rows + columns };
}
