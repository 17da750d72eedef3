// Ops of whole numbers, diagonals, grids, running extremes, quantiles and items, each against plain loops in float64.
import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.js";
import type { Tensor } from "../../src/core/index.js";
import * as ops from "../../src/ops/index.js";
import { type Composed, expectDerivatives, type Numbers } from "./composed.js";

const { arange, at, tensor } = ops;
const wide = [{ shape: [2, 5], low: -3, high: 3 }];
const rows = ({ shape: [m, n], data }: Numbers) =>
  Array.from({ length: m }, (_, i) => [...data.slice(i * n, i * n + n)]);
const squares = (x: readonly number[]) => x.map((v) => v * v);
const numbers = (x: Tensor) => Array.from(x.data());
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

const sequence = (mode: ops.PadMode, i: number, n: number): number => {
  // By walking: the definition in words, one place at a time.
  const walk = { edge: [], wrap: [], reflect: [], symmetric: [] };
  if (mode in walk && i >= 0 && i < n) return i;
  if (mode === "edge") return i < 0 ? 0 : n - 1;
  if (mode === "wrap") return i < 0 ? sequence(mode, i + n, n) : sequence(mode, i - n, n);
  const edge = mode === "reflect" ? 0 : 1;
  return i < 0 ? sequence(mode, -i - edge, n) : sequence(mode, 2 * (n - 1) - i + edge, n);
};

