// What the laws over the records do not say: the functions and methods around them, their conventions at kinks and
// edges, broadcasting against a float64 loop, and the errors.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as ops from "../../src/index.js";
import { grad, jvp, Key, type Tensor, tensor } from "../../src/index.js";
import { bitsOf, floats, relativeError } from "../laws/oracle.js";
import { runs } from "../laws/settings.js";

const x = tensor([
  [1, -2, 3],
  [-4, 5, -6],
]);
/** The same by name, for tables. */
const functions = { ...ops };

const slope = (f: (x: Tensor) => Tensor, at: number): number => grad(f)(tensor(at)).item();

describe("at kinks and ties", () => {
  it.each([
    ["abs", [-1, 0, 1]],
    ["relu", [0, 0, 1]],
    ["sign", [0, 0, 0]],
  ] as const)("%s has the documented slopes below, at and above 0", (name, wanted) => {
    expect([-2, 0, 2].map((at) => slope(functions[name], at))).toEqual(wanted);
    expect([-2, 0, 2].map((at) => jvp(functions[name], tensor(at), tensor(1)).tangent.item())).toEqual(wanted);
  });

  it.each(["maximum", "minimum"] as const)("%s gives a tie's derivative to the first operand", (name) => {
    const g = grad(({ a, b }: { a: Tensor; b: Tensor }) => functions[name](a, b).mul(3))({
      a: tensor(2),
      b: tensor(2),
    });
    expect([g.a.item(), g.b.item()]).toEqual([3, 0]);
    const clamped = grad((p: Tensor) => functions[name](p, 1).sum())(tensor([0, 1, 2]));
    expect(clamped.toArray()).toEqual(name === "maximum" ? [0, 1, 1] : [1, 1, 0]);
  });

  it("greater is 1 or 0, and passes no derivative", () => {
    expect(ops.greater(x, 0).toArray()).toEqual([
      [1, 0, 1],
      [0, 1, 0],
    ]);
    expect(ops.greater(tensor([1, Number.NaN]), tensor([[1], [0]])).toArray()).toEqual([
      [0, 0],
      [1, 0],
    ]);
    expect(grad((p: Tensor) => ops.greater(p, 0).mul(p).sum())(tensor([2, -2])).toArray()).toEqual([1, 0]);
    expect(jvp((p: Tensor) => ops.greater(p, 0), tensor([2]), tensor([1])).tangent.toArray()).toEqual([0]);
  });

  it("softmax and related ops stay finite for huge logits, with finite derivatives", () => {
    const huge = tensor([1e4, 0, -1e4]);
    expect(ops.softmax(huge).toArray()).toEqual([1, 0, 0]);
    expect(ops.logSoftmax(huge).toArray()).toEqual([0, -1e4, -2e4]);
    const label = tensor(2, { dtype: "int32" });
    expect(ops.crossEntropy(huge, label).item()).toBe(2e4);
    expect(grad((p: Tensor) => ops.crossEntropy(p, label))(huge).toArray()).toEqual([1, 0, -1]);
    expect(ops.softmaxError(huge, label).toArray()).toEqual([1, 0, -1]);
  });

  it("softplus approaches its asymptotes, and its gate stays in [0, 1]", () => {
    const far = tensor([-50, -5, 0, 5, 50]);
    expect(relativeError(ops.softplus(far, 10).data(), [0, 0, Math.log(2) / 10, 5, 50])).toBeLessThan(1e-6);
    for (const gate of grad((p: Tensor) => ops.softplus(p, 10).sum())(far).data()) {
      expect(gate).toBeGreaterThanOrEqual(0);
      expect(gate).toBeLessThanOrEqual(1);
    }
  });
});

const size = fc.integer({ min: 1, max: 4 });
/** Two shapes that broadcast: one shape of which each operand may have lost leading axes and shrunk others to 1. */
const pairs = fc.array(size, { minLength: 0, maxLength: 4 }).chain((shape) => {
  const operand = fc
    .tuple(fc.nat(shape.length), fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }))
    .map(([lost, shrunk]) => shape.map((n, i) => (shrunk[i] ? 1 : n)).slice(lost));
  return fc.tuple(operand, operand, fc.nat(0xffff));
});

