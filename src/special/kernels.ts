// The kernels of special functions. Those of float32 are a separate module over the core's memory, linked when first used;
// those of float64 come with `synaptape/float64`.
import { type ElementType, moreKernels } from "../core/index.js";
import { type Kernels, wasmHex } from "./wasm.generated.js";

export type { Kernels };

/** The kernels of special functions that compute in this type. */
export function specialKernels(type: ElementType): Kernels {
  return type.moreKernels("special", () => moreKernels<Kernels>(wasmHex));
}
