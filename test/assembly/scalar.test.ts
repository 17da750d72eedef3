// The functions that are computed in doubles: their twins' bits, and how far they are from the truth over the whole
// range of a float, in units of the last place. The bounds are those that assembly/scalar.ts states.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instantiateCore, linkKernels } from "../../src/core/wasm.js";
import { type Kernels, wasmHex } from "../../src/float64/wasm.generated.js";
import { type Kernels as Special, wasmHex as specialHex } from "../../src/special/wasm.generated.js";
import { anyFloat, expectBits, kernels, law, memory, run, runInPlace, SPECIALS, sample, vector } from "./harness.js";
import { tabulate } from "./twins/arithmetic.js";
import { functions, functionsOfTwo } from "./twins/scalar.js";

const SIZES = [0, 1, 2, 3, 4, 5, 8, 17];
const any = fc.oneof(anyFloat, fc.float({ min: -2, max: 2, noNaN: true }), fc.float());

describe("functions of one number", () => {
  for (const [name, twin] of Object.entries(functions)) {
    const kernel = kernels[name as keyof typeof functions];
    it(`${name} has its twin's bits, in place too`, () => {
      const expectTwin = (x: Float32Array) => {
        const [expected, n] = [x.map(twin), x.length];
        expectBits(
          run(n, [x], (out, p) => kernel(out, p, n)),
          expected,
          name,
        );
        expectBits(
          runInPlace(x, [], (p) => kernel(p, p, n)),
          expected,
          `${name} in place`,
        );
      };
      for (const n of SIZES) expectTwin(sample(n, n));
      expectTwin(SPECIALS);
      fc.assert(fc.property(vector(any, 40), expectTwin), law);
    });
  }
});

describe("functions of two numbers", () => {
  const names = Object.keys(functionsOfTwo) as (keyof typeof functionsOfTwo)[];
  it.each(names)("%s has its twin's bits over any grid", (name) => {
    const strides = (cols: number) => fc.constantFrom([cols, 1], [0, 1], [1, 0], [0, 0]);
    const grid = fc
      .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 9 }))
      .chain(([rows, cols]) =>
        fc.tuple(fc.constant([rows, cols]), strides(cols), strides(cols), vector(any, 60), vector(any, 60)),
      );
    fc.assert(
      fc.property(grid, ([[rows, cols], [aRow, aCol], [bRow, bCol], a, b]) => {
        const expected = tabulate(rows * cols, (i) => {
          const [r, c] = [Math.floor(i / cols), i % cols];
          return functionsOfTwo[name](a[r * aRow + c * aCol], b[r * bRow + c * bCol]);
        });
        const got = run(rows * cols, [a, b], (o, p, q) => kernels[name](o, p, q, rows, cols, aRow, aCol, bRow, bCol));
        expectBits(got, expected, name);
      }),
      law,
    );
  });

  it.each(names)("%s has its twin's bits for every pair of special values", (name) => {
    const n = SPECIALS.length;
    const expected = tabulate(n * n, (i) => functionsOfTwo[name](SPECIALS[Math.floor(i / n)], SPECIALS[i % n]));
    const got = run(n * n, [SPECIALS, SPECIALS], (o, p, q) => kernels[name](o, p, q, n, n, 1, 0, 0, 1));
    expectBits(got, expected, name);
  });

  it("powScalar is pow with a number as exponent", () => {
    for (const c of [0, 1, -1, 0.5, 3, -2.5]) {
      const x = Float32Array.from([...sample(13), ...SPECIALS]);
      const got = run(x.length, [x], (o, p) => kernels.powScalar(o, p, x.length, c));
      expectBits(
        got,
        x.map((v) => functionsOfTwo.pow(v, c)),
        `c = ${c}`,
      );
    }
  });
});

const double = new DataView(new ArrayBuffer(8));

/** The distance between floats near t: the unit of the last place, that of the subnormals below 2^-126. */
function ulp(t: number): number {
  double.setFloat64(0, t);
  const exponent = ((double.getUint32(0) >>> 20) & 0x7ff) - 1023;
  return 2 ** (Math.max(exponent, -126) - 23);
}

