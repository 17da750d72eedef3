// Finds a GPU: tries the modes in order, and says which one is available and why the others are not.
import { isNode } from "../core/index.js";
import { Backend, type BackendFacts, type GpuJs, type GpuMode } from "./backend.js";
import { Gpu } from "./device.js";
import { GpuUnavailableError, type Refusal } from "./errors.js";
import type { Lowerings } from "./lowering.js";
import { type Installed, install, type WebGpuBinding } from "./node.js";
import { Pool } from "./pool.js";

/** Options of `open`. */
export interface OpenOptions {
  /** The acceptable modes, best first; by default `["webgpu", "webgl2"]`. */
  readonly modes?: readonly GpuMode[];
  /**
   * What to do if the first of the modes is not available but a later one is: "warn" (the default) prints a warning on
   * the console, "throw" throws an error.
   */
  readonly onDegrade?: "throw" | "warn";
  /**
   * Node has no WebGPU: `await import("webgpu")` provides one. It is installed on `navigator`, and removed by `close`.
   */
  readonly binding?: WebGpuBinding;
}

/** The version that this library is tested with; its scripts compile an OpenGL binding that is not used here. */
const INSTALL = "npm install --ignore-scripts gpu.js@2.24.1";

/** Names that software drivers report. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

async function loadGpuJs(): Promise<GpuJs> {
  try {
    return (await import("gpu.js")) as unknown as GpuJs;
  } catch (cause) {
    throw Object.assign(
      new GpuUnavailableError(`[gpu] gpu.js, an optional peer of this package, is not installed. Run: ${INSTALL}`),
      { cause },
    );
  }
}

/**
 * Opens a GPU that has kernels for the ops of `lowerings`. It never silently computes on the CPU: the opened GPU says
 * which backend it has, and if none is available this throws.
 *
 * @throws GpuUnavailableError with everything that was tried, or if gpu.js is not installed.
 */
export async function openWith(
  lowerings: Lowerings,
  { modes = ["webgpu", "webgl2"], onDegrade = "warn", binding }: OpenOptions = {},
): Promise<Gpu> {
  if (modes.length === 0) throw new RangeError('[gpu] no modes to try. Give at least one, such as ["webgpu"].');
  const gpujs = await loadGpuJs();
  const refused: Refusal[] = [];
  for (const mode of modes) {
    const found = await attempt(gpujs, mode, binding);
    if (!("backend" in found)) {
      refused.push({ mode, reason: found.reason });
      continue;
    }
    if (refused.length > 0) {
      const fact = `[gpu] ${mode} runs in place of ${refused.map(({ mode, reason }) => `${mode} (${reason})`).join(", ")}.`;
      if (onDegrade === "throw") {
        await found.backend.close();
        throw new GpuUnavailableError(
          `${fact} Pass onDegrade: "warn", or modes: ["${mode}"], if that will do.`,
          refused,
        );
      }
      console.warn(fact);
    }
    return new Gpu(found.backend, refused, lowerings);
  }
  const list = refused.map(({ mode, reason }) => `${mode}: ${reason}`).join("; ");
  throw new GpuUnavailableError(`[gpu] no GPU answered. ${list}. Use the CPU, which needs none of this.`, refused);
}

async function attempt(
  gpujs: GpuJs,
  mode: GpuMode,
  binding: WebGpuBinding | undefined,
): Promise<{ backend: Backend } | { reason: string }> {
  if (mode === "webgpu") return openWebGpu(gpujs, binding);
  if (mode === "webgl2") {
    if (!gpujs.GPU.isWebGL2Supported) return { reason: "there is no WebGL2 here; it takes a page" };
    if (!gpujs.GPU.isSinglePrecisionSupported) return { reason: "this driver cannot write float textures" };
    return openGl(gpujs, mode, webGlFacts());
  }
  if (mode === "headlessgl") {
    if (!gpujs.GPU.isHeadlessGLSupported) return { reason: "the package gl is not installed, or finds no display" };
    return openGl(gpujs, mode, { adapter: "OpenGL", maxTextureSize: 4096 });
  }
  return { reason: 'this mode does not exist; there are "webgpu", "webgl2" and "headlessgl"' };
}

