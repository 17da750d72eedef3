// Types of elements. Everything that differs between them is in the record of the type: nobody else multiplies by a
// number of bytes, compares names, or picks a view.
import { quote } from "./quote.js";
import { kernels, memoryBuffer } from "./runtime.js";
import { traced } from "./tracer.js";
import type { Kernels } from "./wasm.js";

/** Types of elements: floats for everything that is differentiated, int32 for labels and indices. */
export type DType = "float32" | "int32";

/** Elements of any type, in the memory or copied out of it. */
export type Elements = Float32Array | Int32Array;

/** The classes of `Elements`. */
type ElementsClass = new (buffer: ArrayBuffer) => Elements;

/** A type of element. */
export class ElementType {
  /** The memory as elements of this type. */
  private memory: Elements;
  private linked: Kernels | undefined = undefined;

  constructor(
    /** What it is called. */
    readonly name: DType,
    /** Bytes of an element. */
    readonly bytes: number,
    /** Whether its numbers have derivatives. */
    readonly isFloat: boolean,
    private readonly Elements: ElementsClass,
    private readonly link: () => Kernels,
    /** Throws for numbers that are none of this type, naming the first. */
    readonly check: (numbers: ArrayLike<number>) => void,
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

  /** The kernels that compute with elements of this type. */
  get kernels(): Kernels {
    this.linked ??= this.link();
    return traced(this.linked);
  }
}

/** Throws unless each of the numbers is one of int32's. */
function checkIntegers(numbers: ArrayLike<number>): void {
  if (numbers instanceof Int32Array) return;
  for (let i = 0; i < numbers.length; i++) {
    // Only whole numbers of 32 bits survive it.
    if ((numbers[i] | 0) === numbers[i]) continue;
    const cure = Number.isInteger(numbers[i]) ? "Use float32." : "Round it first, or use float32.";
    throw new RangeError(
      `[tensor] ${quote(numbers[i])} at ${i} is no int32: whole numbers from -2147483648 to 2147483647 are. ${cure}`,
    );
  }
}

/** Whatever is a number is a float. */
const checkNothing = (): void => undefined;

/** The records by name. */
const types: Record<DType, ElementType> = {
  float32: new ElementType("float32", 4, true, Float32Array, kernels, checkNothing),
  int32: new ElementType("int32", 4, false, Int32Array, kernels, checkIntegers),
};

/**
 * The record of a type.
 *
 * @throws TypeError for a name that is none.
 */
export function typeNamed(name: DType): ElementType {
  const type = types[name];
  return type instanceof ElementType ? type : refuse(name);
}

function refuse(name: unknown): never {
  throw new TypeError(`[tensor] there is no dtype ${quote(name)}: there are ${Object.keys(types).join(", ")}.`);
}
