import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BYTES, Floats } from "./element.js";
import { expectBits, kernels, law, run, SPECIALS, sample } from "./harness.js";
import { copyStrided, type Triple } from "./twins/strided.js";

const dense = ([, b, c]: Triple): Triple => [b * c, c, 1];
const permute = (x: Triple, order: Triple): Triple => [x[order[0]], x[order[1]], x[order[2]]];

describe("copyStrided", () => {
  const size = fc.integer({ min: 0, max: 9 });
  const orders = fc.constantFrom<Triple[]>([0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]);

  it("has its twin's bits for every order of the axes, whether it writes in order or not", () => {
    fc.assert(
      fc.property(fc.tuple(size, size, size), orders, ([a, b, c], order) => {
        const x = sample(a * b * c);
        const sizes = permute([a, b, c], order);
        const from = permute(dense([a, b, c]), order);
        for (const [to, source] of [
          [dense(sizes), from],
          [from, dense(sizes)],
        ]) {
          const expected = new Floats(x.length);
          copyStrided(expected, x, sizes, to, source);
          const got = run(x.length, [x], (o, p) => kernels.copyStrided(o, p, ...sizes, ...to, ...source));
          expectBits(got, expected, `${sizes} to ${to} from ${source}`);
        }
      }),
      law,
    );
  });

  it("copies backward", () => {
    const x = sample(12);
    const got = run(12, [x], (o, p) => kernels.copyStrided(o, p + BYTES * 11, 1, 3, 4, 0, 4, 1, 0, -4, -1));
    expectBits(got, x.slice().reverse());
  });

  it("copies special values unchanged", () => {
    const n = SPECIALS.length;
    const got = run(n, [SPECIALS], (o, p) => kernels.copyStrided(o, p, 1, 1, n, 0, 0, 1, 0, 0, 1));
    expect([...new Uint32Array(got.buffer)]).toEqual([...new Uint32Array(SPECIALS.slice().buffer)]);
  });
});
