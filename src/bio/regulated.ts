// Updates a weight at its own rates, in one pass over memory.

import { type Array64, apply, type Op } from "../autodiff/index.js";
import { sameShape, showShape, type Tensor } from "../core/index.js";
import { add, mul, neg, sub } from "../ops/index.js";

/**
 * Numbers in a block: four blocks fit in the first-level cache (32 KiB), where the second and third kernel find them.
 */
const BLOCK = 2048;

/** y = w + (next - w) rate; three equal shapes */
export const regulatedOp: Op = {
  name: "regulated",
  shapes: ([w, next, rate]) => {
    if (!sameShape(w.shape, next.shape) || !sameShape(w.shape, rate.shape)) {
      throw new RangeError(`[regulated] shapes ${[w, next, rate].map(({ shape }) => showShape(shape))} differ.`);
    }
    return [w.shape];
  },
  forward: ([y], [w, next, rate]) => {
    const { kernels: run, bytes: each } = y.type;
    for (let from = 0; from < y.size; from += BLOCK) {
      const [bytes, n] = [each * from, Math.min(BLOCK, y.size - from)];
      const out = y.address + bytes;
      run.sub(out, next.address + bytes, w.address + bytes, 1, n, 0, 1, 0, 1);
      run.mul(out, out, rate.address + bytes, 1, n, 0, 1, 0, 1);
      run.add(out, w.address + bytes, out, 1, n, 0, 1, 0, 1);
    }
  },
  vjp: ([dy], { inputs: [w, next, rate], needs }) => [
    needs(0) ? mul(dy!, add(neg(rate), 1)) : undefined,
    needs(1) ? mul(dy!, rate) : undefined,
    needs(2) ? mul(dy!, sub(next, w)) : undefined,
  ],
  jvp: ([dw, dnext, drate], { inputs: [w, next, rate] }) => {
    const parts = [
      dw && mul(dw, add(neg(rate), 1)),
      dnext && mul(dnext, rate),
      drate && mul(drate, sub(next, w)),
    ].filter((part) => part !== undefined);
    return [parts.length === 0 ? undefined : parts.reduce((a, b) => add(a, b))];
  },
  reference: ([w, next, rate]): Array64[] => [
    { shape: w.shape, data: w.data.map((x, i) => x + (next.data[i] - x) * rate.data[i]) },
  ],
  domain: [
    { inputs: [{ shape: [3, 4] }, { shape: [3, 4] }, { shape: [3, 4], low: 0, high: 2 }], attributes: undefined },
  ],
};

/** w + (next - w) rate, where `rate` broadcasts. */
export function regulated(w: Tensor, next: Tensor, rate: Tensor): Tensor {
  if (sameShape(w.shape, rate.shape)) return apply(regulatedOp, [w, next, rate], undefined);
  return add(w, mul(sub(next, w), rate));
}
