import { expect, it } from "vitest";
import { expOf, MEMBRANE } from "../../src/studies/stdp-homeostasis/closed.js";

it("a membrane loses in a millisecond what a time constant of 20 ms takes from it", () => {
  expect(MEMBRANE).toBe(expOf(-1 / 20));
});
