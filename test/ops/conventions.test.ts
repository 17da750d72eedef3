// What the documentation promises where mathematics leaves a choice: ties, zeros, ends of a range, special values.
import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.js";
import type { Tensor } from "../../src/core/index.js";
import * as ops from "../../src/ops/index.js";
import { tensor } from "../../src/ops/index.js";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const list = (x: Tensor): number[] => Array.from(x.data());
/** The gradient of the sum of f at x. */
const slope = (f: (x: Tensor) => Tensor, x: readonly number[]): number[] =>
  list(grad((p: Tensor) => f(p).sum(), { unused: "zero" })(tensor(x)));
const integers = (values: readonly number[]): Tensor => tensor(values, { dtype: "int32" });

describe("ties and kinks", () => {
  it("max and min share the derivative among equals, also across axes that are not adjacent", () => {
    expect(slope((x) => x.max(), [1, 3, 3, 2])).toEqual([0, 0.5, 0.5, 0]);
    expect(slope((x) => x.min(), [1, 3, 1, 1]).map((g) => g * 3)).toEqual(
      [1, 0, 1, 1].map((g) => Math.fround(g / 3) * 3),
    );
    expect(slope((x) => x.reshape([2, 2, 2]).max([0, 2]), [5, 1, 2, 2, 5, 5, 0, 1])).toEqual(
      [1 / 3, 0, 0.5, 0.5, 1 / 3, 1 / 3, 0, 0].map(Math.fround),
    );
  });

  it("maxPool shares too", () => {
    expect(slope((x) => ops.maxPool(x.reshape([1, 2, 2, 1]), 2), [1, 4, 4, 0])).toEqual([0, 0.5, 0.5, 0]);
  });

  it("sort and topK return each derivative to its position, and keep equals in their order", () => {
    const weights = tensor([1, 10, 100, 1000]);
    expect(slope((x) => ops.sort(x).mul(weights), [2, 1, 2, 0])).toEqual([100, 10, 1000, 1]);
    expect(slope((x) => ops.sort(x, 0, true).mul(weights), [2, 1, 2, 0])).toEqual([1, 100, 10, 1000]);
    expect(slope((x) => ops.topK(x, 1).values, [2, 3, 3])).toEqual([0, 1, 0]);
  });

  it("clip passes the derivative at its bounds; leakyRelu and elu take the left one at 0", () => {
    expect(slope((x) => x.clip(-1, 1), [-2, -1, 0, 1, 2])).toEqual([0, 1, 1, 1, 0]);
    expect(slope((x) => x.leakyRelu(0.25), [-1, 0, 1])).toEqual([0.25, 0.25, 1]);
    expect(slope((x) => x.elu(2), [0, 1])).toEqual([2, 1]);
    expect(slope((x) => x.softsign(), [0])).toEqual([1]);
  });

  it("norm and std have derivative 0 at 0", () => {
    expect(slope((x) => x.norm(), [0, 0])).toEqual([0, 0]);
    expect(slope((x) => x.std(), [2, 2])).toEqual([0, 0]);
    expect(slope((x) => x.norm(undefined, false, 1), [0, -1])).toEqual([0, -1]);
  });

  it("prod and cumprod are differentiated at zeros", () => {
    expect(slope((x) => x.prod(), [2, 0, 5])).toEqual([0, 10, 0]);
    expect(slope((x) => x.prod(), [0, 0, 5])).toEqual([0, 0, 0]);
    expect(slope((x) => x.cumprod(), [2, 0, 5])).toEqual([1, 12, 0]);
  });

  it("floor, ceil, round and comparisons have derivative 0", () => {
    expect(slope((x) => x.floor().add(x.ceil()).add(x.round()), [0.5, 1, 2.7])).toEqual([0, 0, 0]);
    expect(slope((x) => x.less(1).add(x.equal(2)).add(x.greaterEqual(0)), [0.5, 1, 2])).toEqual([0, 0, 0]);
    expect(list(tensor([-0.5, 0.5, 1.5, 2.5, -1.5]).round())).toEqual([-0, 0, 2, 2, -2]);
  });
});

