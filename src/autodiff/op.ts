// The op contract: everything there is to know about an operation, in one record. Leaving a part out does not compile.

import type { DType, Shape, Tensor } from "../core/index.js";
import type { Typing } from "./typing.js";

/** A float64 array with a shape: what the reference implementations compute on. */
export interface Array64 {
  /** Sizes of the axes. */
  readonly shape: Shape;
  /** The numbers, row-major. */
  readonly data: Float64Array;
}

/** A cotangent of rank one, left times right transposed, kept as its two vectors until somebody needs the matrix. */
export class OuterProduct<V = Tensor> {
  constructor(
    /** One element a row. */
    readonly left: V,
    /** One element a column. */
    readonly right: V,
  ) {}
}

/** What an application of an op remembers: the very tensors, never copies. */
export interface Application<Attributes> {
  /** What the op was applied to. */
  readonly inputs: readonly Tensor[];
  /** What came of it. */
  readonly outputs: readonly Tensor[];
  /** What it was applied with besides tensors. */
  readonly attributes: Attributes;
  /** Whether the cotangent of input `i` is wanted; a rule may leave out what is not. */
  readonly needs: (i: number) => boolean;
}

/** One input of a generated test: its shape and the range its numbers are drawn from, or how large an index may be. */
export interface SampleInput {
  /** Sizes of the axes. */
  readonly shape: Shape;
  /** The least number; -1 by default. */
  readonly low?: number;
  /** The largest number, 1 by default; for int32 the bound that indices stay below. */
  readonly high?: number;
  /** Type of the elements; int32 for indices, else that of the test. */
  readonly dtype?: DType;
  /** For stacks of matrices: numbers to add along the main diagonal of each, so that their factors are well determined. */
  readonly diagonal?: readonly number[];
}

/** A case on which the laws of every op are tested: inside it the op is smooth, and differences make sense. */
export interface Sample<Attributes> {
  /** What the inputs are drawn from. */
  readonly inputs: readonly SampleInput[];
  /** The attributes they are applied with. */
  readonly attributes: Attributes;
}

/** How an op acts on stacks of examples, in one go. */
export interface BatchRule<Attributes> {
  /**
   * The stacked results, from inputs of which those that are `batched` are stacks along a first axis; undefined where
   * there is no better way than one example after the other.
   */
  stacked(
    inputs: readonly Tensor[],
    batched: readonly boolean[],
    attributes: Attributes,
  ): readonly Tensor[] | undefined;
}

/**
 * How an op acts on stacks of examples under `vmap`. "elementwise": by itself, since it broadcasts. "leading": it works
 * on the last axes, whatever leads.
 */
export type Batch<Attributes> = "elementwise" | "leading" | BatchRule<Attributes>;

interface Contract<Attributes> {
  readonly name: string;
  /** The shapes of the results. Throws, with fact and cure, for inputs that do not fit. */
  shapes(inputs: readonly Tensor[], attributes: Attributes): readonly Shape[];
  /**
   * The product of the cotangents with the Jacobian, one cotangent an input (undefined: none). Written in ops, so that
   * it can be differentiated again. A cotangent is undefined where a result was not used. An op with `lowRank` gets
   * the parts of its cotangents that are still outer products in `products`; an op without it gets whole tensors.
   */
  vjp(
    cotangents: readonly (Tensor | undefined)[],
    application: Application<Attributes>,
    products: readonly (readonly OuterProduct[])[],
  ): readonly (Tensor | OuterProduct | undefined)[];
  /** The same function in float64 and plain loops: the tests' oracle. */
  reference(inputs: readonly Array64[], attributes: Attributes): readonly Array64[];
  /** Where the op is tested. */
  readonly domain: readonly Sample<Attributes>[];
  /** `vjp` takes outer products as they are, instead of the matrices that they make. */
  readonly lowRank?: true;
  /** Which types of elements it takes and gives; unless said, floats of one type and the same. Views take any type. */
  readonly types?: Typing;
  /** How it acts on stacks of examples; without it, on one after the other, which is always right. */
  readonly batch?: Batch<Attributes>;
}

interface Differentiable<Attributes> extends Contract<Attributes> {
  /** The product of the Jacobian with the tangents, one tangent a result (undefined: zero). Written in ops. */
  jvp(tangents: readonly (Tensor | undefined)[], application: Application<Attributes>): readonly (Tensor | undefined)[];
}

interface Computed<Attributes> {
  /** Runs the kernels: fills the results. */
  forward(outputs: readonly Tensor[], inputs: readonly Tensor[], attributes: Attributes): void;
}

interface Viewed<Attributes> {
  /** The result looks into the first input's block from this element on: no kernel runs, nothing is copied. */
  view(inputs: readonly Tensor[], attributes: Attributes): number;
}

/** An op whose forward and vjp are one kernel each. */
interface Fused<Attributes> extends Contract<Attributes>, Computed<Attributes> {
  /** The same results from plain ops: used in forward mode, and where the derivative itself is differentiated. */
  composition(inputs: readonly Tensor[], attributes: Attributes): readonly Tensor[];
}

/**
 * An op: one record with its forward pass, its derivatives both ways, a float64 reference and the domain on which the
 * laws are tested. Applied by `apply`. Fused ops have a composition of plain ops in place of a forward-mode rule.
 */
export type Op<Attributes = undefined> =
  | (Differentiable<Attributes> & Computed<Attributes>)
  | (Differentiable<Attributes> & Viewed<Attributes>)
  | Fused<Attributes>;

/** An op whatever its attributes. */
export type AnyOp = Op<unknown>;