/** The error of y for the true value t; infinite where one is NaN, infinite or a zero of a sign and the other not. */
function error(y: number, t: number): number {
  const rounded = Math.fround(t);
  if (!Number.isFinite(y) || !Number.isFinite(rounded)) return Object.is(y, rounded) ? 0 : Number.POSITIVE_INFINITY;
  if (y === 0 && Object.is(y, -0) !== (t < 0 || Object.is(t, -0))) return Number.POSITIVE_INFINITY;
  return Math.abs(y - t) / ulp(t);
}

/** erf by Kummer's series, all of whose terms are positive. */
function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let [term, total] = [x, x];
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(total); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
}

const BOUND = 0.501;
/** By the kernel of float64, which precision.test.ts holds to the last place. */
const double64 = linkKernels<Kernels>(wasmHex, memory);
const byFloat64 = (name: "erfc" | "lgamma" | "digamma") => (x: number) => {
  const end = memory.buffer.byteLength;
  new Float64Array(memory.buffer, end - 8)[0] = x;
  double64[name](end - 8, end - 8, 1);
  return new Float64Array(memory.buffer, end - 8)[0];
};

const truths: [keyof typeof functions | "erfc" | "lgamma" | "digamma", (x: number) => number][] = [
  ["sin", Math.sin],
  ["cos", Math.cos],
  ["tan", Math.tan],
  ["asin", Math.asin],
  ["acos", Math.acos],
  ["atan", Math.atan],
  ["sinh", Math.sinh],
  ["cosh", Math.cosh],
  ["asinh", Math.asinh],
  ["acosh", Math.acosh],
  ["atanh", Math.atanh],
  ["erf", erf],
  ["erfc", byFloat64("erfc")],
  ["exp2", (x) => 2 ** x],
  ["log2", Math.log2],
  ["log10", Math.log10],
  ["lgamma", byFloat64("lgamma")],
  ["digamma", byFloat64("digamma")],
  ["cbrt", Math.cbrt],
];

describe("accuracy", () => {
  /** A prime, so that the points have no pattern in binary: about a million of the 2^32 floats. */
  const STRIDE = 4093;
  const POINTS = 2 ** 16;
  const { kernels: core, memory } = instantiateCore(2 ** 20);
  const own = { ...core, ...linkKernels<Special>(specialHex, memory) };
  const address = Math.ceil(own.heapBase() / 16) * 16;
  const bits = new Uint32Array(memory.buffer, address, POINTS);
  const x = new Float32Array(memory.buffer, address, POINTS);
  const y = new Float32Array(memory.buffer, address + 4 * POINTS, POINTS);

  /** The worst error over the range of a float. */
  function worstOf(compute: () => void, truth: (x: number) => number): string {
    let [worst, where] = [0, 0];
    for (let start = 0; start < 2 ** 32; start += STRIDE * POINTS) {
      for (let i = 0; i < POINTS; i++) bits[i] = Math.min(start + i * STRIDE, 0xffffffff);
      compute();
      for (let i = 0; i < POINTS; i++) {
        const e = error(y[i], truth(x[i]));
        if (e > worst) [worst, where] = [e, x[i]];
      }
    }
    return worst <= BOUND ? "" : `${worst} ULP at ${where}`;
  }

  it.each(truths)(`%s is within ${BOUND} ULP over the whole range`, (name, truth) => {
    expect(worstOf(() => own[name](address + 4 * POINTS, address, POINTS), truth)).toBe("");
  });

  it.each([0.5, 2, 3, -1.5, 0.1, 17, -30.25])(`x^%d is within ${BOUND} ULP over the whole range`, (c) => {
    const exponent = Math.fround(c);
    const compute = (): void => own.powScalar(address + 4 * POINTS, address, POINTS, exponent);
    expect(worstOf(compute, (v) => v ** exponent)).toBe("");
  });

  it.each([1, -0.001, 1e10])(`atan2 with %d is within ${BOUND} ULP over the whole range`, (right) => {
    const at = address + 8 * POINTS;
    new Float32Array(memory.buffer, at, 1)[0] = right;
    const compute = (): void => own.atan2(address + 4 * POINTS, address, at, 1, POINTS, 0, 1, 0, 0);
    expect(worstOf(compute, (v) => Math.atan2(v, Math.fround(right)))).toBe("");
  });
});
