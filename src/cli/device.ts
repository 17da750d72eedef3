// What lifetimes run on: the CPU's WebAssembly, or a GPU through gpu.js.
import { InputError } from "../core/index.js";
import type { Gpu } from "../gpu/index.js";

/** What lifetimes can run on. */
export type Device = "wasm" | "gpu";

/** What is to be known of a device. */
interface DeviceRecord {
  /** Opens what the device needs before work. */
  readonly open: () => Promise<Gpu | undefined>;
  /** Whether episodes can be spread over threads. */
  readonly threads: boolean;
}

const devices: Readonly<Record<Device, DeviceRecord>> = {
  wasm: { open: async () => undefined, threads: true },
  gpu: { open: openGpu, threads: false },
};

/** What `--device` may say, the default first. */
export const DEVICES = Object.keys(devices) as Device[];

/** Installs what a GPU needs in Node: gpu.js, and an implementation of WebGPU. */
const INSTALL = "npm install --ignore-scripts gpu.js@2.24.1 webgpu@0.4.0";

/** Whether episodes can be spread over threads on this device. */
export const hasThreads = (device: Device = DEVICES[0]): boolean => devices[device].threads;

/**
 * Runs `work` with an open GPU, or without one if the device is the CPU, and closes it.
 *
 * @throws InputError saying why no GPU is available.
 */
export async function withDevice<T>(
  device: Device | undefined,
  work: (gpu: Gpu | undefined) => Promise<T>,
): Promise<T> {
  const gpu = await devices[device ?? DEVICES[0]].open();
  try {
    return await work(gpu);
  } finally {
    await gpu?.close();
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
