// The laws' own side of `synaptape/testing`, and what a test says about tensors and arrays.
import { expect } from "vitest";
import type { Array64 } from "../../src/autodiff/index.js";
import type { Tensor } from "../../src/core/index.js";
import { relativeError } from "../../src/testing/arrays.js";

export { bitsOf, dot, floats, projectionOf, relativeError, toArray64, toTensor } from "../../src/testing/arrays.js";
export { Case, casesOf } from "../../src/testing/case.js";

/** Asserts shapes and a small `relativeError` for each tensor. */
export function expectClose(got: readonly Tensor[], wanted: readonly Array64[], tolerance: number, what = ""): void {
  expect(got.map(({ shape }) => shape)).toEqual(wanted.map(({ shape }) => shape));
  got.forEach((x, i) => {
    expect(
      relativeError(x.data(), wanted[i].data),
      `${what} #${i}: ${x.data()} against ${wanted[i].data}`,
    ).toBeLessThan(tolerance);
  });
}
