// Random draws of float64: the words they are made of, and what the distribution functions, in integer arithmetic, make of
// the draws: the uniform number that each began with.
import { describe, expect, it } from "vitest";
import { Key, threefry2x32 } from "../../src/core/key.js";
import { instantiateCore, linkKernels } from "../../src/core/wasm.js";
import { type Kernels, wasmHex } from "../../src/float64/wasm.generated.js";
import {
  add,
  div,
  erf,
  erfc,
  exp,
  half,
  mul,
  neg,
  one,
  pi,
  type Real,
  real,
  sqrt,
  sub,
  toNumber,
  ulps,
} from "./truth.js";
import { exp as exp64, log as log64 } from "./twins/float64.js";
import { keyOf } from "./twins/random.js";

const core = instantiateCore(2 ** 20);
const kernels = linkKernels<Kernels>(wasmHex, core.memory);
const base = Math.ceil(core.kernels.heapBase() / 16) * 16;
const [K0, K1] = [0x12345678, 0x9abcdef0];

function draw(n: number, kernel: (out: number) => void): Float64Array {
  const out = new Float64Array(core.memory.buffer, base, n + 1).fill(7);
  kernel(base);
  expect(out[n]).toBe(7);
  return out.slice(0, n);
}

/** The two halves of the counter i, as one number. */
const word = (i: number) => {
  const [x, y] = threefry2x32(K0, K1, 0, i).map((half) => BigInt(half >>> 0));
  return (x << 32n) | y;
};
const SIZES = [0, 1, 2, 3, 4, 5, 6, 7, 33];

describe("uniform draws of float64", () => {
  it("are the first 53 bits of both halves of a counter", () => {
    for (const n of SIZES) {
      const got = draw(n, (out) => kernels.randomUniform(out, K0, K1, n, 0, 1));
      expect([...got]).toEqual(Array.from(got, (_, i) => Number(word(i) >> 11n) * 2 ** -53));
    }
    const got = draw(9, (out) => kernels.randomUniform(out, K0, K1, 9, -2, 5));
    expect([...got]).toEqual(Array.from(got, (_, i) => Number(word(i) >> 11n) * 2 ** -53 * 7 - 2));
  });

  it("never reach the upper bound", () => {
    const high = 1 + 2 ** -52;
    expect(draw(5000, (out) => kernels.randomUniform(out, K0, K1, 5000, 1, high)).every((x) => x === 1)).toBe(true);
    expect([...draw(3, (out) => kernels.randomUniform(out, K0, K1, 3, 4, 4))]).toEqual([4, 4, 4]);
  });

  it("words are those of float32", () => {
    for (const n of SIZES) {
      const words = new Int32Array(core.memory.buffer, base, n + 1).fill(7);
      kernels.randomBits(base, K0, K1, n);
      expect([...words]).toEqual([...Array.from({ length: n }, (_, i) => keyOf(K0, K1).bits(i) | 0), 7]);
    }
  });
});

const root2 = sqrt(real(2));
const density = (z: Real) => div(exp(neg(half(mul(z, z)))), sqrt(add(pi, pi)));
/** How far z is from where the distribution function is what it should be, in units of its last place. */
const off = (z: number, excess: Real, slope: Real) => ulps(z, sub(real(z), div(excess, slope)));

describe("draws by inverse distribution functions", () => {
  it("normal draws are within 8 ULP of the quantiles of their numbers", () => {
    const n = 1500;
    let worst = 0;
    draw(n, (out) => kernels.randomNormal(out, K0, K1, n, 0, 1)).forEach((z, i) => {
      const u = sub([(word(i) >> 11n) * 2n + 1n, -53], one);
      worst = Math.max(worst, off(z, half(sub(erf(div(real(z), root2)), u)), density(real(z))));
    });
    console.info(`normal draws ${worst.toFixed(3)} ULP`);
    expect(worst).toBeLessThan(8);
  });

  it("erfinv is within 2 ULP", () => {
    const some = Array.from({ length: 1500 }, (_, i) => (i / 750 - 1) * (1 - 1e-4));
    const x = [
      ...some,
      ...Array.from({ length: 300 }, (_, i) => 1 - 2 ** (-i / 6)),
      5e-324,
      1e-300,
      -1e-12,
      0.76,
      0.77,
    ];
    const n = x.length;
    new Float64Array(core.memory.buffer, base + 8 * n + 64, n).set(x);
    let worst = 0;
    draw(n, (out) => kernels.erfinv(out, base + 8 * n + 64, n)).forEach((y, i) => {
      const slope = mul(div(real(2), sqrt(pi)), exp(neg(mul(real(y), real(y)))));
      const excess = mul(real(Math.sign(x[i])), sub(sub(one, real(Math.abs(x[i]))), erfc(real(Math.abs(y)))));
      if (x[i] !== 0) worst = Math.max(worst, off(y, excess, slope));
    });
    console.info(`erfinv ${worst.toFixed(3)} ULP`);
    expect(worst).toBeLessThan(2);
    new Float64Array(core.memory.buffer, base + 64, 6).set([0, -0, 1, -1, 2, Number.NaN]);
    const special = [0, -0, Infinity, -Infinity, Number.NaN, Number.NaN];
    expect([...draw(6, (out) => kernels.erfinv(out, base + 64, 6))]).toEqual(special);
  });

  it.each([
    [-1.3, 2.1],
    [-Infinity, Infinity],
    [0.2, 0.3],
    [5, 6],
    [-9, -7.5],
    [20, Infinity],
    [38, 39],
  ])("truncated normal draws between %d and %d have the quantiles of their numbers", (low, high) => {
    const n = 200;
    const key = Key.parse([K0, K1].map((k) => (k >>> 0).toString(16).padStart(8, "0")).join(""));
    expect(key.bits(0) | 0).toBe(Number(BigInt.asIntN(32, (word(0) >> 32n) ^ word(0))));
    // The probability above x, of whatever sign.
    const above = (x: number): Real => (!Number.isFinite(x) ? real(x > 0 ? 0 : 1) : half(erfc(div(real(x), root2))));
    const mirrored = high <= 0;
    const [from, to] = mirrored ? [-high, -low] : [low, high];
    let worst = 0;
    draw(n, (out) => kernels.randomTruncated(out, K0, K1, n, low, high, 0, 1)).forEach((x, i) => {
      expect(x).toBeGreaterThanOrEqual(low);
      expect(x).toBeLessThanOrEqual(high);
      const drawn: Real = [(word(i) >> 12n) * 2n + 1n, -53];
      const u = mirrored ? sub(one, drawn) : drawn;
      const z = mirrored ? -x : x;
      // Above z is what is above the upper bound, and 1 - u of what lies between.
      const wanted = add(above(to), mul(sub(one, u), sub(above(from), above(to))));
      const excess = sub(wanted, above(z));
      worst = Math.max(
        worst,
        Math.abs(z - toNumber(sub(real(z), div(excess, density(real(z)))))) / Math.max(1, Math.abs(z)),
      );
    });
    console.info(`truncated ${low} ${high}: ${worst.toExponential(2)} of the draw`);
    expect(worst).toBeLessThan(4e-15);
  });
});

