// What fast-check draws tests from: shapes and tensors.
import fc from "fast-check";
import { checkOptions, type Shape, sizeOf, type Tensor } from "../core/index.js";
import { tensor } from "../ops/index.js";

/** Options of `arbShape`. */
export interface ArbShapeOptions {
  /** Fewest axes; 0 by default. */
  readonly minRank?: number;
  /** Most axes; 3 by default, at most 6. */
  readonly maxRank?: number;
  /** Smallest size of an axis; 1 by default. 0 gives tensors without elements too. */
  readonly minSize?: number;
  /** Largest size of an axis; 4 by default. */
  readonly maxSize?: number;
}

/**
 * Shapes. They shrink to fewer and smaller axes.
 *
 * @example fc.sample(arbShape({ minRank: 2, maxRank: 2 }), 3).map((shape) => shape.length) // [2, 2, 2]
 */
export function arbShape(given: ArbShapeOptions = {}): fc.Arbitrary<Shape> {
  checkOptions("arbShape", given, ["minRank", "maxRank", "minSize", "maxSize"]);
  const { minRank = 0, maxRank = 3, minSize = 1, maxSize = 4 } = given;
  return fc.array(fc.integer({ min: minSize, max: maxSize }), { minLength: minRank, maxLength: maxRank });
}

/** Options of `arbTensor`. */
export interface ArbTensorOptions {
  /** The shape; by default any of `arbShape()`. */
  readonly shape?: Shape;
  /** Smallest element, rounded to float32; -1 by default. */
  readonly min?: number;
  /** Largest element, rounded to float32; 1 by default. */
  readonly max?: number;
  /** Also NaN, the infinities, both zeros and the extremes of float32, whatever the range. False by default. */
  readonly special?: boolean;
}

const SPECIAL = [Number.NaN, Infinity, -Infinity, 0, -0, 2 ** -149, -(2 ** -126), 3.4028234663852886e38];

/**
 * Float32 tensors. They shrink to elements near 0, if that is in the range. Inside `scope(() => fc.assert(...))` they die
 * with the scope; outside they wait for the collector.
 *
 * @example
 * scope(() => fc.assert(fc.property(arbTensor({ shape: [3] }), (x) => equalBits(x.neg().neg(), x)))); // throws for a counterexample
 */
export function arbTensor(given: ArbTensorOptions = {}): fc.Arbitrary<Tensor> {
  checkOptions("arbTensor", given, ["shape", "min", "max", "special"]);
  const { shape, min = -1, max = 1, special = false } = given;
  const plain = fc.float({ min: Math.fround(min), max: Math.fround(max), noNaN: true, noDefaultInfinity: true });
  const element = special ? fc.oneof({ weight: 3, arbitrary: plain }, fc.constantFrom(...SPECIAL)) : plain;
  const shapes = shape === undefined ? arbShape() : fc.constant(shape);
  return shapes.chain((sizes) => {
    const count = sizeOf(sizes);
    return fc
      .array(element, { minLength: count, maxLength: count, size: "max" })
      .map((numbers) => tensor(Float32Array.from(numbers), { shape: sizes }));
  });
}
