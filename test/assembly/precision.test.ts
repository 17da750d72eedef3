// How far the functions of float64 are from the truth: over strides of the bits of all doubles in their domain, over
// strides of the numbers, and where each has its difficulties. The worst of each is printed, in units of the last place.
import { describe, expect, it } from "vitest";
import { type Kernels as CoreKernels, instantiateCore, linkKernels } from "../../src/core/wasm.js";
import { type Kernels, wasmHex } from "../../src/float64/wasm.generated.js";
import { type Kernels as Special, wasmHex as specialHex } from "../../src/special/wasm.generated.js";
import * as truth from "./truth.js";
import { type Real, real, sub, toNumber, ulps } from "./truth.js";

const POINTS = 600;

const core = instantiateCore(2 ** 20);
const kernels = linkKernels<Kernels>(wasmHex, core.memory);
/** The kernels that there are of both types. */
type BothTypes = CoreKernels & Special;
const single: BothTypes = { ...core.kernels, ...linkKernels<Special>(specialHex, core.memory) };
const base = Math.ceil(core.kernels.heapBase() / 16) * 16;
const view = new DataView(new ArrayBuffer(8));

function fromBits(bits: bigint): number {
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}

function bitsOf(x: number): bigint {
  view.setFloat64(0, x);
  return view.getBigUint64(0);
}

/** Doubles from low to high, both of one sign, evenly by their bits. */
function byBits(low: number, high: number, count = POINTS): number[] {
  const [from, to] = [bitsOf(low), bitsOf(high)];
  return Array.from({ length: count }, (_, i) => fromBits(from + ((to - from) * BigInt(i)) / BigInt(count - 1)));
}

const byValue = (low: number, high: number, count = POINTS) =>
  Array.from({ length: count }, (_, i) => low + ((high - low) * (i + Math.abs(Math.sin(i)))) / count);

const LEAST = 5e-324;
const MOST = Number.MAX_VALUE;
const both = (points: number[]) => [...points, ...points.map((x) => -x)];
const about = (...values: number[]) =>
  values.flatMap((x) => [-2, -1, 0, 1, 2].map((i) => fromBits(bitsOf(x) + BigInt(i))));

/** Doubles next to multiples of pi / 2, small and large. */
const rightAngles = [...byValue(1, 200, 100), ...byValue(1e5, 1.2e6, 100)].flatMap((n) =>
  about(Math.floor(n) * (Math.PI / 2)),
);
const angles = [
  ...both(byBits(LEAST, MOST, 1500)),
  ...byValue(-4, 4),
  ...byValue(-1e6, 1e6),
  ...rightAngles,
  ...about(1e22, 2 ** 1000, 1e6, 6381956970095103 * 2 ** 797, Math.PI / 4),
];
const unit = [...both(byBits(LEAST, 1)), ...byValue(-1, 1), ...both(about(0.5)), ...both(byBits(0.9, 1, 200))];
const signed = [...both(byBits(LEAST, 700)), ...byValue(-40, 40), ...byValue(-2, 2)];

type Unary = {
  [K in keyof Kernels]: Kernels[K] extends (out: number, x: number, n: number) => void ? K : never;
}[keyof Kernels & keyof BothTypes];

