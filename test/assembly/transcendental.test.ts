// How far each function is from the truth, in units of the last place, over the whole range of a float. The bounds
// are those that assembly/transcendental.ts states. Its bits are compared with scalar twins in elementwise.test.ts.
import { describe, expect, it } from "vitest";
import { instantiateCore } from "../../src/core/wasm.js";

/** A prime, so that the points have no pattern in binary: about a million of the 2^32 floats. */
const STRIDE = 4093;
const POINTS = 2 ** 16;

const { kernels, memory } = instantiateCore(2 ** 20);
const address = Math.ceil(kernels.heapBase() / 16) * 16;
const bits = new Uint32Array(memory.buffer, address, POINTS);
const x = new Float32Array(memory.buffer, address, POINTS);
const y = new Float32Array(memory.buffer, address + 4 * POINTS, POINTS);

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
  if (Object.is(y, rounded) && !Number.isFinite(t)) return 0;
  if (!Number.isFinite(y) || !Number.isFinite(rounded)) return Object.is(y, rounded) ? 0 : Infinity;
  if (y === 0 && Object.is(y, -0) !== (t < 0 || Object.is(t, -0))) return Infinity;
  return Math.abs(y - t) / ulp(t);
}

interface Case {
  name: "exp" | "expm1" | "log" | "log1p" | "tanh" | "sigmoid";
  truth: (x: number) => number;
  bound: number;
  /** Arguments and exact results. */
  exact: [number, number][];
}

const sigmoid = (v: number) => (v >= 0 ? 1 / (1 + Math.exp(-v)) : Math.exp(v) / (1 + Math.exp(v)));
const TINY = 2 ** -149;

const cases: Case[] = [
  {
    name: "exp",
    truth: Math.exp,
    bound: 0.9,
    exact: [
      [0, 1],
      [-0, 1],
      [TINY, 1],
      [Infinity, Infinity],
      [-Infinity, 0],
      [89, Infinity],
      [-104, 0],
    ],
  },
  {
    name: "expm1",
    truth: Math.expm1,
    bound: 1.2,
    exact: [
      [0, 0],
      [-0, -0],
      [TINY, TINY],
      [-TINY, -TINY],
      [Infinity, Infinity],
      [-Infinity, -1],
      [-30, -1],
    ],
  },
  {
    name: "log",
    truth: Math.log,
    bound: 0.85,
    exact: [
      [1, 0],
      [0, -Infinity],
      [-0, -Infinity],
      [Infinity, Infinity],
      [-1, NaN],
      [-TINY, NaN],
      [-Infinity, NaN],
    ],
  },
  {
    name: "log1p",
    truth: Math.log1p,
    bound: 1.4,
    exact: [
      [0, 0],
      [-0, -0],
      [TINY, TINY],
      [-TINY, -TINY],
      [-1, -Infinity],
      [Infinity, Infinity],
      [-1.0000001, NaN],
    ],
  },
  {
    name: "tanh",
    truth: Math.tanh,
    bound: 3.87,
    exact: [
      [0, 0],
      [-0, -0],
      [TINY, TINY],
      [-TINY, -TINY],
      [Infinity, 1],
      [-Infinity, -1],
      [9.1, 1],
      [3e38, 1],
    ],
  },
  {
    name: "sigmoid",
    truth: sigmoid,
    bound: 2.4,
    exact: [
      [0, 0.5],
      [-0, 0.5],
      [Infinity, 1],
      [-Infinity, 0],
      [20, 1],
      [-104, 0],
    ],
  },
];

describe.each(cases)("$name", ({ name, truth, bound, exact }) => {
  it(`is within ${bound} ULP over the whole range`, () => {
    let worst = 0;
    let where = 0;
    for (let start = 0; start < 2 ** 32; start += STRIDE * POINTS) {
      for (let i = 0; i < POINTS; i++) bits[i] = Math.min(start + i * STRIDE, 0xffffffff);
      kernels[name](address + 4 * POINTS, address, POINTS);
      for (let i = 0; i < POINTS; i++) {
        const e = error(y[i], truth(x[i]));
        if (e > worst) {
          worst = e;
          where = x[i];
        }
      }
    }
    expect(worst, `worst at ${where}`).toBeLessThanOrEqual(bound);
  });

  it("is exact where it must be", () => {
    for (const [argument, value] of [...exact, [Number.NaN, Number.NaN]]) {
      x[0] = argument;
      kernels[name](address + 4 * POINTS, address, 1);
      expect(Object.is(y[0], value), `${name}(${argument}) is ${y[0]}, not ${value}`).toBe(true);
    }
  });
});

describe("tanh", () => {
  it("is odd, never beyond 1, and 1 from the cap on", () => {
    const wrong: string[] = [];
    for (let start = 0; start < 0x7f800000; start += 1009 * POINTS) {
      for (let i = 0; i < POINTS; i++) bits[i] = Math.min(start + i * 1009, 0x7f800000);
      kernels.tanh(address + 4 * POINTS, address, POINTS);
      const positive = y.slice();
      kernels.neg(address, address, POINTS);
      kernels.tanh(address + 4 * POINTS, address, POINTS);
      for (let i = 0; i < POINTS; i++) {
        const odd = Object.is(y[i], -positive[i]);
        const within = positive[i] <= 1 && (x[i] > -8.18843 || positive[i] === 1);
        if (!(odd && within)) wrong.push(`tanh(${x[i]}) = ${y[i]}, tanh(${-x[i]}) = ${positive[i]}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
