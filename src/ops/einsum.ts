// Products summed over named axes: Einstein's convention, and tensordot. Operands are permuted and multiplied as stacks of
// matrices, two at a time.

import { checkTensors } from "../autodiff/index.js";
import { checkKind, kindOf, MOST_AXES, quote, showShape, sizeOf, type Tensor } from "../core/index.js";
import { matmul } from "./batch.js";
import { diagonal } from "./diagonals.js";
import { transpose } from "./permute.js";
import { reshape } from "./shape.js";
import { axesOf, sum } from "./sum.js";

/** A tensor with a character for each axis. */
interface Labelled {
  readonly x: Tensor;
  readonly labels: string;
}

/** The labels of the axes under an ellipsis, counted from the last: there operands of different ranks meet. */
const under = (axes: number): string => "543210".slice(MOST_AXES - axes);
/** The labels of which `keep` is true, each once. */
const those = (labels: string, keep: (label: string) => boolean): string => [...new Set(labels)].filter(keep).join("");
const sizesOf = ({ x, labels }: Labelled, wanted: string): number[] =>
  [...wanted].map((label) => x.shape[labels.indexOf(label)]);

/**
 * The sum of products that `expression` names, as in NumPy: `"ij,jk->ik"` is a matrix product, `"i,j->ij"` an outer product,
 * `"ij->ji"` a transpose, `"ij->"` a sum. Labels that the result does not have are summed over. A label twice in one operand
 * is a diagonal: `"ii->i"`, and `"ii->"` a trace. `...` stands for any number of axes: `"...ij,...jk->...ik"` multiplies stacks of
 * matrices. Axes of size 1 broadcast. Without `->` the result has the axes under `...`, then the labels that occur once, in
 * alphabetical order.
 *
 * Three operands and more are multiplied in the order that takes the fewest products of numbers (above five operands, the
 * cheapest pair comes first), among those in which no result has more than six axes.
 *
 * @example einsum("bij,bj->bi", ones([8, 3, 4]), ones([8, 4])) // (8, 3): a product for each item of a batch
 * @throws RangeError if the labels do not fit the shapes, or if every order needs more than six axes.
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
  const terms = left.split(",");
  if (more.length > 0 || [...terms, right ?? ""].some((term) => !/^[a-z]*(\.{3})?[a-z]*$/i.test(term))) {
    fail('write letters, commas, "..." once in a group, and one "->", such as "...ij,...jk->...ik".');
  }
  if (terms.length !== operands.length) {
    fail(`${terms.length} groups of labels for ${operands.length} operands. Write one group for each tensor.`);
  }
  const sizes = new Map<string, number>();
  let dots = "";
  const named = operands.map((x, i): Labelled => {
    const free = x.rank - terms[i].replace("...", "").length;
    if (free < 0 || (free > 0 && !terms[i].includes("..."))) {
      fail(`${quote(terms[i])} does not name the axes of shape ${showShape(x.shape)}. Write a letter for each axis.`);
    }
    if (free > dots.length) dots = under(free);
    const labels = terms[i].replace("...", under(free));
    [...labels].forEach((label, axis) => {
      const [size, here, known] = [x.shape[axis], x.shape[labels.indexOf(label)], sizes.get(label) ?? 1];
      if (size !== here || (size !== known && size !== 1 && known !== 1)) {
        const name = dots.includes(label) ? 'an axis under "..."' : `label "${label}"`;
        fail(`${name} has sizes ${size === here ? known : here} and ${size}. Make them equal.`);
      }
      sizes.set(label, known === 1 ? size : known);
    });
    return withoutRepeats({ x, labels });
  });
  const once = [...left].filter((label) => /[a-z]/i.test(label) && left.split(label).length === 2);
  const output = right?.replace("...", dots) ?? dots + once.sort().join("");
  if (right?.includes("...") === false && dots !== "") {
    fail('the result lacks the axes under "...". Write "..." in it too, or letters for axes to sum over.');
  }
  const odd = [...output].find((label, i) => !sizes.has(label) || output.indexOf(label) !== i);
  if (odd !== undefined) fail(`the result's label "${odd}" must occur in an operand, and once in the result.`);

  const full = named.map((part) => withoutOnes(part, sizes));
  let parts = full.map((part, i) =>
    summed(part, full.map(({ labels }, k) => (k === i ? "" : labels)).join("") + output),
  );
  while (parts.length > 1) {
    const { cost, i, j, kept } = cheapest(
      parts.map(({ labels }) => labels),
      output,
      sizes,
    );
    if (cost === Infinity) fail(`every order of products needs more than ${MOST_AXES} axes. Sum or reshape first.`);
    const product = multiplied(parts[i], parts[j], kept);
    parts = parts.with(i, product).toSpliced(j, 1);
  }
  return ordered(parts[0], output);
}

/** With the diagonal in place of axes that share a label. */
function withoutRepeats({ x, labels }: Labelled): Labelled {
  const second = [...labels].findIndex((label, axis) => labels.indexOf(label) < axis);
  if (second < 0) return { x, labels };
  const first = labels.indexOf(labels[second]);
  const others = [...labels].filter((_, axis) => axis !== first && axis !== second).join("");
  return withoutRepeats({ x: diagonal(x, 0, first, second), labels: others + labels[second] });
}

