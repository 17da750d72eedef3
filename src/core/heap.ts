// The persistent store: parameters, data, optimizer state and the chunks that arenas borrow.
//
//   ┌───────────┬───────────────────────────────────────────────────────────────┐
//   │ constants │ ranges: free ones known by address, neighbours merged on free │
//   └───────────┴───────────────────────────────────────────────────────────────┘
//
// Small blocks (up to 4 KiB) come from size classes carved out of 64 KiB slabs and go back to their class; larger ones
// are ranges, best fit first. Every block is 16-byte aligned, which is what the kernels' vectors like.
import { collector } from "./collector.js";
import { MemoryError } from "./errors.js";
import { growMemory, kernels, memoryBytes } from "./runtime.js";

const ALIGNMENT = 16;
const SMALL_BYTES = 4096;
const SLAB_BYTES = 65_536;

/** Bytes that a block of `bytes` takes: a multiple of 16, and of 1/4 of its power of two when small. */
export function blockBytes(bytes: number): number {
  if (bytes > SMALL_BYTES || bytes <= 4 * ALIGNMENT)
    return Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
  const quarter = 1 << (29 - Math.clz32(bytes - 1));
  return Math.ceil(bytes / quarter) * quarter;
}

/** Gives and takes back blocks. */
export interface Store {
  /** The address of a block of so many bytes; its content is whatever was there. */
  allocate(bytes: number): number;
  /** Takes a block back; `bytes` is what it was allocated with. */
  release(address: number, bytes: number): void;
}

export class Heap implements Store {
  /** Who gives the blocks in place of the heap: a program that is being compiled keeps its blocks for its replays. */
  lessee: Store | undefined = undefined;
  /** Bytes in blocks that are in use. */
  used = 0;
  /** Blocks in use. */
  blocks = 0;
  /** Gives back what was kept for later use; called before an allocation is refused. */
  beforeGrowthFails: () => void = () => undefined;
  private end = 0;
  /** Free ranges by address: start, end, start, end ... */
  private readonly free: number[] = [];
  /** Free small blocks, by their size in units of 16 bytes. */
  private readonly classes: number[][] = Array.from({ length: SMALL_BYTES / ALIGNMENT + 1 }, () => []);

  /** The address of a new block; its content is whatever was there. */
  allocate(bytes: number): number {
    return this.lessee ? this.lessee.allocate(bytes) : this.take(bytes);
  }

  /** Gives a block back; `bytes` is what it was allocated with. */
  release(address: number, bytes: number): void {
    if (this.lessee) this.lessee.release(address, bytes);
    else this.give(address, bytes);
  }

  /** `allocate` from the heap itself. */
  take(bytes: number): number {
    const size = blockBytes(bytes);
    const address = size <= SMALL_BYTES ? this.takeSmall(size) : this.takeRange(size);
    this.used += size;
    this.blocks++;
    return address;
  }

  /** `release` to the heap itself. */
  give(address: number, bytes: number): void {
    const size = blockBytes(bytes);
    this.used -= size;
    this.blocks--;
    if (size <= SMALL_BYTES) this.classes[size / ALIGNMENT].push(address);
    else this.giveRange(address, address + size);
  }

  private takeSmall(size: number): number {
    const list = this.classes[size / ALIGNMENT];
    if (list.length === 0) {
      const slab = this.takeRange(SLAB_BYTES);
      for (let at = slab + SLAB_BYTES - size; at >= slab; at -= size) list.push(at);
    }
    return list.pop()!;
  }

  private takeRange(size: number): number {
    let best = this.bestFit(size);
    if (best < 0) {
      this.extend(size);
      best = this.bestFit(size);
    }
    const start = this.free[best];
    if (this.free[best + 1] - start === size) this.free.splice(best, 2);
    else this.free[best] = start + size;
    return start;
  }

  private bestFit(size: number): number {
    let best = -1;
    let smallest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.free.length; i += 2) {
      const length = this.free[i + 1] - this.free[i];
      if (length >= size && length < smallest) {
        best = i;
        smallest = length;
      }
    }
    return best;
  }

  /** Adds memory at the end until a range of `size` is free there. */
  private extend(size: number): void {
    if (this.end === 0) {
      const base = Math.ceil(kernels().heapBase() / ALIGNMENT) * ALIGNMENT;
      this.end = memoryBytes();
      this.giveRange(base, this.end);
      if (this.end - base >= size) return;
    }
    const last = this.free.length - 1;
    const tail = last > 0 && this.free[last] === this.end ? this.end - this.free[last - 1] : 0;
    let added = 0;
    try {
      added = growMemory(size - tail, size);
    } catch (error) {
      if (!(error instanceof MemoryError)) throw error;
      // What is kept for later, or was dropped and not yet collected, may be enough.
      this.beforeGrowthFails();
      if (this.bestFit(size) >= 0) return;
      if (collector.promising && collector.collect() && this.bestFit(size) >= 0) return;
      if (collector.bytes < memoryBytes() / 2) throw error;
      throw new MemoryError(`[memory] a block of ${size} bytes does not fit. ${collector.report()}`);
    }
    this.giveRange(this.end, this.end + added);
    this.end += added;
  }

  private giveRange(start: number, end: number): void {
    const { free } = this;
    let low = 0;
    let high = free.length / 2;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (free[2 * middle] < start) low = middle + 1;
      else high = middle;
    }
    const at = 2 * low;
    const meetsBefore = at > 0 && free[at - 1] === start;
    const meetsAfter = at < free.length && free[at] === end;
    if (meetsBefore && meetsAfter) free.splice(at - 1, 2);
    else if (meetsBefore) free[at - 1] = end;
    else if (meetsAfter) free[at] = start;
    else free.splice(at, 0, start, end);
  }
}

/** The process's persistent store. */
export const heap = new Heap();

/** Lends `bytes` of memory to `use`, for what a kernel needs while it runs. */
export function withScratch(bytes: number, use: (address: number) => void): void {
  const address = heap.allocate(bytes);
  try {
    use(address);
  } finally {
    heap.release(address, bytes);
  }
}
