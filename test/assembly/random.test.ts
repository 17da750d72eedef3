import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { threefry2x32 } from "../../src/core/key.js";
import { expectBits, kernels, law, run } from "./harness.js";
import * as twins from "./twins/random.js";

const SIZES = [0, 1, 2, 3, 4, 5, 7, 8, 9, 33];
const word = fc.integer({ min: 0, max: 0xffffffff });

const bits = (k0: number, k1: number, n: number) =>
  new Int32Array(run(n, [], (out) => kernels.randomBits(out, k0, k1, n)).buffer);

describe("random words", () => {
  it("are the published ones of Threefry for zeros, ones and the digits of pi (Random123, JAX)", () => {
    expect(threefry2x32(0, 0, 0, 0)).toEqual([0x6b200159, 0x99ba4efe]);
    expect(threefry2x32(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff)).toEqual([0x1cb996fc, 0xbb002be7]);
    expect(threefry2x32(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3)).toEqual([0xc4923a9c, 0x483df7a0]);
    expect(bits(0, 0, 1)[0]).toBe(0x6b200159 ^ 0x99ba4efe);
  });

  it("are the same as those of Key, at every size and for any key", () => {
    for (const n of SIZES) expectBits(bits(1, 2, n), twins.randomBits(twins.keyOf(1, 2), n));
    fc.assert(
      fc.property(word, word, fc.integer({ min: 0, max: 40 }), (k0, k1, n) => {
        expectBits(bits(k0, k1, n), twins.randomBits(twins.keyOf(k0, k1), n), `key ${k0} ${k1}`);
      }),
      law,
    );
  });
});

describe("uniform and normal draws", () => {
  it("have their twins' bits", () => {
    fc.assert(
      fc.property(word, word, fc.constantFrom(...SIZES, 300), (k0, k1, n) => {
        const key = twins.keyOf(k0, k1);
        const uniform = run(n, [], (out) => kernels.randomUniform(out, k0, k1, n, -2, 5));
        expectBits(uniform, twins.randomUniform(key, n, -2, 5), "uniform");
        const normal = run(n, [], (out) => kernels.randomNormal(out, k0, k1, n, 0.5, 3));
        expectBits(normal, twins.randomNormal(key, n, 0.5, 3), "normal");
      }),
      law,
    );
  });

  const COUNT = 20_000;
  const moment = (x: Float32Array, power: number) => x.reduce((sum, v) => sum + v ** power, 0) / x.length;

  it("uniform draws fill their range evenly", () => {
    const x = run(COUNT, [], (out) => kernels.randomUniform(out, 3, 4, COUNT, 0, 1));
    expect(Math.min(...x)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...x)).toBeLessThan(1);
    // Five standard errors of each mean.
    expect(Math.abs(moment(x, 1) - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / COUNT));
    expect(Math.abs(moment(x, 2) - 1 / 3)).toBeLessThan(5 * Math.sqrt(4 / 45 / COUNT));
  });

  it("normal draws have the normal's moments and reach its tails", () => {
    const x = run(COUNT, [], (out) => kernels.randomNormal(out, 5, 6, COUNT, 0, 1));
    expect(Math.abs(moment(x, 1))).toBeLessThan(5 * Math.sqrt(1 / COUNT));
    expect(Math.abs(moment(x, 2) - 1)).toBeLessThan(5 * Math.sqrt(2 / COUNT));
    expect(Math.abs(moment(x, 3))).toBeLessThan(5 * Math.sqrt(15 / COUNT));
    expect(Math.abs(moment(x, 4) - 3)).toBeLessThan(5 * Math.sqrt(96 / COUNT));
    expect(Math.max(...x)).toBeGreaterThan(3.3);
    expect(x.every(Number.isFinite)).toBe(true);
  });
});
