// What the examples' tests share.
import { expect } from "vitest";
import { leavesOf } from "../../src/core/index.js";
import { memory } from "../../src/index.js";

/** Runs `train`, which returns a tree of all tensors it made, and expects the memory as it was once these are freed. */
export function expectNoGrowth(train: () => unknown): void {
  const { persistentBytes, live } = memory.stats();
  for (const { tensor } of leavesOf("made", train())) tensor.dispose();
  expect(memory.stats()).toMatchObject({ persistentBytes, live, arenaBytes: 0 });
}

/** Central differences of `f` at `x`, in float64. */
export function differences(f: (x: readonly number[]) => number, x: readonly number[], step = 1e-5): number[] {
  return x.map((_, i) => {
    const at = (shift: number): number => f(x.map((value, j) => (j === i ? value + shift : value)));
    return (at(step) - at(-step)) / (2 * step);
  });
}
