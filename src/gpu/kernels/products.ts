// Products of matrices, vectors and stacks of them, in the orders of addition of assembly/matmul.ts: along columns one
// term after another from zero; along contiguous rows four partial sums, folded (0 + 2) + (1 + 3).
import { matvecOp, outerOp } from "../../autodiff/index.js";
import { batchMatmulOp, matmulOp, type Transposed } from "../../ops/internal.js";
import type { Value } from "../graph.js";
import { type Forward, type Lowering, lowering } from "../lowering.js";
import { at, divide, type Emitter, sumOf, sumsOf, X, Y } from "./emitter.js";

/** Numbers of a row that a thread computes: as many of these as divide the row. */
const WIDTHS = [4, 2];

/**
 * A stack of products; a matrix is a stack of one. A thread that computes several numbers of a row reads each number of
 * the left side once for all of them. Measured on the software driver, products of 256 and 512 take 0.45 of the time with
 * four; no hardware was at hand.
 */
function product(emit: Emitter, a: Value, b: Value, y: Value, t: Transposed): Value {
  const [m] = y.shape.slice(-2);
  const [rows, k] = a.shape.slice(-2);
  const terms = t.a ? rows : k;
  const single = y.shape.length === 2;
  const before = single ? `const i = ${Y};` : divide(Y, m, "s", "i");
  const from = (size: number): string => (single ? "" : `s * ${size} + `);
  const [aFrom, bFrom] = [from(rows), from(b.shape[b.shape.length - 2])];
  const left = (l: string): string => (t.a ? at(0, `${aFrom}${l}`, "i") : at(0, `${aFrom}i`, l));
  const right = (l: string, column: string): string =>
    t.b ? at(1, `${bFrom}${column}`, l) : at(1, `${bFrom}${l}`, column);
  const parts = t.b ? 4 : 1;
  const sum = sumOf("c", terms, parts, (l) => `${left(l)} * ${right(l, X)}`);
  const width = WIDTHS.find((each) => y.columns % each === 0);
  const names = Array.from({ length: width ?? 0 }, (_, i) => `c${"abcd"[i]}`);
  const term = (i: number, l: string, read: string): string => `${read} * ${right(l, `(${X} * ${width} + ${i})`)}`;
  const tile = width && {
    width,
    body: `${before}\n${sumsOf({ names, shared: left, term }, terms, parts)}\nreturn [${names.join(", ")}];`,
  };
  return emit.run(y.shape, [a, b], `${before}\n${sum}\nreturn c;`, tile ? { tile } : {});
}

const matmul: Forward<Transposed> = (emit, { inputs: [a, b], outputs: [y], attributes }) => [
  product(emit, a, b, y, attributes),
];

const matvec: Forward<{ transpose: boolean }> = (emit, { inputs: [a, x], outputs: [y], attributes: { transpose } }) => {
  const [m, n] = a.shape;
  if (transpose) {
    const sum = sumOf("c", m, 1, (k) => `${at(1, 0, k)} * ${at(0, k, X)}`);
    return [emit.run(y.shape, [a, x], `${sum}\nreturn c;`)];
  }
  const sum = sumOf("c", n, 4, (k) => `${at(0, X, k)} * ${at(1, 0, k)}`);
  return [emit.run(y.shape, [a, x], `${sum}\nreturn c;`)];
};

const outer: Forward<undefined> = (emit, { inputs: [a, b], outputs: [y] }) => [
  emit.run(y.shape, [a, b], `return ${at(0, 0, Y)} * ${at(1, 0, X)};`),
];

/** A matrix, or zero, plus outer products, two vectors each. */
export function plusProducts(emit: Emitter, matrix: Value | undefined, vectors: readonly Value[], y: Value): Value {
  const first = matrix ? 1 : 0;
  const terms = Array.from({ length: vectors.length / 2 }, (_, i) => {
    const arg = first + 2 * i;
    return `g = g + ${at(arg, 0, Y)} * ${at(arg + 1, 0, X)};`;
  });
  const body = `let g = ${matrix ? at(0, Y, X) : "0.0"}; ${terms.join(" ")} return g;`;
  return emit.run(y.shape, [...(matrix ? [matrix] : []), ...vectors], body);
}

/** The lowerings of this file. */
export const products: readonly Lowering[] = [
  lowering(matmulOp, { forward: matmul, vjp: "ops" }),
  lowering(batchMatmulOp, { forward: matmul, vjp: "ops" }),
  lowering(matvecOp, { forward: matvec, vjp: "ops" }),
  lowering(outerOp, { forward: outer, vjp: "ops" }),
];
