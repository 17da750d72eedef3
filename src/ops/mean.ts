// The mean is a sum times a number.
import { checkTensors } from "../autodiff/index.js";
import type { Tensor } from "../core/index.js";
import { asFloat } from "./cast.js";
import { mul } from "./elementwise.js";
import { type Axes, sum } from "./sum.js";

/**
 * The mean over `axes` (default: all), which disappear unless `keepDims`. That of int32, such as a mask, is float32.
 *
 * @example mean(tensor([[1, 3], [4, 2]]), 0) // [2.5, 2.5]
 */
export function mean(x: Tensor, axes?: Axes, keepDims = false): Tensor {
  checkTensors("mean", [x]);
  const total = sum(asFloat(x), axes, keepDims);
  return mul(total, total.size / x.size);
}
