// Buffers that are used again: while programs run on a WebGPU device, the result of a kernel takes a buffer of its size that
// another result left. gpu.js would make a new one for each result, thousands in a lifetime.
//
// A queue runs its kernels in order, so what still reads a buffer has read it before the next result is written there; and
// a kernel writes every number of its result, so nothing of what was there before can be seen.

/** The part of a buffer that we use. */
interface DeviceBuffer {
  readonly size: number;
  destroy(): void;
}

interface Descriptor {
  readonly size: number;
  readonly usage: number;
}

/** The part of a WebGPU device that we use. */
export interface BufferMaker {
  createBuffer(descriptor: Descriptor): DeviceBuffer;
}

/** GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC: what gpu.js asks for results, and for nothing else. */
const RESULT = 0x80 | 0x04;

/** The buffers of one device. They and those in use never take more than was in use at a time. */
export class Pool {
  private static readonly pools = new WeakMap<BufferMaker, Pool>();
  /** The buffers that nobody uses, longest unused first, and how each is destroyed. */
  private readonly idle = new Map<DeviceBuffer, () => void>();
  private idleBytes = 0;
  private usedBytes = 0;
  private mostUsed = 0;
  private programs = 0;

  /** The pool of a device. From now on, all who make buffers there share it. */
  static of(device: BufferMaker): Pool {
    const known = Pool.pools.get(device);
    if (known) return known;
    const pool = new Pool(device.createBuffer.bind(device));
    device.createBuffer = (descriptor) => pool.take(descriptor);
    Pool.pools.set(device, pool);
    return pool;
  }

  private constructor(private readonly create: BufferMaker["createBuffer"]) {}

  /** Call this when a program begins: buffers are kept as long as one is under way. */
  begin(): void {
    this.programs++;
  }

  /** Call this when it has ended. */
  end(): void {
    if (--this.programs === 0) this.shrink(0);
  }

  private take(descriptor: Descriptor): DeviceBuffer {
    const { size, usage } = descriptor;
    if (usage !== RESULT) return this.create(descriptor);
    this.usedBytes += size;
    this.mostUsed = Math.max(this.mostUsed, this.usedBytes);
    for (const buffer of this.idle.keys()) {
      if (buffer.size !== size) continue;
      this.idle.delete(buffer);
      this.idleBytes -= size;
      return buffer;
    }
    this.shrink(this.mostUsed - this.usedBytes);
    const buffer = this.create(descriptor);
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      this.usedBytes -= size;
      this.idle.set(buffer, destroy);
      this.idleBytes += size;
      if (this.programs === 0) this.shrink(0);
    };
    return buffer;
  }

  /** Destroys buffers that nobody uses until they take no more than this. */
  private shrink(bytes: number): void {
    for (const [buffer, destroy] of this.idle) {
      if (this.idleBytes <= bytes) return;
      this.idle.delete(buffer);
      this.idleBytes -= buffer.size;
      destroy();
    }
  }
}
