// Random programs: compiled they have the bits of the same programs run as they are.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile, grad, jvp, Key, type Tensor } from "../../src/index.js";
import { bitsOf } from "../../src/testing/arrays.js";
import { arbProgram } from "../../src/testing/programs.js";
import { floats, toTensor } from "../laws/oracle.js";
import { runs } from "../laws/settings.js";

describe("random programs", () => {
  it("have the bits of eager ones: values, gradients and Hessians, also for later arguments", () => {
    fc.assert(
      fc.property(arbProgram(), fc.nat(1000), (program, seed) => {
        const f = (p: readonly Tensor[]): Tensor => program.run(p);
        const slope = grad(f, { unused: "zero" });
        const first = program.tensors();
        const second = program.leaves.map(({ shape, data }, l) =>
          toTensor({ shape, data: floats(Key.of(seed).fold(l), data.length) }),
        );
        for (const g of [
          (p: readonly Tensor[]) => [f(p)],
          (p: readonly Tensor[]) => [...slope(p)],
          (p: readonly Tensor[]) => [...jvp(slope, p, p).tangent],
        ]) {
          using fast = compile(g);
          for (const leaves of [first, second, first]) expect(bitsOf(fast(leaves))).toEqual(bitsOf(g(leaves)));
        }
      }),
      runs(100),
    );
  });
});
