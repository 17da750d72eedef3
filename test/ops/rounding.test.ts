// Rounding, at the places where the rule shows: halves, and numbers next to them.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tensor } from "../../src/index.js";
import { ceil, floor, round } from "../../src/ops/index.js";
import { opTable } from "../../src/ops/internal.js";
import { runs } from "../laws/settings.js";

/** Halves, whole numbers and the floats on both sides of each. */
const near = fc
  .tuple(fc.integer({ min: -4_000_000, max: 4_000_000 }), fc.constantFrom(-1, 0, 1))
  .map(([twice, step]) => Math.fround((twice / 2) * (1 + step * 2 ** -23)));

const nearestEven = (x: number): number => {
  const [low, high] = [Math.floor(x), Math.ceil(x)];
  if (x - low !== high - x) return x - low < high - x ? low : high;
  return low % 2 === 0 ? low : high;
};

const reference = (name: string, x: number): number => {
  const op = opTable.find((record) => record.name === name)!;
  return op.reference([{ shape: [1], data: Float64Array.of(x) }], undefined)[0].data[0];
};

describe("rounding", () => {
  it.each([
    ["round", round, nearestEven],
    ["floor", floor, Math.floor],
    ["ceil", ceil, Math.ceil],
  ] as const)("%s: the kernel and the record's reference follow the rule, also at halves", (name, f, rule) => {
    fc.assert(
      fc.property(fc.oneof(near, fc.float({ noNaN: true })), (x) => {
        const wanted = rule(x) + 0;
        expect(f(tensor([x])).data()[0] + 0).toBe(wanted);
        expect(reference(name, x) + 0).toBe(wanted);
      }),
      runs(500),
    );
  });

  it("round goes from each half to the even neighbour", () => {
    expect(round(tensor([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5])).toArray()).toEqual([-2, -2, -0, 0, 2, 2]);
  });
});
