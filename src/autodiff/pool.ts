// Where the cotangents of tensors are kept.
//
// A sweep that nobody differentiates frees as it unwinds: it knows exactly when a cotangent was used for the last time,
// so its blocks come from the persistent store and are used again, still warm in the cache, a few ops later. A sweep
// that is itself recorded keeps everything on the tape.
import {
  type ElementType,
  emptyLike,
  heap,
  kernelsOf,
  type Owner,
  type Place,
  Region,
  type Shape,
  sizeOf,
  Tensor,
} from "../core/index.js";
import type { CotangentStore } from "./cotangents.js";
import type { OuterProduct } from "./op.js";
import { accumulate, outerOp, sumOf } from "./primitives.js";
import { apply, currentBatching } from "./tape.js";

/** Sums are ops, which the tape keeps. */
export const recordedStore: CotangentStore<Tensor> = {
  plus: (a, b) => apply(accumulate, [a, b], undefined),
  plusProduct: (matrix, { left, right }) => sumOf(matrix, apply(outerOp, [left, right], undefined))!,
  hold: () => undefined,
  drop: () => undefined,
  settle: () => undefined,
};

/** A tensor in a block of its own that counts who still needs it. */
class Pooled extends Tensor {
  holders = 0;
  /** Neighbours in the list of the pool's live tensors. */
  newer: Pooled | undefined;
  older: Pooled | undefined;

  constructor(
    shape: Shape,
    type: ElementType,
    address: number,
    readonly home: Region,
    owner: Owner,
  ) {
    super(shape, type, address, home, owner);
  }
}

/** Blocks that a backward sweep takes and gives back. */
export class Pool implements Place, Owner, CotangentStore<Tensor> {
  private readonly fresh: Pooled[] = [];
  /** Regions of freed tensors. Their epoch has passed, so the next tensor can have them. */
  private readonly regions: Region[] = [];
  private newest: Pooled | undefined;

  make(shape: Shape, type: ElementType): Tensor {
    const address = heap.allocate(type.bytes * sizeOf(shape));
    const tensor = new Pooled(shape, type, address, this.regions.pop() ?? new Region(), this);
    if (this.newest) this.newest.newer = tensor;
    tensor.older = this.newest;
    this.newest = tensor;
    this.fresh.push(tensor);
    return tensor;
  }

  plus(a: Tensor, b: Tensor): Tensor {
    if (currentBatching()) {
      const sum = apply(accumulate, [a, b], undefined);
      this.hold(sum);
      this.drop(a);
      return sum;
    }
    if (this.isOwn(a)) {
      kernelsOf(a).add(a.address, a.address, b.address, 1, a.size, 0, 1, 0, 1);
      return a;
    }
    const sum = emptyLike(a);
    kernelsOf(sum).add(sum.address, a.address, b.address, 1, a.size, 0, 1, 0, 1);
    this.hold(sum);
    this.drop(a);
    return sum;
  }

  plusProduct(matrix: Tensor | undefined, { left, right }: OuterProduct): Tensor {
    if (currentBatching()) {
      const product = apply(outerOp, [left, right], undefined);
      if (matrix) return this.plus(matrix, product);
      this.hold(product);
      return product;
    }
    const sum = matrix && this.isOwn(matrix) ? matrix : emptyLike(left, [left.size, right.size]);
    if (!matrix) {
      kernelsOf(sum).outer(sum.address, left.address, right.address, left.size, right.size);
    } else {
      if (sum !== matrix) kernelsOf(sum).copy(sum.address, matrix.address, matrix.bytes);
      kernelsOf(sum).outerAdd(sum.address, left.address, right.address, left.size, right.size);
    }
    if (sum !== matrix) {
      this.hold(sum);
      if (matrix) this.drop(matrix);
    }
    return sum;
  }

  hold(tensor: Tensor): void {
    if (tensor.base instanceof Pooled) tensor.base.holders++;
  }

  drop(tensor: Tensor): void {
    if (tensor.base instanceof Pooled && --tensor.base.holders === 0) this.free(tensor.base);
  }

  /** Frees what a rule made on the way and nobody holds. */
  settle(): void {
    for (let tensor = this.fresh.pop(); tensor; tensor = this.fresh.pop()) if (tensor.holders === 0) this.free(tensor);
  }

  close(): void {
    while (this.newest) this.free(this.newest);
    this.fresh.length = 0;
  }

  dispose(): boolean {
    return false;
  }

  /** Whether nobody but the caller needs the whole block, so that it may be written into. */
  private isOwn(tensor: Tensor): boolean {
    return tensor.base instanceof Pooled && tensor.base.holders === 1 && tensor.base.size === tensor.size;
  }

  private free(tensor: Pooled): void {
    if (!tensor.alive) return;
    heap.release(tensor.address, tensor.bytes);
    tensor.home.epoch++;
    this.regions.push(tensor.home);
    if (tensor.older) tensor.older.newer = tensor.newer;
    if (tensor.newer) tensor.newer.older = tensor.older;
    else this.newest = tensor.older;
  }
}
