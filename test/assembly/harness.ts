// Calls kernels the hard way. Operands lie between guard words, at addresses that are multiples of 4 and rarely of 16,
// and each call is repeated with every operand in turn at the very end of memory, where one byte too many traps.
import fc from "fast-check";
import { expect } from "vitest";
import { instantiateCore, type Kernels, linkKernels } from "../../src/core/wasm.js";
import { wasmHex } from "../../src/float64/wasm.generated.js";
import { type Kernels as Special, wasmHex as specialHex } from "../../src/special/wasm.generated.js";
import { BYTES, DOUBLE, Floats } from "./element.js";

export type Words = Float32Array | Int32Array;

const core = instantiateCore(DOUBLE ? 2 ** 19 : 2 ** 18);
export const memory = core.memory;

/** The kernels of the element. The core says where the heap begins. */
export const kernels: Kernels & Special = DOUBLE
  ? { ...core.kernels, ...linkKernels<Kernels & Special>(wasmHex, memory) }
  : { ...core.kernels, ...linkKernels<Special>(specialHex, memory) };

const GUARD = 0x7fa5a5a5;
const GUARD_WORDS = 5;
const all = new Uint32Array(memory.buffer);
/** Memory as it was before a call; made once, since a new copy for each call takes longer than the call. */
const before = all.slice();

/** A fixed seed: a failure of one run is a failure of all. */
export const law = { seed: 20260501, numRuns: 60 } as const;

const wordsOf = (x: Words) => new Uint32Array(x.buffer, x.byteOffset, x.byteLength / 4);

/** Words of n elements. */
const inWords = (n: number) => (n * BYTES) / 4;

/** Lays the operands out one after another, operand `last` at the end of memory; answers their word indices. */
function layOut(operands: readonly Uint32Array[], last: number): number[] {
  let next = Math.ceil(kernels.heapBase() / 4) + GUARD_WORDS;
  const indices = operands.map((operand, i) => {
    if (i === last) return all.length - operand.length;
    const at = next;
    next += operand.length + GUARD_WORDS;
    return at;
  });
  const end = last < 0 ? all.length : indices[last];
  if (next > end) throw new Error(`the test's operands do not fit: ${next} > ${end} words.`);
  all.fill(GUARD, Math.ceil(kernels.heapBase() / 4));
  operands.forEach((operand, i) => {
    all.set(operand, indices[i]);
  });
  return indices;
}

/** What memory must hold afterwards, but for the outputs: compared whole, so a stray write shows wherever it went. */
function expectUntouched(indices: readonly number[], outputs: ReadonlyMap<number, number>): void {
  for (const [operand, length] of outputs)
    before.set(all.subarray(indices[operand], indices[operand] + length), indices[operand]);
  if (Buffer.compare(new Uint8Array(before.buffer), new Uint8Array(all.buffer)) === 0) return;
  for (let i = 0; i < before.length; i++) {
    if (before[i] !== all[i]) throw new Error(`word ${i} was written; operands start at words ${indices.join(", ")}.`);
  }
}

/**
 * Calls a kernel with one output of `size` elements and the given inputs, and answers the output. `kernel` gets the
 * output's address, then the inputs'. Nothing but the output may change, in any layout, and all layouts must agree.
 */
export function run(
  size: number,
  inputs: readonly Words[],
  kernel: (out: number, ...inputs: number[]) => void,
): Float32Array {
  const junk = new Uint32Array(inWords(size)).fill(0x7fbadbad);
  const operands = [junk, ...inputs.map(wordsOf)];
  let result: Uint32Array | undefined;
  for (let last = -1; last < operands.length; last++) {
    const indices = layOut(operands, last);
    before.set(all);
    const [out, ...rest] = indices.map((i) => i * 4);
    kernel(out, ...rest);
    expectUntouched(indices, new Map([[0, inWords(size)]]));
    const now = all.slice(indices[0], indices[0] + inWords(size));
    if (result) expectBits(new Floats(now.buffer), new Floats(result.buffer), `layout ${last}`);
    result ??= now;
  }
  return new Floats(result!.buffer);
}

