// Ops of two operands that broadcast, each given by what distinguishes it from the others.

import { anyType, type Op, type SampleInput, sumOf } from "../autodiff/index.js";
import type { Tensor } from "../core/index.js";
import { broadcastShapes, type GridKernel, gridReference, runGrid } from "./broadcast.js";
import { broadcastTo, sumTo } from "./stretch.js";

/** d times a derivative, from d, the operands and the result. */
type Pull = (d: Tensor, a: Tensor, b: Tensor, y: Tensor) => Tensor;

/** An op named after its kernel, or one that fills its result in another way. */
type Computed =
  | { readonly name: GridKernel; readonly run?: undefined }
  | { readonly name: string; readonly run: (y: Tensor, a: Tensor, b: Tensor) => void };

/** What distinguishes one function of two numbers from another. */
type Binary = Computed & {
  readonly reference: (a: number, b: number) => number;
  /** dy times dy/da and dy times dy/db, in ops; the sums over stretched axes are taken afterwards. */
  readonly pull: readonly [Pull, Pull];
  /** What both operands are drawn from, or each. */
  readonly domain: Range | readonly [Range, Range];
  /** Whether int32 has it too. */
  readonly integers?: true;
};

type Range = Omit<SampleInput, "shape">;

const pairs = [
  [
    [2, 3],
    [2, 3],
  ],
  [[2, 3], [3]],
  [
    [2, 1],
    [2, 3],
  ],
  [[], [4]],
  [
    [2, 1, 3],
    [4, 1],
  ],
];

/** An op of two operands that broadcast. */
export function binary(record: Binary): Op {
  const { name, reference, pull, domain, integers } = record;
  const run = record.run ?? ((y: Tensor, a: Tensor, b: Tensor) => runGrid(record.name, y, a, b));
  const [left, right] = "length" in domain ? domain : [domain, domain];
  return {
    name,
    batch: "elementwise",
    ...(integers && { types: anyType }),
    shapes: ([a, b]) => [broadcastShapes(name, a.shape, b.shape)],
    forward: ([y], [a, b]) => run(y, a, b),
    vjp: ([dy], { inputs: [a, b], outputs: [y], needs }) => [
      needs(0) ? sumTo(pull[0](dy!, a, b, y), a.shape) : undefined,
      needs(1) ? sumTo(pull[1](dy!, a, b, y), b.shape) : undefined,
    ],
    jvp: ([da, db], { inputs: [a, b], outputs: [y] }) => [
      sumOf(da && broadcastTo(pull[0](da, a, b, y), y.shape), db && broadcastTo(pull[1](db, a, b, y), y.shape)),
    ],
    reference: ([a, b]) => gridReference(a, b, reference),
    domain: pairs.map(([a, b]) => ({
      inputs: [
        { shape: a, ...left },
        { shape: b, ...right },
      ],
      attributes: undefined,
    })),
  };
}
