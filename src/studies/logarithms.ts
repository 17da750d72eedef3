// Logarithms for figures and slopes, with the same bits on every engine.
import { scope } from "../core/index.js";
import "../float64/index.js";
import { tensor } from "../ops/index.js";
import { log10 } from "../special/index.js";

/** Logarithms to base 10; NaN for numbers that are not positive and finite. */
export const log10Of = (values: readonly number[]): number[] =>
  scope(() =>
    Array.from(log10(tensor([...values], { dtype: "float64" })).data(), (x) => (Number.isFinite(x) ? x : Number.NaN)),
  );
