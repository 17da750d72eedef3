// One case of a law: an op, inputs from its domain, a direction and a cotangent; in float64 and as tensors.
import { type AnyOp, type Array64, applyAll, type Sample, type SampleInput } from "../autodiff/index.js";
import { type FloatName, Key, sizeOf, type Tensor } from "../core/index.js";
import { dot, floats, toTensor } from "./arrays.js";

/** One case of a law. */
export class Case {
  /** The inputs in float64, each exact in float32. */
  readonly inputs: readonly Array64[];
  /** A direction in the space of the inputs; zeros for integers. */
  readonly direction: readonly Array64[];
  /** What the reference computes from the inputs. */
  readonly outputs: readonly Array64[];
  /** A cotangent for each output. */
  readonly cotangents: readonly Array64[];
  private readonly integers: readonly boolean[];

  constructor(
    readonly op: AnyOp,
    readonly sample: Sample<unknown>,
    readonly key: Key,
    /** The type of the tensors. */
    readonly dtype: FloatName = "float32",
  ) {
    this.integers = sample.inputs.map(({ dtype }) => dtype === "int32");
    this.inputs = sample.inputs.map((input, i) => ({ shape: input.shape, data: drawn(input, key.fold(i)) }));
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

  /** The op on tensors; the integers of the case take their places among them. */
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
    return this.differentiable(this.inputs).map((input) => this.tensor(input));
  }

  /** The array as a tensor of the case's type. */
  tensor(array: Array64): Tensor {
    return toTensor(array, this.dtype);
  }

  /** Whether input `i` holds integers. */
  isInteger(i: number): boolean {
    return this.integers[i];
  }

  /** The items of `list`, one an input, that belong to differentiable inputs. */
  differentiable<T>(list: readonly T[]): T[] {
    return list.filter((_, i) => !this.integers[i]);
  }

  /** The reference at the inputs moved by `move(input, element)`. */
  shifted(move: (input: number, element: number) => number): readonly Array64[] {
    const inputs = this.inputs.map(({ shape, data }, i) => ({ shape, data: data.map((x, at) => x + move(i, at)) }));
    return this.op.reference(inputs, this.sample.attributes);
  }

  /** The cotangents times the reference at moved inputs. */
  projection(move: (input: number, element: number) => number): number {
    return dot(this.shifted(move), this.cotangents);
  }
}

/** Numbers for an input, each exact in its type. */
function drawn({ shape, low, high, dtype, diagonal }: SampleInput, key: Key): Float64Array {
  const size = sizeOf(shape);
  if (dtype === "int32") return Float64Array.from({ length: size }, (_, at) => key.integer(at, high ?? 1));
  const data = floats(key, size, low, high);
  if (!diagonal) return data;
  const [rows, columns] = shape.slice(-2);
  return data.map((x, at) => {
    const [row, column] = [Math.floor(at / columns) % rows, at % columns];
    return row === column ? Math.fround(x + diagonal[row]) : x;
  });
}

/** The laws' cases: `count` of each sample of the op's domain, the same ones every time, also for the other type. */
export function casesOf(op: AnyOp, count = 2, dtype?: FloatName): Case[] {
  return op.domain.flatMap((sample, s) =>
    Array.from({ length: count }, (_, i) => new Case(op, sample, Key.of(7).fold(s).fold(i), dtype)),
  );
}
