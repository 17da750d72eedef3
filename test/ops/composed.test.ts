// Functions made of other ops, each against plain loops in float64.
import { describe, it } from "vitest";
import * as ops from "../../src/ops/index.js";
import { type Composed, expectDerivatives, type Numbers } from "./composed.js";

const wide = [{ shape: [2, 5], low: -3, high: 3 }];
const positive = [{ shape: [2, 4], low: 0.3, high: 3 }];
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** The rows of a matrix, or its columns. */
const rows = ({ shape: [m, n], data }: Numbers) => Array.from({ length: m }, (_, i) => data.slice(i * n, (i + 1) * n));
const columns = ({ shape: [m, n], data }: Numbers) =>
  Array.from({ length: n }, (_, j) => Float64Array.from({ length: m }, (_, i) => data[i * n + j]));
const total = (x: ArrayLike<number>) => Array.from(x).reduce((a, b) => a + b, 0);
const product = (x: ArrayLike<number>) => Array.from(x).reduce((a, b) => a * b, 1);
const meanOf = (x: ArrayLike<number>) => total(x) / x.length;
const varianceOf = (x: Float64Array, ddof = 0) => total(x.map((v) => (v - meanOf(x)) ** 2)) / (x.length - ddof);
const logSumExpOf = (x: Float64Array) => Math.log(total(x.map(Math.exp)));

/** A function of each element. */
const each = (name: string, f: Composed["f"], g: (x: number) => number, inputs = wide): Composed => ({
  name,
  f,
  reference: (x) => x.data.map(g),
  inputs,
});

const elements: Composed[] = [
  each("rsqrt", ops.rsqrt, (x) => 1 / Math.sqrt(x), positive),
  each(
    "leakyRelu",
    (x) => ops.leakyRelu(x, 0.2),
    (x) => (x > 0 ? x : 0.2 * x),
  ),
  each(
    "elu",
    (x) => ops.elu(x, 1.5),
    (x) => (x > 0 ? x : 1.5 * Math.expm1(x)),
  ),
  each("selu", ops.selu, (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x))),
  each("gelu", ops.gelu, (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))),
  each("silu", ops.silu, (x) => x * sigmoid(x)),
  each("softsign", ops.softsign, (x) => x / (1 + Math.abs(x))),
  each("logSigmoid", ops.logSigmoid, (x) => Math.log(sigmoid(x))),
  each(
    "clip",
    (x) => ops.clip(x, -1, 2).mul(x),
    (x) => Math.min(Math.max(x, -1), 2) * x,
  ),
  each(
    "where",
    (x) => ops.where(x.greater(0), x.square(), x.exp()),
    (x) => (x > 0 ? x * x : Math.exp(x)),
  ),
];

