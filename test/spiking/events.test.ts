// Products that go from spike to spike, against the dense product.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.js";
import { compile } from "../../src/compile/index.js";
import { type DType, Key, scope, type Tensor } from "../../src/core/index.js";
import "../../src/float64/index.js";
import { cast, concat, full, less, matmul, mul, random, reshape, sum, zeros } from "../../src/ops/index.js";
import { eventMatmul } from "../../src/spiking/index.js";
import { equalBits } from "../../src/testing/index.js";
import { vmap } from "../../src/vmap/index.js";

/** Spikes (m, k) of which a share is there, of any size if they are `graded`. */
function spikesOf(key: Key, [m, k]: readonly number[], share: number, graded: boolean, dtype: DType): Tensor {
  const [ofPlace, ofSize] = key.split();
  const there = cast(less(random.uniform(ofPlace, [m, k], { dtype }), share), dtype);
  return graded ? mul(there, random.normal(ofSize, [m, k], { dtype })) : there;
}

/** Few and many terms, where sums are cut into runs, and columns that fill tiles or do not. */
const sizes = fc.tuple(
  fc.integer({ min: 1, max: 70 }),
  fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1020, max: 1400 })),
  fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 60, max: 130 })),
);
const inputs = fc.record({
  sizes,
  share: fc.constantFrom(0, 0.02, 0.1, 1),
  graded: fc.boolean(),
  dtype: fc.constantFrom<DType>("float32", "float64"),
  seed: fc.nat(1000),
});

describe("products of spikes", () => {
  it("have the bits of matmul, and so have their gradients, for any share of spikes", () => {
    fc.assert(
      fc.property(inputs, ({ sizes: [m, k, n], share, graded, dtype, seed }) => {
        scope(() => {
          const [ofSpikes, ofWeight, ofGoal] = Key.of(seed).split(3);
          const spikes = spikesOf(ofSpikes, [m, k], share, graded, dtype);
          const weight = random.normal(ofWeight, [k, n], { dtype });
          const towards = random.normal(ofGoal, [m, n], { dtype });
          const slopes = (product: (a: Tensor, b: Tensor) => Tensor) =>
            grad(([a, b]: readonly [Tensor, Tensor]) => sum(mul(product(a, b), towards)), { unused: "zero" })([
              spikes,
              weight,
            ]);
          expect(equalBits(eventMatmul(spikes, weight), matmul(spikes, weight))).toBe(true);
          expect(equalBits(slopes(eventMatmul), slopes(matmul))).toBe(true);
        });
      }),
      { numRuns: 150 },
    );
  });

  it("of many rows take long sums of the gradient as matmul does", () => {
    scope(() => {
      const [ofSpikes, ofWeight] = Key.of(7).split();
      const spikes = spikesOf(ofSpikes, [3000, 45], 0.1, true, "float32");
      const weight = random.normal(ofWeight, [45, 137]);
      const of = (product: typeof matmul) =>
        grad((w: Tensor) => sum(mul(product(spikes, w), product(spikes, w))))(weight);
      expect(equalBits(of(eventMatmul), of(matmul))).toBe(true);
    });
  });

  it("are the same compiled, under vmap, and with axes before", () => {
    scope(() => {
      const [ofSpikes, ofWeight] = Key.of(3).split();
      const spikes = reshape(spikesOf(ofSpikes, [20, 11], 0.3, false, "float32"), [4, 5, 11]);
      const weight = random.normal(ofWeight, [11, 6]);
      const dense = matmul(spikes, weight);
      expect(equalBits(eventMatmul(spikes, weight), dense)).toBe(true);
      expect(equalBits(compile(eventMatmul)(spikes, weight), dense)).toBe(true);
      const each = vmap((own: Tensor, w: Tensor) => eventMatmul(own, w), { axes: [0, null] });
      expect(equalBits(each(spikes, weight), dense)).toBe(true);
      const slope = vmap((own: Tensor, w: Tensor) => grad((v: Tensor) => sum(eventMatmul(own, v)))(w), {
        axes: [0, null],
      });
      const dense1 = vmap((own: Tensor, w: Tensor) => grad((v: Tensor) => sum(matmul(own, v)))(w), {
        axes: [0, null],
      });
      expect(equalBits(slope(spikes, weight), dense1(spikes, weight))).toBe(true);
    });
  });

  it("are those of matmul where weights are not finite", () => {
    scope(() => {
      const spikes = spikesOf(Key.of(5), [70, 40], 0.05, false, "float32");
      for (const odd of [Number.POSITIVE_INFINITY, Number.NaN]) {
        const weight = concat([full([39, 80], 2), full([1, 80], odd)]);
        expect(eventMatmul(spikes, weight).toArray()).toEqual(matmul(spikes, weight).toArray());
      }
    });
  });

  it("refuse shapes that do not fit", () => {
    for (const [a, b] of [
      [
        [2, 3],
        [4, 5],
      ],
      [
        [2, 5, 3],
        [4, 5],
      ],
      [[3], [3, 5]],
      [[2, 3], [3]],
    ]) {
      expect(() => eventMatmul(zeros(a), zeros(b))).toThrow(
        /^\[eventMatmul\] spikes .* and weights .* do not fit\. Give \[\.\.\., inputs\] and \[inputs, units\]\.$/,
      );
    }
  });
});