describe("gamma and beta draws of float64", () => {
  /** Marsaglia and Tsang's method as gamma.ts has it, in doubles, with 52 bits of each number: a variate but for e^scale. */
  function unscaled([k0, k1]: readonly [number, number], shape: number): { value: number; scale: number } {
    const unit = (count: number) => {
      const [x, y] = threefry2x32(k0, k1, 0, count).map((half) => BigInt(half >>> 0));
      return (Number(((x << 32n) | y) >> 12n) + 0.5) * 2 ** -52;
    };
    const d = (shape < 1 ? shape + 1 : shape) - 0.3333333333333333;
    const c = 1 / Math.sqrt(9 * d);
    for (let count = 1; ; count++) {
      const [u, w] = [2 * unit(count) - 1, 2 * unit(count + 1) - 1];
      count += 2;
      const s = u * u + w * w;
      if (s >= 1) {
        count--;
        continue;
      }
      const x = u * Math.sqrt((-2 * log64(s)) / s);
      const t = 1 + c * x;
      if (t <= 0) {
        count--;
        continue;
      }
      const v = t * t * t;
      if (log64(unit(count)) >= 0.5 * x * x + d * (1 - v + log64(v))) continue;
      return { value: d * v, scale: shape < 1 ? log64(unit(0)) / shape : 0 };
    }
  }
  const SHAPES = [0.001, 0.05, 0.3, 0.999, 1, 1.5, 2, 7, 30, 1000, 1e9, 5e-324, 0, -1, Infinity, Number.NaN];
  const shapes = Array.from({ length: 400 }, (_, i) => SHAPES[i % SHAPES.length]);
  const n = shapes.length;
  const [a, b] = [base + 8 * n + 64, base + 16 * n + 64];
  const valid = (shape: number) => shape > 0 && shape < Infinity;

  it("gamma draws have their twin's bits", () => {
    new Float64Array(core.memory.buffer, a, n).set(shapes);
    const got = draw(n, (out) => kernels.randomGamma(out, a, K0, K1, n));
    const wanted = shapes.map((shape, i) => {
      if (!valid(shape)) return Number.NaN;
      const { value, scale } = unscaled(threefry2x32(K0, K1, 0, i), shape);
      return shape < 1 ? value * exp64(scale) : value;
    });
    expect([...got]).toEqual(wanted);
  });

  it("beta draws are the quotients of gamma draws, by logarithms where these are too small", () => {
    const others = shapes.map((_, i) => SHAPES[(i * 5) % SHAPES.length]);
    new Float64Array(core.memory.buffer, a, n).set(shapes);
    new Float64Array(core.memory.buffer, b, n).set(others);
    const got = draw(n, (out) => kernels.randomBeta(out, a, b, K0, K1, 5, 6, n));
    got.forEach((x, i) => {
      if (!valid(shapes[i]) || !valid(others[i])) expect(x).toBeNaN();
      // Such small shapes leave only the ends of the range.
      else if (Math.max(shapes[i], others[i]) < 1e-300) expect([0, 1]).toContain(x);
      else {
        const [p, q] = [unscaled(threefry2x32(K0, K1, 0, i), shapes[i]), unscaled(threefry2x32(5, 6, 0, i), others[i])];
        const wanted = 1 / (1 + Math.exp(q.scale - p.scale + Math.log(q.value / p.value)));
        expect(Math.abs(x - wanted), `${shapes[i]}, ${others[i]}`).toBeLessThanOrEqual(
          4e-16 * (20 + Math.min(1e9, Math.abs(p.scale) + Math.abs(q.scale))) * wanted + 1e-300,
        );
      }
    });
  });
});
