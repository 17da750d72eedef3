// The public names of this folder. `src/gpu.ts` is the entry of the package: it adds the kernels of plasticity.
export type { GpuMode } from "./backend.js";
export type { OnGpu, OrPlaced } from "./compiled.js";
export { Gpu, type GpuGradient, type GpuGradOptions, type GpuStats } from "./device.js";
export { GpuLostError, GpuUnavailableError, GpuUnsupportedError, PlacedError, type Refusal } from "./errors.js";
export type { WebGpuBinding } from "./node.js";
export type { OpenOptions } from "./open.js";
export { Placed } from "./placed.js";
export type { GpuCheckpoint } from "./segments.js";
