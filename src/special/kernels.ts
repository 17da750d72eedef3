// The kernels of special functions. Those of float32 are a module of their own over the core's memory, compiled when first
// used; those of float64 come with `synaptape/float64`.
import { type ElementType, moreKernels, traced } from "../core/index.js";
import { type Kernels, wasmHex } from "./wasm.generated.js";

export type { Kernels };

let loaded: Kernels | undefined;

/** The kernels of special functions that compute in this type. */
export function specialKernels(type: ElementType): Kernels {
  if (type.bytes === 8) return type.kernels as unknown as Kernels;
  loaded ??= moreKernels<Kernels>(wasmHex);
  return traced(loaded);
}
