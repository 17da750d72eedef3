// Labels and indices that differ from example to example: what they choose, what is refused, and the same in a compiled
// function that is called with others.
import { describe, expect, it } from "vitest";
import { float64 } from "../../src/float64/index.js";
import * as api from "../../src/index.js";
import {
  at,
  bincount,
  compile,
  compress,
  grad,
  Key,
  nonzero,
  random,
  stack,
  type Tensor,
  tensor,
  unique,
  vmap,
} from "../../src/index.js";
import { initialRule, initialStart, lifetime, presets } from "../../src/plasticity/index.js";
import { bitsOf } from "../../src/testing/arrays.js";

const int32 = (values: number[] | number[][]): Tensor => tensor(values, { dtype: "int32" });
const rowsOf = (x: Tensor): Tensor[] => Array.from({ length: x.shape[0] }, (_, i) => x.row(i));

describe.each(["float32", "float64"] as const)("losses of labels of each example, %s", (dtype) => {
  const type = dtype === "float64" ? float64 : {};
  const scores = random.normal(Key.of(1), [5, 3, 4], type);
  const labels = random.integers(Key.of(2), [5, 3], { high: 4 });
  const weights = tensor([0.5, 2, 1, 3], type);
  const options: [string, api.CrossEntropyOptions][] = [
    ["plain", {}],
    ["smoothed", { smoothing: 0.1 }],
    ["weighted", { weights, reduction: "mean" }],
    ["with labels to ignore", { ignore: 2, reduction: "sum" }],
    ["with all of it", { weights, smoothing: 0.2, ignore: 1, reduction: "mean" }],
  ];
  it.each(options)("crossEntropy and nll, %s, are those of single calls, and so are their gradients", (_, given) => {
    const { smoothing: _s, ...others } = given;
    const losses = [
      (x: Tensor, label: Tensor) => api.crossEntropy(x, label, given).sum(),
      (x: Tensor, label: Tensor) => api.nll(x, label, others).sum(),
    ];
    for (const loss of losses) {
      for (const f of [loss, grad(loss)]) {
        const single = rowsOf(scores).map((x, i) => f(x, labels.row(i)));
        expect(bitsOf([vmap(f)(scores, labels)])).toEqual(bitsOf([stack(single)]));
        // Labels may differ while scores are shared, and the other way about.
        const shared = rowsOf(labels).map((label) => f(scores.row(0), label));
        expect(bitsOf([vmap(f, { axes: [null, 0] })(scores.row(0), labels)])).toEqual(bitsOf([stack(shared)]));
      }
    }
  });
});

const x = tensor([1, 2, 3]);
const images = random.uniform(Key.of(3), [2, 4]);
const { config } = presets.bio;
const [rule, start] = [initialRule(config, [4, 3]), initialStart(Key.of(4), [4, 3])];

/** Functions of two int32 numbers from 0 to 2. */
const chosen: [string, (index: Tensor) => Tensor][] = [
  ["take", (index) => api.take(x, index)],
  ["takeAlong", (index) => api.takeAlong(x, index)],
  ["embedding", (index) => api.embedding(x.reshape([3, 1]), index)],
  ["scatterAdd", (index) => api.scatterAdd(x, index, tensor([5, 7]))],
  ["at", (index) => at(x, index).set(tensor([5, 7]))],
  ["crossEntropy", (index) => api.crossEntropy(stack([x, x]), index)],
  ["nll", (index) => api.nll(stack([x, x]), index)],
  ["lifetime", (labels) => lifetime(config, rule, start, { images, labels })[0]],
];

describe.each(chosen)("%s", (_, f) => {
  it("takes indices of each example", () => {
    const indices = int32([
      [0, 1],
      [2, 0],
      [1, 1],
    ]);
    expect(bitsOf([vmap(f)(indices)])).toEqual(bitsOf([stack(rowsOf(indices).map((index) => f(index)))]));
  });

  it("refuses an index outside in any example, and reads and writes nothing there", () => {
    for (const odd of [3, -4, 1_000_000]) {
      for (const place of [0, 1, 2]) {
        const indices = [0, 1, 2].map((i) => [1, i === place ? odd : 0]);
        expect(() => vmap(f)(int32(indices))).toThrow(/is outside/);
      }
    }
  });

  it("compiled, computes with the indices of each call, and refuses those outside", () => {
    const program = compile(f);
    for (const index of [int32([0, 1]), int32([2, 0])]) expect(bitsOf([program(index)])).toEqual(bitsOf([f(index)]));
    expect(() => program(int32([0, 3]))).toThrow(/is outside/);
  });
});

it.each<[string, (row: Tensor) => Tensor]>([
  ["unique", (row) => unique(row).values],
  ["nonzero", (row) => nonzero(row)],
  ["bincount", (row) => bincount(row)],
  ["compress", (row) => compress(row, row)],
])("%s says that its result has no one shape for all examples, and what to do", (name, f) => {
  const labels = tensor([0, 1, 1], { dtype: "int32" });
  expect(() => vmap(f)(stack([labels, labels]))).toThrow(
    `[${name}] the shape of its result depends on numbers, and under vmap each example would have another. Call ${name} outside`,
  );
  const shared = vmap((row: Tensor) => row.add(f(labels).size))(stack([labels, labels]));
  expect(shared.shape).toEqual([2, 3]);
});
