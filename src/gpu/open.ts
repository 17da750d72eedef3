// Finds a GPU: tries the modes in order, says which one answers and why the others do not.
import { Backend, type BackendFacts, type GpuJs, type GpuMode } from "./backend.js";
import { Gpu } from "./device.js";
import { GpuUnavailableError, type Refusal } from "./errors.js";
import { install, isNode, type WebGpuBinding, watchProcess } from "./node.js";

/** Options of `open`. */
export interface OpenOptions {
  /** What will do, best first; by default `["webgpu", "webgl2"]`. */
  readonly modes?: readonly GpuMode[];
  /**
   * What happens when the first of the modes does not answer and a later one does: "warn" (the default) says so on the
   * console, "throw" refuses.
   */
  readonly onDegrade?: "throw" | "warn";
  /** Node has no WebGPU: `await import("webgpu")` brings one. It is put on `navigator` and taken off by `close`. */
  readonly binding?: WebGpuBinding;
}

/** Versions that this library is tested with. */
export const INSTALL = "npm install gpu.js@2.24.1";

/** Names by which software drivers call themselves. */
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
 * Opens a GPU. It computes nothing on the CPU in secret: what is opened says which backend it has, and where none
 * answers this throws.
 *
 * @throws GpuUnavailableError with everything that was tried, or if gpu.js is not installed.
 */
export async function open({
  modes = ["webgpu", "webgl2"],
  onDegrade = "warn",
  binding,
}: OpenOptions = {}): Promise<Gpu> {
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
    return new Gpu(found.backend, refused);
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

/** The context that gpu.js shares among all that is open, what holds it, and what lets it go. */
interface Shared {
  readonly backends: Set<Backend>;
  release(): Promise<void>;
}

let shared: Shared | undefined;

async function openWebGpu(
  gpujs: GpuJs,
  binding: WebGpuBinding | undefined,
): Promise<{ backend: Backend } | { reason: string }> {
  const uninstall = binding && !gpujs.WebGPUContext.isSupported ? install(binding) : undefined;
  if (!gpujs.WebGPUContext.isSupported) {
    const cure = isNode()
      ? 'Node has no navigator.gpu: npm install webgpu@0.4.0 and pass { binding: await import("webgpu") }'
      : "this browser has no navigator.gpu, or the page is not secure";
    return { reason: cure };
  }
  let context: Awaited<ReturnType<GpuJs["WebGPUContext"]["acquire"]>>;
  try {
    context = await gpujs.WebGPUContext.acquire();
  } catch (error) {
    uninstall?.();
    const driver = isNode() ? " (it takes a Vulkan driver; Debian's chromium brings one in software)" : "";
    return { reason: `no adapter answers${driver}: ${(error as Error).message.split(". ")[0]}` };
  }
  const group = shared ?? share(gpujs, context.device, uninstall);
  shared = group;
  const { info = {} } = context.adapter;
  const words = ["vendor", "architecture", "device", "description"].map((name) => info[name]);
  const adapter = [...new Set(words.filter((word) => word))].join(" ") || "unnamed";
  const { maxStorageBufferBindingSize, maxBufferSize } = context.device.limits;
  const facts: BackendFacts = {
    mode: "webgpu",
    adapter,
    software: SOFTWARE.test(adapter),
    maxArrayBytes: Math.min(maxStorageBufferBindingSize, maxBufferSize),
  };
  const backend: Backend = new Backend(
    gpujs,
    new gpujs.GPU({ mode: "webgpu" }),
    facts,
    () => context.isLost,
    async () => {
      group.backends.delete(backend);
      if (group.backends.size === 0) await group.release();
    },
  );
  group.backends.add(backend);
  return { backend };
}

/** Holds the context until the last backend goes. */
function share(gpujs: GpuJs, device: { destroy(): void }, uninstall: (() => void) | undefined): Shared {
  const backends = new Set<Backend>();
  const unwatch = uninstall
    ? watchProcess(
        () => [...backends].some(({ busy }) => busy),
        () => device.destroy(),
        () => {
          for (const backend of backends) void backend.close();
        },
      )
    : undefined;
  return {
    backends,
    release: async () => {
      shared = undefined;
      unwatch?.();
      await gpujs.WebGPUContext.destroy();
      uninstall?.();
    },
  };
}

interface GlFacts {
  readonly adapter: string;
  readonly maxTextureSize: number;
}

/** What WebGL2 says of itself. */
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
  return {
    backend: new Backend(
      gpujs,
      new gpujs.GPU({ mode }),
      facts,
      () => false,
      async () => {},
    ),
  };
}
