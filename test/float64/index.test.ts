// Tensors of 64-bit floats: their type, their digits, and what makes them. What ops compute of them, and its derivatives,
// is in test/laws/float64.test.ts.
import { expect, it } from "vitest";
import { grad, hvp, jacobian, jvp, loop, vjp } from "../../src/autodiff/index.js";
import { Key, scope, type Tensor } from "../../src/core/index.js";
import { float64 } from "../../src/float64/index.js";
import * as ops from "../../src/ops/index.js";
import { casesOf, projectionOf, relativeError } from "../laws/oracle.js";
import { tested } from "../laws/table.js";

it.each(tested.map((op) => [op.name, op] as const))(
  "%s gives float64 for float64, and so does its gradient",
  (_, op) => {
    scope(() => {
      for (const c of casesOf(op, 1, "float64")) {
        const given = c.op.types?.gives ?? "same";
        for (const x of c.apply(c.parameters())) expect(x.dtype).toBe(given === "same" ? "float64" : given);
        const u = c.cotangents.map((cotangent) => c.tensor(cotangent));
        const gradient = grad((p: Tensor[]): Tensor => projectionOf(c.apply(p), u), { unused: "zero" });
        for (const x of gradient(c.parameters())) expect(x.dtype).toBe("float64");
      }
    });
  },
);

it("refuses to mix types, and gives the cure", () => {
  const [a, b] = [ops.tensor([1, 2]), ops.tensor([1, 2], float64)];
  expect(() => a.add(b)).toThrow("[add] operand 2 is float64, and what stands before it is float32");
  expect(() => a.add(b)).toThrow('Use cast(x, "float64").');
  expect(() => jvp((x: Tensor) => x.sum(), b, a)).toThrow("the direction is float32");
  expect(() => vjp((x: Tensor) => x.mul(2), b).pullback(a)).toThrow("the cotangent is float32");
});

it("holds numbers that float32 cannot, and plain numbers combined with it take its type", () => {
  const x = ops.tensor([0.1, 1 / 3], float64);
  expect(x.data()).toEqual(Float64Array.of(0.1, 1 / 3));
  expect(x.add(1e-12).data()).toEqual(Float64Array.of(0.1 + 1e-12, 1 / 3 + 1e-12));
  expect(ops.where(x.greater(0.2), x, 0.7).data()).toEqual(Float64Array.of(0.7, 1 / 3));
  expect(ops.where(ops.tensor([1, 0], { dtype: "int32" }), x, 0.7).data()).toEqual(Float64Array.of(0.1, 0.7));
  expect(ops.where(ops.tensor([1e-300, 0], float64), ops.tensor([1, 1]), 0).data()).toEqual(Float32Array.of(1, 0));
  expect(x.toArray()).toEqual([0.1, 1 / 3]);
  expect(JSON.stringify(x)).toBe(JSON.stringify([0.1, 1 / 3]));
  expect(String(x)).toContain("float64");
});

it("casts back and forth, with derivatives in the type of the argument", () => {
  const x = ops.tensor([0.1, 2], float64);
  expect(ops.cast(x, "float32").data()).toEqual(Float32Array.of(0.1, 2));
  expect(ops.cast(ops.cast(x, "float32"), "float64").data()).toEqual(Float64Array.of(Math.fround(0.1), 2));
  expect(ops.cast(x, "int32").data()).toEqual(Int32Array.of(0, 2));
  expect(ops.cast(ops.tensor([7], { dtype: "int32" }), "float64").data()).toEqual(Float64Array.of(7));
  const slope = grad((y: Tensor) => ops.cast(y, "float32").square().sum())(x);
  expect(slope.dtype).toBe("float64");
  expect(slope.data()).toEqual(Float64Array.from([2 * Math.fround(0.1), 4]));
  const tangent = jvp((y: Tensor) => ops.cast(y, "float32").square().sum(), x, ops.onesLike(x)).tangent;
  expect(tangent.item()).toBe(Math.fround(2 * Math.fround(0.1) + 4));
});

it("makes tensors of every kind in float64", () => {
  const made = [
    ops.zeros([2], float64),
    ops.ones([2], float64),
    ops.full([2], 0.1, float64),
    ops.arange(0, 1, 0.1, "float64"),
    ops.linspace(0, 1, 11, float64),
    ops.eye(2, 2, 0, float64),
    ops.random.uniform(Key.of(1), [100], float64),
    ops.random.normal(Key.of(1), [100], float64),
    ops.random.truncatedNormal(Key.of(1), [100], float64),
    ops.random.gamma(Key.of(1), 2, [100], float64),
    ops.random.beta(Key.of(1), 2, 3, [100], float64),
    ops.random.bernoulli(Key.of(1), 0.5, [100], float64),
    ops.oneHot(ops.tensor([1], { dtype: "int32" }), 3, float64),
  ];
  for (const x of made) expect(x.dtype).toBe("float64");
  // Draws of float32 are exact in float32; of 100 draws of 53 bits none is.
  const drawn = made[6].data();
  expect(drawn.filter((x) => x === Math.fround(x))).toHaveLength(0);
  expect(drawn.every((x) => x >= 0 && x < 1)).toBe(true);
});

it("gives loops the same bits with every checkpoint, and has Hessians and Jacobians", () => {
  const w = ops.random.normal(Key.of(3), [4, 4], float64);
  const loss = (checkpoint: "off" | { every: number }) => (x: Tensor) =>
    loop(6, ops.ones([4], float64), (y) => x.matvec(y).tanh(), { checkpoint })
      .square()
      .sum();
  const [plain, stored] = [grad(loss("off"))(w), grad(loss({ every: 2 }))(w)];
  expect(stored.data()).toEqual(plain.data());
  const h = 1e-5;
  const direction = ops.random.normal(Key.of(4), [4, 4], float64);
  const ahead = grad(loss("off"))(w.add(direction.mul(h)));
  const behind = grad(loss("off"))(w.sub(direction.mul(h)));
  const wanted = ahead.sub(behind).div(2 * h);
  expect(relativeError(hvp(loss("off"), w, direction).data(), wanted.data())).toBeLessThan(1e-8);
  const square = jacobian((x: Tensor) => x.mul(x))(ops.tensor([0.1, 3], float64));
  expect(square.toArray()).toEqual([
    [0.2, 0],
    [0, 6],
  ]);
});
