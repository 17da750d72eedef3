/// <reference lib="esnext.disposable" preserve="true" />
// A tensor is a handle: a place in the linear memory, a shape, and the epoch of the region it lives in. It is
// immutable and carries no mathematics; `ops` adds the methods.
import { callSite } from "./call-site.js";
import type { DType, Elements, ElementType } from "./dtype.js";
import { type Shape, showShape, sizeOf } from "./shape.js";
import { tracer } from "./tracer.js";

/** How tensors die: whose doing it is, and what to do about it. */
const ends = {
  scope: ["scope", "died with its scope. Return it from the scope, or keep() it."],
  disposed: ["dispose", "was disposed. Dispose a tensor after its last use."],
  advanced: ["advance", "was replaced by advance(). Use the carry that it returned, or keep() what you want to hold."],
} as const;

/** A way to die. */
export type End = keyof typeof ends;

/** What lives and dies together. Releasing a region raises its epoch, and every handle of an older epoch is dead. */
export class Region {
  epoch = 0;
  /** How its tensors died. */
  end: End = "scope";
  /** Where, if somebody noted it. */
  place: Error | undefined = undefined;
  /** The place for which `advance` made its tensor, if it did. Belongs to `advance`. */
  carrier: object | undefined = undefined;

  /** `outer`: the region that this one lies in and dies with, at the latest. */
  constructor(readonly outer?: Region) {}

  /** Whether this is `region`, or lies in it. */
  liesIn(region: Region): boolean {
    return this === region || this.outer === region;
  }
}

/** A handle means nothing to another thread, and cloning one says so. Engines read this on the way. */
const HANDLE_ONLY = {
  get numbers(): never {
    throw new TypeError(
      "[tensor] a tensor cannot be cloned or posted: its numbers lie in the memory of this thread. " +
        "Send tensor.data() and tensor.shape, or the bytes that encode() of synaptape/io makes of a tree.",
    );
  },
};

/** `Symbol.dispose`, also where the engine does not know it yet. */
export const disposeSymbol: typeof Symbol.dispose = Symbol.dispose ?? (Symbol.for("Symbol.dispose") as never);

/** The mark of tensors of every copy of this library: if it is loaded twice, each has a memory of its own. */
const BRAND = Symbol.for("synaptape.tensor");

/** Whether `value` is a tensor of another copy of this library, whose numbers lie in another memory. */
export function isForeign(value: unknown): boolean {
  return typeof value === "object" && value !== null && BRAND in value && !(value instanceof Tensor);
}

let made = 0;
let origins: WeakMap<Tensor, Error> | undefined;

/**
 * Remember from now on where each tensor is made, for the message about a dead one, and freeze shapes. Costs about 2 µs a
 * tensor. Shapes are not frozen otherwise because engines copy frozen lists slowly: a small op takes 1.2 to 2.1 times as long.
 */
export function traceOrigins(on: boolean): void {
  origins = on ? new WeakMap() : undefined;
}

/** Whether it is remembered where tensors are made. */
export const tracesOrigins = (): boolean => origins !== undefined;

/** How many tensors were made so far; a tensor's `id` below an earlier count was made before it. */
export function tensorCount(): number {
  return made;
}

/** What an owner (a scope, the persistent store, a backward sweep) knows about a tensor's block. */
export interface Owner {
  /** Frees the block at once, if this owner frees blocks one by one; says whether it did. */
  dispose(tensor: Tensor): boolean;
}

/**
 * An immutable array of numbers, row-major, rank 0 to 6. Made by `tensor`, `zeros`, an op, ...; see `scope` for its life.
 *
 * @example
 * const x = tensor([[1, 2], [3, 4]]);
 * x.matmul(x).add(1); // [[8, 11], [16, 23]]
 * x.data(); // [1, 2, 3, 4]
 */
export class Tensor {
  /** @internal Said once more, since bundlers give classes that name themselves other names. */
  static readonly name = "Tensor";
  // Consoles without a formatter show the first of the fields, so the telling ones come first.
  /** Sizes of the axes; `[]` for a scalar. */
  readonly shape: Shape;
  /** Number of elements. */
  readonly size: number;
  /** Type of the elements. */
  readonly dtype: DType;
  /** Throws where the handle is cloned, before what else could not be cloned is looked at. */
  protected readonly handle = HANDLE_ONLY;
  /** The record of the elements' type. Belongs to the library; `dtype` is its name. */
  readonly type: ElementType;
  /** Order of making: smaller is older. */
  readonly id = ++made;
  /** The tensor whose block this one looks into: itself, or for a view the one it was made from. */
  readonly base: Tensor;
  /** Byte offset; only `address` should read it, since that checks that the tensor is alive. */
  private offset: number;
  private readonly region: Region;
  private readonly epoch: number;
  private readonly owner: Owner;
  /** Which backward sweep found that this tensor depends on its parameters. Belongs to `autodiff`. */
  sweep = 0;
  /** Its cotangents so far in the backward sweeps that are under way, the innermost first. Belongs to `autodiff`. */
  cotangent: object | undefined = undefined;

  constructor(shape: Shape, type: ElementType, offset: number, region: Region, owner: Owner, base?: Tensor) {
    this.shape = origins === undefined ? shape : Object.freeze(shape.slice());
    this.size = sizeOf(shape);
    this.dtype = type.name;
    this.type = type;
    this.offset = offset;
    this.region = region;
    this.epoch = region.epoch;
    this.owner = owner;
    this.base = base ?? this;
    origins?.set(this, new Error());
  }

