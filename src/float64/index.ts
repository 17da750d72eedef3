// `import "synaptape/float64"`: tensors of 64-bit floats. Their kernels are a module of their own, compiled from the
// sources of the core's and linked to the same memory; who does not import this does not carry them.
import { addFloat64, moreKernels } from "../core/index.js";
import { type Kernels, wasmHex } from "./wasm.generated.js";

addFloat64(() => moreKernels<Kernels>(wasmHex));

/** Options that name the type: `zeros([3], float64)` for `zeros([3], { dtype: "float64" })`. */
export const float64 = { dtype: "float64" } as const;
