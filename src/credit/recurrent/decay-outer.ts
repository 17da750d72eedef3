// How traces move on: what is there decays, and an outer product is added. One pass over the traces in place of three.
import { type AnyOp, apply, type Op } from "../../autodiff/index.js";
import { type ElementType, moreKernels, sameShape, showShape, type Tensor } from "../../core/index.js";
import { add, matmul, mul, reshape, sum } from "../../ops/index.js";
import { type Kernels, wasmHex } from "../wasm-traces.generated.js";

/** The kernels of traces; those of float64 come with `synaptape/float64`. */
const traceKernels = (type: ElementType): Kernels => type.moreKernels("traces", () => moreKernels<Kernels>(wasmHex));

const column = (x: Tensor): Tensor => reshape(x, [...x.shape, 1]);
const row = (x: Tensor): Tensor => reshape(x, [x.shape[0], 1, x.shape[1]]);

// y[i] = decay[i] x[i] + a[i] b[i]', for stacks: x (n, r, c), decay and a (n, r), b (n, c)
const decayOuterOp: Op = {
  name: "decayOuter",
  shapes: ([x, decay, a, b]) => {
    const [count, rows, columns] = x.shape;
    const fits = x.rank === 3 && [decay, a].every(({ shape }) => sameShape(shape, [count, rows]));
    if (fits && sameShape(b.shape, [count, columns])) return [x.shape];
    const given = [x, decay, a, b].map(({ shape }) => showShape(shape)).join(", ");
    throw new RangeError(
      `[decayOuter] shapes ${given} do not fit. Give x [n, r, c], decay and a [n, r], and b [n, c].`,
    );
  },
  forward: ([y], [x, decay, a, b]) => {
    const [count, rows, columns] = x.shape;
    const kernels = traceKernels(y.type);
    for (let i = 0; i < count; i++) {
      const [trace, line] = [i * rows * columns, i * rows];
      const [to, from, right] = [y.addressOf(trace), x.addressOf(trace), b.addressOf(i * columns)];
      kernels.decayOuter(to, from, decay.addressOf(line), a.addressOf(line), right, rows, columns);
    }
  },
  vjp: ([dy], { inputs: [x, decay, a, b], needs }) => [
    needs(0) ? mul(column(decay), dy!) : undefined,
    needs(1) ? sum(mul(dy!, x), 2) : undefined,
    needs(2) ? reshape(matmul(dy!, column(b)), a.shape) : undefined,
    needs(3) ? reshape(matmul(row(a), dy!), b.shape) : undefined,
  ],
  composition: ([x, decay, a, b]) => [add(mul(column(decay), x), mul(column(a), row(b)))],
  reference: ([x, decay, a, b]) => {
    const [count, rows, columns] = x.shape;
    const data = x.data.map((value, i) => {
      const line = Math.floor(i / columns);
      const item = Math.floor(line / rows);
      return decay.data[line] * value + a.data[line] * b.data[item * columns + (i % columns)];
    });
    return [{ shape: [count, rows, columns], data }];
  },
  domain: [
    { inputs: [{ shape: [2, 3, 5] }, { shape: [2, 3] }, { shape: [2, 3] }, { shape: [2, 5] }], attributes: undefined },
  ],
};

/** x (n, r, c) with its rows times `decay` (n, r), plus the outer products of a (n, r) and b (n, c): (n, r, c). */
export const decayOuter = (x: Tensor, decay: Tensor, a: Tensor, b: Tensor): Tensor =>
  apply(decayOuterOp, [x, decay, a, b], undefined);

/** Every op record of this folder, for the laws. */
export const traceOps = [decayOuterOp] as unknown as readonly AnyOp[];
