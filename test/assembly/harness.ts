// Calls kernels the hard way. Operands lie between guard words, at addresses that are multiples of 4 and rarely of 16,
// and each call is repeated with every operand in turn at the very end of memory, where one byte too many traps.
import fc from "fast-check";
import { instantiateCore } from "../../src/core/wasm.js";

export type Words = Float32Array | Int32Array;

export const { kernels, memory } = instantiateCore(2 ** 18);

const GUARD = 0x7fa5a5a5;
const GUARD_WORDS = 5;
const all = new Uint32Array(memory.buffer);

/** A fixed seed: a failure of one run is a failure of all. */
export const law = { seed: 20260501, numRuns: 60 } as const;

const wordsOf = (x: Words) => new Uint32Array(x.buffer, x.byteOffset, x.length);

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
function expectUntouched(before: Uint32Array, indices: readonly number[], outputs: ReadonlyMap<number, number>): void {
  for (const [operand, length] of outputs)
    before.set(all.subarray(indices[operand], indices[operand] + length), indices[operand]);
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
  const junk = new Uint32Array(size).fill(0x7fbadbad);
  const operands = [junk, ...inputs.map(wordsOf)];
  let result: Uint32Array | undefined;
  for (let last = -1; last < operands.length; last++) {
    const indices = layOut(operands, last);
    const before = all.slice();
    const [out, ...rest] = indices.map((i) => i * 4);
    kernel(out, ...rest);
    expectUntouched(before, indices, new Map([[0, size]]));
    const now = all.slice(indices[0], indices[0] + size);
    if (result) expectBits(new Float32Array(now.buffer), new Float32Array(result.buffer), `layout ${last}`);
    result ??= now;
  }
  return new Float32Array(result!.buffer);
}

/** Calls a kernel whose output is its first operand, and answers what became of it. */
export function runInPlace(
  x: Words,
  others: readonly Words[],
  kernel: (x: number, ...others: number[]) => void,
): Float32Array {
  const indices = layOut([wordsOf(x), ...others.map(wordsOf)], 0);
  const before = all.slice();
  const [first, ...rest] = indices.map((i) => i * 4);
  kernel(first, ...rest);
  expectUntouched(before, indices, new Map([[0, x.length]]));
  return new Float32Array(all.slice(indices[0], indices[0] + x.length).buffer);
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
  if (actual.length !== expected.length) throw new Error(`${what}: ${actual.length} elements, not ${expected.length}.`);
  for (let i = 0; i < actual.length; i++) {
    if (!Object.is(actual[i], expected[i])) {
      const hex = [actual, expected].map((x) => wordsOf(x)[i].toString(16).padStart(8, "0"));
      throw new Error(
        `${what}: element ${i} of ${actual.length} is ${actual[i]} (${hex[0]}), not ${expected[i]} (${hex[1]}).`,
      );
    }
  }
}

/** Zeros, infinities, NaN, subnormals, the largest numbers, and what lies about the bounds of the functions. */
export const SPECIALS = new Float32Array([
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
]);

/** Any float, most of them of ordinary size. */
export const anyFloat = fc.oneof(
  { weight: 6, arbitrary: fc.float({ min: -16, max: 16, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(...SPECIALS) },
  { weight: 1, arbitrary: fc.float() },
);

/** A float of ordinary size, so that sums stay finite and every bit of them counts. */
export const ordinaryFloat = fc.float({ min: -4, max: 4, noNaN: true });

export const vector = (element: fc.Arbitrary<number>, length: number) =>
  fc.array(element, { minLength: length, maxLength: length, size: "max" }).map((values) => Float32Array.from(values));

/** A deterministic vector of n different ordinary numbers, for sizes written out by hand. */
export function sample(n: number, seed = 1): Float32Array {
  return Float32Array.from(
    { length: n },
    (_, i) => Math.sin((i + 1) * 12.9898 + seed * 78.233) * 2 - ((i * 7 + seed) % 5) / 3,
  );
}
