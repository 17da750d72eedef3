// Where tensors live, and until when.
// Inside a scope or a transform a tensor is a bump of the arena and dies when the scope ends; what the scope returns is
// copied outward. Outside every scope a tensor is a block of the persistent store, freed by `dispose`, by `using`, or,
// as a backstop, when the garbage collector finds its handle unreachable.
import { Arena, type Mark } from "./arena.js";
import { collector, type Holding } from "./collector.js";
import { type DType, type ElementType, type FloatKernels, typeNamed } from "./dtype.js";
import { heap, type Store } from "./heap.js";
import { checkKind } from "./options.js";
import { type Shape, sizeOf } from "./shape.js";
import { checkedSync } from "./synchronous.js";
import { type Owner, Region, Tensor } from "./tensor.js";
import { untraced } from "./tracer.js";
import { mapTensors } from "./tree.js";

/** A place where new tensors go. */
export interface Place {
  make(shape: Shape, type: ElementType): Tensor;
  /** A tensor that can be freed by itself, before the place ends. */
  makeLoose?(shape: Shape, type: ElementType): Tensor;
}

/** A block of the heap, and the tensor's region over it: what is left to free when nobody holds the tensor any more. */
class Block implements Owner, Holding {
  readonly kind = "tensors";
  readonly region: Region;
  index = -1;
  fresh: object | undefined = undefined;
  weak: WeakRef<object> | undefined = undefined;

  constructor(
    readonly address: number,
    readonly bytes: number,
    outer?: Region,
    private readonly store: Store = heap,
  ) {
    this.region = new Region(outer);
  }

  dispose(): boolean {
    collector.release(this);
    this.free();
    return true;
  }

  free(): void {
    this.region.epoch++;
    this.store.release(this.address, this.bytes);
  }
}

/** The persistent store as a place: each tensor is its own region. */
class Persistent implements Place {
  make(shape: Shape, type: ElementType): Tensor {
    if (planned) {
      throw new TypeError(
        "[compile] keep() in a compiled function has nothing to keep: each call computes anew. Return the tensor, and keep what is returned.",
      );
    }
    const bytes = type.bytes * sizeOf(shape);
    const block = new Block(heap.allocate(bytes), bytes);
    const tensor = new Tensor(shape, type, block.address, block.region, block);
    collector.hold(tensor, block);
    return tensor;
  }

  makeLoose(shape: Shape, type: ElementType): Tensor {
    return this.make(shape, type);
  }
}

/** A block that its scope frees, unless it was freed before. */
class LooseBlock extends Block {
  constructor(
    address: number,
    bytes: number,
    outer: Region,
    private readonly siblings: Set<LooseBlock>,
    store: Store,
  ) {
    super(address, bytes, outer, store);
    siblings.add(this);
  }

