// Random programs inside loops and inside other transforms: descent on a program by its own gradient, differentiated.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Checkpoint, grad, jvp, Key, loop, scope, type Tensor } from "../../src/index.js";
import { sgd } from "../../src/optim/index.js";
import { arbProgram, equalBits, type Program } from "../../src/testing/index.js";
import { floats, toTensor } from "../laws/oracle.js";
import { runs } from "../laws/settings.js";

/** Three steps of descent on the program, in a loop, then its value: `grad` inside `grad`, inside `loop`. */
const descent =
  (program: Program, checkpoint: Checkpoint) =>
  (start: readonly Tensor[]): Tensor => {
    const inner = sgd({ lr: 1e-3, momentum: 0.5 });
    const f = (p: readonly Tensor[]): Tensor => program.run(p);
    const end = loop(
      3,
      { p: start, s: inner.init(start) },
      ({ p, s }) => {
        const { params, state } = inner.step(p, grad(f, { unused: "zero" })(p), s);
        return { p: params, s: state };
      },
      { checkpoint },
    );
    return f(end.p);
  };

const directionOf = (program: Program): Tensor[] =>
  program.leaves.map(({ shape, data }, l) => toTensor({ shape, data: floats(Key.of(4).fold(l), data.length) }));

describe("programs in loops and nested transforms", () => {
  it("have the same bits at every checkpoint", () => {
    fc.assert(
      fc.property(arbProgram({ maxLength: 8 }), fc.integer({ min: 1, max: 3 }), (program, every) =>
        scope(() => {
          const [plain, checkpointed] = (["off", { every }] as const).map((checkpoint) =>
            grad(descent(program, checkpoint), { unused: "zero" })(program.tensors()),
          );
          expect(equalBits(plain, checkpointed)).toBe(true);
        }),
      ),
      runs(60),
    );
  });

  it("have the same derivative in forward and reverse mode", () => {
    fc.assert(
      fc.property(arbProgram({ maxLength: 8 }), (program) =>
        scope(() => {
          const [f, leaves, v] = [descent(program, { every: 2 }), program.tensors(), directionOf(program)];
          const { tangent } = jvp((p: readonly Tensor[]) => f(p), leaves as readonly Tensor[], v);
          const products = grad((p: readonly Tensor[]) => f(p), { unused: "zero" })(leaves).flatMap((g, i) => [
            ...g.mul(v[i]).data(),
          ]);
          const [slope, scale] = [products, products.map(Math.abs)].map((list) => list.reduce((a, b) => a + b, 0));
          expect(Math.abs(tangent.item() - slope)).toBeLessThanOrEqual(1e-4 * scale + 1e-6);
        }),
      ),
      runs(60),
    );
  });
});
