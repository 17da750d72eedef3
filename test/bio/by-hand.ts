// What the formulas that are worked out by hand share: a key to draw from, a layer of 2 x 2, and how results are compared.
import { expect } from "vitest";
import { Key, type Tensor } from "../../src/index.js";

export const key = Key.of(3);
export const shape = [2, 2];
export const numbers = (x: Tensor): number[] => [...x.data()];
/** Equal to within some units in the last place of float32. */
export const expectClose = (x: Tensor, wanted: readonly number[]): void => {
  expect(x.size).toBe(wanted.length);
  numbers(x).forEach((value, i) => {
    expect(Math.abs(value - wanted[i])).toBeLessThanOrEqual(2e-6 * Math.max(1, Math.abs(wanted[i])));
  });
};
