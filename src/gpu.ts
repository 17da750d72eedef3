// The public face of `synaptape/gpu`: functions of tensors, and whole lifetimes with their gradients, on a GPU through
// gpu.js, an optional peer that is loaded when a GPU is opened. It stands above `gpu` and `plasticity`, which do not know
// each other: the kernels of plasticity meet those of the other ops here.
import type { Gpu, OpenOptions } from "./gpu/index.js";
import { Lowerings, openWith, opLowerings } from "./gpu/internal.js";
import { plasticityLowerings } from "./plasticity/lowerings/index.js";

export * from "./gpu/index.js";

const lowerings = new Lowerings([...opLowerings, ...plasticityLowerings]);

/** The ops that have kernels, by name. */
export const supportedOps: readonly string[] = lowerings.names;

/**
 * Opens a GPU. It computes nothing on the CPU in secret: what is opened says which backend it has, and where none
 * answers this throws.
 *
 * @throws GpuUnavailableError with everything that was tried, or if gpu.js is not installed.
 */
export function open(options: OpenOptions = {}): Promise<Gpu> {
  return openWith(lowerings, options);
}
