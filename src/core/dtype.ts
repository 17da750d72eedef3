// Types of elements. Everything that differs between them is in the record of the type: nobody else multiplies by a
// number of bytes, compares names, or picks a view.
import { checkIntegers, integerKernels } from "./integers.js";
import { quote } from "./quote.js";
import { kernels, memoryBuffer } from "./runtime.js";
import { traced } from "./tracer.js";
import type { Kernels } from "./wasm.js";

/** The types of float by name, the default first. */
export const floatNames = ["float32", "float64"] as const;

/** The name of a type of float. */
export type FloatName = (typeof floatNames)[number];

/**
 * Types of elements: floats for everything that is differentiated, int32 for labels, indices and counts. float64 is there once
 * `synaptape/float64` is imported.
 */
export type DType = FloatName | "int32";

/** Elements of any type, in the memory or copied out of it. */
export type Elements = Float32Array | Float64Array | Int32Array;

/** The kernels that each type of float has; of those that convert between two, float64 has both. */
export interface FloatKernels extends Omit<Kernels, "heapBase"> {
  toFloat32?(out: number, x: number, n: number): void;
  toFloat64?(out: number, x: number, n: number): void;
}

/** How to link modules of kernels that few programs need, by the name of the module. */
export type Links = Readonly<Record<string, () => object>>;

/** The classes of `Elements`. */
type ElementsClass = new (buffer: ArrayBuffer) => Elements;

/** How large and how small the numbers of a type are. */
export interface Limits {
  /** The largest finite number. */
  readonly largest: number;
  /** The largest power of two whose square is finite. */
  readonly largestSquarable: number;
  /** The least number above 0 that has all digits. */
  readonly leastNormal: number;
  /** The last number before 1. */
  readonly belowOne: number;
}

/** A type of element. */
export class ElementType {
  /** The memory as elements of this type. */
  private memory: Elements;
  private linked?: FloatKernels;
  private readonly more: Record<string, object> = {};

  constructor(
    /** What it is called. */
    readonly name: DType,
    /** Bytes of an element. */
    readonly bytes: number,
    /** Whether its numbers have derivatives. */
    readonly isFloat: boolean,
    /** How large and how small its numbers are. */
    readonly limits: Limits,
    private readonly Elements: ElementsClass,
    private readonly link: () => FloatKernels,
    /** Throws if the type cannot hold a number, and names the first such number. */
    readonly check: (numbers: ArrayLike<number>) => void,
    private readonly links?: Links,
  ) {
    this.memory = new Elements(new ArrayBuffer(0));
  }

  /**
   * The memory as elements of this type. Never hold it across a call that may allocate: growing detaches it (its length
   * becomes 0).
   */
  get view(): Elements {
    if (this.memory.length === 0) this.memory = new this.Elements(memoryBuffer());
    return this.memory;
  }

  /** An array of zeros of this type, outside the memory. */
  array(count: number): Elements {
    return new this.Elements(new ArrayBuffer(count * this.bytes));
  }

  /** The kernels that compute with elements of this type. */
  get kernels(): FloatKernels {
    this.linked ??= this.link();
    return traced(this.linked);
  }

  /** The kernels of the module `name` for this type: those that came with the type, otherwise those that `link` makes. */
  moreKernels<K extends object>(name: string, link: () => K): K {
    this.more[name] ??= (this.links?.[name] ?? link)();
    return traced(this.more[name] as K);
  }
}

/** Whatever is a number is a float. */
const checkNothing = (): void => undefined;

/** All names, in the order in which messages list them. */
const NAMES: readonly DType[] = [...floatNames, "int32"];

/** The kernels of int32. Ops that say they take any type use no others; a law holds them to it. */
function linkIntegers(): FloatKernels {
  return integerKernels(() => typeNamed("int32").view as Int32Array, kernels()) as FloatKernels;
}

const single: Limits = {
  largest: (2 - 2 ** -23) * 2 ** 127,
  largestSquarable: 2 ** 63,
  leastNormal: 2 ** -126,
  belowOne: 1 - 2 ** -24,
};
const double: Limits = {
  largest: Number.MAX_VALUE,
  largestSquarable: 2 ** 511,
  leastNormal: 2 ** -1022,
  belowOne: 1 - 2 ** -53,
};
const integer: Limits = { largest: 2 ** 31 - 1, largestSquarable: 2 ** 15, leastNormal: 1, belowOne: 0 };

/** The records by name. */
const types: Record<Exclude<DType, "float64">, ElementType> & { float64?: ElementType } = {
  float32: new ElementType("float32", 4, true, single, Float32Array, kernels, checkNothing),
  int32: new ElementType("int32", 4, false, integer, Int32Array, linkIntegers, checkIntegers),
};

/**
 * The record of a type.
 *
 * @throws TypeError for an unknown name.
 */
export function typeNamed(name: DType): ElementType {
  const type = types[name];
  return type instanceof ElementType ? type : refuse(name);
}

/** The float with the most digits that is there: float64 if it is loaded. */
export const widestFloat = (): FloatName => (types.float64 ? "float64" : "float32");

/**
 * Makes float64 a type, with kernels that `link` compiles when they are first needed, and those of other modules that
 * `links` compiles. Called by `synaptape/float64`.
 */
export function addFloat64(link: () => FloatKernels, links: Links): void {
  types.float64 ??= new ElementType("float64", 8, true, double, Float64Array, link, checkNothing, links);
}

function refuse(name: unknown): never {
  if (name === "float64") {
    throw new TypeError('[tensor] float64 is not loaded. Write `import "synaptape/float64"` once, before it is used.');
  }
  throw new TypeError(`[tensor] there is no dtype ${quote(name)}: there are ${NAMES.join(", ")}.`);
}
