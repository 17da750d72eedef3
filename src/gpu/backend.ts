// gpu.js behind a small interface: kernels, blocks of numbers on the GPU, and the device that holds them.
//
// What gpu.js must be told (each point was learned from a wrong result): kernels as strings; `precision: "single"` and
// `tactic: "precision"`, or small kernels run at half precision; `pipeline` and `immutable`, or the next run overwrites
// the last result; an explicit mode, since otherwise it may silently compute on the CPU. An array argument that is
// sometimes numbers and sometimes a result breaks WebGL2, so numbers are uploaded through a kernel that copies them,
// and all other kernels take results.
import { GpuLostError, GpuUnavailableError } from "./errors.js";
import type { Tile } from "./graph.js";
import { functionsFor } from "./kernels/transcendental.js";
import type { BufferMaker, Pool } from "./pool.js";

/** Ways to reach a GPU: WebGPU, WebGL2 in a page, OpenGL in Node through the package `gl`. */
export type GpuMode = "webgpu" | "webgl2" | "headlessgl";

/** What gpu.js returns for a result that stays on the GPU. */
interface RawHandle {
  output?: number[];
  componentCount?: number;
  toArray(): unknown;
  delete(): void;
}

/** A buffer of WebGPU with gpu.js's reference count. */
interface CountedBuffer {
  _refs?: number;
}

interface RawKernel {
  (...args: unknown[]): RawHandle | Promise<RawHandle>;
  readonly kernel: {
    readonly constructor: { readonly mode: string };
    readonly fallbackReason?: string | null;
    outputBuffer?: CountedBuffer | null;
    bindGroupDirty?: boolean;
  };
}

interface RawGpu {
  createKernel(source: string, settings: object): RawKernel;
  destroy(): Promise<void> | void;
}

interface Device extends BufferMaker {
  readonly limits: Readonly<Record<string, number>>;
  destroy(): void;
}

/** The part of gpu.js that we use; its own types lack half of it. */
export interface GpuJs {
  readonly GPU: {
    new (settings: { mode: string }): RawGpu;
    readonly isWebGL2Supported: boolean;
    readonly isHeadlessGLSupported: boolean;
    readonly isSinglePrecisionSupported: boolean;
  };
  readonly Input: new (value: Float32Array, size: readonly number[]) => unknown;
  readonly WebGPUContext: {
    readonly isSupported: boolean;
    acquire(): Promise<{
      readonly adapter: { readonly info?: Readonly<Record<string, unknown>> };
      readonly device: Device;
      readonly isLost: boolean;
    }>;
    destroy(): Promise<void>;
  };
}

/** Rows and columns of an episode, and the number of episodes. */
export interface Extent {
  readonly columns: number;
  readonly rows: number;
  readonly episodes: number;
}

const bytesOf = ({ columns, rows, episodes }: Extent): number => 4 * columns * rows * episodes;

/** Numbers on the GPU. */
export class Block {
  private freed = false;

  constructor(
    readonly extent: Extent,
    private readonly raw: RawHandle,
    private readonly onFree: () => void,
  ) {}

  get bytes(): number {
    return bytesOf(this.extent);
  }

  /** What a kernel takes. */
  get handle(): RawHandle {
    if (this.freed) throw new GpuLostError("[gpu] this block was freed. Keep what is still needed.");
    return this.raw;
  }

  free(): void {
    if (this.freed) return;
    this.freed = true;
    this.onFree();
    this.raw.delete();
  }
}

/** Facts about a backend. */
export interface BackendFacts {
  readonly mode: GpuMode;
  readonly adapter: string;
  readonly software: boolean;
  readonly maxArrayBytes: number;
}

/** What a backend needs from the device, which it may share with others. */
export interface DeviceContext {
  isLost(): boolean;
  /** Called when something begins to wait for the device. */
  wake(): void;
  /** Its buffers, where they can be used again. */
  readonly pool?: Pool;
  /** Called when the backend no longer needs the device. */
  release(): Promise<void>;
}

/** The body of a kernel that copies its array. */
export const COPY = "return A0[this.thread.z][this.thread.y][this.thread.x];";

/** One device with its kernels. */
export class Backend {
  /** Blocks that were made and not yet freed. */
  live = 0;
  /** Bytes in them, and the largest number of bytes so far. */
  bytes = 0;
  peakBytes = 0;
  /** Kernels run so far. */
  launches = 0;
  /** Bytes that they were given and wrote, each array once a launch. */
  traffic = 0;
  /** Bytes sent there from the CPU, and received from there. */
  sent = 0;
  received = 0;
  private readonly kernels = new Map<string, RawKernel>();
  private gone: string | undefined;
  private underWay = 0;

  constructor(
    private readonly gpujs: GpuJs,
    private readonly gpu: RawGpu,
    readonly facts: BackendFacts,
    private readonly context: DeviceContext,
  ) {}

  /** Kernels compiled so far. */
  get compiled(): number {
    return this.kernels.size;
  }

  /** Whether something waits for the device. */
  get busy(): boolean {
    return this.underWay > 0;
  }

  get closed(): boolean {
    return this.gone !== undefined;
  }

  /** Runs `program`, whose kernels use buffers again that others no longer need. */
  async reusing<T>(program: () => Promise<T>): Promise<T> {
    const { pool } = this.context;
    pool?.begin();
    try {
      return await program();
    } finally {
      pool?.end();
    }
  }