  /** @internal See `isForeign`. */
  get [BRAND](): true {
    return true;
  }

  /** Bytes of all elements. */
  get bytes(): number {
    return this.type.bytes * this.size;
  }

  /** Number of axes. */
  get rank(): number {
    return this.shape.length;
  }

  /** Byte offset of the first element in the linear memory. Throws if the tensor died with its scope. */
  get address(): number {
    if (this.region.epoch !== this.epoch) throw this.deadError();
    if (tracer !== undefined) tracer.sees(this);
    return this.offset;
  }

  /** Byte offset of an element, which is counted row-major. */
  addressOf(element: number): number {
    return this.address + this.type.bytes * element;
  }

  /** The place of the first element in the view of the type. */
  private get first(): number {
    return this.address / this.type.bytes;
  }

  /** False once the scope that owns this tensor has ended, or it was disposed. */
  get alive(): boolean {
    return this.region.epoch === this.epoch;
  }

  /** Whether this tensor's block belongs to `region`. */
  livesIn(region: Region): boolean {
    return this.region.liesIn(region);
  }

  /** The same numbers from element `start` on under another shape; shares the block and its life. */
  view(shape: Shape, start = 0): Tensor {
    return new Tensor(shape, this.type, this.addressOf(start), this.region, this.owner, this.base);
  }

  /** Moves a view that nobody keeps to other numbers of its block. Belongs to the library. */
  shift(elements: number): void {
    this.offset += this.type.bytes * elements;
  }

  /** A copy of the numbers, row-major. */
  data(): Elements {
    tracer?.reads(this, "data()");
    const first = this.first;
    return this.type.view.slice(first, first + this.size);
  }

  /** A tensor with the same numbers in a block that `make` gives. Belongs to the library. */
  copiedBy(make: (shape: Shape, type: ElementType) => Tensor): Tensor {
    const copy = make(this.shape, this.type);
    this.type.kernels.copy(copy.address, this.address, this.bytes);
    return copy;
  }

  /** The tensor that holds the numbers: this one, unless it is a handle inside `vmap`. Belongs to the library. */
  get storage(): Tensor {
    return this;
  }

  /** What decides how long the block lives, for a handle that shares it. Belongs to the library. */
  get life(): { readonly region: Region; readonly owner: Owner } {
    return { region: this.region, owner: this.owner };
  }

  /** The numbers themselves. Belongs to the library; holds as long as nothing is allocated. */
  get elements(): Elements {
    tracer?.reads(this, "elements");
    const first = this.first;
    return this.type.view.subarray(first, first + this.size);
  }

  /** The number of a tensor that holds just one. */
  item(): number {
    if (this.size !== 1) {
      throw new RangeError(
        `[item] the tensor has shape ${showShape(this.shape)}; item() reads a single number. Use data().`,
      );
    }
    tracer?.reads(this, "item()");
    return this.type.view[this.first];
  }

  /** The numbers as nested arrays; a number for a scalar. */
  toArray(): NestedNumbers {
    const data = this.data();
    let at = 0;
    const nest = (axis: number): NestedNumbers =>
      axis === this.rank ? data[at++] : Array.from({ length: this.shape[axis] }, () => nest(axis + 1));
    return nest(0);
  }

  /** Frees a kept tensor now. One that lives in a scope needs no call: its scope frees it. */
  dispose(): void {
    this.end("disposed");
  }

  /** Frees a kept tensor, and remembers how and where for those who use it afterwards. */
  end(how: End, place?: Error): void {
    if (!this.alive || !this.owner.dispose(this.base)) return;
    this.region.end = how;
    this.region.place = place;
  }

  [disposeSymbol](): void {
    this.dispose();
  }

  toString(): string {
    const digits = (x: number): string => String(this.type.isFloat ? Number(x.toPrecision(6)) : x);
    const shown = Array.from(this.data().subarray(0, 8), digits).join(", ");
    return `Tensor ${showShape(this.shape)} ${this.dtype} [${shown}${this.size > 8 ? ", ..." : ""}]`;
  }

  /** What `JSON.stringify` writes: the numbers as nested arrays. NaN and the infinities become null. */
  toJSON(): NestedNumbers {
    return this.toArray();
  }

  /** `toString()`, or how a tensor that is dead died: never throws. */
  describe(): string {
    return this.alive
      ? this.toString()
      : `Tensor ${showShape(this.shape)} ${this.dtype}, which ${ends[this.region.end][1]}`;
  }

  /** What Node's `console.log` shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.describe();
  }

  /** A text in a text; everywhere else operators are refused, since JavaScript gives them to nobody. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.toString();
    throw new TypeError(
      "[tensor] operators such as + and < do not work on tensors. Write a.add(b), a.less(b), and so on; " +
        "a.item() is the number of a tensor that holds just one.",
    );
  }

  private deadError(): Error {
    const error = origins?.get(this);
    const where = error ? `, made at ${callSite(error)},` : "";
    const hint = error ? "" : " (configure({ debug: true }) tells where it was made.)";
    const { end: how, place } = this.region;
    const [op, end] = ends[how];
    const told = place ? end.replace("advance()", `advance() at ${callSite(place)}`) : end;
    return new RangeError(`[${op}] this ${showShape(this.shape)} tensor${where} ${told}${hint}`);
  }
}

/** A number, or arrays of arrays of numbers. */
export type NestedNumbers = number | readonly NestedNumbers[];
