// The memory of one compiled program. While the function is traced, everything it makes comes from here, and what it
// frees is used again later in the program; a replay does the same in the same order, so the addresses stay right.
import { blockBytes, heap, type Store } from "../core/index.js";

/** Blocks that belong to a program until it is disposed. */
export class Blocks implements Store {
  /** Bytes of all blocks. */
  bytes = 0;
  /** Every block's size, by its address. */
  private readonly sizes = new Map<number, number>();
  /** Blocks that the program has freed, by their size. */
  private readonly free = new Map<number, number[]>();

  allocate(bytes: number): number {
    const size = blockBytes(bytes);
    return this.free.get(size)?.pop() ?? this.constant(size);
  }

  /** A block that no step writes to: none that was used before, since those are written again by each replay. */
  constant(bytes: number): number {
    const size = blockBytes(bytes);
    const address = heap.take(size);
    this.sizes.set(address, size);
    this.bytes += size;
    return address;
  }

  release(address: number, bytes: number): void {
    const size = this.sizes.get(address);
    // While the function is traced, somebody else's blocks may be freed, too.
    if (size === undefined) {
      if (heap.lessee === this) heap.give(address, bytes);
      return;
    }
    const list = this.free.get(size);
    if (list) list.push(address);
    else this.free.set(size, [address]);
  }

  /** Gives all blocks back to the heap. */
  dispose(): void {
    for (const [address, size] of this.sizes) heap.give(address, size);
    this.sizes.clear();
    this.free.clear();
    this.bytes = 0;
  }
}
