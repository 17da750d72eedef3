// Where tensors live, and until when.
//
// Inside a scope or a transform a tensor is a bump of the arena and dies when the scope ends; what the scope returns is
// copied outward. Outside every scope a tensor is a block of the persistent store, freed by `dispose`, by `using`, or,
// as a backstop, when the garbage collector finds its handle unreachable.
import { Arena, type Mark } from "./arena.js";
import { collector, type Holding } from "./collector.js";
import { heap } from "./heap.js";
import { quote } from "./quote.js";
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
}

/** The persistent store as a place: each tensor is its own region. */
class Persistent implements Place, Owner {
  live = 0;
  private readonly holdings = new WeakMap<Tensor, Holding>();

  make(shape: Shape, dtype: DType): Tensor {
    const bytes = 4 * sizeOf(shape);
    const address = heap.allocate(bytes);
    const region = new Region();
    const holding = {
      bytes,
      free: () => {
        region.epoch++;
        heap.release(address, bytes);
        this.live--;
      },
    };
    const tensor = new Tensor(shape, dtype, address, region, this);
    this.holdings.set(tensor, holding);
    this.live++;
    collector.hold(tensor, holding);
    return tensor;
  }

  dispose(tensor: Tensor): boolean {
    const holding = this.holdings.get(tensor)!;
    collector.release(holding);
    holding.free();
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
  private readonly blocks: Block[] = [];

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
  dispose(): boolean {
    return false;
  }
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
  return held ? checkedSync("scope", f()) : freeing("scope", f);
}

function checkedSync<T>(op: string, result: T): T {
  if (!(result instanceof Promise)) return result;
  throw new TypeError(
    `[${op}] the function is asynchronous; it returned a promise, and what it made is freed by now. Await outside of it.`,
  );
}

/** Runs `f` in a scope of its own and gives what it returns, copied to the current place. */
function freeing<T>(op: string, f: () => T): T {
  const outside = place;
  const inner = openScope();
  try {
    const result = checkedSync(op, within(inner, f));
    return within(outside, () => copyOutward(result, (tensor) => tensor.livesIn(inner.region)));
  } finally {
    inner.close();
  }
}

/** Tensors that `advance` made: it may free them when it is given them back. */
const carried = new WeakSet<Tensor>();

/**
 * One step of a loop by hand, in memory that does not grow: runs `f` on the carry, frees every tensor made on the way but
 * those of the carry that it returns, and then those of the carry before that `advance` had made. Tensors that you made
 * yourself, and those that the new carry holds on to, stay.
 *
 * ```ts
 * let carry = { params, state, step: 0 };
 * for (let k = 0; k < 100_000; k++) {
 *   carry = advance(carry, ({ params, state, step }) => ({
 *     ...optimizer.step(params, grad(loss)(params), state),
 *     step: step + 1,
 *   }));
 * }
 * ```
 *
 * The carry is any tree of tensors and other values. Between two steps you may await. A tensor of an earlier carry that is
 * used after it was freed says so; `keep` a copy of what you want to hold. Inside `loop` and in a function that is
 * differentiated, earlier carries stay, since the way back reads them. If `f` throws, the carry that it was given stays as it was.
 *
 * @throws TypeError for an asynchronous `f`.
 */
export function advance<C>(carry: C, f: (carry: C) => C extends PromiseLike<unknown> ? never : C): C {
  if (held) return checkedSync("advance", f(carry)) as C;
  // The steps of a loop are run again from carries that it stores: there the loop says what is freed.
  const byHand = place === persistent || (place instanceof Scope && place.arena === stack);
  if (!byHand) return freeing("advance", () => f(carry)) as C;
  const next = within(persistent, () => freeing("advance", () => f(carry))) as C;
  const stays = new Set<Tensor>();
  mapTensors(next, (tensor) => {
    stays.add(tensor.base);
    carried.add(tensor.base);
    return tensor;
  });
  mapTensors(carry, (tensor) => {
    if (carried.has(tensor.base) && !stays.has(tensor.base)) tensor.end("advanced");
    return tensor;
  });
  return next;
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
  if (debug !== undefined && typeof debug !== "boolean") {
    throw new TypeError(`[configure] debug is ${quote(debug)}: it is true or false.`);
  }
  configureRuntime(sizes);
  if (debug !== undefined) traceOrigins(debug);
}

/** Throws unless each of the numbers is one of int32's. */
function checkIntegers(data: ArrayLike<number>): void {
  for (let i = 0; i < data.length; i++) {
    // Only whole numbers of 32 bits survive it.
    if ((data[i] | 0) === data[i]) continue;
    const cure = Number.isInteger(data[i]) ? "Use float32." : "Round it first, or use float32.";
    throw new RangeError(
      `[tensor] ${quote(data[i])} at ${i} is no int32: whole numbers from -2147483648 to 2147483647 are. ${cure}`,
    );
  }
}

/**
 * A tensor with these numbers, row-major, in the current place.
 *
 * @throws RangeError for a number that int32 cannot hold, if that is the type.
 */
export function fromNumbers(data: ArrayLike<number>, shape: Shape, dtype: DType): Tensor {
  if (dtype === "int32" && !(data instanceof Int32Array)) checkIntegers(data);
  const out = empty(shape, dtype);
  (dtype === "float32" ? f32() : i32()).set(data, out.address / 4);
  return out;
}
