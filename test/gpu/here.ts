// The GPU that the tests in Node run on: the software driver of Debian's chromium, or a better one if the environment
// names it. Where none answers, CI fails and a local run skips and says what to install.
import { existsSync } from "node:fs";
import * as webgpu from "webgpu";
import { type Gpu, GpuUnavailableError, open } from "../../src/gpu.js";

const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";

/** Lets Vulkan find the software driver, unless one was chosen. */
export function useSoftwareDriver(): void {
  if (process.env.VK_ICD_FILENAMES === undefined && existsSync(SWIFTSHADER)) process.env.VK_ICD_FILENAMES = SWIFTSHADER;
}

/** The binding, for tests that open a GPU themselves. */
export const binding = webgpu;

/** An open GPU; undefined where there is none and tests are to be skipped. */
export async function openHere(): Promise<Gpu | undefined> {
  useSoftwareDriver();
  try {
    return await open({ modes: ["webgpu"], binding });
  } catch (error) {
    if (!(error instanceof GpuUnavailableError) || process.env.CI) throw error;
    console.warn(`GPU tests are skipped: ${error.message} Here: apt-get install -y chromium libvulkan1`);
    return undefined;
  }
}