describe("powers", () => {
  it("pow(0, 0) is 1, and derivatives at 0 are those of the polynomial", () => {
    expect(list(tensor([0, 2, nan, -3]).pow(0))).toEqual([1, 1, 1, 1]);
    expect(list(ops.pow(tensor([0, 0, 0]), tensor([0, 2, -1])))).toEqual([1, 0, inf]);
    expect([0, 1, 2, 3].map((c) => slope((x) => x.pow(c), [0])[0])).toEqual([0, 1, 0, 0]);
    const twice = (c: number) => slope((x) => tensor(1).mul(grad((p: Tensor) => p.pow(c).sum())(x)), [0])[0];
    expect([0, 1, 2, 3].map(twice)).toEqual([0, 0, 2, 0]);
  });

  it("negative bases take whole exponents only", () => {
    expect(list(ops.pow(tensor([-2, -2, -2, -8]), tensor([2, 3, -1, 0.5])))).toEqual([4, -8, -0.5, nan]);
  });

  it("a tensor as exponent has derivative 0 at a = 0, and a has derivative 0 where b = 0", () => {
    const inBoth = grad(({ a, b }: { a: Tensor; b: Tensor }) => ops.pow(a, b).sum());
    const { a, b } = inBoth({ a: tensor([0, 0, 3]), b: tensor([0, 2, 0]) });
    expect(list(a)).toEqual([0, 0, 0]);
    expect(list(b)).toEqual([0, 0, Math.fround(Math.log(3))]);
  });

  it("mod takes the sign of the divisor, as NumPy's", () => {
    const [a, b] = [tensor([5, -5, 5, -5, 6, 1]), tensor([3, 3, -3, -3, 3, 0])];
    expect(list(ops.mod(a, b))).toEqual([2, 1, -1, -2, 0, nan]);
    const both = grad(({ a, b }: { a: Tensor; b: Tensor }) => ops.mod(a, b).sum())({ a: tensor([-5]), b: tensor([3]) });
    expect([both.a.toArray(), both.b.toArray()]).toEqual([[1], [2]]);
  });

  it("atan2 knows all quadrants", () => {
    const [y, x] = [tensor([0, 1, 0, -1, -0, 0]), tensor([1, 0, -1, 0, -1, 0])];
    const wanted = [0, Math.PI / 2, Math.PI, -Math.PI / 2, -Math.PI, 0];
    expect(list(ops.atan2(y, x))).toEqual(wanted.map(Math.fround));
  });
});

describe("truth", () => {
  it("NaN is compared as in IEEE 754, and counts as true", () => {
    const [a, b] = [tensor([1, 2, nan, nan]), tensor([2, 2, 1, nan])];
    expect(list(ops.less(a, b))).toEqual([1, 0, 0, 0]);
    expect(list(ops.lessEqual(a, b))).toEqual([1, 1, 0, 0]);
    expect(list(ops.greaterEqual(a, b))).toEqual([0, 1, 0, 0]);
    expect(list(ops.equal(a, b))).toEqual([0, 1, 0, 0]);
    expect(list(ops.notEqual(a, b))).toEqual([1, 0, 1, 1]);
    const x = tensor([0, -0, 2, nan]);
    expect(list(ops.logicalNot(x))).toEqual([1, 1, 0, 0]);
    expect(list(ops.logicalAnd(x, tensor([1, 1, 1, 0])))).toEqual([0, 0, 1, 0]);
    expect(list(ops.logicalOr(x, tensor([0, 1, 0, 0])))).toEqual([0, 1, 1, 1]);
  });

  it("where keeps elements that were not chosen out of the derivative, and broadcasts", () => {
    expect(slope((x) => ops.where(x.greater(0), x.sqrt(), 0), [4])).toEqual([0.25]);
    expect(list(ops.where(tensor([1, 0]), tensor([[1], [2]]), -1))).toEqual([1, -1, 2, -1]);
    expect(list(ops.where(integers([1, 0]), tensor([[1], [2]]), -1))).toEqual([1, -1, 2, -1]);
    expect(list(ops.where(integers([-(2 ** 31), 0]), 1, 2))).toEqual([1, 2]);
    expect(list(ops.where(tensor([1, 0]), nan, 3))).toEqual([nan, 3]);
    const safe = (x: Tensor) => ops.where(x.greater(0), ops.where(x.greater(0), x, 1).log(), 0);
    expect(slope(safe, [0, 2])).toEqual([0, 0.5]);
  });
});

describe("special values", () => {
  it("max and argmax find NaN, sort puts it last", () => {
    expect(tensor([1, nan, 3]).max().item()).toBeNaN();
    expect(tensor([1, nan, 3]).argmax().item()).toBe(1);
    expect(list(ops.sort(tensor([2, nan, 1])))).toEqual([1, 2, nan]);
    expect(list(ops.sort(tensor([2, nan, 1]), -1, true))).toEqual([2, 1, nan]);
    expect(list(ops.topK(tensor([nan, 5, 7]), 2).values)).toEqual([7, 5]);
  });

  it("logSumExp and softmax neither overflow nor lose infinities", () => {
    expect(ops.logSumExp(tensor([1000, 1000])).item()).toBeCloseTo(1000 + Math.LN2, 3);
    expect(ops.logSumExp(tensor([-inf, -inf])).item()).toBe(-inf);
    expect(ops.logSumExp(tensor([0, inf])).item()).toBe(inf);
    expect(list(ops.softmax(tensor([1e38, 0])))).toEqual([1, 0]);
  });

  it("empty sums and products are 0 and 1; there is no maximum of nothing", () => {
    const none = ops.zeros([0, 2]);
    expect(list(none.sum(0))).toEqual([0, 0]);
    expect(list(none.prod(0))).toEqual([1, 1]);
    expect(() => none.max(0)).toThrow("[max] shape [0, 2] has no elements to compare");
    expect(() => none.argmax(0)).toThrow("[argmax] shape [2, 0] has no elements");
    expect(() => none.variance(0)).toThrow("[variance] 0 elements");
    expect(ops.concat([none, ops.ones([1, 2])]).toArray()).toEqual([[1, 1]]);
  });
});

