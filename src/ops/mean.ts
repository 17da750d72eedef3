// The mean is a sum times a number.
import { checkTensors } from "../autodiff/index.js";
import type { Tensor } from "../core/index.js";
import { mul } from "./elementwise.js";
import { type Axes, sum } from "./sum.js";

/** The mean over `axes` (default: all), which disappear unless `keepDims`. */
export function mean(x: Tensor, axes?: Axes, keepDims = false): Tensor {
  checkTensors("mean", [x]);
  const total = sum(x, axes, keepDims);
  return mul(total, total.size / x.size);
}