/** Element `at` of the common shape, seen in an operand. */
function seen(data: ArrayLike<number>, own: readonly number[], common: readonly number[], at: number): number {
  let [rest, index, stride] = [at, 0, 1];
  for (let i = 1; i <= common.length; i++) {
    const along = rest % common[common.length - i];
    rest = Math.floor(rest / common[common.length - i]);
    if (i > own.length) continue;
    if (own[own.length - i] > 1) index += along * stride;
    stride *= own[own.length - i];
  }
  return data[index];
}

describe("broadcasting", () => {
  it("pairs elements as NumPy does, and sums cotangents over the axes that were stretched", () => {
    fc.assert(
      fc.property(pairs, ([shapeA, shapeB, seed]) => {
        const draw = (id: number, shape: readonly number[]): Float64Array =>
          floats(
            Key.of(seed).fold(id),
            shape.reduce((a, b) => a * b, 1),
          );
        const [a, b] = [draw(0, shapeA), draw(1, shapeB)];
        const rank = Math.max(shapeA.length, shapeB.length);
        const common = Array.from({ length: rank }, (_, i) =>
          Math.max(shapeA[i - rank + shapeA.length] ?? 1, shapeB[i - rank + shapeB.length] ?? 1),
        );
        const count = common.reduce((p, q) => p * q, 1);
        const cells = Array.from({ length: count }, (_, at) => [
          seen(a, shapeA, common, at),
          seen(b, shapeB, common, at),
        ]);
        const [ta, tb] = [tensor(a, { shape: shapeA }), tensor(b, { shape: shapeB })];
        const product = ta.mul(tb);
        expect(product.shape).toEqual(common);
        expect([...product.data()]).toEqual(cells.map(([p, q]) => Math.fround(p * q)));
        expect([...ta.sub(tb).data()]).toEqual(cells.map(([p, q]) => Math.fround(p - q)));
        // d/da of the sum of a b is the sum of the b it met.
        const g = grad((p: { a: Tensor; b: Tensor }) => p.a.mul(p.b).sum())({ a: ta, b: tb });
        const wanted = [new Float64Array(a.length), new Float64Array(b.length)];
        const indices = [a.map((_, i) => i), b.map((_, i) => i)];
        cells.forEach(([p, q], at) => {
          wanted[0][seen(indices[0], shapeA, common, at)] += q;
          wanted[1][seen(indices[1], shapeB, common, at)] += p;
        });
        expect([g.a.shape, g.b.shape]).toEqual([shapeA, shapeB]);
        expect(relativeError([...g.a.data(), 1], [...wanted[0], 1])).toBeLessThan(1e-5);
        expect(relativeError([...g.b.data(), 1], [...wanted[1], 1])).toBeLessThan(1e-5);
        if (rank > 0) expect(ops.broadcastTo(ta, common).data()).toEqual(ta.add(ops.zeros(common)).data());
      }),
      runs(200),
    );
  });

  it("names the sizes that differ", () => {
    expect(() => x.add(tensor([1, 2]))).toThrow(
      "[add] shapes [2, 3] and [2] do not broadcast: sizes 3 and 2 differ. Reshape one so that the sizes are equal or 1.",
    );
    expect(() => ops.broadcastTo(x, [2, 4])).toThrow("[broadcastTo] shapes [2, 3] and [2, 4] do not broadcast");
    expect(() => ops.broadcastTo(x, [3])).toThrow("[broadcastTo] shape [2, 3] does not stretch to [3].");
  });
});

