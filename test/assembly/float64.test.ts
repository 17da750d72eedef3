// The module of float64: where its constants lie, and what it exports beside the kernels that it shares with float32.
import { describe, expect, it } from "vitest";
import config from "../../asconfig.json" with { type: "json" };
import { instantiateCore, linkKernels } from "../../src/core/wasm.js";
import { type Kernels as Kernels64, wasmHex as wasmHex64 } from "../../src/core/wasm64.generated.js";

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

  it("has every kernel of the core but where the heap begins", () => {
    const missing = Object.keys(core.kernels).filter((name) => !(name in double));
    expect(missing).toEqual(["heapBase"]);
  });

  it("toFloat64 is exact, toFloat32 rounds to the nearest, the even one of two", () => {
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
