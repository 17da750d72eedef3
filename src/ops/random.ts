// Random tensors: pure functions of a key and an index. The same key gives the same bits on every engine; use a key
// once, and for more draws split it or fold an index into it. A draw is a constant to every derivative, but a gamma draw.

import { checkTensors } from "../autodiff/index.js";
import {
  checkKey,
  checkOptions,
  empty,
  emptyOf,
  fromNumbers,
  type Key,
  kernelsOf,
  quote,
  type Shape,
  scope,
  type Tensor,
  traceable,
  typeNamed,
} from "../core/index.js";
import type { OfType } from "./create.js";
import {
  anyOperand,
  asTensors,
  chance,
  checkDraw,
  checkParameter,
  type DrawOptions,
  drawShape,
  floatNamed,
  itemsOf,
  parametersOf,
} from "./draw-options.js";
import { add, greater, log, neg, type Operand } from "./elementwise.js";
import { argmax } from "./extremes.js";
import { gammaDraws } from "./gamma.js";
import { take } from "./gather.js";
import { broadcastTo } from "./stretch.js";

/**
 * Uniform on [low, high), by default [0, 1): the stream of `jax.random.uniform` for the same key. float64 draws have 53
 * random bits, of a stream of their own.
 */
function uniform(key: Key, shape: Shape, options: DrawOptions<"low" | "high"> = {}): Tensor {
  const own = checkDraw("random.uniform", key, shape);
  const { low, high, dtype = "float32" } = parametersOf("random.uniform", options, { low: 0, high: 1 });
  if (!(Number.isFinite(low) && Number.isFinite(high) && low <= high)) {
    throw new RangeError(`[random.uniform] ${quote(low)} to ${quote(high)}: give finite bounds, the lower first.`);
  }
  const out = emptyOf(floatNamed("random.uniform", dtype), own);
  kernelsOf(out).randomUniform(out.address, key.hi, key.lo, out.size, low, high);
  return out;
}

/** Throws unless two parameters are of one type, since nothing is promoted. */
function checkSame(op: string, { dtype }: Tensor, other: Tensor): void {
  if (other.dtype === dtype) return;
  throw new TypeError(`[${op}] the parameters are ${dtype} and ${other.dtype}. Use cast(x, "float64").`);
}

/** Gamma of scale 1: see `random.gamma`. */
function gamma(key: Key, alpha: Operand, shape?: Shape, options: OfType = {}): Tensor {
  checkKey("random.gamma", key);
  parametersOf("random.gamma", options, {});
  checkParameter("random.gamma", "alpha", alpha, anyOperand);
  const size = drawShape("random.gamma", shape, alpha);
  return scope(() => {
    const [shapes] = asTensors("random.gamma", [alpha], options);
    floatNamed("random.gamma", shapes.dtype);
    return gammaDraws(key, broadcastTo(shapes, size));
  });
}

