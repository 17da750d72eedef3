// Derivatives of any function against central differences of the function itself.
import { grad, jvp } from "../autodiff/index.js";
import {
  checkKind,
  checkMade,
  checkOptions,
  Key,
  type Leaf,
  leavesOf,
  quote,
  type Tensor,
  type TreeOf,
  withLeaves,
} from "../core/index.js";
import { floats, projectionOf, toArray64, toTensor } from "./arrays.js";

/** Options of `checkGrads`. */
export interface CheckGradsOptions {
  /** 1 (the default): the gradient; 2: also the product of the Hessian with a fixed direction. */
  readonly order?: 1 | 2;
  /** How the derivatives are computed; by default both ways are checked. */
  readonly modes?: readonly ("reverse" | "forward")[];
  /** How far a parameter is moved; default 2^-6. Smaller where f bends sharply, larger where it is rough. */
  readonly step?: number;
  /** The largest error allowed, relative to the largest element of the derivative; default 2e-3. */
  readonly tolerance?: number;
}

/**
 * Checks the derivatives of `f`, which takes a tree of float32 tensors to one number, at `params`.
 *
 * First order compares each element of the gradient (reverse: `grad`; forward: `jvp` along that element) with the
 * difference (8 (f(x+h) - f(x-h)) - (f(x+2h) - f(x-2h))) / 12h. Second order compares the Hessian times a fixed random
 * direction (reverse over reverse; forward over reverse) with the same difference of the gradient along it.
 *
 * `f` itself runs in float32, and that limits what can be seen: values carry an error of about 1e-7 of their size,
 * which the difference divides by h. So the tolerance is relative to the largest element, and a difference that could
 * be rounding of f alone is let pass. Take parameters and a loss of about the size 1, and keep away from kinks. For an
 * op record, which has a float64 reference, `checkOp` is a thousand times sharper.
 *
 * @throws Error with the path, the element and both numbers where they disagree.
 * @example checkGrads((x: Tensor) => x.tanh().sum(), tensor([0.5, -1])) // returns nothing; a wrong derivative throws
 */
export function checkGrads<P extends TreeOf<P>>(
  f: (params: P) => Tensor,
  params: P,
  options: CheckGradsOptions = {},
): void {
  checkKind("checkGrads", "the function to check", f, "a function");
  checkOptions("checkGrads", options, ["order", "modes", "step", "tolerance"]);
  const { order = 1, modes = ["reverse", "forward"], step = 2 ** -6, tolerance = 2e-3 } = options;
  for (const [name, value] of Object.entries({ step, tolerance })) {
    if (!(value > 0)) throw new RangeError(`[checkGrads] ${name} is ${quote(value)}: give a number above 0.`);
  }
  const leaves = leavesOf("checkGrads", params);
  const gradient = grad((p: P) => f(p), { unused: "zero" });
  const numbers = leaves.map(({ tensor }) => toArray64(tensor));
  const treeOf = (list: readonly { shape: readonly number[]; data: Float64Array }[]): P =>
    withLeaves(
      params,
      list.map((array) => toTensor(array)),
    );

  const sizes: number[] = [];
  const first = leaves.map(({ tensor }, l) =>
    Float64Array.from({ length: tensor.size }, (_, at) => {
      const value = (by: number): number[] => {
        const shifted = numbers.map(({ shape, data }, k) => ({
          shape,
          data: k === l ? data.map((x, i) => (i === at ? x + by : x)) : data,
        }));
        const found = f(treeOf(shifted));
        checkMade("checkGrads", "what the function returned", found, ["item"], "Return a tensor of one number.");
        const result = found.item();
        sizes.push(Math.abs(result));
        return [result];
      };
      return stencil(value, step)[0];
    }),
  );
  const compare = (what: string, got: readonly Float64Array[], wanted: readonly Float64Array[], noise: number): void =>
    agree(what, leaves, got, wanted, tolerance, noise);
  const noise = (2 ** -22 * Math.max(0, ...sizes)) / step;
  if (modes.includes("reverse")) compare("order 1, reverse", valuesOf(gradient(params)), first, noise);
  if (modes.includes("forward")) {
    const pushed = leaves.map(({ tensor }, l) =>
      Float64Array.from({ length: tensor.size }, (_, at) => {
        const unit = numbers.map(({ shape, data }, k) => ({ shape, data: data.map((_, i) => +(k === l && i === at)) }));
        return jvp((p: P) => f(p), params, treeOf(unit)).tangent.item();
      }),
    );
    compare("order 1, forward", pushed, first, noise);
  }
  if (order === 1) return;

  const direction = numbers.map(({ shape, data }, l) => ({ shape, data: floats(Key.of(1).fold(l), data.length) }));
  const along = treeOf(direction);
  const weights = direction.map((array) => toTensor(array));
  const gradientAt = (by: number): number[] => {
    const shifted = numbers.map(({ shape, data }, l) => ({
      shape,
      data: data.map((x, i) => x + by * direction[l].data[i]),
    }));
    return valuesOf(gradient(treeOf(shifted))).flatMap((list) => [...list]);
  };
  const flat = stencil(gradientAt, step);
  let next = 0;
  const second = leaves.map(({ tensor }) => Float64Array.from({ length: tensor.size }, () => flat[next++]));
  const rough = (2 ** -22 * Math.max(0, ...first.flatMap((list) => [...list.map(Math.abs)]))) / step;
  if (modes.includes("reverse")) {
    const slope = (p: P): Tensor =>
      projectionOf(
        leavesOf("checkGrads", gradient(p)).map(({ tensor }) => tensor),
        weights,
      );
    compare("order 2, reverse over reverse", valuesOf(grad(slope, { unused: "zero" })(params)), second, rough);
  }
  if (modes.includes("forward")) {
    const tangent = jvp<P, P>(gradient, params, along).tangent;
    compare("order 2, forward over reverse", valuesOf(tangent), second, rough);
  }
}

const valuesOf = (tree: unknown): Float64Array[] =>
  leavesOf("checkGrads", tree).map(({ tensor }) => Float64Array.from(tensor.data()));

/** The derivative at 0 of a list of functions of one number: the error falls with h^4. */
function stencil(f: (by: number) => number[], h: number): number[] {
  const [far, near, back, farBack] = [2 * h, h, -h, -2 * h].map(f);
  return near.map((x, i) => (8 * (x - back[i]) - (far[i] - farBack[i])) / (12 * h));
}

/** Throws unless all elements agree. */
function agree(
  what: string,
  leaves: readonly Leaf[],
  got: readonly Float64Array[],
  wanted: readonly Float64Array[],
  tolerance: number,
  noise: number,
): void {
  const largest = Math.max(0, ...wanted.map((list) => list.reduce((most, x) => Math.max(most, Math.abs(x)), 0)));
  leaves.forEach(({ path, tensor }, l) => {
    wanted[l].forEach((x, at) => {
      if (Math.abs(got[l][at] - x) <= tolerance * largest + noise) return;
      throw new Error(
        `[checkGrads] ${what}: element ${at} of ${path === "" ? "the argument" : `"${path}"`} [${tensor.shape.join(", ")}] ` +
          `is ${got[l][at]}, differences give ${x}. Correct the derivative, or choose another step or tolerance.`,
      );
    });
  });
}
