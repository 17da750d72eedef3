// Where tensors live, and until when.
//
// Inside a scope or a transform a tensor is a bump of the arena and dies when the scope ends; what the scope returns is
// copied outward. Outside every scope a tensor is a block of the persistent store, freed by `dispose`, by `using`, or,
// as a backstop, when the garbage collector finds its handle unreachable.
import { Arena, type Mark } from "./arena.js";
import { heap } from "./heap.js";
import { configure as configureRuntime, f32, i32, kernels, type MemoryOptions, memoryBytes } from "./runtime.js";
import { type Shape, sizeOf } from "./shape.js";
import { type DType, type Owner, Region, Tensor, traceOrigins } from "./tensor.js";
import { mapTensors } from "./tree.js";

/** A place where new tensors go. */
export interface Place {
  make(shape: Shape, dtype: DType): Tensor;
}

interface Block {
  readonly address: number;
  readonly bytes: number;
  readonly region: Region;
}

/** The persistent store as a place: each tensor is its own region. */
class Persistent implements Place, Owner {
  live = 0;
  private readonly registry = new FinalizationRegistry<Block>((block) => this.free(block));
  private readonly blocks = new WeakMap<Tensor, Block>();

  make(shape: Shape, dtype: DType): Tensor {
    const bytes = 4 * sizeOf(shape);
    const block = { address: heap.allocate(bytes), bytes, region: new Region() };
    const tensor = new Tensor(shape, dtype, block.address, block.region, this);
    this.blocks.set(tensor, block);
    this.registry.register(tensor, block, block);
    this.live++;
    return tensor;
  }

  dispose(tensor: Tensor): void {
    const block = this.blocks.get(tensor)!;
    this.registry.unregister(block);
    this.free(block);
  }

  private free(block: Block): void {
    block.region.epoch++;
    heap.release(block.address, block.bytes);
    this.live--;
  }
}

/** A stretch of an arena, from its making to `close`. */
export class Scope implements Place, Owner {
  readonly region = new Region();
  /** False once closed. */
  open = true;
  private readonly mark: Mark;
  private readonly level: number;
  /** What was made here while an inner scope was open: in the arena it would go when the inner scope closes. */
  private readonly blocks: Omit<Block, "region">[] = [];

  constructor(readonly arena: Arena) {
    this.mark = arena.mark();
    this.level = ++arena.scopes;
  }

  make(shape: Shape, dtype: DType): Tensor {
    const bytes = 4 * sizeOf(shape);
    const beneath = this.level < this.arena.scopes;
    const address = beneath ? heap.allocate(bytes) : this.arena.allocate(bytes);
    if (beneath) this.blocks.push({ address, bytes });
    return new Tensor(shape, dtype, address, this.region, this);
  }

  /** Frees everything made here. */
  close(): void {
    arenaPeak = Math.max(arenaPeak, arenaUsed());
    this.open = false;
    this.region.epoch++;
    this.arena.release(this.mark);
    this.arena.scopes--;
    for (const { address, bytes } of this.blocks) heap.release(address, bytes);
  }

  /** Tensors of a scope go with the scope, not one by one. */
  dispose(): void {}
}

export const persistent = new Persistent();
const stack = new Arena();
const spare: Arena[] = [];
const borrowed = new Set<Arena>();
let arenaPeak = 0;
let place: Place = persistent;
let held = false;

function arenaUsed(): number {
  let used = stack.used;
  for (const arena of borrowed) used += arena.used;
  return used;
}

/** An uninitialised tensor in the current place. For kernels that write every element. */
export function empty(shape: Shape, dtype: DType = "float32"): Tensor {
  return place.make(shape, dtype);
}

/** The place that new tensors go to now. */
export function currentPlace(): Place {
  return place;
}

/** Runs `f` with new tensors going to `where`. */
export function within<T>(where: Place, f: () => T): T {
  const before = place;
  place = where;
  try {
    return f();
  } finally {
    place = before;
  }
}

/** Opens a scope on the arena stack. The caller closes it, in reverse order of opening. */
export function openScope(): Scope {
  return new Scope(stack);
}

