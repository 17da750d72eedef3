/// <reference lib="esnext.disposable" preserve="true" />
// Numbers that stay on a GPU between calls.
import {
  disposeSymbol,
  empty,
  fromNumbers,
  keep,
  leavesOf,
  openScope,
  type Tensor,
  within,
  withLeaves,
} from "../core/index.js";
import type { Backend, Block } from "./backend.js";
import { PlacedError } from "./errors.js";

/**
 * A tree of tensors whose numbers are on a GPU, made by `gpu.put` or by `keep` of a compiled function. It stands for
 * the whole tree wherever a function compiled for the same GPU takes one, and is never changed. It takes memory there
 * until `dispose()`, the end of a `using` block, or the end of the GPU.
 */
export class Placed<T> {
  /** Bytes that it takes on the GPU. */
  readonly bytes: number;
  readonly #device: Backend;
  readonly #tree: T;
  readonly #blocks: ReadonlyMap<Tensor, Block>;
  #ended = false;
  #users = 0;

  /**
   * @internal Use `gpu.put`.
   *
   * @param tree what `outlineOf` gives.
   */
  constructor(device: Backend, tree: T, blocks: readonly Block[]) {
    this.#device = device;
    this.#tree = tree;
    this.#blocks = new Map(leavesOf("gpu", tree).map(({ tensor }, i) => [tensor, blocks[i]]));
    this.bytes = blocks.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** False once it was disposed. */
  get alive(): boolean {
    return !this.#ended;
  }

  /**
   * A copy of the numbers on the CPU, in the structure of the tree.
   *
   * @throws PlacedError after `dispose()`, GpuLostError if the device went away.
   */
  async get(): Promise<T> {
    return this.use(this.#device, async (tree, blocks) => {
      const found: [Tensor, Float32Array][] = [];
      for (const [tensor, block] of blocks) found.push([tensor, await this.#device.download(block)]);
      return withLeaves(
        tree,
        found.map(([{ shape, dtype }, numbers]) => fromNumbers(numbers, shape, dtype)),
      );
    });
  }

  /** Frees the memory, once calls that are under way have ended. Doing so again does nothing. */
  dispose(): void {
    this.#ended = true;
    if (this.#users > 0) return;
    for (const [tensor, block] of this.#blocks) {
      tensor.dispose();
      block.free();
    }
  }

  /** `using placed = await gpu.put(tree)` frees the memory at the end of the block. */
  [disposeSymbol](): void {
    this.dispose();
  }

  /** @internal Shows the outline and the blocks of its leaves to `f`, and frees nothing meanwhile. */
  async use<R>(device: Backend, f: (tree: T, blocks: ReadonlyMap<Tensor, Block>) => Promise<R>): Promise<R> {
    if (this.#ended) {
      throw new PlacedError("[gpu] these numbers were disposed. Dispose them after their last use, or put them again.");
    }
    if (device !== this.#device) {
      throw new PlacedError("[gpu] these numbers are on another GPU. Put them on the one that computes with them.");
    }
    this.#users++;
    try {
      return await f(this.#tree, this.#blocks);
    } finally {
      this.#users--;
      if (this.#ended) this.dispose();
    }
  }
}

/**
 * The structure of a tree for `Placed`: tensors with shapes and types of which only whole numbers, which a program may
 * depend on, have their numbers on the CPU.
 */
export function outlineOf<T>(tree: T): T {
  const scope = openScope();
  try {
    const outlines = leavesOf("gpu", tree).map(({ tensor }) =>
      tensor.dtype === "int32" ? keep(tensor) : within(scope, () => empty(tensor.shape, tensor.dtype)),
    );
    return withLeaves(tree, outlines);
  } finally {
    scope.close();
  }
}
