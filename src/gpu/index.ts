// The public face of `synaptape/gpu`: functions of tensors, and whole lifetimes with their gradients, on a GPU through
// gpu.js, an optional peer that is loaded when a GPU is opened.
export type { GpuMode } from "./backend.js";
export { Gpu, type GpuGradient, type GpuGradOptions, type GpuStats, type OnGpu } from "./device.js";
export { GpuLostError, GpuUnavailableError, GpuUnsupportedError, type Refusal } from "./errors.js";
export { supportedOps } from "./lower.js";
export type { WebGpuBinding } from "./node.js";
export { type OpenOptions, open } from "./open.js";
export type { GpuCheckpoint } from "./segments.js";
