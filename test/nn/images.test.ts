// Images as examples: pixels, classes and shapes are those of the dataset, whatever is asked for.
import fc from "fast-check";
import { expect, it } from "vitest";
import { dataset } from "../../src/data/index.js";
import { imagesOf } from "../../src/nn/index.js";

it("images are (pixel / 255 - mean) / std in the order that is asked for, with their classes", () => {
  const size = fc.integer({ min: 1, max: 4 });
  fc.assert(
    fc.property(
      fc.record({ rows: size, columns: size, count: fc.integer({ min: 1, max: 6 }), seed: fc.nat(1e6) }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: 0.1, max: 4, noNaN: true }),
      ({ rows, columns, count, seed }, mean, std) => {
        const pixels = Uint8Array.from(
          { length: count * rows * columns },
          (_, i) => Math.imul(i + seed, 2654435761) >>> 24,
        );
        const labels = Uint8Array.from({ length: count }, (_, i) => i % 3);
        const images = imagesOf(dataset("few", pixels, labels, rows, columns), { mean, std });
        expect([images.count, images.shape]).toEqual([count, [rows, columns, 1]]);
        const order = Array.from({ length: count }, (_, i) => (5 * i + seed) % count);
        const { x, y } = images.batch(order);
        expect([x.shape, x.dtype, y.dtype]).toEqual([[count, rows, columns, 1], "float32", "int32"]);
        expect([...y.data()]).toEqual(order.map((i) => labels[i]));
        const wanted = order.flatMap((i) => [...pixels.subarray(i * rows * columns, (i + 1) * rows * columns)]);
        expect([...x.data()]).toEqual(wanted.map((byte) => Math.fround((byte / 255 - mean) / std)));
      },
    ),
    { numRuns: 60 },
  );
});