const functions: readonly (readonly [name: Unary, points: number[], truth: (x: Real) => Real])[] = [
  [
    "exp",
    [...signed, ...byValue(-746, 710), ...about(709.782712893384, -708.3964185322641, -745.1332191019411)],
    truth.exp,
  ],
  ["expm1", [...signed, ...byValue(-40, 710), ...about(0.34657359027997264, -0.34657359027997264)], truth.expm1],
  ["log", [...byBits(LEAST, MOST, 2000), ...byValue(0.5, 2), ...about(1, Math.SQRT1_2, Math.SQRT2)], truth.log],
  [
    "log1p",
    [...byBits(LEAST, MOST, 2000), ...both(byBits(LEAST, 1)).filter((x) => x > -1), ...byValue(-0.9999, 3)],
    truth.log1p,
  ],
  ["tanh", [...signed, ...both(about(0.55, 22)), ...byValue(-1, 1)], truth.tanh],
  ["sigmoid", [...signed, ...byValue(-746, 40)], truth.sigmoid],
  ["sin", angles, truth.sin],
  ["cos", angles, truth.cos],
  ["tan", angles, truth.tan],
  ["asin", unit, truth.asin],
  ["acos", unit, truth.acos],
  [
    "atan",
    [...both(byBits(LEAST, MOST, 2000)), ...byValue(-3, 3), ...about(0.4375, 0.6875, 1.1875, 2.4375)],
    truth.atan,
  ],
  ["sinh", [...signed, ...both(about(1, 710.4758600739439)), ...byValue(-710, 710)], truth.sinh],
  ["cosh", [...signed, ...both(about(1, 710.4758600739439)), ...byValue(-710, 710)], truth.cosh],
  ["asinh", [...both(byBits(LEAST, MOST, 2000)), ...byValue(-3, 3), ...about(0.5, 1e10)], truth.asinh],
  ["acosh", [...byBits(1, MOST, 1000), ...byBits(1, 2), ...byValue(1, 5), ...about(1e10).slice(1)], truth.acosh],
  ["atanh", unit.filter((x) => Math.abs(x) < 1), truth.atanh],
  ["erf", [...both(byBits(LEAST, 7)), ...byValue(-6, 6), ...both(about(0.84375, 6))], truth.erf],
  ["erfc", [...both(byBits(LEAST, 27)), ...byValue(-6, 27), ...about(0.84375, 28)], truth.erfc],
  ["exp2", [...both(byBits(LEAST, 1000)), ...byValue(-1075, 1024), ...byValue(-2, 2), ...about(1024, 0.5)], truth.exp2],
  ["log2", [...byBits(LEAST, MOST, 2000), ...byValue(0.5, 2), ...about(1, Math.SQRT1_2, Math.SQRT2, 8)], truth.log2],
  [
    "lgamma",
    [
      ...byBits(LEAST, MOST),
      ...byValue(0.01, 3),
      ...byValue(3, 200),
      ...about(1, 2, 16).filter((x) => x !== 1 && x !== 2),
    ],
    truth.lgamma,
  ],
  ["digamma", [...byBits(1e-300, MOST), ...byValue(0.01, 3), ...byValue(3, 200), ...about(1, 2, 16)], truth.digamma],
  ["log10", [...byBits(LEAST, MOST, 2000), ...byValue(0.5, 2), ...about(1, 1000)], truth.log10],
  ["cbrt", [...both(byBits(LEAST, MOST, 2000)), ...byValue(-30, 30), ...about(1e270, 1e-270, 27)], truth.cbrt],
];

function worstOf(
  name: string,
  count: number,
  call: (out: number) => void,
  where: (i: number) => string,
  t: (i: number) => Real,
) {
  const y = new Float64Array(core.memory.buffer, base, count);
  call(base);
  let worst = 0;
  let at = "";
  for (let i = 0; i < count; i++) {
    const e = ulps(y[i], t(i));
    if (e > worst) [worst, at] = [e, `${where(i)} -> ${y[i]}`];
  }
  console.info(`${name.padEnd(10)} ${worst.toFixed(3)} ULP at ${at}`);
  return { worst, at };
}

describe("functions of one double", () => {
  it.each(functions)("%s is within 2 ULP", (name, points, of) => {
    const x = new Float64Array(core.memory.buffer, base + 8 * points.length, points.length);
    x.set(points);
    const kernel = kernels[name] as (out: number, x: number, n: number) => void;
    const { worst, at } = worstOf(
      name,
      points.length,
      (out) => kernel(out, x.byteOffset, x.length),
      (i) => `${x[i]}`,
      (i) => of(real(x[i])),
    );
    expect(worst, at).toBeLessThanOrEqual(2);
  });

  it.each([1, 2, 0.75, 3.1])("softplus of sharpness %s is within 2 ULP", (beta) => {
    const points = [...signed, ...byValue(-700, 40)];
    const x = new Float64Array(core.memory.buffer, base + 8 * points.length, points.length);
    x.set(points);
    const of = (i: number) => truth.div(truth.softplus(truth.mul(real(x[i]), real(beta))), real(beta));
    const { worst, at } = worstOf(
      `softplus`,
      points.length,
      (out) => kernels.softplus(out, x.byteOffset, x.length, beta),
      (i) => `${x[i]}`,
      of,
    );
    expect(worst, at).toBeLessThanOrEqual(2);
  });
});

