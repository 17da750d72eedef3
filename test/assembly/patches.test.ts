import fc from "fast-check";
import { describe, it } from "vitest";
import { Floats } from "./element.js";
import { expectBits, kernels, law, ordinaryFloat, run, runInPlace, vector } from "./harness.js";
import { add } from "./twins/arithmetic.js";

/** For each element of the windows, in order, the element of the images that it sees, or -1. */
function sources(n: number, [height, width, channels]: number[], kernel: number[], grid: number[], at: number[]) {
  const [down, right, top, left, spreadDown, spreadRight] = at;
  const count = n * grid[0] * grid[1] * kernel[0] * kernel[1] * channels;
  return Array.from({ length: count }, (_, flat) => {
    let rest = flat;
    const next = (size: number) => {
      const index = rest % size;
      rest = (rest - index) / size;
      return index;
    };
    const [c, kj, ki, oj, oi, image] = [channels, kernel[1], kernel[0], grid[1], grid[0], n].map(next);
    const [i, j] = [oi * down - top + ki * spreadDown, oj * right - left + kj * spreadRight];
    const inside = i >= 0 && i < height && j >= 0 && j < width;
    return inside ? ((image * height + i) * width + j) * channels + c : -1;
  });
}

const list = (length: number, min: number, max: number) =>
  fc.array(fc.integer({ min, max }), { minLength: length, maxLength: length });
const cases = fc
  .tuple(fc.integer({ min: 0, max: 2 }), list(3, 1, 5), list(2, 1, 3), list(2, 1, 4), list(6, 1, 3))
  .chain(([n, image, kernel, grid, at]) =>
    fc.tuple(
      fc.constant({ n, image, kernel, grid, at }),
      vector(ordinaryFloat, n * image[0] * image[1] * image[2]),
      vector(ordinaryFloat, n * grid[0] * grid[1] * kernel[0] * kernel[1] * image[2]),
    ),
  );

describe("windows", () => {
  it("patches has its twin's bits, wherever the windows lie", () => {
    fc.assert(
      fc.property(cases, ([{ n, image, kernel, grid, at }, x, like]) => {
        const from = sources(n, image, kernel, grid, at);
        const got = run(like.length, [x], (o, p) =>
          Reflect.apply(kernels.patches, undefined, [o, p, n, ...image, ...kernel, ...grid, ...at, 7.5]),
        );
        expectBits(
          got,
          Floats.from(from, (i) => (i < 0 ? 7.5 : x[i])),
        );
      }),
      law,
    );
  });

  it("patchesAdd adds in its twin's order", () => {
    fc.assert(
      fc.property(cases, ([{ n, image, kernel, grid, at }, y, x]) => {
        const wanted = y.slice();
        sources(n, image, kernel, grid, at).forEach((to, i) => {
          if (to >= 0) wanted[to] = add(wanted[to], x[i]);
        });
        const got = runInPlace(y, [x], (o, p) =>
          Reflect.apply(kernels.patchesAdd, undefined, [o, p, n, ...image, ...kernel, ...grid, ...at]),
        );
        expectBits(got, wanted);
      }),
      law,
    );
  });
});
