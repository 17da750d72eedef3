import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { grad, scope, square, sum, type Tensor, tensor, zeros } from "../../src/index.js";
import { clipByGlobalNorm, clipByValue, globalNorm } from "../../src/optim/index.js";
import { relativeError } from "../laws/oracle.js";
import { runs } from "../laws/settings.js";

const golden = JSON.parse(readFileSync(new URL("./golden.json", import.meta.url), "utf8")) as {
  clips: { bound: number; norm: number; clipped: number[][] }[];
};
const tree = () => ({ a: tensor([3, -4]), b: [tensor([[12], [0.5]])] });

describe("clipping", () => {
  it.each(golden.clips)("by global norm $bound gives the same as PyTorch", ({ bound, norm, clipped }) => {
    const { a, b } = clipByGlobalNorm(tree(), bound);
    expect(b[0].shape).toEqual([2, 1]);
    expect(relativeError([...a.data(), ...b[0].data()], clipped.flat())).toBeLessThan(1e-6); // PyTorch adds 1e-6 to the norm
    expect(globalNorm(tree()).item() / norm).toBeCloseTo(1, 6);
  });

  it("by global norm keeps the direction and the bound, whatever the sizes", () => {
    const elements = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(elements, fc.constantFrom(1e-30, 1e-15, 1, 1e15, 1e30), (numbers, size) =>
        scope(() => {
          const given = Float32Array.from(numbers, (x) => x * size);
          const length = Math.hypot(...given);
          expect(relativeError([globalNorm(tensor(given)).item() / size], [length / size])).toBeLessThan(1e-6);
          const out = clipByGlobalNorm(tensor(given), 0.5).data();
          const wanted = [...given].map((x) => (length > 0.5 ? (x / length) * 0.5 : x));
          for (const [i, x] of wanted.entries())
            expect(Math.abs(out[i] - x)).toBeLessThanOrEqual(1e-6 * Math.abs(x) + 1e-38);
        }),
      ),
      runs(200),
    );
  });

  it("by value moves each element to the nearer bound", () => {
    const { a, b } = clipByValue(tree(), 3.5);
    expect([...a.data(), ...b[0].data()]).toEqual([3, -3.5, 3.5, 0.5]);
  });

  it("is differentiable: its gradient is the difference quotient", () => {
    const weights = tensor([1, -2, 0.5]);
    for (const bound of [0.7, 10]) {
      const f = (x: Tensor): Tensor => sum(square(clipByGlobalNorm(x, bound)).mul(weights));
      const at = [0.8, -0.9, 1.1];
      const differences = at.map((_, i) => {
        const moved = (by: number): number => f(tensor(at.map((x, j) => (i === j ? x + by : x)))).item();
        return (moved(0.01) - moved(-0.01)) / 0.02;
      });
      expect(relativeError(grad(f)(tensor(at)).data(), differences)).toBeLessThan(1e-3);
    }
    const g = grad((x: Tensor) => sum(square(clipByValue(x, 1))))(tensor([0.5, 2, -3]));
    expect([...g.data()].map(Math.abs)).toEqual([1, 0, 0]);
  });

  it("is finite to second order at 0, where clipping is the identity and the norm's derivative is 0", () => {
    const f = (x: Tensor): Tensor => sum(square(clipByGlobalNorm(x, 1)));
    expect([...grad((x: Tensor) => sum(grad(f)(x)))(zeros([2])).data()]).toEqual([2, 2]);
    const norm = grad((x: Tensor) => globalNorm(x))(zeros([2]));
    expect([...norm.data()]).toEqual([0, 0]);
    expect([...grad((x: Tensor) => sum(grad((y: Tensor) => globalNorm(y))(x)))(zeros([2])).data()]).toEqual([0, 0]);
  });

  it("says what a bound must be", () => {
    expect(() => clipByValue(tensor(1), 0)).toThrow("[clipByValue] bound is 0: give a number above 0.");
    expect(() => clipByGlobalNorm(tensor(1), Number.NaN)).toThrow("[clipByGlobalNorm] bound is NaN");
    expect(() => clipByValue({ a: 1 } as never, 1)).toThrow('[clipByValue] "a" is a number, not a tensor.');
  });
});
