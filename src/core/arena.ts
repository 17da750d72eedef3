// The arena stack: mark, bump, release. A region of it is freed by moving one number back.
//
//   chunk 0            chunk 1                      chunk 2 (kept for later)
//   ┌─────────────┐    ┌───────────────┬───────┐    ┌───────────────────┐
//   │ outer tape  │ →  │ segment tape  │ ▲top  │ →  │                   │
//   └─────────────┘    └───────────────┴───────┘    └───────────────────┘
import { heap, type Store } from "./heap.js";

const FIRST_CHUNK_BYTES = 2 ** 18;
const LARGEST_CHUNK_BYTES = 2 ** 25;

interface Chunk {
  readonly start: number;
  readonly bytes: number;
}

/** A place in an arena, to go back to. */
export interface Mark {
  readonly chunk: number;
  readonly top: number;
}

export class Arena {
  /** Bytes of all chunks, in use or kept. */
  bytes = 0;
  /** Scopes that are open on it, each above the one before. */
  scopes = 0;
  private readonly chunks: Chunk[] = [];
  private chunk = -1;
  private top = 0;
  private end = 0;

  /**
   * @param store where the chunks come from and go back to.
   * @param firstBytes of the first chunk.
   */
  constructor(
    readonly store: Store = heap,
    private readonly firstBytes = FIRST_CHUNK_BYTES,
  ) {}

  /** A 16-byte aligned block that lives until a mark before it is released. */
  allocate(bytes: number): number {
    const size = (bytes + 15) & -16;
    // Sizes past 2^31 turn negative in the line above; they take the slow path with the true number.
    if (size < bytes || this.top + size > this.end) this.enter(Math.ceil(bytes / 16) * 16);
    const address = this.top;
    this.top += size >= bytes ? size : Math.ceil(bytes / 16) * 16;
    return address;
  }

  mark(): Mark {
    return { chunk: this.chunk, top: this.top };
  }

  release(mark: Mark): void {
    this.chunk = mark.chunk;
    this.top = mark.top;
    this.end = mark.chunk < 0 ? 0 : this.chunks[mark.chunk].start + this.chunks[mark.chunk].bytes;
  }

  /** Bytes between the bottom and the top, the unused ends of full chunks included. */
  get used(): number {
    if (this.chunk < 0) return 0;
    let sum = this.top - this.chunks[this.chunk].start;
    for (let i = 0; i < this.chunk; i++) sum += this.chunks[i].bytes;
    return sum;
  }

  /** Gives the chunks above the top back to the persistent store. */
  trim(): void {
    for (const { start, bytes } of this.chunks.splice(this.chunk + 1)) {
      this.store.release(start, bytes);
      this.bytes -= bytes;
    }
  }

  /** Makes the next chunk with room for `size` the current one. */
  private enter(size: number): void {
    if (this.chunk + 1 < this.chunks.length && this.chunks[this.chunk + 1].bytes < size) this.trim();
    if (this.chunk + 1 === this.chunks.length) {
      const bytes = Math.max(
        size,
        Math.min(LARGEST_CHUNK_BYTES, Math.max(this.firstBytes, Math.floor(this.bytes / 32) * 16)),
      );
      this.chunks.push({ start: this.store.allocate(bytes), bytes });
      this.bytes += bytes;
    }
    this.chunk++;
    this.top = this.chunks[this.chunk].start;
    this.end = this.top + this.chunks[this.chunk].bytes;
  }
}