describe("the gamma function below 0", () => {
  const points = [...byValue(-30, 0, 1200), ...byBits(1e-300, 1).map((x) => -x)].filter((x) => !Number.isInteger(x));
  const x = new Float64Array(core.memory.buffer, base + 8 * points.length, points.length);
  const y = new Float64Array(core.memory.buffer, base, points.length);

  // Near their zeros only the absolute error is small: it is taken in units of a number that is at least 1.
  it.each([
    ["lgamma", truth.lgamma],
    ["digamma", truth.digamma],
  ] as const)("%s is within 16 ULP of a number that is at least 1", (name, of) => {
    x.set(points);
    kernels[name](base, x.byteOffset, points.length);
    let worst = 0;
    points.forEach((point, i) => {
      const off = toNumber(sub(real(y[i]), of(real(point))));
      worst = Math.max(worst, Math.abs(off) / Math.max(1, Math.abs(y[i])) / 2 ** -52);
    });
    console.info(`${name} below 0: ${worst.toFixed(3)} ULP`);
    expect(worst).toBeLessThan(16);
  });

  it("poles and the zeros at 1 and 2 are exact", () => {
    x.set([0, -0, -1, -30, -(2 ** 60), 1, 2]);
    kernels.lgamma(base, x.byteOffset, 7);
    expect([...y.slice(0, 7).map(Math.abs)]).toEqual([Infinity, Infinity, Infinity, Infinity, Infinity, 0, 0]);
    kernels.digamma(base, x.byteOffset, 5);
    expect([...y.slice(0, 5)]).toEqual(new Array(5).fill(Number.NaN));
  });
});

describe("functions of two doubles", () => {
  const wide = byBits(LEAST, MOST, 40);
  const pairs = (xs: number[], ys: number[]) => xs.flatMap((x) => ys.map((y) => [x, y] as const));
  const cases = [
    [
      "pow",
      [
        ...pairs(wide, both(byBits(1e-5, 1e3, 30))),
        ...pairs(byValue(0.5, 2, 60), byValue(-1000, 1000, 40)),
        ...pairs(about(1), [1e15, -1e15, 2 ** 53, 7e18]),
      ],
      truth.pow,
    ],
    ["atan2", [...pairs(both(wide), both(wide)), ...pairs(byValue(-3, 3, 40), byValue(-3, 3, 40))], truth.atan2],
    ["hypot", [...pairs(wide, wide), ...pairs(byValue(-3, 3, 40), byValue(0, 5, 40))], truth.hypot],
  ] as const;
  it.each(cases)("%s is within 2 ULP", (name, points, of) => {
    const n = points.length;
    const a = new Float64Array(core.memory.buffer, base + 8 * n, n);
    const b = new Float64Array(core.memory.buffer, base + 16 * n, n);
    a.set(points.map(([x]) => x));
    b.set(points.map(([, y]) => y));
    const call = (out: number) => kernels[name](out, a.byteOffset, b.byteOffset, 1, n, n, 1, n, 1);
    const { worst, at } = worstOf(
      name,
      n,
      call,
      (i) => `${a[i]}, ${b[i]}`,
      (i) => of(real(a[i]), real(b[i])),
    );
    expect(worst, at).toBeLessThanOrEqual(2);
  });
});

describe("special values", () => {
  const SPECIALS = [0, -0, 1, -1, Infinity, -Infinity, Number.NaN, 2, -2, 3, 0.5, -0.5];
  const n = SPECIALS.length;
  const [y64, y32, x64, x32] = [0, 8, 16, 24].map((at) => base + at * n * n);

  /** What both modules make of them: zeros, infinities, ones and NaN the same, other results nearly so. */
  function expectAlike(
    count: number,
    call: (kernels: BothTypes, y: number, x: number) => void,
    what: (i: number) => string,
  ) {
    new Float64Array(core.memory.buffer, x64, n).set(SPECIALS);
    new Float32Array(core.memory.buffer, x32, n).set(SPECIALS);
    call({ ...core.kernels, ...kernels }, y64, x64);
    call(single, y32, x32);
    const doubles = new Float64Array(core.memory.buffer, y64, count);
    new Float32Array(core.memory.buffer, y32, count).forEach((float, i) => {
      const exact = [0, 1, Infinity].includes(Math.abs(float)) || Number.isNaN(float);
      const alike = exact ? Object.is(doubles[i], float) : Math.abs(doubles[i] / float - 1) < 1e-6;
      expect(alike, `${what(i)} is ${doubles[i]}, in float32 ${float}`).toBe(true);
    });
  }

  it.each(functions.map(([name]) => name))("%s treats them as in float32", (name) => {
    const call = (kernels: BothTypes, y: number, x: number) => (kernels[name] as Kernels["exp"])(y, x, n);
    expectAlike(n, call, (i) => `${name} of ${SPECIALS[i]}`);
  });

  it.each(["pow", "atan2", "hypot", "mod"] as const)("%s treats every pair of them as in float32", (name) => {
    const call = (kernels: BothTypes, y: number, x: number) => kernels[name](y, x, x, n, n, 1, 0, 0, 1);
    expectAlike(n * n, call, (i) => `${name} of ${SPECIALS[Math.floor(i / n)]}, ${SPECIALS[i % n]}`);
  });
});