/** Random tensors. The same key gives the same bits on every engine; use a key once. */
export const random = {
  uniform,

  /** Normal with the given mean (0) and standard deviation (1), by the inverse error function (Giles 2010). */
  normal(key: Key, shape: Shape, options: DrawOptions<"mean" | "std"> = {}): Tensor {
    const own = checkDraw("random.normal", key, shape);
    const { mean, std, dtype = "float32" } = parametersOf("random.normal", options, { mean: 0, std: 1 });
    const out = emptyOf(floatNamed("random.normal", dtype), own);
    kernelsOf(out).randomNormal(out.address, key.hi, key.lo, out.size, mean, std);
    return out;
  },

  /**
   * Normal between `low` and `high` (default ±2), counted in standard deviations from the mean; then scaled by `std` (1)
   * and moved by `mean` (0). By the inverse of the distribution function in float64, so that bounds may be infinite, or lie
   * both far out on one side.
   *
   * @throws RangeError unless low < high.
   */
  truncatedNormal(key: Key, shape: Shape, options: DrawOptions<"low" | "high" | "mean" | "std"> = {}): Tensor {
    const own = checkDraw("random.truncatedNormal", key, shape);
    const defaults = { low: -2, high: 2, mean: 0, std: 1 };
    const { low, high, mean, std, dtype = "float32" } = parametersOf("random.truncatedNormal", options, defaults);
    if (!(low < high))
      throw new RangeError(`[random.truncatedNormal] low ${quote(low)} is not below high ${quote(high)}.`);
    const out = emptyOf(floatNamed("random.truncatedNormal", dtype), own);
    kernelsOf(out).randomTruncated(out.address, key.hi, key.lo, out.size, low, high, mean, std);
    return out;
  },

  /** 1 with probability `p` (a number, or a tensor that fits `shape`), else 0. The shape is that of p by default. */
  bernoulli(key: Key, p: Operand, shape?: Shape, options: OfType = {}): Tensor {
    checkKey("random.bernoulli", key);
    parametersOf("random.bernoulli", options, {});
    checkParameter("random.bernoulli", "p", p, chance);
    const size = drawShape("random.bernoulli", shape, p);
    return scope(() => {
      const [chances] = asTensors("random.bernoulli", [p], options);
      return greater(broadcastTo(chances, size), uniform(key, size, { dtype: chances.dtype }));
    });
  },

  /**
   * Whole numbers from `low` (default 0) to `high` (excluded), int32, each as likely (to 1 part in 2^32 / (high - low)).
   *
   * @throws RangeError unless low and high are whole numbers of 32 bits, low < high.
   */
  integers(key: Key, shape: Shape, options: { low?: number; high: number }): Tensor {
    const own = checkDraw("random.integers", key, shape);
    checkOptions("random.integers", options, ["low", "high"]);
    const { low = 0, high } = options;
    const valid = [low, high].every((n) => Number.isInteger(n) && n >= -(2 ** 31) && n <= 2 ** 31);
    if (!valid || low >= high) {
      throw new RangeError(
        `[random.integers] ${quote(low)} to ${quote(high)}: whole numbers of 32 bits are needed, low below high.`,
      );
    }
    const out = empty(own, "int32");
    traceable([out], [], ([drawn]) => {
      typeNamed("float32").kernels.randomBits(drawn.address, key.hi, key.lo, drawn.size);
      const words = drawn.elements;
      for (let i = 0; i < words.length; i++) {
        words[i] = low + Math.floor(((words[i] >>> 0) / 2 ** 32) * (high - low));
      }
    });
    return out;
  },

  /** The numbers 0 .. n - 1 in random order, int32; or the items of a tensor along its first axis, in random order. */
  permutation(key: Key, x: number | Tensor): Tensor {
    checkKey("random.permutation", key);
    const count = itemsOf("random.permutation", x, 0);
    const order = fromNumbers(key.permutation(count), [count], "int32");
    return typeof x === "number" ? order : take(x, order, 0);
  },

  /**
   * Class numbers, int32, drawn with probabilities softmax(logits) along the last axis: shape `logits.shape` without it,
   * or [samples, ...] with `samples`. By Gumbel's trick, as `jax.random.categorical`.
   */
  categorical(key: Key, logits: Tensor, options: { samples?: number } = {}): Tensor {
    checkKey("random.categorical", key);
    checkOptions("random.categorical", options, ["samples"]);
    checkTensors("random.categorical", [logits]);
    const { samples } = options;
    const shape = samples === undefined ? logits.shape : [samples, ...logits.shape];
    return scope(() => argmax(add(logits, neg(log(neg(log(uniform(key, shape, { dtype: logits.dtype })))))), -1));
  },

  /**
   * Gamma of shape `alpha` (a number, or a tensor that fits `shape`) and scale 1 (Marsaglia and Tsang 2000); divide by a
   * rate for another. NaN where alpha is not positive and finite. The derivative passes to alpha, of first order: how a draw
   * moves with alpha at its rank in the distribution (Figurnov, Mohamed and Mnih 2018).
   */
  gamma,

  /**
   * Beta of `a` and `b` (numbers, or tensors that fit `shape`), from two gammas; by their logarithms where both are too small
   * for floats. NaN where a or b is not positive and finite.
   */
  beta(key: Key, a: Operand, b: Operand, shape?: Shape, options: OfType = {}): Tensor {
    checkKey("random.beta", key);
    parametersOf("random.beta", options, {});
    checkParameter("random.beta", "a", a, anyOperand);
    checkParameter("random.beta", "b", b, anyOperand);
    const size = drawShape("random.beta", shape, a, b);
    const [left, right] = key.split();
    return scope(() => {
      const [x, y] = asTensors("random.beta", [a, b], options).map((parameter) => broadcastTo(parameter, size));
      checkSame("random.beta", x, y);
      const out = emptyOf(floatNamed("random.beta", x.dtype), size);
      kernelsOf(out).randomBeta(out.address, x.address, y.address, left.hi, left.lo, right.hi, right.lo, out.size);
      return out;
    });
  },
};
