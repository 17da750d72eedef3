import { afterEach, describe, expect, it, vi } from "vitest";
import { EngineError, MemoryError, missingFeature } from "../../src/core/index.js";
import { instantiateCore } from "../../src/core/wasm.js";

const real = WebAssembly;

/** WebAssembly, but for these. */
const standIn = (parts: object): void => void vi.stubGlobal("WebAssembly", Object.assign(Object.create(real), parts));

const thrownBy = (f: () => unknown): Error => {
  try {
    f();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
};

afterEach(() => vi.unstubAllGlobals());

describe("an engine that cannot run the kernels", () => {
  it("this one can", () => {
    expect(missingFeature()).toBeUndefined();
    expect(instantiateCore(1).memory.buffer.byteLength).toBe(65_536);
  });

  it("has no WebAssembly", () => {
    vi.stubGlobal("WebAssembly", undefined);
    expect(missingFeature()).toMatch(/no WebAssembly, .*Switch it on/);
    expect(() => instantiateCore(1)).toThrow(EngineError);
  });

  it("has no SIMD: nothing is compiled to find out", () => {
    const Module = vi.fn();
    standIn({ validate: () => false, Module });
    expect(() => instantiateCore(1)).toThrow(new EngineError(`[engine] ${missingFeature()}`));
    expect(missingFeature()).toMatch(/no SIMD\. Use /);
    expect(Module).not.toHaveBeenCalled();
  });

  it("may not compile: the message names the policy's keyword, repeats the engine's message, and keeps its error", () => {
    const refusal = new real.CompileError("blocked by CSP \u0007 ".repeat(1000));
    standIn({
      Module: class {
        constructor() {
          throw refusal;
        }
      },
    });
    const error = thrownBy(() => instantiateCore(1));
    expect(error).toBeInstanceOf(EngineError);
    expect(error.cause).toBe(refusal);
    expect(error.message).toMatch(/'wasm-unsafe-eval' to its script-src\. The engine says: blocked by CSP \\u0007/);
    expect(error.message.length).toBeLessThan(600);
  });

  it("cannot get its initial memory: the message says how much was requested", () => {
    standIn({
      Memory: class {
        constructor() {
          throw new RangeError("could not allocate memory");
        }
      },
    });
    const error = thrownBy(() => instantiateCore(100_000));
    expect(error).toBeInstanceOf(MemoryError);
    expect(error.message).toMatch(/no 131072 bytes to begin with\. .*configure\(\{ initialBytes \}\)/);
  });
});