/** Lends an arena beside the stack, for what outlives the step that made it but not the next one. */
export function borrowArena(): Arena {
  const arena = spare.pop() ?? new Arena();
  borrowed.add(arena);
  return arena;
}

/** Takes a borrowed arena back; everything in it must be released. */
export function returnArena(arena: Arena): void {
  borrowed.delete(arena);
  spare.push(arena);
}

/**
 * Runs `f` while the scope that is open now owns everything made: inner scopes free nothing. A recording tape needs it,
 * since a derivative of a derivative reads the inner intermediates.
 */
export function holding<T>(hold: boolean, f: () => T): T {
  const before = held;
  held = hold;
  try {
    return f();
  } finally {
    held = before;
  }
}

/** A copy of `tensor` in the current place. */
export function copyOf(tensor: Tensor): Tensor {
  const out = empty(tensor.shape, tensor.dtype);
  kernels().copy(out.address, tensor.address, 4 * tensor.size);
  return out;
}

/** Copies the leaves for which `leaves` is true to the current place; a leaf that occurs twice is copied once. */
export function copyOutward<T>(tree: T, leaves: (tensor: Tensor) => boolean): T {
  const copies = new Map<Tensor, Tensor>();
  return mapTensors(tree, (tensor) => {
    if (!leaves(tensor)) return tensor;
    const copy = copies.get(tensor) ?? copyOf(tensor);
    copies.set(tensor, copy);
    return copy;
  });
}

/**
 * Runs `f` and frees every tensor made in it but those it returns. Scopes nest; while a gradient is being recorded an
 * inner scope frees nothing. `f` must be synchronous.
 */
export function scope<T>(f: () => T extends PromiseLike<unknown> ? never : T): T {
  const run = (): T => {
    const result = f();
    if (result instanceof Promise) {
      throw new TypeError(
        "[scope] the function is asynchronous; a scope ends when it returns. Await outside the scope.",
      );
    }
    return result;
  };
  if (held) return run();
  const outside = place;
  const inner = openScope();
  try {
    const result = within(inner, run);
    return within(outside, () => copyOutward(result, (tensor) => tensor.livesIn(inner.region)));
  } finally {
    inner.close();
  }
}

/** Copies of the tensors that outlive every scope, until `dispose()`, the end of a `using` block, or the collector. */
export function keep<T>(tree: T): T {
  return within(persistent, () => copyOutward(tree, () => true));
}

/** What `memory.stats()` tells, in bytes but for `live`. */
export interface MemoryStats {
  /** In blocks of the persistent store: kept tensors and gradients under way. */
  readonly persistentBytes: number;
  /** In scopes and tapes now. */
  readonly arenaBytes: number;
  /** The most there ever was in scopes and tapes. */
  readonly arenaPeak: number;
  /** Number of persistent tensors. */
  readonly live: number;
  /** What the whole linear memory holds; it never shrinks. */
  readonly memoryBytes: number;
}

function chunkBytes(): number {
  let sum = stack.bytes;
  for (const arena of [...borrowed, ...spare]) sum += arena.bytes;
  return sum;
}

/** The state of the linear memory. */
export const memory = {
  stats(): MemoryStats {
    const arenaBytes = arenaUsed();
    arenaPeak = Math.max(arenaPeak, arenaBytes);
    return {
      persistentBytes: heap.used - chunkBytes(),
      arenaBytes,
      arenaPeak,
      live: persistent.live,
      memoryBytes: memoryBytes(),
    };
  },
};

/** Sets sizes (see `MemoryOptions`) and, with `debug`, whether each tensor remembers where it was made. */
export function configure(options: MemoryOptions & { debug?: boolean }): void {
  const { debug, ...sizes } = options;
  configureRuntime(sizes);
  if (debug !== undefined) traceOrigins(debug);
}

/** A tensor with these numbers, row-major, in the current place. */
export function fromNumbers(data: ArrayLike<number>, shape: Shape, dtype: DType): Tensor {
  const out = empty(shape, dtype);
  (dtype === "float32" ? f32() : i32()).set(data, out.address / 4);
  return out;
}
