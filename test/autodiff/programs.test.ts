// Random programs, whose values, gradients and Hessians are compared with a float64 interpreter and with each other.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { grad, hvp, jvp } from "../../src/autodiff/index.js";
import { Key, type Tensor } from "../../src/core/index.js";
import { arbProgram, type Program, programOps } from "../../src/testing/programs.js";
import { floats, relativeError, toTensor } from "../laws/oracle.js";
import { runs } from "../laws/settings.js";

const programs = arbProgram();

/** Central differences in every leaf element, as one list. */
function slopes(program: Program): number[] {
  return program.leaves.flatMap(({ shape, data }, l) =>
    Array.from(data, (_, at) => {
      const moved = (by: number): number =>
        program.reference(
          program.leaves.map((leaf, k) =>
            k === l ? { shape, data: data.map((x, i) => (i === at ? x + by : x)) } : leaf,
          ),
        );
      return (moved(1e-5) - moved(-1e-5)) / 2e-5;
    }),
  );
}

const flat = (tensors: readonly Tensor[]): number[] => tensors.flatMap((x) => [...x.data()]);

describe("random programs", () => {
  it("have the value and the gradient of the float64 interpreter, in both modes", () => {
    fc.assert(
      fc.property(programs, (program) => {
        const leaves = program.tensors();
        const f = (p: readonly Tensor[]): Tensor => program.run(p);
        const exact = program.reference(program.leaves);
        expect(Math.abs(f(leaves).item() - exact)).toBeLessThan(1e-5 * Math.max(1, Math.abs(exact)));
        const wanted = slopes(program);
        const gradient = flat(grad(f, { unused: "zero" })(leaves));
        expect(relativeError(gradient, wanted)).toBeLessThan(1e-4);
        const direction = program.leaves.map(({ shape, data }, l) => ({
          shape,
          data: floats(Key.of(9).fold(l), data.length),
        }));
        const along = direction.flatMap(({ data }) => [...data]);
        const { tangent } = jvp(
          f,
          leaves,
          direction.map((v) => toTensor(v)),
        );
        const scale = along.reduce((total, v, i) => total + Math.abs(v * wanted[i]), 0);
        const slope = along.reduce((total, v, i) => total + v * wanted[i], 0);
        expect(Math.abs(tangent.item() - slope)).toBeLessThanOrEqual(1e-4 * scale);
      }),
      runs(300),
    );
  });

  it("have a symmetric Hessian, the same in every combination of modes", () => {
    fc.assert(
      fc.property(programs, (program) => {
        const leaves = program.tensors();
        const f = (p: readonly Tensor[]): Tensor =>
          program.run(p).add(p.map((x) => x.sum().mul(0)).reduce((a, b) => a.add(b)));
        const direction = (seed: number): Tensor[] =>
          program.leaves.map(({ shape, data }, l) =>
            toTensor({ shape, data: floats(Key.of(seed).fold(l), data.length) }),
          );
        const [u, v] = [direction(1), direction(2)];
        const dot = (a: readonly Tensor[], b: readonly Tensor[]): Tensor =>
          a.map((x, i) => x.mul(b[i]).sum()).reduce((x, y) => x.add(y));
        const forward = flat(hvp(f, leaves, v));
        const reverse = flat(grad((p: readonly Tensor[]) => dot(grad(f)(p), v), { unused: "zero" })(leaves));
        const crossed = flat(grad((p: readonly Tensor[]) => jvp(f, p, v).tangent, { unused: "zero" })(leaves));
        const twice = jvp((p: readonly Tensor[]) => jvp(f, p, v).tangent, leaves, u).tangent.item();
        expect(relativeError(reverse, forward)).toBeLessThan(1e-4);
        expect(relativeError(crossed, forward)).toBeLessThan(1e-4);
        const [uHv, vHu] = [dot(u, hvp(f, leaves, v)).item(), dot(v, hvp(f, leaves, u)).item()];
        const size = flat(u).reduce((total, x, i) => total + Math.abs(x * forward[i]), 1e-3);
        expect(Math.abs(uHv - vHu)).toBeLessThan(1e-4 * size);
        expect(Math.abs(twice - uHv)).toBeLessThan(1e-4 * size);
      }),
      runs(120),
    );
  });

  it("consist of many ops, most of which affect the result", () => {
    const seen = new Set<string>();
    let alive = 0;
    const sample = fc.sample(programs, { seed: 5, numRuns: 200 });
    for (const program of sample) {
      for (const { op } of program.instructions) seen.add(op.name);
      if (slopes(program).some((x) => Math.abs(x) > 1e-3)) alive++;
    }
    expect(seen).toEqual(new Set(programOps));
    expect(alive).toBeGreaterThan(190);
  });
});