/** Calls a kernel whose output is its first operand, and answers what became of it. */
export function runInPlace(
  x: Words,
  others: readonly Words[],
  kernel: (x: number, ...others: number[]) => void,
): Float32Array {
  const indices = layOut([wordsOf(x), ...others.map(wordsOf)], 0);
  before.set(all);
  const [first, ...rest] = indices.map((i) => i * 4);
  kernel(first, ...rest);
  expectUntouched(indices, new Map([[0, wordsOf(x).length]]));
  return new Floats(all.slice(indices[0], indices[0] + wordsOf(x).length).buffer);
}

/** Calls a kernel that answers a number. */
export function ask(inputs: readonly Words[], kernel: (...inputs: number[]) => number): number {
  let answer = Number.NaN;
  run(0, inputs, (_, ...addresses) => {
    answer = kernel(...addresses);
  });
  return answer;
}

/** The same bits, element by element; all NaNs count as one. */
export function expectBits(actual: Words, expected: Words, what = ""): void {
  expect(actual.length, what).toBe(expected.length);
  for (let i = 0; i < actual.length; i++) {
    if (!Object.is(actual[i], expected[i])) {
      const hex = [actual, expected].map((x) =>
        [...wordsOf(x.slice(i, i + 1))].map((word) => word.toString(16).padStart(8, "0")).join(" "),
      );
      throw new Error(
        `${what}: element ${i} of ${actual.length} is ${actual[i]} (${hex[0]}), not ${expected[i]} (${hex[1]}).`,
      );
    }
  }
}

/** Zeros, infinities, NaN, subnormals, the largest numbers, and what lies about the bounds of the functions. */
const SINGLE_SPECIALS = [
  0,
  -0,
  Infinity,
  -Infinity,
  Number.NaN,
  1,
  -1,
  0.5,
  -0.5,
  2 ** -149,
  -(2 ** -149),
  2 ** -126,
  -(2 ** -126),
  1.1e-38,
  3.4028234663852886e38,
  -3.4028234663852886e38,
  2 ** 24,
  -(2 ** 25),
  1e-8,
  -1e-8,
  8.188426,
  9,
  -9,
  88.72283,
  88.72284,
  -87.5,
  -103.9,
  -104,
  17,
  -17.5,
  Math.LN2,
  Math.SQRT1_2,
  Math.SQRT2,
  -0.99999994,
  100,
  -100,
  1e20,
  -1e20,
];
const DOUBLE_SPECIALS = [
  Number.MIN_VALUE,
  -Number.MIN_VALUE,
  2 ** -1022,
  1.1e-308,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  2 ** 53,
  1 - 2 ** -53,
  709.782712893384,
  709.7827128933841,
  -708.4,
  -745.1332191019411,
  -745.1332191019412,
  0.55,
  22,
  -37.5,
  1e300,
  2 ** -54,
];
export const SPECIALS: Float32Array = new Floats(DOUBLE ? [...SINGLE_SPECIALS, ...DOUBLE_SPECIALS] : SINGLE_SPECIALS);

/** fast-check's floats, of the element's type. */
const float = DOUBLE ? fc.double : fc.float;

/** Any float, most of them of ordinary size. */
export const anyFloat = fc.oneof(
  { weight: 6, arbitrary: float({ min: -16, max: 16, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(...SPECIALS) },
  { weight: 1, arbitrary: float() },
);

/** A float of ordinary size, so that sums stay finite and every bit of them counts. */
export const ordinaryFloat = float({ min: -4, max: 4, noNaN: true });

export const vector = (element: fc.Arbitrary<number>, length: number) =>
  fc.array(element, { minLength: length, maxLength: length, size: "max" }).map((values) => Floats.from(values));

/** A deterministic vector of n different ordinary numbers, for sizes written out by hand. */
export function sample(n: number, seed = 1): Float32Array {
  return Floats.from(
    { length: n },
    (_, i) => Math.sin((i + 1) * 12.9898 + seed * 78.233) * 2 - ((i * 7 + seed) % 5) / 3,
  );
}