describe("sum and mean", () => {
  it("over any axes agree with a float64 loop", () => {
    const shapes = fc
      .array(size, { minLength: 1, maxLength: 4 })
      .chain((shape) =>
        fc.tuple(fc.constant(shape), fc.subarray(shape.map((_, i) => i)), fc.boolean(), fc.nat(0xffff)),
      );
    fc.assert(
      fc.property(shapes, ([shape, axes, keepDims, seed]) => {
        const count = shape.reduce((a, b) => a * b, 1);
        const data = floats(Key.of(seed), count);
        const kept = shape.map((n, i) => (axes.includes(i) ? 1 : n));
        const totals = new Float64Array(kept.reduce((a, b) => a * b, 1));
        const places = totals.map((_, i) => i);
        for (let at = 0; at < count; at++) totals[seen(places, kept, shape, at)] += data[at];
        const input = tensor(data, { shape });
        const negative = axes.map((axis, i) => (i % 2 ? axis - shape.length : axis)).reverse();
        const sum = input.sum(negative, keepDims);
        expect(sum.shape).toEqual(keepDims ? kept : shape.filter((_, i) => !axes.includes(i)));
        expect(relativeError([...sum.data(), 1], [...totals, 1])).toBeLessThan(1e-6);
        const means = totals.map((total) => (total * totals.length) / count);
        expect(relativeError([...input.mean(axes, keepDims).data(), 1], [...means, 1])).toBeLessThan(1e-6);
      }),
      runs(150),
    );
  });

  it("refuse axes that do not exist or are named twice", () => {
    expect(() => x.sum(2)).toThrow("[sum] axis 2 is outside shape [2, 3]. Axes run from -2 to 1.");
    expect(() => x.sum([0, -2])).toThrow("name an axis twice");
    expect(x.sum().item()).toBe(-3);
    expect(ops.zeros([0, 3]).sum(0).toArray()).toEqual([0, 0, 0]);
  });
});

