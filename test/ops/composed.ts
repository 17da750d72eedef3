// Holds a function made of ops to its float64 reference, in value and in first and second derivative, both modes.
import { expect } from "vitest";
import { grad, hvp, jvp, type SampleInput, vjp } from "../../src/autodiff/index.js";
import { Key, type Tensor } from "../../src/core/index.js";
import { sum } from "../../src/ops/index.js";
import { dot, floats, projectionOf, relativeError, toArray64, toTensor } from "../laws/oracle.js";

/** Numbers with a shape, as the references want them. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** A composed function, what it must compute, and where. */
export interface Composed {
  readonly name: string;
  readonly f: (...x: Tensor[]) => Tensor;
  /** The results, row-major. */
  readonly reference: (...x: Numbers[]) => ArrayLike<number>;
  readonly inputs: readonly SampleInput[];
}

const STEP = 1e-5;
const WIDE = 1e-4;
const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Asserts that value, vjp, jvp and all three second derivatives are those of the reference. */
export function expectDerivatives({ name, f, reference, inputs }: Composed, seed = 1): void {
  const key = Key.of(seed);
  const at: Numbers[] = inputs.map(({ shape, low, high }, i) => ({
    shape,
    data: floats(key.fold(i), sizeOf(shape), low, high),
  }));
  const along = at.map(({ shape, data }, i) => ({ shape, data: floats(key.fold(100 + i), data.length) }));
  const value = Float64Array.from(reference(...at));
  const cotangent = floats(key.fold(200), value.length);
  const moved = (move: (input: number, element: number) => number): ArrayLike<number> =>
    reference(...at.map(({ shape, data }, i) => ({ shape, data: data.map((x, j) => x + move(i, j)) })));
  const projection = (move: (input: number, element: number) => number): number => {
    const y = moved(move);
    return cotangent.reduce((total, u, i) => total + u * y[i], 0);
  };
  const each = (f: (input: number, element: number) => number): Float64Array[] =>
    at.map(({ data }, input) => data.map((_, element) => f(input, element)));
  const only = (input: number, element: number, by: number) => (i: number, j: number) =>
    i === input && j === element ? by : 0;
  const close = (got: readonly Tensor[], wanted: readonly Float64Array[], tolerance: number, what: string): void =>
    got.forEach((x, i) => {
      const error = relativeError(x.data(), wanted[i]);
      expect(error, `${name}, ${what} #${i}: ${x.data()} against ${wanted[i]}`).toBeLessThan(tolerance);
    });

  const parameters = at.map((x) => toTensor(x));
  const directions = along.map((x) => toTensor(x));
  const g = (p: Tensor[]): Tensor => f(...p);

  const pulled = vjp(g, parameters);
  expect(pulled.value.size, name).toBe(value.length);
  close([pulled.value], [value], 2e-6, "value");
  const u = toTensor({ shape: pulled.value.shape, data: cotangent });
  const first = each((i, j) => (projection(only(i, j, STEP)) - projection(only(i, j, -STEP))) / (2 * STEP));
  const gradients = pulled.pullback(u);
  close(gradients, first, 2e-5, "vjp");
  pulled.pullback.dispose();

  const { tangent } = jvp(g, parameters, directions);
  const forward = dot([toArray64(tangent)], [{ shape: [], data: cotangent }]);
  const reverse = dot(along, gradients.map(toArray64));
  expect(Math.abs(forward - reverse), `${name}, jvp`).toBeLessThan(1e-5 * (1 + Math.abs(reverse)));

  const corner = (i: number, j: number, a: number, b: number): number =>
    projection((k, l) => a * along[k].data[l] + (k === i && l === j ? b : 0));
  const second = each((i, j) => {
    const h = WIDE;
    const mixed = (corner(i, j, h, h) - corner(i, j, -h, h) - corner(i, j, h, -h) + corner(i, j, -h, -h)) / (4 * h * h);
    return Math.abs(mixed) < 1e-6 ? 0 : mixed;
  });
  const scalar = (p: Tensor[]): Tensor => projectionOf([g(p)], [u]).add(sum(p[0]).mul(0));
  const inner = (p: Tensor[]): Tensor => projectionOf(grad(scalar, { unused: "zero" })(p), directions);
  close(grad(inner, { unused: "zero" })(parameters), second, 2e-4, "reverse over reverse");
  close(hvp(scalar, parameters, directions), second, 2e-4, "forward over reverse");
  const under = (p: Tensor[]): Tensor => projectionOf([jvp(g, p, directions).tangent], [u]);
  close(grad(under, { unused: "zero" })(parameters), second, 2e-4, "reverse over forward");
}