  /**
   * Runs the kernel with this body, which is compiled if it is new, or its tile where several numbers of a thread lie side by
   * side: on WebGPU.
   */
  async run(
    body: string,
    out: Extent,
    args: readonly Block[],
    numbers: readonly number[],
    tile?: Tile,
  ): Promise<Block> {
    this.check();
    const sizes = args.map(({ extent }) => `${extent.columns},${extent.rows}`);
    for (const { bytes } of new Set(args)) this.traffic += bytes;
    const key = `${sizes.join(";")}|${numbers.length}`;
    const operands = [...args.map(({ handle }) => handle), ...numbers];
    return tile && this.facts.mode === "webgpu"
      ? this.launch(tile.body, out, key, operands, tile.width)
      : this.launch(body, out, key, operands);
  }

  /** Uploads numbers. */
  async upload(data: Float32Array, extent: Extent): Promise<Block> {
    this.check();
    const { columns, rows, episodes } = extent;
    this.sent += bytesOf(extent);
    return this.launch(COPY, extent, "upload", [new this.gpujs.Input(data, [columns, rows, episodes])]);
  }

  /** Downloads the numbers of a block. */
  async download({ extent, handle }: Block): Promise<Float32Array> {
    this.check();
    const nested = await this.guarded(async () => handle.toArray());
    const { columns, rows, episodes } = extent;
    this.received += bytesOf(extent);
    const numbers = new Float32Array(columns * rows * episodes);
    let to = 0;
    const visit = (part: unknown): void => {
      if (ArrayBuffer.isView(part)) {
        numbers.set(part as Float32Array, to);
        to += (part as Float32Array).length;
      } else for (const inner of part as unknown[]) visit(inner);
    };
    visit(nested);
    return numbers;
  }

  /** Releases everything. Whatever still waits for this device fails with a GpuLostError. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.gone = "was closed";
    this.kernels.clear();
    await this.gpu.destroy();
    await this.context.release();
  }

  private async launch(body: string, out: Extent, key: string, args: unknown[], width = 1): Promise<Block> {
    const { columns, rows, episodes } = out;
    const name = `${columns},${rows},${episodes}|${key}|${body}`;
    let kernel = this.kernels.get(name);
    if (!kernel) {
      kernel = this.compile(body, [columns / width, rows, episodes], args);
      this.kernels.set(name, kernel);
    }
    const run = kernel;
    this.launches++;
    const raw = await this.guarded(async () => run(...args));
    const { mode } = run.kernel.constructor;
    if (mode !== (this.facts.mode === "webgpu" ? "webgpu" : "gpu")) {
      throw new GpuUnavailableError(
        `[gpu] gpu.js ran a kernel on "${mode}" in place of ${this.facts.mode}: ${run.kernel.fallbackReason ?? "it does not say why"}.`,
        [{ mode: this.facts.mode, reason: run.kernel.fallbackReason ?? "unknown" }],
      );
    }
    letGo(run);
    if (width > 1) asNumbers(raw, out);
    const bytes = bytesOf(out);
    this.live++;
    this.bytes += bytes;
    this.traffic += bytes;
    this.peakBytes = Math.max(this.peakBytes, this.bytes);
    return new Block(out, raw, () => {
      this.live--;
      this.bytes -= bytes;
    });
  }

  private compile(body: string, output: readonly number[], args: readonly unknown[]): RawKernel {
    const arrays = args.filter((arg) => typeof arg !== "number").length;
    const names = args.map((_, i) => (i < arrays ? `A${i}` : `N${i - arrays}`));
    const functions = functionsFor(body);
    return this.gpu.createKernel(`function (${names.join(", ")}) {\n${body}\n}`, {
      output: [...output],
      pipeline: true,
      immutable: true,
      precision: "single",
      tactic: "precision",
      ...(functions.length > 0 ? { functions } : {}),
    });
  }

  private check(): void {
    if (!this.closed && this.context.isLost()) this.gone = "was lost";
    if (this.gone !== undefined) {
      throw new GpuLostError(
        `[gpu] the ${this.facts.mode} device ${this.gone}. Open another one; the CPU is not concerned.`,
      );
    }
  }

  /** An error of gpu.js; one of ours if the device is lost. */
  private async guarded<T>(f: () => Promise<T>): Promise<T> {
    if (this.underWay++ === 0) this.context.wake();
    try {
      return await f();
    } catch (error) {
      if (this.closed || this.context.isLost() || /device was lost|has been deleted/i.test(String(error))) {
        this.gone ??= "was lost";
        throw new GpuLostError(
          `[gpu] the ${this.facts.mode} device ${this.gone} in the middle. Open another one; the CPU is not concerned.`,
          { cause: error },
        );
      }
      throw error;
    } finally {
      this.underWay--;
    }
  }
}

/** Lists side by side are numbers side by side: gpu.js may hand them to kernels that read numbers. */
function asNumbers(handle: RawHandle, { columns, rows, episodes }: Extent): void {
  handle.output = [columns, rows, episodes];
  handle.componentCount = 1;
}

/**
 * Makes a kernel forget its last result, which the handle owns. Otherwise each kernel keeps one block until its next
 * run, and with hundreds of kernels that is more than a whole program holds at a time. This depends on the internals of
 * gpu.js; if these differ, the only effect is that more memory is used.
 */
function letGo({ kernel }: RawKernel): void {
  const buffer = kernel.outputBuffer;
  if (!buffer || typeof buffer._refs !== "number" || buffer._refs < 2 || kernel.bindGroupDirty === undefined) return;
  buffer._refs--;
  kernel.outputBuffer = null;
  kernel.bindGroupDirty = true;
}
