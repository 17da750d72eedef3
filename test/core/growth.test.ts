// A memory of one page, in which every op meets a grow: views over the memory detach under it.
import { afterAll, describe, expect, it } from "vitest";
import { vjp } from "../../src/autodiff/index.js";
import { blockBytes, heap } from "../../src/core/heap.js";
import { configure, MemoryError, type Tensor } from "../../src/core/index.js";
import { memoryBytes } from "../../src/core/runtime.js";
import { bitsOf, type Case, casesOf, toTensor } from "../laws/oracle.js";
import { tested } from "../laws/table.js";

configure({ initialBytes: 65_536 });

/** Sizes of blocks, each that the heap keeps apart among them, the largest first. */
const SIZES = [
  ...Array.from({ length: 12 }, (_, i) => 2 ** (24 - i)),
  ...new Set(Array.from({ length: 256 }, (_, i) => blockBytes(4096 - 16 * i))),
];

/** Takes all memory there is, for good, so that whatever is allocated next makes it grow. */
function exhaust(): void {
  configure({ maximumBytes: memoryBytes() });
  for (const bytes of SIZES) {
    try {
      for (;;) heap.allocate(bytes);
    } catch (error) {
      if (!(error instanceof MemoryError)) throw error;
    }
  }
  configure({ maximumBytes: memoryBytes() + 2 ** 19 });
}

afterAll(() => configure({ maximumBytes: 2 ** 32 }));

/** Results and gradients of a case, the op and its vjp each run by `meet`. */
function resultsOf(c: Case, meet: <T>(f: () => T) => T): Tensor[] {
  const parameters = c.parameters();
  const cotangents = c.cotangents.map((u) => toTensor(u));
  const { value, pullback } = meet(() => vjp((p: Tensor[]) => [...c.apply(p)], parameters));
  const gradients = meet(() => pullback(cotangents));
  pullback.dispose();
  return [...value, ...gradients];
}

describe("while memory grows", () => {
  it("begins with one page", () => {
    expect(memoryBytes()).toBeLessThanOrEqual(2 * 65_536);
  });

  it.each(tested.map((op) => [op.name, op] as const))("%s gives the same bits", (_, op) => {
    for (const c of casesOf(op, 1).slice(0, 2)) {
      const ungrown = bitsOf(resultsOf(c, (f) => f()));
      const grown = resultsOf(c, (f) => {
        exhaust();
        const before = memoryBytes();
        const result = f();
        expect(memoryBytes()).toBeGreaterThan(before);
        return result;
      });
      expect(bitsOf(grown)).toEqual(ungrown);
    }
  });
});
