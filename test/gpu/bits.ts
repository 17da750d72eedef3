// How results of a GPU are held to those of the CPU: bit for bit on software drivers, which round as the CPU does; on
// others, which may fuse a product and a sum, within 1e-5 of the largest element.
import { expect } from "vitest";
import type { Tensor } from "../../src/index.js";

/** The numbers; every NaN is one, and subnormals are zero, as some drivers have it. */
export function plain(tensor: Tensor): number[] {
  return Array.from(tensor.data(), (x) => (Math.abs(x) < 2 ** -126 ? x * 0 : x));
}

/** Throws, naming what it is, unless these agree. */
export function expectAgreement(what: string, got: Tensor, wanted: Tensor, exact: boolean): void {
  expect(got.shape, what).toEqual(wanted.shape);
  const [a, b] = [plain(got), plain(wanted)];
  if (exact) {
    const odd = a.findIndex((x, i) => !Object.is(x, b[i]));
    if (odd >= 0) expect.fail(`${what}: element ${odd} is ${a[odd]} on the GPU and ${b[odd]} on the CPU`);
    return;
  }
  const largest = b.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  a.forEach((x, i) => {
    if (!(Object.is(x, b[i]) || Math.abs(x - b[i]) <= 1e-5 * largest))
      expect.fail(`${what}: element ${i} is ${x} on the GPU and ${b[i]} on the CPU`);
  });
}