describe("integers", () => {
  it("cast truncates toward zero, and casts back", () => {
    const x = ops.cast(tensor([1.9, -1.9, nan, 1e20]), "int32");
    expect([x.dtype, list(x)]).toEqual(["int32", [1, -1, 0, 2 ** 31 - 1]]);
    expect(list(ops.cast(integers([3, -4]), "float32"))).toEqual([3, -4]);
    expect(list(ops.oneHot(integers([2, 0, 5]), 3))).toEqual([0, 0, 1, 1, 0, 0, 0, 0, 0]);
  });

  it("argmax and argmin name the first, along any axis", () => {
    const x = tensor([
      [1, 5, 5],
      [7, 0, 0],
    ]);
    expect([x.argmax().item(), x.argmin().item()]).toEqual([3, 4]);
    expect([list(x.argmax(0)), list(x.argmax(1)), list(x.argmin(-1))]).toEqual([
      [1, 0, 0],
      [1, 0],
      [0, 1],
    ]);
    expect(x.argmax(1, true).shape).toEqual([2, 1]);
    expect(x.argmax(0).dtype).toBe("int32");
  });

  it("take, embedding and scatterAdd count from 0, and say if an index is out of range", () => {
    const table = tensor([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(ops.embedding(table, integers([2, 0])).toArray()).toEqual([
      [5, 6],
      [1, 2],
    ]);
    expect(table.take([1, 1], 1).toArray()).toEqual([
      [2, 2],
      [4, 4],
      [6, 6],
    ]);
    expect(slope((x) => x.take([0, 0, 2]), [1, 2, 3])).toEqual([2, 0, 1]);
    expect(() => table.take([3])).toThrow("[take] index 3 at 0 is outside an axis of size 3. Count from 0.");
    expect(() => table.take([-1])).toThrow(RangeError);
    expect(() => ops.take(table, tensor([0]))).toThrow("[take] indices are float32; int32 is needed.");
    expect(() => ops.scatterAdd(table, [0], ops.ones([2, 2]))).toThrow("[scatterAdd] updates of shape [2, 2]");
  });
});

describe("shapes", () => {
  const x = ops.arange(24).reshape([2, 3, 4]);

  it("slice is NumPy's", () => {
    const v = ops.arange(6);
    const cases: [Parameters<typeof ops.slice>[1], Parameters<typeof ops.slice>[2], number | undefined, number[]][] = [
      [2, undefined, undefined, [2, 3, 4, 5]],
      [-2, undefined, undefined, [4, 5]],
      [1, -1, 2, [1, 3]],
      [undefined, undefined, -1, [5, 4, 3, 2, 1, 0]],
      [4, 0, -2, [4, 2]],
      [-1, -4, -1, [5, 4, 3]],
      [10, undefined, undefined, []],
      [3, 1, undefined, []],
      [-9, 2, undefined, [0, 1]],
      [9, undefined, -3, [5, 2]],
      [2, -9, -1, [2, 1, 0]],
    ];
    for (const [begin, end, step, wanted] of cases) expect(list(v.slice(begin, end, step))).toEqual(wanted);
    expect(x.slice([0, 1], [1], [1, 1, 3]).shape).toEqual([1, 2, 2]);
    expect(() => v.slice([0, 0])).toThrow("[slice] 2 positions for shape [6].");
    expect(() => v.slice(0, 3, 0)).toThrow("[slice] a step of 0 goes nowhere.");
    expect(() => v.slice(0.5)).toThrow("[slice] position 0.5 is no whole number.");
  });

  it("axes can be moved, added and removed", () => {
    expect(x.transpose().shape).toEqual([4, 3, 2]);
    expect(x.transpose([1, -1, 0]).shape).toEqual([3, 4, 2]);
    expect(x.moveAxis(0, -1).shape).toEqual([3, 4, 2]);
    expect(x.expandDims(-2).shape).toEqual([2, 3, 1, 4]);
    expect(x.expandDims(0).squeeze().shape).toEqual([2, 3, 4]);
    expect(x.reshape([-1, 6]).shape).toEqual([4, 6]);
    expect(x.transpose([2, 0, 1]).slice([3, 1, 2], [4, 2, 3]).item()).toBe(23);
    expect(() => x.squeeze(1)).toThrow("[squeeze] axis 1 of shape [2, 3, 4] has size 3, not 1.");
    expect(() => x.expandDims(5)).toThrow("[expandDims] axis 5 is outside the new shape.");
    expect(() => x.reshape([-1, 7])).toThrow("[reshape] [2, 3, 4] has 24 elements; no size in place of -1");
    expect(() => x.reshape([-1, -1])).toThrow(RangeError);
    expect(() => x.transpose([0, 0, 1])).toThrow("[transpose] axes [0,0,1] do not name each axis");
  });

  it("six axes are permuted like two", () => {
    const y = ops.arange(64).reshape([2, 2, 2, 2, 2, 2]).transpose([5, 3, 1, 4, 2, 0]);
    const wanted = Array.from({ length: 64 }, (_, i) => {
      const bit = (k: number) => (i >> (5 - k)) & 1;
      const source = [5, 3, 1, 4, 2, 0];
      return source.reduce((at, axis, place) => at + bit(place) * 2 ** (5 - axis), 0);
    });
    expect(list(y)).toEqual(wanted);
  });

  it("tensors can be joined, split, repeated and flipped", () => {
    const [a, b] = [
      tensor([[1, 2]]),
      tensor([
        [3, 4],
        [5, 6],
      ]),
    ];
    expect(ops.concat([a, b]).toArray()).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(ops.stack([a, a], 1).shape).toEqual([1, 2, 2]);
    expect(ops.split(b, 2, 1).map((part) => list(part))).toEqual([
      [3, 5],
      [4, 6],
    ]);
    expect(list(ops.roll(ops.arange(5), 2))).toEqual([3, 4, 0, 1, 2]);
    expect(list(ops.roll(ops.arange(5), -7))).toEqual([2, 3, 4, 0, 1]);
    expect(ops.tile(a, [2, 1, 2]).toArray()).toEqual([[[1, 2, 1, 2]], [[1, 2, 1, 2]]]);
    expect(a.flip(1).toArray()).toEqual([[2, 1]]);
    expect(
      a
        .pad(
          [
            [1, 0],
            [0, 2],
          ],
          9,
        )
        .toArray(),
    ).toEqual([
      [9, 9, 9, 9],
      [1, 2, 9, 9],
    ]);
    expect(() => ops.concat([])).toThrow("[concat] nothing to join.");
    expect(() => ops.concat([a, b], 1)).toThrow("[concat] shapes [1, 2] and [2, 2] differ beside axis 1.");
    expect(() => ops.split(b, 3)).toThrow("[split] axis 0 of size 2 does not split into 3 equal parts.");
    expect(() =>
      a.pad([
        [1, 1],
        [1, 1],
        [1, 1],
      ]),
    ).toThrow("[pad] 3 pairs of widths for shape [1, 2].");
    expect(() => a.pad([[-1, 0]])).toThrow("[pad] width -1");
    expect(() => ops.roll(a, 0.5)).toThrow("[roll] shift 0.5");
    expect(() => ops.tile(a, -1)).toThrow("[tile] count -1");
  });

  it("ranges and triangles are NumPy's", () => {
    expect(list(ops.arange(3))).toEqual([0, 1, 2]);
    expect(list(ops.arange(1, 2, 0.25))).toEqual([1, 1.25, 1.5, 1.75]);
    expect(list(ops.arange(3, 0, -1, "int32"))).toEqual([3, 2, 1]);
    expect(list(ops.linspace(0, 1, 5))).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(list(ops.linspace(2, 3, 1))).toEqual([2]);
    expect(ops.eye(2, 3, 1).toArray()).toEqual([
      [0, 1, 0],
      [0, 0, 1],
    ]);
    expect(ops.tri(2, 3).toArray()).toEqual([
      [1, 0, 0],
      [1, 1, 0],
    ]);
    expect(
      ops
        .tril(ops.ones([3, 3]), -1)
        .sum()
        .item(),
    ).toBe(3);
    expect(
      ops
        .triu(ops.full([2, 3, 3], nan).pow(0), 1)
        .sum()
        .item(),
    ).toBe(6);
    expect(list(ops.onesLike(ops.zerosLike(ops.fullLike(tensor([1, 2]), 7))))).toEqual([1, 1]);
    expect(() => ops.arange(0, 1, 0)).toThrow("[arange] 0 to 1 by 0 has no end.");
    expect(() => ops.tril(tensor([1]))).toThrow("[tril] shape [1] has no two axes.");
  });
});
