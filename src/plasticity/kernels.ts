// The kernels of plasticity. Those of float32 are a module of their own next to the core's, over the same memory, linked when
// first used; those of float64 come with `synaptape/float64`.
import { type ElementType, moreKernels } from "../core/index.js";
import { type Kernels, wasmHex } from "./wasm.generated.js";

/** The kernels of plasticity that compute in this type. */
export function plasticityKernels(type: ElementType): Kernels {
  return type.moreKernels("plasticity", () => moreKernels<Kernels>(wasmHex));
}