/** Without the axes of size 1 whose label is larger in another operand: what is multiplied has them in every place. */
function withoutOnes(part: Labelled, sizes: ReadonlyMap<string, number>): Labelled {
  const labels = those(part.labels, (label) => sizesOf(part, label)[0] === sizes.get(label));
  return { x: reshape(part.x, sizesOf(part, labels)), labels };
}

/** Without the labels that nobody needs any more. */
function summed({ x, labels }: Labelled, needed: string): Labelled {
  const gone = [...labels].flatMap((label, axis) => (needed.includes(label) ? [] : [axis]));
  return { x: gone.length === 0 ? x : sum(x, gone), labels: those(labels, (label) => needed.includes(label)) };
}

const ordered = ({ x, labels }: Labelled, wanted: string): Tensor =>
  transpose(
    x,
    [...wanted].map((label) => labels.indexOf(label)),
  );

/** Which two operands to multiply first, which labels their product keeps, and how many products of numbers all take. */
export function cheapest(
  terms: readonly string[],
  output: string,
  sizes: ReadonlyMap<string, number>,
): { cost: number; i: number; j: number; kept: string } {
  let best = { cost: Infinity, i: 0, j: 1, kept: "" };
  for (let j = 1; j < terms.length; j++) {
    for (let i = 0; i < j; i++) {
      const others = terms.filter((_, k) => k !== i && k !== j);
      const needed = others.join("") + output;
      const all = those(terms[i] + terms[j], () => true);
      const kept = those(all, (label) => needed.includes(label));
      if (kept.length > MOST_AXES) continue;
      let cost = sizeOf([...all].map((label) => sizes.get(label)!));
      if (others.length > 0 && terms.length <= 5) cost += cheapest([kept, ...others], output, sizes).cost;
      if (cost < best.cost) best = { cost, i, j, kept };
    }
  }
  return best;
}

/** The product of two operands: of the labels that both have, those in `kept` are batches, and `inner` are summed over. */
function multiplied(
  a: Labelled,
  b: Labelled,
  kept: string,
  inner = those(a.labels, (label) => b.labels.includes(label) && !kept.includes(label)),
): Labelled {
  const shared = (label: string): boolean => a.labels.includes(label) && b.labels.includes(label);
  const batch = those(a.labels, (label) => shared(label) && kept.includes(label));
  const rows = those(a.labels, (label) => !shared(label));
  const columns = those(b.labels, (label) => !shared(label));
  const [stack, m, k, n] = [sizesOf(a, batch), sizesOf(a, rows), sizesOf(a, inner), sizesOf(b, columns)];
  const lead = batch === "" ? [] : [sizeOf(stack)];
  const left = reshape(ordered(a, batch + rows + inner), [...lead, sizeOf(m), sizeOf(k)]);
  const right = reshape(ordered(b, batch + inner + columns), [...lead, sizeOf(k), sizeOf(n)]);
  return { x: reshape(matmul(left, right), [...stack, ...m, ...n]), labels: batch + rows + columns };
}

/**
 * The product of `a` and `b` summed over pairs of axes, as NumPy's `tensordot`: with a number n (default 2) the last n axes
 * of a and the first n of b; with a pair of lists, or of axes, axis `axes[0][i]` of a and `axes[1][i]` of b. The axes that remain, those of a
 * first, are the shape of the result.
 *
 * @example tensordot(ones([2, 5, 3]), ones([3, 4]), [[-1], [0]]) // (2, 5, 4)
 * @throws RangeError if the axes are not there, or their sizes differ.
 */
export function tensordot(
  a: Tensor,
  b: Tensor,
  axes: number | readonly [number | readonly number[], number | readonly number[]] = 2,
): Tensor {
  checkTensors("tensordot", [a, b]);
  if (typeof axes !== "number") checkKind("tensordot", "axes", axes, "a list");
  const [left, right] = typeof axes === "number" ? pairsOf(a, b, axes) : [[axes[0]].flat(), [axes[1]].flat()];
  const of = (x: Tensor, list: readonly number[]): number[] => {
    axesOf("tensordot", x, list);
    return list.map((axis) => (axis < 0 ? axis + x.rank : axis));
  };
  const [inA, inB] = [of(a, left), of(b, right)];
  if (inA.length !== inB.length || inA.some((axis, i) => a.shape[axis] !== b.shape[inB[i]])) {
    throw new RangeError(
      `[tensordot] axes ${quote(left)} of shape ${showShape(a.shape)} and ${quote(right)} of shape ${showShape(b.shape)} differ. ` +
        "Name as many axes of both, of the same sizes.",
    );
  }
  const labels = "abcdef".slice(0, a.rank);
  const paired = b.shape.map((_, axis) => labels[inA[inB.indexOf(axis)]] ?? "ghijkl"[axis]).join("");
  return multiplied({ x: a, labels }, { x: b, labels: paired }, "", inA.map((axis) => labels[axis]).join("")).x;
}

function pairsOf(a: Tensor, b: Tensor, count: number): [number[], number[]] {
  if (!Number.isInteger(count) || count < 0 || count > Math.min(a.rank, b.rank)) {
    throw new RangeError(
      `[tensordot] ${quote(count)} axes of shapes ${showShape(a.shape)} and ${showShape(b.shape)}. ` +
        `Ask for 0 to ${Math.min(a.rank, b.rank)}.`,
    );
  }
  return [Array.from({ length: count }, (_, i) => a.rank - count + i), Array.from({ length: count }, (_, i) => i)];
}
