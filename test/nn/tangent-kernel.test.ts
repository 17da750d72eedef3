// The tangent kernel of functions that use their parameters in every way that it knows apart: against the products of
// gradients taken one by one.
import { describe, expect, it } from "vitest";
import { grad, loop } from "../../src/autodiff/index.js";
import { Key, leavesOf, scope, type Tensor, type TreeOf } from "../../src/core/index.js";
import "../../src/float64/index.js";
import { kernelAlignment, tangentKernel } from "../../src/nn/index.js";
import {
  add,
  concat,
  matmul,
  matvec,
  mul,
  norm,
  prod,
  random,
  relu,
  reshape,
  square,
  stack,
  sum,
  tanh,
  transpose,
} from "../../src/ops/index.js";

/** G G' from gradients, one after the other. */
function oneByOne<P extends TreeOf<P>>(f: (p: P, x: Tensor) => Tensor, params: P, inputs: Tensor, outputs: number) {
  const rows: Tensor[] = [];
  for (let i = 0; i < inputs.shape[0]; i++) {
    for (let o = 0; o < outputs; o++) {
      const slope = grad((p: P) => reshape(f(p, inputs.row(i)), [-1]).row(o), { unused: "zero" })(params);
      rows.push(concat(leavesOf("test", slope).map(({ tensor }) => reshape(tensor, [-1]))));
    }
  }
  const g = stack(rows);
  return matmul(g, transpose(g));
}

const drawn = (place: number, ...shape: number[]): Tensor =>
  random.normal(Key.of(9).fold(place), shape, { dtype: "float64" });

const [N, SIDE] = [4, 6];
// Mostly above 0, so that no unit of the recurrence is silent in all examples.
const w = add(drawn(0, SIDE, SIDE), 0.3);
const v = drawn(1, SIDE);
const xs = drawn(2, N, SIDE);
const sequences = drawn(3, N, 5, SIDE);
const row = (x: Tensor): Tensor => reshape(x, [1, -1]);

type Weights = { readonly w: Tensor; readonly v: Tensor };

const recurrent = (weight: Tensor, steps: Tensor, rows: number): Tensor => {
  let h = relu(row(steps.row(0)));
  for (let t = 1; t < rows; t++) h = relu(add(row(steps.row(t)), matmul(h, weight)));
  return h;
};

const functions: Record<string, [(p: Weights, x: Tensor) => Tensor, inputs: Tensor, outputs: number]> = {
  "x W": [(p, x) => reshape(matmul(row(x), p.w), [-1]), xs, SIDE],
  "x W'": [(p, x) => reshape(tanh(matmul(row(x), p.w, { b: true })), [-1]), xs, SIDE],
  "W x": [(p, x) => reshape(tanh(matmul(p.w, reshape(x, [-1, 1]))), [-1]), xs, SIDE],
  "W' x": [(p, x) => reshape(tanh(matmul(p.w, reshape(x, [-1, 1]), { a: true })), [-1]), xs, SIDE],
  "W x'": [(p, x) => sum(tanh(matmul(p.w, x, { b: true })), 0), sequences, 5],
  "a matrix and a vector": [(p, x) => tanh(matvec(p.w, tanh(matvec(p.w, x)))), xs, SIDE],
  "a transposed matrix and a vector": [(p, x) => tanh(matvec(p.w, x, true)), xs, SIDE],
  "rows that add up": [(p, x) => sum(tanh(matmul(x, p.w)), 0), sequences, SIDE],
  "recurrence, few outputs": [(p, x) => recurrent(p.w, x, 5).row(0).slice([0], [1]), sequences, 1],
  "recurrence, all outputs": [(p, x) => recurrent(p.w, x, 5).row(0), sequences, SIDE],
  "both orders of one weight": [(p, x) => matvec(p.w, tanh(matvec(p.w, x, true))), xs, SIDE],
  "W W": [(p, x) => reshape(matmul(row(x), matmul(p.w, p.w)), [-1]), xs, SIDE],
  "a product and another op": [(p, x) => add(matvec(p.w, x), sum(square(p.w), 0)), xs, SIDE],
  "other ops only": [(p, x) => mul(sum(square(p.w), 0), x), xs, SIDE],
  "two parameters": [(p, x) => add(reshape(matmul(row(x), p.w), [-1]), tanh(mul(p.v, x))), xs, SIDE],
  "a number": [(p, x) => sum(mul(matvec(p.w, x), p.v)), xs, 1],
  "a fused op": [(p, x) => prod(tanh(matmul(reshape(x, [1, -1]), p.w)), 1), xs, 1],
  "a loop that is run again": [
    (p, x) => loop(6, { h: row(x) }, ({ h }) => ({ h: tanh(matmul(h, p.w)) }), { checkpoint: { every: 2 } }).h.row(0),
    xs,
    SIDE,
  ],
};

describe.each(Object.entries(functions))("the tangent kernel of %s", (_, [f, inputs, outputs]) => {
  it("is that of gradients one by one", () => {
    const wanted = oneByOne(f, { w, v }, inputs, outputs);
    const found = tangentKernel(f, { w, v }, inputs);
    expect(found.shape).toEqual(wanted.shape);
    expect(found.dtype).toBe("float64");
    expect(norm(wanted).item()).toBeGreaterThan(0);
    expect(norm(found.sub(wanted)).item()).toBeLessThan(1e-12 * norm(wanted).item());
  });

  it("can be differentiated", () => {
    const measure = (kernel: Tensor): Tensor => sum(mul(kernel, drawn(4, ...kernel.shape)));
    const wanted = grad((p: Weights) => measure(oneByOne(f, p, inputs, outputs)), { unused: "zero" })({ w, v });
    const found = grad((p: Weights) => measure(tangentKernel(f, p, inputs)), { unused: "zero" })({ w, v });
    expect(norm(found.w.sub(wanted.w)).item()).toBeLessThan(1e-11 * (1 + norm(wanted.w).item()));
    expect(norm(found.v.sub(wanted.v)).item()).toBeLessThan(1e-11 * (1 + norm(wanted.v).item()));
  });
});

it("makes no gradients where there is less to do without: its memory does not grow with theirs", () => {
  const units = 300;
  const weight = random.normal(Key.of(1), [units, units], { std: 1 / Math.sqrt(units) });
  const steps = random.normal(Key.of(2), [10, 4, units]);
  const f = (p: Tensor, x: Tensor): Tensor => recurrent(p, x, 4).row(0).slice([0], [3]);
  const kernel = scope(() => tangentKernel(f, weight, steps));
  const wanted = oneByOne(f, weight, steps, 3);
  expect(norm(kernel.sub(wanted)).item()).toBeLessThan(1e-5 * norm(wanted).item());
});

it("is zero for parameters that do not matter", () => {
  const found = tangentKernel((_: Tensor, x: Tensor) => x.slice([0], [2]), w, xs);
  expect(found.toArray()).toEqual(Array.from({ length: 2 * N }, () => new Array(2 * N).fill(0)));
});

it("alignment of kernels of any size, and NaN for none", () => {
  const kernel = tangentKernel(functions["x W'"][0], { w, v }, xs);
  for (const scale of [1e-150, 1, 1e150]) expect(kernelAlignment(kernel.mul(scale), kernel).item()).toBeCloseTo(1, 12);
  expect(kernelAlignment(kernel.mul(0), kernel).item()).toBeNaN();
});
