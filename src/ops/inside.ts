// Indices and labels that are checked where their numbers are known. An op, so that they may differ from example to example
// under `vmap`, and are checked again when a compiled program is run on others.

import { apply, type Op } from "../autodiff/index.js";
import type { Tensor } from "../core/index.js";

interface Range {
  /** They run from 0 to size - 1. */
  readonly size: number;
  /** A number that stands for none: 0 takes its place. */
  readonly ignore?: number | undefined;
  /** The error for a number outside. */
  outside(value: number): RangeError;
}

const insideOp: Op<Range> = {
  name: "inside",
  batch: "elementwise",
  types: { takes: "int32" },
  shapes: ([x]) => [x.shape],
  forward: ([y], [x], { size, ignore, outside }) => {
    const { elements } = y;
    x.elements.forEach((value, i) => {
      if (value !== ignore && (value < 0 || value >= size)) throw outside(value);
      elements[i] = value === ignore ? 0 : value;
    });
  },
  vjp: () => [undefined],
  jvp: () => [undefined],
  reference: ([x], { ignore }) => [{ shape: x.shape, data: x.data.map((value) => (value === ignore ? 0 : value)) }],
  domain: [],
};

/** `x`, int32, with 0 in place of `ignore`. Throws what `outside` makes of the first other number that is out of range. */
export const inside = (x: Tensor, range: Range): Tensor => apply(insideOp, [x], range);
