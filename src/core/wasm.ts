// The WebAssembly core: one instance, one linear memory, made on first use so that `configure` can come before it.
import { instantiateSync } from "@assemblyscript/loader";
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

function decodeHex(text: string): Uint8Array<ArrayBuffer> {
  const digit = (i: number): number => (text.charCodeAt(i) & 15) + (text.charCodeAt(i) > 57 ? 9 : 0);
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = 16 * digit(2 * i) + digit(2 * i + 1);
  return bytes;
}

/** Compiles a module of kernels and links it to a memory. */
export function linkKernels<K>(hex: string, memory: WebAssembly.Memory): K {
  return instantiateSync<Record<string, unknown>>(decodeHex(hex), { env: { memory } }).exports as unknown as K;
}

/** Compiles and instantiates the kernels over a fresh memory of `initialBytes`, rounded up to whole pages. */
export function instantiateCore(initialBytes: number): Core {
  const initial = Math.max(1, Math.ceil(initialBytes / PAGE_BYTES));
  const memory = new WebAssembly.Memory({ initial });
  return { kernels: linkKernels(wasmHex, memory), memory };
}
