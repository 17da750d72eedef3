// The kernels of plasticity: a separate module next to the core's, over the same memory, compiled when it is first
// used.
import { moreKernels, traced } from "../core/index.js";
import { type Kernels, wasmHex } from "./wasm.generated.js";

let loaded: Kernels | undefined;

/** The compiled kernels of plasticity. */
export function plasticityKernels(): Kernels {
  if (!loaded) loaded = moreKernels<Kernels>(wasmHex);
  return traced(loaded);
}
