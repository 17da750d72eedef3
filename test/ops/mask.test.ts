// Items that a mask names, against plain loops; numbers that are no numbers; reductions of nothing.
import { describe, expect, it } from "vitest";
import "../../src/float64/index.js";
import { compile, grad, type Tensor, vmap } from "../../src/index.js";
import * as ops from "../../src/ops/index.js";
import { bitsOf } from "../../src/testing/arrays.js";
import { type Composed, expectDerivatives, type Numbers } from "./composed.js";

const { at, tensor } = ops;
const LIST = [1, 0, 0, 1, 1, 0];
const mask = (dtype: "float32" | "float64" | "int32" = "float32"): Tensor => tensor(LIST, { dtype }).reshape([2, 3]);
/** f where the mask holds, x elsewhere. */
const where = (f: (x: number, v: number) => number) => (x: Numbers, v: Numbers) =>
  x.data.map((value, i) => (LIST[i] ? f(value, v.data[i % v.data.length]) : value) ** 2);

const x = { shape: [2, 3], low: -2, high: 2 };
const cases: Composed[] = [
  {
    name: "set",
    f: (x, v) => at(x, { mask: mask() }).set(v).square(),
    reference: where((_, v) => v),
    inputs: [x, { shape: [3] }],
  },
  {
    name: "add",
    f: (x, v) =>
      at(x, { mask: mask("int32") })
        .add(v)
        .square(),
    reference: where((x, v) => x + v),
    inputs: [x, { shape: [2, 3] }],
  },
  { name: "max", f: (x, v) => at(x, { mask: mask() }).max(v).square(), reference: where(Math.max), inputs: [x, x] },
  { name: "min", f: (x, v) => at(x, { mask: mask() }).min(v).square(), reference: where(Math.min), inputs: [x, x] },
  {
    name: "of rows",
    f: (x, v) =>
      at(x, { mask: tensor([0, 1]) })
        .set(v)
        .square(),
    reference: (x, v) => x.data.map((value, i) => (i < 3 ? value : v.data[i % 3]) ** 2),
    inputs: [x, { shape: [3] }],
  },
  {
    name: "of columns",
    f: (x, v) =>
      at(x, { mask: tensor([0, 1, 1]) }, 1)
        .add(v)
        .square(),
    reference: (x, v) => x.data.map((value, i) => (i % 3 === 0 ? value : value + v.data[0]) ** 2),
    inputs: [x, { shape: [] }],
  },
];

describe("at with a mask", () => {
  it.each(cases.map((c) => [c.name, c] as const))("%s", (_, c) => expectDerivatives(c));

  it("takes numbers, int32 and float64", () => {
    const labels = tensor([3, -1, 2], { dtype: "int32" });
    const given = at(labels, { mask: labels.less(0) }).set(0);
    expect([given.dtype, ...given.data()]).toEqual(["int32", 3, 0, 2]);
    const fine = tensor([0.1, 0.7], { dtype: "float64" });
    expect([
      ...at(fine, { mask: fine.greater(0.5) })
        .set(1)
        .data(),
    ]).toEqual([0.1, 1]);
  });

  it("has the bits of single calls under vmap, and of itself when compiled", () => {
    const f = (x: Tensor): Tensor => at(x, { mask: x.greater(0) }).add(0.1);
    const rows = tensor([
      [1, -2, 3],
      [-1, 2, 0],
    ]);
    const mapped = vmap(f)(rows);
    for (let i = 0; i < 2; i++) expect(bitsOf([mapped.row(i)])).toEqual(bitsOf([f(rows.row(i))]));
    using fast = compile(f);
    void fast(rows);
    expect(bitsOf([fast(rows)])).toEqual(bitsOf([f(rows)]));
  });

  it("hides a derivative that is infinite", () => {
    const f = (x: Tensor): Tensor =>
      at(x.sqrt(), { mask: x.lessEqual(0) })
        .set(0)
        .sum();
    expect([...grad(f)(tensor([0, 4])).data()]).toEqual([0, 0.25]);
  });

  it("says what does not fit", () => {
    const x = ops.ones([2, 3]);
    expect(() => at(x, { mask: ops.ones([3]) })).toThrow(
      "[at] a mask of shape [3] does not fit shape [2, 3] from axis 0",
    );
    expect(() => at(x, { mask: ops.ones([2, 3, 1]) })).toThrow("does not fit shape [2, 3]");
    expect(() => at(x, { mask: ops.ones([2]) }).get()).toThrow("Use where(mask, x, 0)");
    expect(() => at(x, { mask: ops.ones([2]) }).set(ops.ones([2]))).toThrow("[2]");
    expect(() => at(x, { mask: [true, false] } as never)).toThrow("[at] operand 1 is an Array");
    expect(() => at(x, { mask: ops.ones([2]), axis: 1 } as never)).toThrow('there is no option "axis"');
    expect(() => at(x, x.greater(0))).toThrow("For a mask write at(x, { mask }).");
    expect(() => at(x, [true, false] as never)).toThrow("index true is outside");
  });
});

describe("numbers of another kind", () => {
  it("in lists are errors that say what to write; arrays of 64 bits are taken", () => {
    const x = ops.ones([3]);
    expect(() => tensor([1n] as never)).toThrow(
      "[tensor] bigint found; numbers and arrays of numbers are needed. Write Number(x).",
    );
    expect(() => tensor([[true]] as never)).toThrow(
      "boolean found; numbers and arrays of numbers are needed. Write Number(x).",
    );
    for (const call of [
      () => ops.take(x, [0n] as never),
      () => ops.segmentSum(x, [0n, 0n, 1n] as never, 2),
      () => ops.take(x, [true] as never),
    ]) {
      expect(call).toThrow(TypeError);
      expect(call).toThrow(/^\[tensor\] (0n|true) at 0 is no number\. Write Number\(x\)\.$/);
    }
    const labels = tensor(BigInt64Array.of(2n, 0n), { dtype: "int32" });
    expect([...ops.oneHot(labels, 3).data()]).toEqual([0, 0, 1, 1, 0, 0]);
    expect(() => ops.nll(ops.ones([2, 3]), tensor([1, 2]))).toThrow('Use cast(x, "int32")');
  });
});

describe("products over axes", () => {
  it("tensordot takes a pair of axes as NumPy does, and says what is none", () => {
    const [a, b] = [ops.arange(6).reshape([2, 3]), ops.arange(12).reshape([3, 4])];
    expect(ops.tensordot(a, b, [1, 0]).toArray()).toEqual(ops.matmul(a, b).toArray());
    expect(() => ops.tensordot(a, b, "1" as never)).toThrow("[tensordot] axes is");
  });

  it("kron says how many axes it takes", () => {
    const x = ops.ones([1, 1, 1, 2]);
    expect(() => ops.kron(x, x)).toThrow("[kron] shapes [1, 1, 1, 2] and [1, 1, 1, 2]: of three axes at the most.");
  });
});

describe("logSumExp of nothing", () => {
  it("is -Infinity, with no derivative", () => {
    expect(ops.zeros([0]).logSumExp().item()).toBe(Number.NEGATIVE_INFINITY);
    expect([...ops.zeros([2, 0]).logSumExp(1).data()]).toEqual([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    expect(ops.zeros([2, 0]).logSumExp(1, true).shape).toEqual([2, 1]);
    expect(ops.zeros([2, 0]).logSumExp(0).shape).toEqual([0]);
    expect(grad((x: Tensor) => x.logSumExp())(ops.zeros([0])).shape).toEqual([0]);
  });
});
