// Laws of the kernels over random shapes, and at the numbers where formulas end.
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { crossEntropy, Key, random, type Tensor, tensor } from "../../src/index.js";
import { runs } from "../laws/settings.js";
import { expectAgreement } from "./bits.js";
import { openHere } from "./here.js";

const gpu = await openHere();
afterAll(() => gpu?.close());

const size = fc.integer({ min: 1, max: 70 });
const draw = (seed: number, ...shapes: number[][]): Tensor[] =>
  shapes.map((shape, i) => random.normal(Key.of(seed).fold(i), shape));

/** Runs `f` on both and compares. */
async function same(name: string, f: (...xs: Tensor[]) => Tensor, xs: Tensor[]): Promise<void> {
  expectAgreement(
    `${name} of ${xs.map(({ shape }) => `[${shape}]`).join(", ")}`,
    await gpu!.compile(f)(...xs),
    f(...xs),
    gpu!.software,
  );
}

/** A new shape is a new kernel, and a software driver takes some 20 ms to compile it: few cases, each of several ops. */
const few = runs(6);

describe.skipIf(!gpu)("kernels of random shapes from 1 to 70", () => {
  it("products of matrices and vectors", () =>
    fc.assert(
      fc.asyncProperty(size, size, size, fc.nat(), async (m, n, k, seed) => {
        const [a, b, x] = draw(seed, [m, k], [k, n], [k]);
        await same("a b", (a, b) => a.matmul(b), [a, b]);
        await same("a b'", (a, b) => a.matmul(b, { b: true }), [a, b.transpose()]);
        await same("a' b", (a, b) => a.matmul(b, { a: true }), [a.transpose(), b]);
        await same("a x", (a, x) => a.matmul(x), [a, x]);
        await same("a' x", (a, x) => a.matmul(x, { a: true }), [a.transpose(), x]);
      }),
      few,
    ));

  it("products whose threads compute four, two or one number of a row, also with what follows them", async () => {
    for (const [n, k] of [1, 2, 3, 4, 6, 8, 12].flatMap((n) => [5, 1290].map((k) => [n, k]))) {
      const [a, b, row, left, right] = draw(n, [3, k], [k, n], [n], [2, 3, k], [2, k, n]);
      const after = (y: Tensor, row: Tensor): Tensor => y.add(row).tanh().mul(y.square().add(1));
      await same("a b, and on", (a, b, row) => after(a.matmul(b), row), [a, b, row]);
      await same("a b', and on", (a, b, row) => after(a.matmul(b, { b: true }), row), [a, b.transpose(), row]);
      await same("a' b", (a, b) => a.matmul(b, { a: true }), [a.transpose(), b]);
      await same("a stack of a b", (a, b) => a.matmul(b), [left, right]);
      const odd = a.toArray() as number[][];
      odd[0][1] = Number.POSITIVE_INFINITY;
      odd[1][2] = Number.NaN;
      await same("a b that is not finite", (a, b) => a.matmul(b), [tensor(odd), b]);
    }
  });

  it("broadcasting and sums", () =>
    fc.assert(
      fc.asyncProperty(size, size, size, fc.nat(), async (l, m, n, seed) => {
        const [a, b, c] = draw(seed, [l % 7 || 1, m, 1], [1, n], [l % 7 || 1, m, n]);
        await same("a + b", (a, b) => a.add(b), [a, b]);
        await same("sum of the last axis", (c) => c.sum(-1), [c]);
        await same("sum of the middle axis", (c) => c.sum(1), [c]);
        await same("sum of all", (c) => c.sum(), [c]);
      }),
      few,
    ));

  it("softmax and related ops", () =>
    fc.assert(
      fc.asyncProperty(size, size, fc.nat(), async (rows, classes, seed) => {
        const [x] = draw(seed, [rows, classes]);
        const labels = tensor(
          Int32Array.from({ length: rows }, (_, i) => (i * 13 + seed) % classes),
          { dtype: "int32" },
        );
        await same("softmax", (x) => x.mul(20).softmax(), [x]);
        expectAgreement(
          "cross-entropy",
          await gpu!.compile((x: Tensor, labels: Tensor) => crossEntropy(x, labels))(x, labels),
          crossEntropy(x, labels),
          gpu!.software,
        );
      }),
      few,
    ));
});

describe.skipIf(!gpu)("sums of many terms, which are split into parts", () => {
  it.each([1024, 1025, 1290])("of %i", async (n) => {
    const [x, y, rows, columns, wide] = draw(n, [n], [n], [2, n], [n, 3], [3, n]);
    await same("sum", (x) => x.sum(), [x]);
    await same("sum down columns", (x) => x.sum(0), [columns]);
    await same("softmax", (x) => x.softmax(), [rows]);
    await same("a x", (a, x) => a.matmul(x), [wide, x]);
    await same("a' x", (a, x) => a.matmul(x, { a: true }), [columns, y]);
    await same("a b", (a, b) => a.matmul(b), [wide, columns]);
    await same("a b'", (a, b) => a.matmul(b, { b: true }), [rows, wide]);
  });

  it("that overflow", async () => {
    const large = tensor(new Float32Array(1100).fill(3e38));
    await same("sum", (x) => x.sum(), [large]);
  });
});

/** Where formulas change and where floats end, each on both sides of zero. Subnormals are left to the CPU. */
const special = [
  0,
  1e-37,
  1e-10,
  2 ** -14,
  0.5,
  Math.SQRT1_2,
  1,
  Math.SQRT2,
  2,
  8.188,
  8.1885,
  17,
  18.5,
  87,
  88.8,
  89.5,
]
  .concat([104, 105.5, 1e10, 1e30, 3.4028234663852886e38, Number.POSITIVE_INFINITY])
  .flatMap((x) => [x, -x])
  .concat(Number.NaN);

const functions = [
  "exp",
  "expm1",
  "log",
  "log1p",
  "tanh",
  "sigmoid",
  "relu",
  "sign",
  "sqrt",
  "abs",
  "neg",
  "square",
] as const;

describe.skipIf(!gpu)("kernels at special values", () => {
  it.each(functions)("%s", (name) => same(name, (x) => x[name](), [tensor(special)]));

  it.each([1, 10])("softplus of sharpness %i", (beta) => same("softplus", (x) => x.softplus(beta), [tensor(special)]));

  it.each(["add", "sub", "mul", "div", "maximum", "minimum", "greater"] as const)("%s of all pairs", (name) =>
    same(name, (a, b) => a[name](b), [tensor(special).reshape([special.length, 1]), tensor(special)]),
  );

  it("agree on thousands of numbers of every size", async () => {
    const x = random.normal(Key.of(2), [4096]);
    const wide = x.mul(random.normal(Key.of(3), [4096]).mul(8).exp());
    for (const name of functions) await same(name, (x) => x[name](), [wide]);
    expect(wide.abs().max().item()).toBeGreaterThan(1e6);
  });
});
