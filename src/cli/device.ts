// What the lifetimes run on: the CPU's WebAssembly, or a GPU through gpu.js.
import { InputError } from "../core/index.js";
import type { Gpu } from "../gpu/index.js";

/** What `--device` may say. */
export const DEVICES = ["wasm", "gpu"] as const;

/** What lifetimes can run on. */
export type Device = (typeof DEVICES)[number];

/** Packages that a GPU takes in Node: gpu.js, and an implementation of WebGPU. */
const INSTALL = "npm install --ignore-scripts gpu.js@2.24.1 webgpu@0.4.0";

/**
 * Runs `work` with an open GPU, or without one if the device is the CPU, and closes it.
 *
 * @throws InputError saying why no GPU answers.
 */
export async function withDevice<T>(
  device: Device | undefined,
  work: (gpu: Gpu | undefined) => Promise<T>,
): Promise<T> {
  if (device !== "gpu") return work(undefined);
  const gpu = await openGpu();
  try {
    return await work(gpu);
  } finally {
    await gpu.close();
  }
}

/** The GPU that a process of Node can reach. */
export async function openGpu(): Promise<Gpu> {
  const { GpuUnavailableError, open } = await import("../gpu.js");
  try {
    const binding = await import("webgpu").catch((cause) => {
      throw new GpuUnavailableError(`Node has no WebGPU of its own; run ${INSTALL}`, [
        { mode: "webgpu", reason: String(cause) },
      ]);
    });
    return await open({ modes: ["webgpu"], binding });
  } catch (cause) {
    if (!(cause instanceof GpuUnavailableError)) throw cause;
    const fact = cause.message.replace(/^\[gpu\] /, "");
    throw new InputError(`[device] --device gpu: ${fact.replace(/\.?$/, ".")} Or leave --device out.`, { cause });
  }
}
