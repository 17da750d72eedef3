// Lengths, spreads and normalised numbers keep their digits at every size that a type has, also where squares overflow.
import { describe, expect, it } from "vitest";
import "../../src/float64/index.js";
import { grad, Key, type Tensor, tensor } from "../../src/index.js";
import * as nn from "../../src/nn/index.js";

describe("of large and small numbers", () => {
  it("norm and std of float64 are those of ordinary size, scaled", () => {
    const [x, plain] = [[3, -4, 12, 0.5], tensor([3, -4, 12, 0.5], { dtype: "float64" })];
    for (const exponent of [-1000, -600, -450, -120, 0, 120, 450, 600, 1000]) {
      const scaled = tensor(
        x.map((value) => value * 2 ** exponent),
        { dtype: "float64" },
      );
      expect(scaled.norm().item()).toBe(plain.norm().item() * 2 ** exponent);
      expect(scaled.std().item()).toBe(plain.std().item() * 2 ** exponent);
      const [g, h] = [scaled, plain].map((y) => Array.from(grad((x: Tensor) => x.norm())(y).data()));
      expect(g).toEqual(h);
    }
  });

  it("layers that normalise give for any size what they give for ordinary sizes, and so do derivatives", () => {
    const kinds = { layerNorm: nn.layerNorm(), groupNorm: nn.groupNorm(2), rmsNorm: nn.rmsNorm() };
    const x = [1, -1, 0.5, 0.25];
    const weights = [1, 2, 3, 4];
    for (const [name, made] of Object.entries(kinds)) {
      for (const [dtype, largest] of [
        ["float32", 3e38],
        ["float64", 1e308],
      ] as const) {
        const net = nn.network({ input: [4], layers: [made], dtype });
        const p = net.init(Key.of(0));
        const f = (x: Tensor): Tensor =>
          net
            .apply(p, x)
            .mul(tensor([weights], { dtype }))
            .sum();
        const at = (size: number): Tensor => tensor([x.map((value) => value * size)], { dtype });
        // Large enough that eps is nothing beside the variance.
        const [wanted, slope] = [net.apply(p, at(1e10)).data(), grad(f)(at(1e10)).data()];
        for (const size of [1e22, 1e30, largest]) {
          const found = net.apply(p, at(size)).data();
          const slopes = grad(f)(at(size)).data();
          for (let i = 0; i < 4; i++) {
            expect(found[i], `${name} ${dtype} ${size}`).toBeCloseTo(wanted[i], 5);
            // Group norm of two has no slope but that of eps.
            const scale = Math.max(...slope.map(Math.abs)) * 1e10;
            if (name !== "groupNorm" && size < 1e35) {
              expect(Math.abs(slopes[i] * size - slope[i] * 1e10)).toBeLessThan(1e-5 * scale);
            }
          }
        }
      }
    }
  });
});
