// Groups, counts and places, against NumPy's rules and plain loops.
import { describe, expect, it } from "vitest";
import { Key, type Tensor } from "../../src/core/index.js";
import * as ops from "../../src/ops/index.js";
import { tensor } from "../../src/ops/index.js";
import { type Composed, expectDerivatives } from "./composed.js";

const numbers = (x: Tensor) => Array.from(x.data());
const integers = (...list: number[]) => tensor(list, { dtype: "int32" });
const nan = Number.NaN;
const ids = [2, 0, 2, 3];
const inputs = [{ shape: [4, 2], low: -2, high: 2 }];
const group = (data: Float64Array, g: number, k: number) => ids.flatMap((id, i) => (id === g ? [data[2 * i + k]] : []));
const byGroup = (f: (members: number[]) => number) => (x: { readonly data: Float64Array }) =>
  [0, 1, 2, 3].flatMap((g) => [0, 1].map((k) => f(group(x.data, g, k))));
const total = (x: number[]) => x.reduce((a, b) => a + b, 0);

const cases: Composed[] = [
  {
    name: "segmentSum",
    f: (x) => ops.segmentSum(x, ids, 4).square(),
    reference: byGroup((m) => total(m) ** 2),
    inputs,
  },
  {
    name: "segmentMean",
    f: (x) => ops.segmentMean(x, ids, 4).square(),
    reference: byGroup((m) => (total(m) / Math.max(m.length, 1)) ** 2),
    inputs,
  },
  {
    name: "segmentMax",
    f: (x) => ops.take(ops.segmentMax(x, ids, 4), [0, 2, 3]).square(),
    reference: (x) => [0, 2, 3].flatMap((g) => [0, 1].map((k) => Math.max(...group(x.data, g, k)) ** 2)),
    inputs,
  },
  {
    name: "bincount with weights",
    f: (w) => ops.bincount(integers(1, 3, 1), { weights: w, length: 5 }).square(),
    reference: ({ data: [a, b, c] }) => [0, (a + c) ** 2, 0, b ** 2, 0],
    inputs: [{ shape: [3] }],
  },
];

describe("segments", () => {
  it.each(cases.map((c) => [c.name, c] as const))("%s", (_, c) => expectDerivatives(c));

  it("bincount counts each number, and segmentMax of an empty segment is -Infinity", () => {
    expect(numbers(ops.bincount(integers(1, 3, 1)))).toEqual([0, 2, 0, 1]);
    expect(numbers(ops.bincount(integers()))).toEqual([]);
    expect(numbers(ops.segmentMax(tensor([1]), [0], 2))).toEqual([1, Number.NEGATIVE_INFINITY]);
  });
});

describe("places", () => {
  it("searchsorted counts the elements that are less, or not greater", () => {
    const sorted = ops.round(ops.random.uniform(Key.of(1), [40], { low: 0, high: 9 })).sort();
    const values = tensor([-1, 0, 3, 4.5, 9, 10]);
    const list = numbers(sorted);
    expect(numbers(ops.searchsorted(sorted, values))).toEqual(
      numbers(values).map((v) => list.filter((x) => x < v).length),
    );
    expect(numbers(ops.searchsorted(sorted, values, "right"))).toEqual(
      numbers(values).map((v) => list.filter((x) => x <= v).length),
    );
  });

  it("searchsorted puts NaN last, as NumPy", () => {
    const sorted = tensor([1, 2, nan, nan]);
    expect(numbers(ops.searchsorted(sorted, tensor([nan, 2, 9])))).toEqual([2, 1, 2]);
    expect(numbers(ops.searchsorted(sorted, tensor([nan, 2, 9]), "right"))).toEqual([4, 2, 2]);
  });

  it("unique finds each number once, with NaN last, and its inverse restores the tensor", () => {
    const x = tensor([
      [3, nan, 1],
      [nan, 3, -0],
    ]);
    const { values, inverse, counts } = ops.unique(x);
    expect(numbers(values)).toEqual([0, 1, 3, nan]);
    expect(numbers(counts)).toEqual([1, 1, 2, 2]);
    expect(numbers(ops.take(values, inverse)).map((v) => v + 0)).toEqual([3, nan, 1, nan, 3, 0]);
    expect(ops.unique(integers(5, 5, 2)).values.dtype).toBe("int32");
  });

  it("nonzero gives the indices of each position", () => {
    const x = tensor([
      [0, 2],
      [nan, 0],
    ]);
    expect(ops.nonzero(x).shape).toEqual([2, 2]);
    expect(numbers(ops.nonzero(x))).toEqual([0, 1, 1, 0]);
    expect(ops.nonzero(tensor(3)).shape).toEqual([1, 0]);
    expect(ops.nonzero(ops.zeros([2, 3])).shape).toEqual([0, 2]);
  });

  it.each<[string, () => unknown, RegExp]>([
    ["an id", () => ops.segmentSum(tensor([1]), [3], 2), /^\[segmentSum\] id 3 is outside the 2 groups/],
    ["ids", () => ops.segmentSum(tensor([1]), [0, 1], 2), /^\[segmentSum\] ids of shape \[2\] do not fit/],
    ["a count", () => ops.segmentMax(tensor([1]), [0], 0.5), /^\[segmentMax\] count is 0\.5/],
    ["negative ids", () => ops.bincount(integers(-1, 2)), /^\[bincount\] id -1 is outside/],
    ["float ids", () => ops.bincount(tensor([1])), /^\[bincount\] ids are float32; int32 is needed/],
    [
      "a side",
      () => ops.searchsorted(tensor([1]), tensor([1]), "up" as "left"),
      /^\[searchsorted\] side "up" is unknown/,
    ],
  ])("says what does not fit: %s", (_, f, words) => {
    expect(f).toThrow(words);
  });
});
