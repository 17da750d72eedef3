// The WebAssembly core: one instance, one linear memory, made on first use so that `configure` can come before it.
import { instantiateSync } from "@assemblyscript/loader";
import { EngineError, MemoryError } from "./errors.js";
import { bytesOfHex } from "./hex.js";
import { plain } from "./quote.js";
import { type Kernels, wasmHex } from "./wasm.generated.js";

export type { Kernels };

/** Bytes of one page of WebAssembly memory (fixed by its specification). */
export const PAGE_BYTES = 65_536;

/** The most a 32-bit memory can address: 65,536 pages, 4 GiB. */
export const MAX_BYTES = 65_536 * PAGE_BYTES;

export interface Core {
  readonly kernels: Kernels;
  readonly memory: WebAssembly.Memory;
}

/** (module (func (result v128) i32.const 0 i8x16.splat)): valid only where WebAssembly has its SIMD extension. */
const SIMD_MODULE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11],
);

/** What this engine lacks to run the kernels, and the cure; undefined if it lacks nothing. */
export function missingFeature(): string | undefined {
  if (typeof WebAssembly !== "object") {
    return "this engine has no WebAssembly, or it is switched off (as by --jitless, or in a browser's lockdown mode). Switch it on, or use a current browser or Node 20 or later.";
  }
  if (!WebAssembly.validate(SIMD_MODULE)) {
    return "the WebAssembly of this engine has no SIMD. Use a current browser or Node 20 or later, on a processor with SSE 4.1 or NEON.";
  }
  return undefined;
}

/** Compiles a module of kernels and links it to a memory. */
export function linkKernels<K>(hex: string, memory: WebAssembly.Memory): K {
  const bytes = bytesOfHex(hex);
  try {
    return instantiateSync(bytes, { env: { memory } }).instance.exports as unknown as K;
  } catch (cause) {
    // The module is sound: what refuses it is the page's policy, or a limit of the engine.
    const words = plain(cause instanceof Error ? cause.message : String(cause));
    throw new EngineError(
      "[engine] the engine refuses to compile WebAssembly. If this page has a Content-Security-Policy, add " +
        `'wasm-unsafe-eval' to its script-src. The engine says: ${words}`,
      { cause },
    );
  }
}

/**
 * Compiles and instantiates the kernels over a fresh memory of `initialBytes`, rounded up to whole pages.
 *
 * @throws EngineError where there is no WebAssembly with SIMD, or a page's policy forbids it; MemoryError where the engine
 * has no such memory.
 */
export function instantiateCore(initialBytes: number): Core {
  const missing = missingFeature();
  if (missing !== undefined) throw new EngineError(`[engine] ${missing}`);
  const memory = memoryOf(Math.max(1, Math.ceil(initialBytes / PAGE_BYTES)));
  return { kernels: linkKernels(wasmHex, memory), memory };
}

function memoryOf(initial: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial });
  } catch (cause) {
    throw new MemoryError(
      `[memory] the engine has no ${initial * PAGE_BYTES} bytes to begin with. Close what takes memory, or lower ` +
        "configure({ initialBytes }).",
      { cause },
    );
  }
}
