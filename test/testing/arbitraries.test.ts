import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { grad, loop, scope, type Tensor, tensor } from "../../src/index.js";
import { arbProgram, arbShape, arbTensor, equalBits, type Program } from "../../src/testing/index.js";
import { runs } from "../laws/settings.js";

describe("arbShape and arbTensor", () => {
  it("stay within the requested bounds", () => {
    scope(() => {
      fc.assert(
        fc.property(arbShape({ minRank: 1, maxRank: 4, minSize: 0, maxSize: 3 }), (shape) => {
          expect(shape.length >= 1 && shape.length <= 4).toBe(true);
          expect(shape.every((size) => size >= 0 && size <= 3)).toBe(true);
        }),
        runs(200),
      );
      fc.assert(
        fc.property(arbTensor({ shape: [2, 3], min: -0.1, max: 2 }), (x) => {
          expect(x.shape).toEqual([2, 3]);
          expect([...x.data()].every((v) => v >= Math.fround(-0.1) && v <= 2)).toBe(true);
        }),
        runs(200),
      );
    });
  });

  it("reach the special values if requested", () => {
    const seen = new Set(
      fc
        .sample(arbTensor({ shape: [40], special: true }), { seed: 1, numRuns: 30 })
        .flatMap((x) => [...x.data()].map(String)),
    );
    for (const value of ["NaN", "Infinity", "-Infinity", "0"]) expect(seen).toContain(value);
  });

  it("shrink to the smallest tensor that fails", () => {
    const { counterexample } = fc.check(
      fc.property(arbTensor({ min: 0, max: 4 }), (x) => [...x.data()].every((v) => v < 2)),
      runs(500),
    );
    const [x] = counterexample as [Tensor];
    expect([x.shape, [...x.data()]]).toEqual([[], [2]]);
  });

  it("show that a user's loop has the same bits at every checkpoint", () => {
    const run = (w: Tensor, every: number | undefined): Tensor =>
      grad((p: Tensor) =>
        loop(6, p, (p) => p.matmul(p).tanh().sub(p.mul(0.1)), { checkpoint: every ? { every } : "off" }).sum(),
      )(w);
    fc.assert(
      fc.property(arbTensor({ shape: [4, 4], min: -2, max: 2 }), fc.integer({ min: 1, max: 6 }), (w, every) =>
        scope(() => {
          expect(equalBits(run(w, undefined), run(w, every))).toBe(true);
        }),
      ),
      runs(30),
    );
  });
});

describe("arbProgram", () => {
  it("makes programs that give the same result twice and can print themselves", () => {
    fc.assert(
      fc.property(arbProgram({ maxLength: 5 }), (program) =>
        scope(() => {
          expect(program.instructions.length).toBeLessThanOrEqual(5);
          expect(equalBits(program.run(program.tensors()), program.run(program.tensors()))).toBe(true);
        }),
      ),
      runs(50),
    );
  });

  it("shrinks to few ops", () => {
    const { counterexample } = fc.check(
      fc.property(arbProgram(), ({ instructions }) => instructions.every(({ op }) => op.name !== "tanh")),
      runs(300),
    );
    expect((counterexample as [Program])[0].instructions.length).toBeLessThanOrEqual(3);
  });
});

describe("equalBits", () => {
  it("compares structure, shape, type and every bit", () => {
    const a = { x: tensor([0, Number.NaN]), y: [tensor(1)] };
    expect(equalBits(a, { x: tensor([0, Number.NaN]), y: [tensor(1)] })).toBe(true);
    expect(equalBits(a, { x: tensor([-0, Number.NaN]), y: [tensor(1)] })).toBe(false);
    expect(equalBits(a, { x: tensor([[0, Number.NaN]]), y: [tensor(1)] })).toBe(false);
    expect(equalBits(a, { x: tensor([0, Number.NaN]), z: [tensor(1)] })).toBe(false);
    expect(equalBits(a, { x: tensor([0, Number.NaN]) })).toBe(false);
    expect(equalBits(tensor(0), tensor(0, { dtype: "int32" }))).toBe(false);
  });
});
