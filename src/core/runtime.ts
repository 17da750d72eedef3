// The one core instance of the process, made on first use, and its memory.
import { MemoryError } from "./errors.js";
import { quote } from "./quote.js";
import { type Core, instantiateCore, type Kernels, linkKernels, MAX_BYTES, PAGE_BYTES } from "./wasm.js";

/** What `configure` takes; every field is optional. */
export interface MemoryOptions {
  /** Bytes of memory to begin with; default 16 MiB. No result depends on it. */
  initialBytes?: number;
  /** The most the memory may grow to; default and upper limit 4 GiB. */
  maximumBytes?: number;
  /** What a tape may take before `checkpoint: "auto"` starts to recompute; default 256 MiB. */
  tapeBytes?: number;
}

const settings: Required<MemoryOptions> = {
  initialBytes: 16 * 2 ** 20,
  maximumBytes: MAX_BYTES,
  tapeBytes: 256 * 2 ** 20,
};

let core: Core | undefined;

/**
 * Sets the memory's sizes. `initialBytes` binds only before the first tensor is made; `maximumBytes` and `tapeBytes`
 * may change at any time.
 */
export function configure(options: MemoryOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(settings, name)) {
      const known = [...Object.keys(settings), "debug"].join(", ");
      throw new TypeError(`[configure] there is no option ${quote(name)}: there are ${known}.`);
    }
    if (!(value > 0)) throw new RangeError(`[configure] ${name} is a positive number of bytes, not ${quote(value)}.`);
  }
  if ((options.maximumBytes ?? 0) > MAX_BYTES) {
    throw new RangeError(
      `[configure] maximumBytes is at most ${MAX_BYTES} (4 GiB), not ${quote(options.maximumBytes)}.`,
    );
  }
  if (options.initialBytes !== undefined && core) {
    throw new RangeError("[configure] initialBytes comes too late: a tensor was made already. Configure first.");
  }
  Object.assign(settings, options);
}

/** The settings in force. */
export function configuration(): Readonly<Required<MemoryOptions>> {
  return settings;
}

function instance(): Core {
  core ??= instantiateCore(Math.min(settings.initialBytes, settings.maximumBytes));
  return core;
}

/** The compiled kernels of the core, which compute in float32. */
export function kernels(): Kernels {
  return core ? core.kernels : instance().kernels;
}

/** The kernels of another module, compiled now and linked to the same memory. */
export function moreKernels<K>(hex: string): K {
  return linkKernels(hex, instance().memory);
}

/** Bytes that the memory holds now. */
export function memoryBytes(): number {
  return memoryBuffer().byteLength;
}

/** The memory. Growing it detaches the buffer. */
export function memoryBuffer(): ArrayBuffer {
  return instance().memory.buffer;
}

/**
 * Grows the memory by at least `bytes`, by half of what it holds if the limits allow, and returns the bytes added.
 * Half is a guess that keeps growing rare: each growth costs a system call and new views.
 *
 * @param asked the size of the block that all this is for, for the message.
 */
export function growMemory(bytes: number, asked: number): number {
  const { memory } = instance();
  const held = memory.buffer.byteLength;
  const room = Math.floor((settings.maximumBytes - held) / PAGE_BYTES);
  const needed = Math.ceil(bytes / PAGE_BYTES);
  const wished = Math.min(room, Math.max(needed, Math.ceil(held / 2 / PAGE_BYTES)));
  for (const pages of wished > needed ? [wished, needed] : [needed]) {
    if (pages > room) break;
    try {
      memory.grow(pages);
      return pages * PAGE_BYTES;
    } catch {
      // The engine refused; a smaller request may still fit.
    }
  }
  throw new MemoryError(
    `[memory] a block of ${asked} bytes does not fit: the memory has ${held} bytes and may grow to ${settings.maximumBytes}. ` +
      'Use checkpoint: "auto" or { every: k }, smaller batches, or raise configure({ maximumBytes }).',
  );
}
