// `import "synaptape/float64"`: tensors of 64-bit floats. Their kernels are separate modules, compiled from the sources
// of those of float32 and linked to the same memory when first used. Programs that do not import this do not contain them.
import { addFloat64, moreKernels } from "../core/index.js";
import { type Kernels, wasmHex } from "./wasm.generated.js";
import { wasmHex as plasticityHex } from "./wasm-plasticity.generated.js";

let linked: Kernels | undefined;

/** The kernels of the core, of special functions, of traces and of events, which are one module. */
function link(): Kernels {
  linked ??= moreKernels<Kernels>(wasmHex);
  return linked;
}

addFloat64(link, { special: link, traces: link, events: link, plasticity: () => moreKernels(plasticityHex) });

/** Options that name the type: `zeros([3], float64)` for `zeros([3], { dtype: "float64" })`. */
export const float64 = { dtype: "float64" } as const;