const reductions: Composed[] = [
  { name: "prod", f: (x) => ops.prod(x), reference: (x) => [product(x.data)], inputs: positive },
  { name: "prod of rows", f: (x) => ops.prod(x, 1), reference: (x) => rows(x).map(product), inputs: wide },
  {
    name: "variance",
    f: (x) => ops.variance(x, 0),
    reference: (x) => columns(x).map((c) => varianceOf(c)),
    inputs: wide,
  },
  {
    name: "variance with ddof",
    f: (x) => ops.variance(x, 1, true, 1),
    reference: (x) => rows(x).map((row) => varianceOf(row, 1)),
    inputs: wide,
  },
  {
    name: "std",
    f: (x) => ops.std(x, 1),
    reference: (x) => rows(x).map((r) => Math.sqrt(varianceOf(r))),
    inputs: wide,
  },
  { name: "norm", f: (x) => ops.norm(x), reference: (x) => [Math.hypot(...x.data)], inputs: wide },
  {
    name: "norm of order 1",
    f: (x) => ops.norm(x, 0, false, 1).square(),
    reference: (x) => columns(x).map((c) => total(c.map(Math.abs)) ** 2),
    inputs: wide,
  },
  {
    name: "norm of order 3",
    f: (x) => ops.norm(x, 1, false, 3),
    reference: (x) => rows(x).map((row) => total(row.map((v) => Math.abs(v) ** 3)) ** (1 / 3)),
    inputs: [{ shape: [2, 4], low: 0.5, high: 2 }],
  },
  {
    name: "min",
    f: (x) => ops.min(x, 0).square(),
    reference: (x) => columns(x).map((c) => Math.min(...c) ** 2),
    inputs: wide,
  },
  { name: "logSumExp", f: (x) => ops.logSumExp(x, 1), reference: (x) => rows(x).map(logSumExpOf), inputs: wide },
  {
    name: "logSumExp of columns, kept",
    f: (x) => ops.logSumExp(x, 0, true),
    reference: (x) => columns(x).map(logSumExpOf),
    inputs: wide,
  },
  {
    name: "softmax of columns",
    f: (x) => ops.softmax(x, 0),
    reference: (x) => x.data.map((v, i) => Math.exp(v - logSumExpOf(columns(x)[i % x.shape[1]]))),
    inputs: wide,
  },
  {
    name: "cumprod",
    f: (x) => ops.cumprod(x, 1),
    reference: (x) => rows(x).flatMap((row) => Array.from(row, (_, i) => product(row.slice(0, i + 1)))),
    inputs: wide,
  },
  {
    name: "sort",
    f: (x) => ops.sort(x).pow(2),
    reference: (x) => rows(x).flatMap((r) => [...r.sort()].map((v) => v * v)),
    inputs: wide,
  },
  {
    name: "topK",
    f: (x) => ops.topK(x, 3).values.square(),
    reference: (x) => rows(x).flatMap((row) => [...row.sort().reverse().slice(0, 3)].map((v) => v * v)),
    inputs: wide,
  },
];

const moves: Composed[] = [
  { name: "flip", f: (x) => ops.flip(x).square(), reference: (x) => x.data.map((v) => v * v).reverse(), inputs: wide },
  {
    name: "roll",
    f: (x) => ops.roll(x, -2, 1).square(),
    reference: (x) => rows(x).flatMap((row) => Array.from(row, (_, i) => row[(i + 2) % row.length] ** 2)),
    inputs: wide,
  },
  {
    name: "tile",
    f: (x) => ops.tile(x, [2, 3]).square(),
    reference: (x) => [0, 1].flatMap(() => rows(x).flatMap((r) => [0, 1, 2].flatMap(() => [...r.map((v) => v * v)]))),
    inputs: wide,
  },
  {
    name: "stack",
    f: (a, b) => ops.stack([a, b], -1).square(),
    reference: (a, b) => Array.from(a.data).flatMap((v, i) => [v * v, b.data[i] ** 2]),
    inputs: [{ shape: [2, 3] }, { shape: [2, 3] }],
  },
  {
    name: "split",
    f: (x) =>
      ops
        .split(x, [2, 3], 1)
        .map((part) => part.square().sum())
        .reduce((a, b) => a.mul(b)),
    reference: (x) => [
      product(
        [0, 2].map((at) => total(rows(x).flatMap((row) => [...row.slice(at, at === 0 ? 2 : 5)].map((v) => v * v)))),
      ),
    ],
    inputs: wide,
  },
  {
    name: "scatterAdd",
    f: (x, y) => ops.scatterAdd(x, [1, 0, 1], y).square(),
    reference: (x, y) =>
      Array.from(x.data, (v, i) => (v + (i < 2 ? y.data[2 + i] : y.data[i - 2] + y.data[2 + i])) ** 2),
    inputs: [{ shape: [2, 2] }, { shape: [3, 2] }],
  },
  {
    name: "tril",
    f: (x) => ops.tril(x, 1).square(),
    reference: (x) => x.data.map((v, i) => (i % 5 <= Math.floor(i / 5) + 1 ? v * v : 0)),
    inputs: wide,
  },
];

describe.each([
  ["functions of each element", elements],
  ["reductions", reductions],
  ["moves", moves],
] as const)("%s", (_, list) => {
  it.each(list.map((c) => [c.name, c] as const))("%s", (_, c) => {
    for (const seed of [1, 2]) expectDerivatives(c, seed);
  });
});
