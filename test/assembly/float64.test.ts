// The module of float64: where its constants lie, and what it exports beside the kernels that it shares with float32.
import { describe, expect, it } from "vitest";
import config from "../../asconfig.json" with { type: "json" };
import { instantiateCore, linkKernels } from "../../src/core/wasm.js";
import { type Kernels as Kernels64, wasmHex as wasmHex64 } from "../../src/float64/wasm.generated.js";
import { mul, real, toNumber, ulps } from "./truth.js";

const core = instantiateCore(2 ** 17);
const double = linkKernels<Kernels64>(wasmHex64, core.memory);
const base = Math.ceil(core.kernels.heapBase() / 16) * 16;

describe("the module of float64", () => {
  it("keeps its constants between those of the core and the allocator's memory", () => {
    const bytes = new Uint8Array(instantiateCore(2 ** 17).memory.buffer);
    const end = bytes.findLastIndex((byte) => byte !== 0) + 1;
    expect(end).toBeLessThanOrEqual(config.targets.core64.memoryBase);
    expect(double.constantsEnd()).toBeGreaterThan(config.targets.core64.memoryBase);
    expect(double.constantsEnd()).toBeLessThanOrEqual(core.kernels.heapBase());
  });

  it("has every kernel of the core except the start of the heap", () => {
    const missing = Object.keys(core.kernels).filter((name) => !(name in double));
    expect(missing).toEqual(["heapBase"]);
  });

  it("toFloat64 is exact; toFloat32 rounds to the nearest, and to even on a tie", () => {
    const values = [
      0,
      -0,
      1,
      -1.5,
      2 ** -149,
      3.4028234663852886e38,
      Infinity,
      -Infinity,
      NaN,
      1 / 3,
      1e300,
      2 ** -150,
    ];
    values.push(1 + 2 ** -24, 1 + 3 * 2 ** -24, 1 + 2 ** -24 + 2 ** -52, 2 ** -150 + 2 ** -200, 3.4028235677973366e38);
    for (let n = 0; n <= values.length; n++) {
      const wide = new Float64Array(core.memory.buffer, base, n);
      const narrow = new Float32Array(core.memory.buffer, base + 8 * values.length + 16, n + 1).fill(7);
      wide.set(values.slice(0, n));
      double.toFloat32(narrow.byteOffset, wide.byteOffset, n);
      expect([...narrow]).toEqual([...values.slice(0, n).map(Math.fround), 7]);
      const back = new Float64Array(core.memory.buffer, base + 16 * values.length + 32, n + 1).fill(7);
      double.toFloat64(back.byteOffset, narrow.byteOffset, n);
      expect([...back]).toEqual([...narrow.slice(0, n), 7]);
    }
  });
});

describe("kernels that work differently from float32's", () => {
  const words = (n: number, at: number, values: readonly number[]) => {
    const x = new Float64Array(core.memory.buffer, base + at, n);
    x.set(values);
    return x;
  };

  it("toInteger cuts toward zero and saturates, toFloat is exact", () => {
    const values = [
      0,
      -0.9,
      1.5,
      -2.5,
      2 ** 31,
      -(2 ** 31) - 1,
      2 ** 31 - 0.5,
      1e300,
      -Infinity,
      Number.NaN,
      7.999999999,
    ];
    for (let n = 0; n <= values.length; n++) {
      words(n, 256, values.slice(0, n));
      const out = new Int32Array(core.memory.buffer, base, n + 1).fill(7);
      double.toInteger(base, base + 256, n);
      const wanted = values.slice(0, n).map((v) => Math.trunc(Math.min(Math.max(v, -(2 ** 31)), 2 ** 31 - 1)) | 0);
      expect([...out]).toEqual([...wanted, 7]);
      const back = words(n + 1, 512, [...new Array(n + 1).fill(9)]);
      double.toFloat(base + 512, base, n);
      expect([...back]).toEqual([...wanted, 9]);
    }
  });

  it("products do not overflow on the way, whatever the order of their factors", () => {
    const rows = [
      [1e300, 1e300, 1e-300, 1e-300, 3],
      [1e-320, 1e-5, 1e308, 1e10, 7],
      [5e-324, 1.7e308, -2, 1, 1],
      [1e200, 1e200, 1, 1, 1],
      [1e-200, -1e-200, 1, 1, 1],
      [0, Infinity, 1, 1, 1],
      [Infinity, 1e-300, -1, 1, 1],
      [1e-300, 1e-300, 1e-300, 1e300, 1e308],
    ];
    const n = rows.length;
    words(5 * n, 1024, rows.flat());
    const out = words(5 * n, 0, new Array(5 * n).fill(0));
    double.prod(base, base + 1024, n, 5, 1);
    rows.forEach((row, r) => {
      if (row.every((v) => Number.isFinite(v))) {
        const [m, e] = row.map(real).reduce(mul);
        // An error of half a unit a factor, and one more where the result is subnormal.
        expect(out[r] === 0 || !Number.isFinite(out[r]) ? 0 : ulps(out[r], [m, e]), `${row}`).toBeLessThanOrEqual(3);
        expect(Math.abs(out[r]) === Infinity, `${row}`).toBe(Math.abs(toNumber([m, e])) === Infinity);
      } else expect(out[r]).toBe(row.includes(0) ? Number.NaN : -Infinity);
    });
    const running = words(5 * n, 512, []);
    double.cumprod(base + 512, base + 1024, n, 5, 1);
    rows.forEach((_, r) => {
      expect(running[5 * r + 4]).toBe(out[r]);
    });
    const gradient = words(5 * n, 2048, []);
    words(n, 4096, new Array(n).fill(1));
    double.prodGrad(base + 2048, base + 4096, base + 1024, n, 5, 1);
    rows.forEach((row, r) => {
      row.forEach((_, i) => {
        const others = row.filter((_, j) => j !== i);
        if (!others.every((v) => Number.isFinite(v))) return;
        const [m, e] = others.map(real).reduce(mul);
        const whole = Math.abs(toNumber([m, e]));
        const got = gradient[5 * r + i];
        if (whole < 2 ** -1022 || whole === Infinity)
          expect(Math.abs(Math.abs(got) - whole) || 0).toBeLessThanOrEqual(1e-323);
        else expect(ulps(got, [m, e]), `${row} but ${i}`).toBeLessThanOrEqual(4);
      });
    });
  });
});
