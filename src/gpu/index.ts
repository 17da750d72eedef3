// The public names of this folder. `src/gpu.ts` is the entry of the package: it adds the kernels of plasticity.
export type { GpuMode } from "./backend.js";
export { Gpu, type GpuGradient, type GpuGradOptions, type GpuStats, type OnGpu } from "./device.js";
export { GpuLostError, GpuUnavailableError, GpuUnsupportedError, type Refusal } from "./errors.js";
export type { WebGpuBinding } from "./node.js";
export type { OpenOptions } from "./open.js";
export type { GpuCheckpoint } from "./segments.js";
