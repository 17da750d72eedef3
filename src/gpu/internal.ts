// What the folders above need to write kernels for their own ops, and to open a GPU that knows them.
import { elementwise } from "./kernels/elementwise.js";
import { products } from "./kernels/products.js";
import { reductions } from "./kernels/reductions.js";
import { shapes } from "./kernels/shapes.js";
import type { Lowering } from "./lowering.js";

export { Value } from "./graph.js";
export {
  at,
  divide,
  type Emitter,
  foldFour,
  foldSixteen,
  partialSums,
  sequentialSum,
  sumOf,
  X,
  Y,
} from "./kernels/emitter.js";
export { type Forward, type Lowering, Lowerings, lowering, type Vjp } from "./lowering.js";
export { openWith } from "./open.js";

/** The lowerings of the ops of this library's core. */
export const opLowerings: readonly Lowering[] = [...elementwise, ...shapes, ...products, ...reductions];