const cases: Composed[] = [
  {
    name: "logAddExp",
    f: (a, b) => ops.logAddExp(a, b),
    reference: (a, b) => a.data.map((v, i) => Math.log(Math.exp(v) + Math.exp(b.data[i % 3]))),
    inputs: [
      { shape: [2, 3], low: -2, high: 2 },
      { shape: [3], low: -2, high: 2 },
    ],
  },
  {
    name: "diagonal",
    f: (x) => ops.diagonal(x, -1, 0, 2).square(),
    reference: ({ data }) => squares([0, 1].flatMap((j) => [0, 1].map((i) => data[(i + 1) * 6 + j * 3 + i]))),
    inputs: [{ shape: [3, 2, 3] }],
  },
  {
    name: "diag of a vector",
    f: (x) => ops.diag(x, 1).square(),
    reference: ({ data }) =>
      Array.from({ length: 16 }, (_, i) => (i % 4 === Math.floor(i / 4) + 1 ? data[(i % 4) - 1] ** 2 : 0)),
    inputs: [{ shape: [3] }],
  },
  {
    name: "trace",
    f: (x) => ops.trace(x).square(),
    reference: ({ data }) => [(data[0] + data[4]) ** 2],
    inputs: [{ shape: [2, 3] }],
  },
  {
    name: "kron",
    f: ops.kron,
    reference: (a, b) =>
      Array.from({ length: 4 * 6 }, (_, at) => {
        const [i, j] = [Math.floor(at / 6), at % 6];
        return a.data[Math.floor(i / 2) * 2 + Math.floor(j / 3)] * b.data[(i % 2) * 3 + (j % 3)];
      }),
    inputs: [{ shape: [2, 2] }, { shape: [2, 3] }],
  },
  {
    name: "meshgrid",
    f: (x, y) => {
      const [a, b] = ops.meshgrid([x, y]);
      return a.mul(b.square());
    },
    reference: (x, y) => Array.from(y.data).flatMap((v) => Array.from(x.data, (u) => u * v * v)),
    inputs: [{ shape: [3] }, { shape: [2] }],
  },
  {
    name: "repeat",
    f: (x) => ops.repeat(x, [2, 0, 1], -1).square(),
    reference: (x) => rows(x).flatMap(([a, , c]) => squares([a, a, c])),
    inputs: [{ shape: [2, 3] }],
  },
  {
    name: "tensordot",
    f: (a, b) =>
      ops.tensordot(a, b, [
        [0, -1],
        [1, 0],
      ]),
    reference: (a, b) =>
      Array.from({ length: 8 }, (_, at) => {
        let total = 0;
        for (let p = 0; p < 2; p++) {
          for (let q = 0; q < 3; q++) {
            total += a.data[p * 6 + Math.floor(at / 4) * 3 + q] * b.data[(q * 2 + p) * 4 + (at % 4)];
          }
        }
        return total;
      }),
    inputs: [{ shape: [2, 2, 3] }, { shape: [3, 2, 4] }],
  },
  ...[false, true].flatMap((reverse) =>
    [false, true].flatMap((exclusive): Composed[] => {
      const seen = (row: readonly number[], i: number) =>
        reverse ? row.slice(exclusive ? i + 1 : i) : row.slice(0, exclusive ? i : i + 1);
      return [
        {
          name: `cumsum, reverse ${reverse}, exclusive ${exclusive}`,
          f: (x) => ops.cumsum(x, -1, { reverse, exclusive }).square(),
          reference: (x) =>
            rows(x).flatMap((row) => squares(row.map((_, i) => seen(row, i).reduce((a, b) => a + b, 0)))),
          inputs: wide,
        },
        {
          name: `cumprod, reverse ${reverse}, exclusive ${exclusive}`,
          f: (x) => ops.cumprod(x, 1, { reverse, exclusive }),
          reference: (x) => rows(x).flatMap((row) => row.map((_, i) => seen(row, i).reduce((a, b) => a * b, 1))),
          inputs: [{ shape: [2, 4], low: 0.5, high: 1.5 }],
        },
      ];
    }),
  ),
  {
    name: "cumMax",
    f: (x) => ops.cumMax(x, 1).square(),
    reference: (x) => rows(x).flatMap((row) => squares(row.map((_, i) => Math.max(...row.slice(0, i + 1))))),
    inputs: wide,
  },
  {
    name: "cumMin",
    f: (x) => ops.cumMin(x, -2).square(),
    reference: ({ data }) => squares([...data.slice(0, 5), ...data.slice(5).map((v, i) => Math.min(v, data[i]))]),
    inputs: wide,
  },
  {
    name: "median of rows of 4",
    f: (x) => ops.median(x, 1).square(),
    reference: (x) =>
      rows(x).map(
        (row) =>
          ([...row]
            .sort((a, b) => a - b)
            .slice(1, 3)
            .reduce((a, b) => a + b) /
            2) **
          2,
      ),
    inputs: [{ shape: [3, 4], low: -3, high: 3 }],
  },
  {
    name: "quantile over two axes that are no neighbours",
    f: (x) => ops.quantile(x, 0.3, [0, 2], true).square(),
    reference: ({ data }) =>
      [0, 1].map((j) => {
        const sorted = [0, 1, 4, 5].map((i) => data[i + 2 * j]).sort((a, b) => a - b);
        return (0.1 * sorted[0] + 0.9 * sorted[1]) ** 2;
      }),
    inputs: [{ shape: [2, 2, 2], low: -3, high: 3 }],
  },
  ...(["edge", "wrap", "reflect", "symmetric"] as const).map(
    (mode): Composed => ({
      name: `pad, ${mode}`,
      f: (x) =>
        ops
          .pad(
            x,
            [
              [0, 0],
              [4, 5],
            ],
            mode,
          )
          .square(),
      reference: (x) =>
        rows(x).flatMap((row) => squares(Array.from({ length: 12 }, (_, i) => row[sequence(mode, i - 4, 3)]))),
      inputs: [{ shape: [2, 3] }],
    }),
  ),
  {
    name: "at.set, the last of two",
    f: (x, v) => at(x, [1, -3, 1]).set(v).square(),
    reference: (x, v) => squares([...v.data.slice(2, 4), ...v.data.slice(4), ...x.data.slice(4)]),
    inputs: [{ shape: [3, 2] }, { shape: [3, 2] }],
  },
  {
    name: "at.add along the last axis",
    f: (x, v) => at(x, [1, 1], -1).add(v).square(),
    reference: (x, v) =>
      squares(
        Array.from(x.data, (u, i) => (i % 3 === 1 ? u + v.data[i - 1 - (i - 1) / 3] + v.data[i - (i - 1) / 3] : u)),
      ),
    inputs: [{ shape: [2, 3] }, { shape: [2, 2] }],
  },
  {
    name: "at.max, twice one row",
    f: (x, v) => at(x, [1, 1]).max(v).square(),
    reference: (x, v) => squares(Array.from(x.data, (u, i) => (i < 2 ? u : Math.max(u, v.data[i - 2], v.data[i])))),
    inputs: [{ shape: [2, 2] }, { shape: [2, 2] }],
  },
  {
    name: "at.min of one column",
    f: (x, v) => at(x, -1, 1).min(v).square(),
    reference: (x, v) => squares(Array.from(x.data, (u, i) => (i % 3 === 2 ? Math.min(u, v.data[(i - 2) / 3]) : u))),
    inputs: [{ shape: [2, 3] }, { shape: [2] }],
  },
];

