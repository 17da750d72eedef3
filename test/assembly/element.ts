// The type whose kernels are under test. The tests of kernels that are compiled for both types are written once, for an
// element; float64.shared.test.ts runs them a second time, with the flag below set before this file is loaded.

const flags = globalThis as { testFloat64?: boolean };

/** Whether the element is a float64. */
export const DOUBLE: boolean = flags.testFloat64 === true;

/** Arrays of elements. In the eyes of the compiler they are always float32, as the two differ in nothing the tests use. */
export const Floats = (DOUBLE ? Float64Array : Float32Array) as Float32ArrayConstructor;

/** Bytes of an element. */
export const BYTES: number = Floats.BYTES_PER_ELEMENT;

/** Elements of a vector. */
export const LANES = 16 / BYTES;

/** To the nearest element. */
export const round: (x: number) => number = DOUBLE ? (x) => x : Math.fround;
