// Loads the type of a run's numbers. float64 has kernels of its own, which runs of float32 do not carry.
import type { FloatName } from "../core/index.js";

const loaders: Readonly<Record<FloatName, () => Promise<unknown>>> = {
  float32: async () => undefined,
  float64: () => import("../float64/index.js"),
};

/** Makes tensors of this type possible; nothing happens where they already are. */
export async function loadFloat(dtype: FloatName): Promise<void> {
  await loaders[dtype]();
}
