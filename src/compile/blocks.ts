// The memory of one compiled program. While the function is traced, all its memory comes from here, and what it frees is
// used again later in the program. A replay does the same in the same order, so the addresses stay correct.
//
// Of the free blocks, the one with the lowest address is used first, and new small blocks lie side by side. So the steps of
// a loop find their memory in the same places, or each one row further along, and can be folded.
import { blockBytes, heap, type Store } from "../core/index.js";

/** Blocks up to this size are cut from larger ones. */
const SMALL_BYTES = 4096;

/** The least and the most that is taken at once for small blocks. */
const FIRST_CHUNK_BYTES = 4096;
const LARGEST_CHUNK_BYTES = 2 ** 20;

/** Blocks that belong to a program until it is disposed. */
export class Blocks implements Store {
  /** The bytes of all blocks. */
  bytes = 0;
  /** The size of every block, by its address. */
  private readonly sizes = new Map<number, number>();
  /** Addresses of blocks that the program has freed, by their size, the lowest last. */
  private readonly free = new Map<number, number[]>();
  /** What was taken from the heap. */
  private readonly taken: { readonly address: number; readonly bytes: number }[] = [];
  /** Where the next small block goes. */
  private top = 0;
  private end = 0;

  allocate(bytes: number): number {
    const size = blockBytes(bytes);
    return this.free.get(size)?.pop() ?? this.constant(size);
  }

  /** A block that no step writes to. It must be new, since each replay writes blocks again that were used before. */
  constant(bytes: number): number {
    const size = blockBytes(bytes);
    let address: number;
    if (size > SMALL_BYTES) address = this.take(size);
    else {
      if (this.top + size > this.end) {
        const chunk = Math.min(LARGEST_CHUNK_BYTES, Math.max(FIRST_CHUNK_BYTES, Math.floor(this.bytes / 64) * 16));
        this.top = this.take(chunk);
        this.end = this.top + chunk;
      }
      address = this.top;
      this.top += size;
    }
    this.sizes.set(address, size);
    return address;
  }

  release(address: number, bytes: number): void {
    const size = this.sizes.get(address);
    // While the function is traced, blocks that come from elsewhere may be freed, too.
    if (size === undefined) {
      if (heap.lessee === this) heap.give(address, bytes);
      return;
    }
    const list = this.free.get(size);
    if (!list) {
      this.free.set(size, [address]);
      return;
    }
    let at = list.length;
    while (at > 0 && list[at - 1] < address) at--;
    list.splice(at, 0, address);
  }

  /** Gives all blocks back to the heap. */
  dispose(): void {
    for (const { address, bytes } of this.taken) heap.give(address, bytes);
    this.taken.length = 0;
    this.sizes.clear();
    this.free.clear();
    this.bytes = 0;
  }

  private take(bytes: number): number {
    const address = heap.take(bytes);
    this.taken.push({ address, bytes });
    this.bytes += bytes;
    return address;
  }
}