/** All devices share one context of gpu.js: what is open on it, and what Node needs for it. */
const onWebGpu = new Set<Backend>();
let opening = 0;
let installed: Installed | undefined;

const busy = (): boolean => opening > 0 || [...onWebGpu].some((backend) => backend.busy);

/** Releases the context when nothing uses it any more. */
async function release(gpujs: GpuJs): Promise<void> {
  if (opening > 0 || onWebGpu.size > 0) return;
  const node = installed;
  installed = undefined;
  await gpujs.WebGPUContext.destroy();
  node?.remove();
}

async function openWebGpu(
  gpujs: GpuJs,
  binding: WebGpuBinding | undefined,
): Promise<{ backend: Backend } | { reason: string }> {
  if (binding && !gpujs.WebGPUContext.isSupported) installed = install(binding, busy);
  if (!gpujs.WebGPUContext.isSupported) {
    const cure = isNode()
      ? 'Node has no navigator.gpu: npm install --ignore-scripts webgpu@0.4.0 and pass { binding: await import("webgpu") }'
      : "this browser has no navigator.gpu, or the page is not secure";
    return { reason: cure };
  }
  opening++;
  let context: Awaited<ReturnType<GpuJs["WebGPUContext"]["acquire"]>>;
  try {
    context = await gpujs.WebGPUContext.acquire();
  } catch (error) {
    opening--;
    await release(gpujs);
    const { message } = error as Error;
    const driver = isNode() ? "; in Node that takes a Vulkan driver (Debian's chromium brings one in software)" : "";
    return { reason: message.includes("no adapter") ? `no adapter answers${driver}` : message };
  }
  opening--;
  const { adapter, device } = context;
  installed?.destroyAtExit(device);
  const { info = {} } = adapter;
  const words = ["vendor", "architecture", "device", "description"].map((name) => info[name]);
  const name = [...new Set(words.filter((word) => word))].join(" ") || "unnamed";
  const backend: Backend = new Backend(
    gpujs,
    new gpujs.GPU({ mode: "webgpu" }),
    {
      mode: "webgpu",
      adapter: name,
      software: SOFTWARE.test(name),
      maxArrayBytes: Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize),
    },
    {
      isLost: () => context.isLost,
      wake: () => installed?.wake(),
      pool: Pool.of(device),
      release: () => {
        onWebGpu.delete(backend);
        return release(gpujs);
      },
    },
  );
  onWebGpu.add(backend);
  return { backend };
}

interface GlFacts {
  readonly adapter: string;
  readonly maxTextureSize: number;
}

/** What WebGL2 reports about itself. */
function webGlFacts(): GlFacts {
  const canvas = new OffscreenCanvas(1, 1);
  const gl = canvas.getContext("webgl2")!;
  const names = gl.getExtension("WEBGL_debug_renderer_info");
  const adapter = String(gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  const maxTextureSize = Number(gl.getParameter(gl.MAX_TEXTURE_SIZE));
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return { adapter, maxTextureSize };
}

function openGl(
  gpujs: GpuJs,
  mode: "webgl2" | "headlessgl",
  { adapter, maxTextureSize }: GlFacts,
): { backend: Backend } {
  const facts: BackendFacts = {
    mode,
    adapter,
    software: SOFTWARE.test(adapter),
    // A number takes a texel of four floats at most.
    maxArrayBytes: 4 * maxTextureSize ** 2,
  };
  const context = { isLost: () => false, wake: () => {}, release: async () => {} };
  return { backend: new Backend(gpujs, new gpujs.GPU({ mode }), facts, context) };
}