  override dispose(): boolean {
    this.siblings.delete(this);
    this.free();
    return true;
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
  private readonly blocks: { readonly address: number; readonly bytes: number }[] = [];
  /** What can be freed one by one; made when it is needed, which is rare. */
  private loose: Set<LooseBlock> | undefined = undefined;

  constructor(readonly arena: Arena) {
    this.mark = arena.mark();
    this.level = ++arena.scopes;
  }

  make(shape: Shape, type: ElementType): Tensor {
    const bytes = type.bytes * sizeOf(shape);
    const beneath = this.level < this.arena.scopes;
    const address = beneath ? this.arena.store.allocate(bytes) : this.arena.allocate(bytes);
    if (beneath) this.blocks.push({ address, bytes });
    return new Tensor(shape, type, address, this.region, this);
  }

  makeLoose(shape: Shape, type: ElementType): Tensor {
    const bytes = type.bytes * sizeOf(shape);
    this.loose ??= new Set();
    const { store } = this.arena;
    const block = new LooseBlock(store.allocate(bytes), bytes, this.region, this.loose, store);
    return new Tensor(shape, type, block.address, block.region, block);
  }

  /** Frees everything made here. */
  close(): void {
    arenaPeak = Math.max(arenaPeak, arenaUsed());
    this.open = false;
    this.region.epoch++;
    this.arena.release(this.mark);
    this.arena.scopes--;
    for (const { address, bytes } of this.blocks) this.arena.store.release(address, bytes);
    if (this.loose) for (const block of this.loose) block.free();
  }

  /** Tensors of a scope go with the scope, not one by one. */
  dispose(): boolean {
    return false;
  }
}

export const persistent = new Persistent();
let stack = new Arena();
let spare: Arena[] = [];
let borrowed = new Set<Arena>();
let arenaPeak = 0;
let place: Place = persistent;
let held = false;
/** Where constants of a program that is being compiled go: nothing else is ever put there. */
let planned: Place | undefined;

function arenaUsed(): number {
  let used = stack.used;
  for (const arena of borrowed) used += arena.used;
  return used;
}

/** The type of a tensor for which none is named. */
const standard = typeNamed("float32");

/** An uninitialised tensor in the current place. For kernels that write every element. */
export function empty(shape: Shape, dtype?: DType): Tensor {
  return place.make(shape, dtype === undefined ? standard : typeNamed(dtype));
}

/** The kernels that compute with the elements of `x`. */
export function kernelsOf(x: Tensor): FloatKernels {
  return x.type.kernels;
}

/** An uninitialised tensor of the type of `x`, and of its shape unless another is given. */
export function emptyLike(x: Tensor, shape = x.shape): Tensor {
  return place.make(shape, x.type);
}

/** An uninitialised tensor of a type, in the current place. */
export function emptyOf(type: ElementType, shape: Shape): Tensor {
  return place.make(shape, type);
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
  const arena = spare.pop() ?? (planned ? planArena(heap.lessee!) : new Arena());
  borrowed.add(arena);
  return arena;
}

/** Arenas that wait for the next borrower; more are given up. */
const MOST_SPARE = 8;

/** Takes a borrowed arena back; everything in it must be released. */
export function returnArena(arena: Arena): void {
  // One that was borrowed while a function was compiled belongs to its program.
  if (!borrowed.delete(arena)) return;
  if (spare.length < MOST_SPARE) spare.push(arena);
  else arena.trim();
}

heap.beforeGrowthFails = () => {
  for (const arena of [stack, ...borrowed, ...spare]) arena.trim();
};

/** The first chunk of an arena of a program that is being compiled. */
const PLAN_CHUNK_BYTES = 2 ** 12;

const planArena = (store: Store): Arena => new Arena(store, PLAN_CHUNK_BYTES);

/**
 * Runs `f`, in a scope, with all memory coming from `store`: arenas, loose blocks, and those of backward sweeps. What
 * `f` gives is taken out by `finish` before the scope ends.
 *
 * @param constants where tensors from numbers of the program go.
 */
export function planning<T, R>(store: Store, constants: Place, f: () => T, finish: (result: T) => R): R {
  const before = { stack, spare, borrowed, place, held, planned, lessee: heap.lessee };
  stack = planArena(store);
  spare = [];
  borrowed = new Set();
  held = false;
  planned = constants;
  heap.lessee = store;
  const scope = openScope();
  place = scope;
  try {
    return finish(checkedSync("compile", f()));
  } finally {
    scope.close();
    heap.lessee = before.lessee;
    ({ stack, spare, borrowed, place, held, planned } = before);
  }
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
  return tensor.copiedBy((shape, type) => place.make(shape, type));
}

/** Copies the leaves for which `leaves` is true to the current place; a leaf that occurs twice is copied once. */
export function copyOutward<T>(
  tree: T,
  leaves: (tensor: Tensor) => boolean,
  copyLeaf: (tensor: Tensor) => Tensor = copyOf,
): T {
  const copies = new Map<Tensor, Tensor>();
  return mapTensors(tree, (tensor) => {
    if (!leaves(tensor)) return tensor;
    const copy = copies.get(tensor) ?? copyLeaf(tensor);
    copies.set(tensor, copy);
    return copy;
  });
}

/**
 * Runs `f` and frees every tensor made in it but those it returns. Scopes nest; while a gradient is being recorded an
 * inner scope frees nothing. `f` must be synchronous.
 * @example const total = scope(() => random.normal(Key.of(0), [1000]).mul(0).sum()) // 0
 */
export function scope<T>(f: () => T extends PromiseLike<unknown> ? never : T): T {
  checkKind("scope", "what it runs", f, "a function");
  return held ? checkedSync("scope", f()) : freeing("scope", f);
}

collector.entrance = scope;

/** Whether the scope that is open now owns everything made: see `holding`. */
export const isHeld = (): boolean => held;

/**
 * Runs `f` in a scope of its own and gives what it returns, copied to the place of now.
 *
 * @param copy makes the copies; called in that place.
 */
export function freeing<T>(op: string, f: () => T, copy: (tensor: Tensor) => Tensor = copyOf): T {
  const outside = place;
  const inner = openScope();
  try {
    const result = checkedSync(op, within(inner, f));
    return within(outside, () => copyOutward(result, (tensor) => tensor.livesIn(inner.region), copy));
  } finally {
    inner.close();
  }
}

/**
 * Copies of the tensors that outlive every scope, until `dispose()`, the end of a `using` block, or the collector.
 *
 * @example
 * const kept = scope(() => keep(tensor([1, 2]).add(1)));
 * kept; // [2, 3]
 */
export function keep<T>(tree: T): T {
  return within(persistent, () => copyOutward(tree, () => true));
}

/** What the arenas have taken, use now and used at the most, in bytes. */
export function arenaUse(): { readonly reserved: number; readonly used: number; readonly peak: number } {
  const used = arenaUsed();
  arenaPeak = Math.max(arenaPeak, used);
  let reserved = stack.bytes;
  for (const arena of [...borrowed, ...spare]) reserved += arena.bytes;
  return { reserved, used, peak: arenaPeak };
}

/**
 * A tensor with these numbers, row-major, in the current place.
 *
 * @throws RangeError for a number that int32 cannot hold, if that is the type.
 */
export function fromNumbers(data: ArrayLike<number>, shape: Shape, dtype: DType): Tensor {
  typeNamed(dtype).check(data);
  const type = typeNamed(dtype);
  const out = (planned ?? place).make(shape, type);
  untraced(() => out.elements.set(data));
  return out;
}
