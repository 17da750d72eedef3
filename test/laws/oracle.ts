// The independent side of every law: float64 arrays, the records' references, central differences, relative errors.
import { expect } from "vitest";
import { type AnyOp, type Array64, applyAll, type Sample } from "../../src/autodiff/index.js";
import { Key, type Tensor } from "../../src/core/index.js";
import { sum, tensor } from "../../src/ops/index.js";

/** Numbers that a float32 holds exactly, so that both sides of a comparison begin with the same ones. */
export function floats(key: Key, count: number, low = -1, high = 1): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => Math.fround(low + (high - low) * key.uniform(i)));
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** One case of a law: an op, inputs from its domain, a direction and a cotangent. */
export class Case {
  readonly inputs: Array64[];
  readonly integers: boolean[];
  /** A direction in the space of the float32 inputs; zeros for integers. */
  readonly direction: Array64[];
  readonly outputs: readonly Array64[];
  readonly cotangents: Array64[];

  constructor(
    readonly op: AnyOp,
    readonly sample: Sample<unknown>,
    readonly key: Key,
  ) {
    this.integers = sample.inputs.map(({ dtype }) => dtype === "int32");
    this.inputs = sample.inputs.map(({ shape, low, high, dtype }, i) => ({
      shape,
      data:
        dtype === "int32"
          ? Float64Array.from({ length: sizeOf(shape) }, (_, at) => key.fold(i).integer(at, high ?? 1))
          : floats(key.fold(i), sizeOf(shape), low, high),
    }));
    this.direction = this.inputs.map(({ shape, data }, i) => ({
      shape,
      data: this.integers[i] ? data.map(() => 0) : floats(key.fold(100 + i), data.length),
    }));
    this.outputs = op.reference(this.inputs, sample.attributes);
    this.cotangents = this.outputs.map(({ shape, data }, i) => ({
      shape,
      data: floats(key.fold(200 + i), data.length),
    }));
  }

  /** The op on float32 tensors; the integers of the case take their places among them. */
  apply(parameters: readonly Tensor[]): readonly Tensor[] {
    return applyAll(this.op, this.arguments(parameters), this.sample.attributes as undefined);
  }

  /** All inputs, from the differentiable ones. */
  arguments(parameters: readonly Tensor[]): Tensor[] {
    const rest = [...parameters];
    return this.inputs.map((input, i) => (this.integers[i] ? toTensor(input, "int32") : rest.shift()!));
  }

  /** The differentiable inputs as tensors. */
  parameters(): Tensor[] {
    return this.differentiable(this.inputs).map((input) => toTensor(input));
  }

  differentiable<T>(list: readonly T[]): T[] {
    return list.filter((_, i) => !this.integers[i]);
  }

  /** The reference at the inputs moved by `move(input, element)`. */
  moved(move: (input: number, element: number) => number): readonly Array64[] {
    const inputs = this.inputs.map(({ shape, data }, i) => ({ shape, data: data.map((x, at) => x + move(i, at)) }));
    return this.op.reference(inputs, this.sample.attributes);
  }

  /** The cotangents times the reference at moved inputs. */
  projection(move: (input: number, element: number) => number): number {
    return dot(this.moved(move), this.cotangents);
  }
}

/** The laws' cases: `count` of each sample of the op's domain. */
export function casesOf(op: AnyOp, count = 2): Case[] {
  return op.domain.flatMap((sample, s) =>
    Array.from({ length: count }, (_, i) => new Case(op, sample, Key.of(7).fold(s).fold(i))),
  );
}

export const toTensor = ({ shape, data }: Array64, dtype: "float32" | "int32" = "float32"): Tensor =>
  tensor(data, { shape, dtype });

export const toArray64 = (x: Tensor): Array64 => ({ shape: x.shape, data: Float64Array.from(x.data()) });

export function dot(a: readonly Array64[], b: readonly Array64[]): number {
  return a.reduce((total, { data }, i) => data.reduce((partial, x, at) => partial + x * b[i].data[at], total), 0);
}

/** The scalar sum of all products, as a tensor. */
export function projectionOf(values: readonly Tensor[], weights: readonly Tensor[]): Tensor {
  return values.map((value, i) => sum(value.mul(weights[i]))).reduce((a, b) => a.add(b));
}

/** Largest difference, relative to the largest element of `wanted`; where all of it is zero, the difference itself. */
export function relativeError(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (got.length !== wanted.length) return Number.POSITIVE_INFINITY;
  let [difference, largest] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    const off = Math.abs(got[i] - wanted[i]);
    // A NaN must not slip through a comparison.
    difference = off <= difference ? difference : Number.isNaN(off) ? Number.POSITIVE_INFINITY : off;
    largest = Math.max(largest, Math.abs(wanted[i]));
  }
  return largest < 1e-7 ? difference : difference / largest;
}

/** Asserts shapes and a small `relativeError` for each tensor. */
export function expectClose(got: readonly Tensor[], wanted: readonly Array64[], tolerance: number, what = ""): void {
  expect(got.map(({ shape }) => shape)).toEqual(wanted.map(({ shape }) => shape));
  got.forEach((x, i) => {
    expect(
      relativeError(x.data(), wanted[i].data),
      `${what} #${i}: ${x.data()} against ${wanted[i].data}`,
    ).toBeLessThan(tolerance);
  });
}

/** The bits of tensors, for comparisons that forgive nothing. */
export function bitsOf(tensors: readonly Tensor[]): number[][] {
  return tensors.map((x) => [...new Uint32Array(Float32Array.from(x.data()).buffer)]);
}
