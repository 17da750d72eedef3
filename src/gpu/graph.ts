// A traced program in two forms: ops as on the tape, and the launches that they become.
//
// Every tensor has an implicit leading axis of episodes: a program is traced for one call and run for many. On the GPU
// it is a block of (episodes, rows, columns), where the columns are the last axis of its shape and the rows all the
// others, so that no index grows beyond what a float counts exactly.
import type { Applied } from "../autodiff/index.js";
import { type DType, type ElementType, type Shape, sizeOf, typeNamed } from "../core/index.js";

let made = 0;

/** A tensor of a traced program. */
export class Value {
  readonly id = ++made;
  /** The owner of its numbers: itself, or the value that it is a view of. */
  readonly block: Value;
  /** Used by the backward sweep. */
  sweep = 0;
  /** Used by the backward sweep. */
  cotangent: object | undefined = undefined;

  constructor(
    readonly shape: Shape,
    readonly dtype: DType = "float32",
    base?: Value,
  ) {
    this.block = base?.block ?? this;
  }

  /** The type of its elements. */
  get type(): ElementType {
    return typeNamed(this.dtype);
  }

  /** Numbers in it, for one episode. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** The last axis, 1 for a scalar. */
  get columns(): number {
    return this.shape.length === 0 ? 1 : this.shape[this.shape.length - 1];
  }

  /** All axes except the last, as one. */
  get rows(): number {
    return sizeOf(this.shape.slice(0, -1));
  }
}

/** An op applied to values. */
export type Node = Applied<Value>;

/** A record of what a function does. */
export interface Trace {
  /** The leaves of the arguments, in order. */
  readonly inputs: readonly Value[];
  /** Numbers that do not come from the arguments. */
  readonly constants: Constants;
  readonly nodes: Node[];
  /** The indices in `nodes` at which steps of loops begin. */
  readonly marks: readonly number[];
  readonly outputs: readonly Value[];
}

/** Numbers that no call changes. Equal ones are one value, so they are stored on the GPU only once. */
export class Constants {
  readonly numbers = new Map<Value, Float32Array>();
  private readonly small = new Map<string, Value>();

  of(shape: Shape, dtype: DType, numbers: Float32Array): Value {
    const key = numbers.length <= 64 ? `${dtype}|${shape}|${new Uint32Array(numbers.buffer)}` : undefined;
    const known = key === undefined ? undefined : this.small.get(key);
    if (known) return known;
    const value = new Value(shape, dtype);
    this.numbers.set(value, numbers);
    if (key !== undefined) this.small.set(key, value);
    return value;
  }
}

/** One run of one kernel. */
export interface Launch {
  /** The kernel's body; arrays are A0, A1, ..., numbers N0, N1, ... */
  readonly body: string;
  readonly args: readonly Value[];
  readonly numbers: readonly number[];
  readonly out: Value;
  /** Another way to the same numbers, for devices that can take it. */
  readonly tile?: Tile;
}

/** A kernel whose threads each compute several neighbours in a row, so that these share what the thread reads. */
export interface Tile {
  /** As `Launch.body`, but it returns a list, and the thread's column counts lists. */
  readonly body: string;
  /** Numbers in a list. The columns of the result are a multiple of it. */
  readonly width: number;
}