describe("compositions", () => {
  it.each(cases.map((c) => [c.name, c] as const))("%s", (_, c) => {
    for (const seed of [1, 2]) expectDerivatives(c, seed);
  });
});

describe("values as NumPy has them", () => {
  const odd = tensor([
    [0, nan, 2],
    [inf, 0, -inf],
  ]);
  it.each<[string, Tensor, number[]]>([
    ["isNaN", ops.isNaN(odd), [0, 1, 0, 0, 0, 0]],
    ["isFinite", ops.isFinite(odd), [1, 0, 1, 0, 1, 0]],
    ["any, of NaN too", ops.any(odd, 1), [1, 1]],
    ["all", ops.all(odd, 0), [0, 0, 1]],
    ["any of nothing", ops.any(ops.zeros([0, 2]), 0), [0, 0]],
    ["all of nothing", ops.all(ops.zeros([0, 2]), 0), [1, 1]],
    ["nanToNum", ops.nanToNum(odd, { nan: 7, posInf: 8, negInf: 9 }), [0, 7, 2, 8, 0, 9]],
    ["trunc", ops.trunc(tensor([-1.7, -0.2, 0.9, 1.5, nan, -inf])), [-1, -0, 0, 1, nan, -inf]],
    // numpy.floor_divide, also where the quotient rounds up to a whole number
    [
      "floorDiv",
      ops.floorDiv(tensor([1, -1, 7, -7, 5, -5, 1]), tensor([0.1, 0.1, -2, 2, inf, inf, 0])),
      [9, -10, -4, -4, 0, -1, inf],
    ],
    ["cumMax from NaN on", ops.cumMax(tensor([1, 3, nan, 5])), [1, 3, nan, nan]],
    [
      "logAddExp of infinities",
      ops.logAddExp(tensor([inf, -inf, -inf, inf]), tensor([inf, -inf, 2, -inf])),
      [inf, -inf, 2, inf],
    ],
    ["logAddExp of far apart", ops.logAddExp(tensor([1e30, 1]), tensor([1, -1e30])), [Math.fround(1e30), 1]],
    ["quantiles at the ends", ops.stack([ops.quantile(arange(5), 0), ops.quantile(arange(5), 1)]), [0, 4]],
    ["a median with NaN", ops.median(tensor([1, nan, 3])), [nan]],
    [
      "at.get",
      at(
        tensor([
          [1, 2],
          [3, 4],
        ]),
        -1,
        1,
      ).get(),
      [2, 4],
    ],
    ["at.max of NaN", at(tensor([1, 2]), [0, 0]).max(tensor([nan, 9])), [nan, 2]],
  ])("%s", (_, got, wanted) => {
    expect(numbers(got)).toEqual(wanted);
  });

  it("logAddExp shares its derivative between equal operands", () => {
    const [a, b] = grad(([a, b]: Tensor[]) => ops.logAddExp(a, b).sum())([tensor([2]), tensor([2])]);
    expect([a.item(), b.item()]).toEqual([0.5, 0.5]);
  });
});

describe("what does not fit", () => {
  const x = arange(6).reshape([2, 3]);
  it.each<[string, () => unknown, RegExp]>([
    ["at", () => at(x, 2), /^\[at\] index 2 is outside axis 0 of shape \[2, 3\]/],
    ["at, a list", () => at(x, [0, 0.5]), /^\[at\] index 0.5 is outside/],
    ["at, a mask", () => at(x, ops.ones([2])), /^\[at\] indices are float32.*at\(x, \{ mask/],
    ["quantile", () => ops.quantile(x, 1.5), /^\[quantile\] q is 1.5\. Give a number from 0 to 1/],
    [
      "pad",
      () => ops.pad(x, [[1, 1]], "mirror" as "wrap"),
      /^\[pad\] mode "mirror" is unknown\. Use a number, or edge/,
    ],
    ["pad of nothing", () => ops.pad(ops.zeros([0]), [[1, 1]], "edge"), /^\[pad\] axis 0 .* nothing to repeat/],
    ["tensordot", () => ops.tensordot(x, x, 1), /^\[tensordot\] axes .* differ/],
    ["repeat", () => ops.repeat(x, [1]), /^\[repeat\] counts .* do not fit axis 0 of size 2/],
    ["diag", () => ops.diag(ops.zeros([1, 1, 1])), /^\[diag\] .*neither a vector nor a matrix/],
    ["meshgrid", () => ops.meshgrid([x]), /^\[meshgrid\] shape \[2, 3\] is not a vector/],
  ])("%s", (_, f, words) => {
    expect(f).toThrow(words);
  });
});
