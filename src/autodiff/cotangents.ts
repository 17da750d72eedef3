// The cotangents of a backward sweep, and the blocks they live in.
//
// A sweep that nobody differentiates frees as it unwinds: it knows exactly when a cotangent was used for the last time,
// so its blocks come from the persistent store and are used again, still warm in the cache, a few ops later. A sweep
// that is itself recorded keeps everything on the tape.

import { heap } from "../core/heap.js";
import {
  type DType,
  empty,
  kernels,
  type Owner,
  type Place,
  Region,
  type Shape,
  sameShape,
  showShape,
  Tensor,
} from "../core/index.js";
import { Outer } from "./op.js";
import { accumulate } from "./primitives.js";
import { apply } from "./tape.js";

/** A tensor in a block of its own that counts who still needs it. */
class Pooled extends Tensor {
  holders = 0;
}

/** Blocks that a backward sweep takes and gives back. */
class Pool implements Place, Owner {
  private fresh: Pooled[] = [];
  private readonly live = new Map<Pooled, Region>();

  make(shape: Shape, dtype: DType): Tensor {
    const region = new Region();
    let bytes = 4;
    for (const size of shape) bytes *= size;
    const tensor = new Pooled(shape, dtype, heap.allocate(bytes), region, this);
    this.live.set(tensor, region);
    this.fresh.push(tensor);
    return tensor;
  }

  hold(tensor: Tensor): void {
    if (tensor.base instanceof Pooled) tensor.base.holders++;
  }

  drop(tensor: Tensor): void {
    if (tensor.base instanceof Pooled && --tensor.base.holders === 0) this.free(tensor.base);
  }

  /** Whether nobody but the caller needs the whole block, so that it may be written into. */
  isOwn(tensor: Tensor): boolean {
    return tensor.base instanceof Pooled && tensor.base.holders === 1 && tensor.base.size === tensor.size;
  }

  /** Frees what a rule made on the way and nobody holds. */
  sweepFresh(): void {
    const { fresh } = this;
    this.fresh = [];
    for (const tensor of fresh) if (tensor.holders === 0) this.free(tensor);
  }

  close(): void {
    for (const tensor of [...this.live.keys()]) this.free(tensor);
    this.fresh = [];
  }

  dispose(): void {}

  private free(tensor: Pooled): void {
    const region = this.live.get(tensor);
    if (!region) return;
    heap.release(tensor.address, 4 * tensor.size);
    region.epoch++;
    this.live.delete(tensor);
  }
}

/** What arrived for one tensor so far: a whole tensor, outer products, or both. */
export interface Gathered {
  dense: Tensor | undefined;
  outers: Outer[];
}

/** The cotangent of every tensor that has one. Contributions are added in the order in which they come. */
export class Cotangents {
  private readonly gathered = new Map<Tensor, Gathered>();
  readonly pool: Pool | undefined;

  /** `recorded`: the sweep will be differentiated, so sums are ops and nothing is freed. */
  constructor(recorded: boolean) {
    this.pool = recorded ? undefined : new Pool();
  }

  add(op: string, tensor: Tensor, part: Tensor | Outer): void {
    const shape = part instanceof Outer ? [part.left.size, part.right.size] : part.shape;
    if (!sameShape(shape, tensor.shape)) {
      throw new Error(
        `[${op}] its rule gave a cotangent of shape ${showShape(shape)} for an input of shape ${showShape(tensor.shape)}.`,
      );
    }
    const sum = this.gathered.get(tensor) ?? { dense: undefined, outers: [] };
    this.gathered.set(tensor, sum);
    if (part instanceof Outer) {
      sum.outers.push(part);
      this.pool?.hold(part.left);
      this.pool?.hold(part.right);
    } else {
      sum.dense = sum.dense ? this.plus(sum.dense, part) : part;
      if (sum.dense === part) this.pool?.hold(part);
    }
  }

  has(tensor: Tensor): boolean {
    return this.gathered.has(tensor);
  }

  /** Removes and returns what arrived for `tensor`. The caller gives it to `drop` when it is done. */
  take(tensor: Tensor): Gathered | undefined {
    const sum = this.gathered.get(tensor);
    this.gathered.delete(tensor);
    return sum;
  }

  /** What arrived for `from` belongs to `to`: the same value under another handle. */
  rename(from: Tensor, to: Tensor): void {
    const sum = this.take(from);
    if (sum) this.gathered.set(to, sum);
  }

  drop(sum: Gathered): void {
    if (!this.pool) return;
    if (sum.dense) this.pool.drop(sum.dense);
    for (const { left, right } of sum.outers) {
      this.pool.drop(left);
      this.pool.drop(right);
    }
  }

  /** The whole cotangent as one tensor; the outer products are added in the order in which they came. */
  densify(sum: Gathered): Tensor {
    const { pool } = this;
    let { dense } = sum;
    if (!pool || sum.outers.length === 0) return dense!;
    for (const { left, right } of sum.outers) {
      const matrix = dense && pool.isOwn(dense) ? dense : empty([left.size, right.size]);
      if (!dense) {
        kernels().outer(matrix.address, left.address, right.address, left.size, right.size);
      } else {
        if (matrix !== dense) kernels().copy(matrix.address, dense.address, 4 * dense.size);
        kernels().outerAdd(matrix.address, left.address, right.address, left.size, right.size);
      }
      if (matrix !== dense) {
        pool.hold(matrix);
        if (dense) pool.drop(dense);
      }
      dense = matrix;
      pool.drop(left);
      pool.drop(right);
    }
    sum.outers = [];
    sum.dense = dense;
    return dense!;
  }

  /** Copies into the pool whatever lives in `region`, which is about to be released. */
  rescue(region: Region): void {
    const saved = new Map<Tensor, Tensor>();
    const safe = (tensor: Tensor): Tensor => {
      if (!tensor.livesIn(region)) return tensor;
      const copy = saved.get(tensor) ?? empty(tensor.shape);
      if (!saved.has(tensor)) kernels().copy(copy.address, tensor.address, 4 * tensor.size);
      saved.set(tensor, copy);
      this.pool!.hold(copy);
      return copy;
    };
    for (const sum of this.gathered.values()) {
      if (sum.dense) sum.dense = safe(sum.dense);
      sum.outers = sum.outers.map(({ left, right }) => new Outer(safe(left), safe(right)));
    }
    this.pool!.sweepFresh();
  }

  private plus(a: Tensor, b: Tensor): Tensor {
    if (!this.pool) return apply(accumulate, [a, b], undefined);
    if (this.pool.isOwn(a)) {
      kernels().add(a.address, a.address, b.address, 1, a.size, 0, 1, 0, 1);
      return a;
    }
    const sum = empty(a.shape);
    kernels().add(sum.address, a.address, b.address, 1, a.size, 0, 1, 0, 1);
    this.pool.hold(sum);
    this.pool.drop(a);
    return sum;
  }
}
