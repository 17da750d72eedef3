// What stands on the ops, in float64: optimizers, linear algebra, vmap and files.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.js";
import { Key, type Tensor, type TreeOf } from "../../src/core/index.js";
import { float64 } from "../../src/float64/index.js";
import { decode, encode, openNpy, readNpy, writeNpy } from "../../src/io/index.js";
import { svd } from "../../src/linalg/index.js";
import * as ops from "../../src/ops/index.js";
import { adam, clipByGlobalNorm, type Optimizer, rmsprop, sgd } from "../../src/optim/index.js";
import { vmap } from "../../src/vmap/index.js";
import { relativeError } from "../laws/oracle.js";

it("svd: the factors multiply to the matrix, and are orthonormal", () => {
  const a = ops.random.normal(Key.of(5), [6, 4], float64);
  const { u, s, v } = svd(a);
  expect(relativeError(u.mul(s).matmul(v, { b: true }).data(), a.data())).toBeLessThan(1e-14);
  for (const x of [u, v]) {
    expect(relativeError(x.matmul(x, { a: true }).data(), ops.eye(4, 4, 0, float64).data())).toBeLessThan(1e-14);
  }
});

it.each([
  ["sgd", sgd({ lr: 0.1, momentum: 0.5 })],
  ["adam", adam({ lr: 0.1 })],
  ["rmsprop", rmsprop({ lr: 0.05, momentum: 0.5 })],
] as const)("%s takes the same steps as in float32, with more digits", (_, optimizer) => {
  type Params = { w: Tensor };
  const { init, step } = optimizer as unknown as Optimizer<Params, TreeOf<object>>;
  const trained = (dtype: "float32" | "float64"): Tensor => {
    const wanted = ops.tensor([1 / 3, -2 / 7], { dtype });
    const loss = ({ w }: Params): Tensor => w.sub(wanted).square().sum();
    let params: Params = { w: ops.zeros([2], { dtype }) };
    let state = init(params);
    for (let k = 0; k < 20; k++) {
      ({ params, state } = step(params, clipByGlobalNorm(grad(loss)(params), 1), state));
    }
    return params.w;
  };
  const [single, double] = [trained("float32"), trained("float64")];
  expect(double.dtype).toBe("float64");
  expect(relativeError(single.data(), double.data())).toBeLessThan(1e-5);
  expect(single.data()).not.toEqual(double.data());
});

it("sgd ends nearer to the minimum than float32 could hold", () => {
  const wanted = ops.tensor([1 / 3, -2 / 7], float64);
  const optimizer = sgd({ lr: 0.25 });
  let params = { w: ops.zeros([2], float64) };
  let state = optimizer.init(params);
  for (let k = 0; k < 60; k++) {
    const gradient = grad(({ w }: { w: Tensor }) => w.sub(wanted).square().sum())(params);
    ({ params, state } = optimizer.step(params, gradient, state));
  }
  expect(relativeError(params.w.data(), wanted.data())).toBeLessThan(1e-15);
});

it("vmap gives the stacked results of single calls, bit for bit", () => {
  const x = ops.random.normal(Key.of(1), [5, 3], float64);
  const f = (row: Tensor): Tensor => row.tanh().mul(0.3).sum().exp();
  const together = vmap(f)(x);
  expect(together.dtype).toBe("float64");
  expect([...together.data()]).toEqual([0, 1, 2, 3, 4].map((i) => f(x.row(i)).item()));
});

it("files keep every bit", () => {
  const tree = { x: ops.random.normal(Key.of(1), [3, 2], float64) };
  const { tree: again } = decode(encode(tree), { x: ops.zeros([3, 2], float64) });
  expect(again.x.data()).toEqual(tree.x.data());
  const bytes = writeNpy(tree.x);
  expect(new TextDecoder("latin1").decode(bytes.subarray(0, 64))).toContain("'<f8'");
  expect(new Float64Array(bytes.slice(bytes.length - 48).buffer)).toEqual(tree.x.data());
  expect(readNpy(bytes).data()).toEqual(tree.x.data());
});

it("NumPy's arrays of float64 are read as they are, by rows too, and the others as ever", async () => {
  const file = (name: string): Uint8Array => readFileSync(new URL(`../io/npy/${name}.npy`, import.meta.url));
  const wanted = Float64Array.of(0.1, 1 / 3, 1e300, -1e-300);
  const x = readNpy(file("f8"));
  expect([x.dtype, x.data()]).toEqual(["float64", wanted]);
  expect(readNpy(file("f8-big")).data()).toEqual(wanted.slice(0, 3));
  const opened = await openNpy(new Blob([Uint8Array.from(file("f8"))]));
  const rows = await opened.rows(1, 3);
  expect([opened.dtype, rows.dtype, rows.data()]).toEqual(["float64", "float64", wanted.slice(1, 3)]);
  expect(["f4", "f2-big", "i8", "b1"].map((name) => readNpy(file(name)).dtype)).toEqual([
    ...["float32", "float32", "int32", "int32"],
  ]);
});