describe("methods", () => {
  const unary = [
    "neg",
    "abs",
    "sign",
    "square",
    "sqrt",
    "relu",
    "exp",
    "expm1",
    "log",
    "log1p",
    "tanh",
    "sigmoid",
  ] as const;
  const binary = ["add", "sub", "mul", "div", "maximum", "minimum"] as const;

  it("are the functions of the same name", () => {
    const a = tensor([
      [0.5, 1.5],
      [2.5, 3],
    ]);
    const b = tensor([
      [1, 2],
      [0.3, 4],
    ]);
    for (const name of unary) expect(bitsOf([a[name]()])).toEqual(bitsOf([functions[name](a)]));
    for (const name of binary) {
      expect(bitsOf([a[name](b), a[name](2)])).toEqual(bitsOf([functions[name](a, b), functions[name](a, tensor(2))]));
    }
    expect(bitsOf([a.softplus(3), a.softplus()])).toEqual(bitsOf([ops.softplus(a, 3), ops.softplus(a, 1)]));
    expect(bitsOf([a.sum(0), a.mean(1, true)])).toEqual(bitsOf([ops.sum(a, 0), ops.mean(a, 1, true)]));
    expect(bitsOf([a.matmul(b, { b: true })])).toEqual(bitsOf([ops.matmul(a, ops.transpose(b))]));
    expect(bitsOf([a.matvec(b.row(1), true)])).toEqual(bitsOf([ops.matvec(ops.transpose(a), b.row(1))]));
    expect(bitsOf([a.transpose(), a.reshape([4])])).toEqual(bitsOf([ops.transpose(a), ops.reshape(a, [4])]));
  });

  it("matmul reads either operand transposed, both at once too", () => {
    const [a, b] = [
      x,
      tensor([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    ];
    const plain = a.matmul(b).toArray();
    expect(a.transpose().matmul(b, { a: true }).toArray()).toEqual(plain);
    expect(a.matmul(b.transpose(), { b: true }).toArray()).toEqual(plain);
    expect(a.transpose().matmul(b.transpose(), { a: true, b: true }).toArray()).toEqual(plain);
    const g = grad((p: Tensor) => p.matmul(b.transpose(), { a: true, b: true }).square().sum())(a.transpose());
    expect(g.transpose().toArray()).toEqual(grad((p: Tensor) => p.matmul(b).square().sum())(a).toArray());
  });
});

describe("operands", () => {
  it("are floats: integers are not silently turned into floats", () => {
    const n = tensor([1, 2], { dtype: "int32" });
    for (const use of [
      () => n.div(2),
      () => n.matmul(n.reshape([2, 1])),
      () => n.sqrt(),
      () => n.exp(),
      () => ops.softmax(n),
    ]) {
      expect(use).toThrow(TypeError);
      expect(use).toThrow(/^\[\w+\] operand \d is int32; a float is needed\./);
    }
    expect(() => tensor([1, 2]).add(n)).toThrow("[add] operand 2 is int32, and what stands before it is float32;");
    expect(n.reshape([2, 1]).row(1).toArray()).toEqual([2]);
  });

  it("must fit", () => {
    expect(() => x.matmul(x)).toThrow("[matmul] inner sizes differ: [2, 3] . [2, 3]. Transpose the second operand");
    expect(() => x.matmul(x.sum())).toThrow("[matmul] shapes [2, 3] and []: a scalar is no matrix. Use mul.");
    expect(() => x.matvec(tensor([1, 2]))).toThrow("[matvec] [2, 3] . [2] does not fit");
    expect(() => ops.outer(x, x.row(0))).toThrow("[outer] two vectors are needed");
    expect(() => x.transpose([0])).toThrow("[transpose] axes [0] do not name each axis of shape [2, 3] once.");
    expect(() => x.reshape([4])).toThrow("[reshape] [2, 3] has 6 elements, [4] has 4.");
    expect(() => x.reshape([0.5, 12])).toThrow("a size is a whole number of at least 0");
    expect(() => x.row(2)).toThrow("[row] index 2 is outside shape [2, 3].");
    expect(() => tensor(1).row(0)).toThrow("[row] index 0 is outside shape [].");
    for (const columns of [[3], [-1], [0, 0], [0.5]]) expect(() => ops.columnsOf(x, columns)).toThrow("[columns]");
    expect(() => ops.placeColumns(x, [0], 3)).toThrow(
      "[placeColumns] shape [2, 3] does not have the 1 columns to place.",
    );
    const labels = (values: number[]): Tensor => tensor(values, { dtype: "int32" });
    expect(() => ops.crossEntropy(x, labels([0, 3]))).toThrow("[crossEntropy] label 3 at 1 is outside the 3 classes.");
    expect(() => ops.crossEntropy(x, labels([0]))).toThrow("labels of shape [1] do not fit logits of shape [2, 3]");
    expect(() => ops.crossEntropy(x, tensor([0, 1]))).toThrow(
      "soft targets of shape [2] do not fit logits of shape [2, 3]. Make them equal, or give class indices as int32.",
    );
    expect(() => ops.softmax(tensor(1))).toThrow("[softmax] axis -1 is outside shape []");
  });
});

describe("tensor", () => {
  it("reads nested arrays and typed arrays, and returns them", () => {
    expect(x.toArray()).toEqual([
      [1, -2, 3],
      [-4, 5, -6],
    ]);
    expect(tensor(new Float64Array([1, 2, 3, 4]), { shape: [2, 2] }).toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(tensor(new Int32Array([1, 2]), { dtype: "int32" }).data()).toEqual(new Int32Array([1, 2]));
    expect([tensor(3).shape, tensor([]).shape, ops.ones([2, 0]).size]).toEqual([[], [0], 0]);
    expect(ops.full([2], 0.1).toArray()).toEqual([Math.fround(0.1), Math.fround(0.1)]);
    expect(String(ops.full([10], 1.5))).toBe("Tensor [10] float32 [1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, ...]");
  });

  it("refuses ragged and ill-shaped input", () => {
    expect(() => tensor([[1, 2], [3]])).toThrow("[tensor] arrays of lengths 2 and 1 at depth 1");
    expect(() => tensor([[1], 2])).toThrow("a number at depth 1 among arrays");
    expect(() => tensor([1, 2, 3], { shape: [2, 2] })).toThrow("3 numbers do not fill shape [2, 2], which holds 4.");
    expect(() => tensor(["1"] as never)).toThrow("[tensor] string found");
    expect(() => ops.zeros([1, 1, 1, 1, 1, 1, 1])).toThrow("has 7 axes; at most 6");
    expect(() => x.item()).toThrow("[item] the tensor has shape [2, 3]");
  });
});
