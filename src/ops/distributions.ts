// More distributions, made of the draws of random.ts and of ops: the bits depend on the key alone. Where a parameter is a
// tensor and the draw is a smooth function of it, its derivative passes (the reparameterisation of Kingma and Welling 2014).

import { checkTensors } from "../autodiff/index.js";
import {
  checkKey,
  checkOptions,
  checkShape,
  type ElementType,
  fromNumbers,
  type Key,
  ownShape,
  quote,
  type Shape,
  scope,
  showShape,
  sizeOf,
  type Tensor,
} from "../core/index.js";
import type { OfType } from "./create.js";
import {
  checkDraw,
  checkParameter,
  type DrawOptions,
  type DrawParameters,
  drawShape,
  itemsOf,
  meanCount,
  parametersOf,
  typeOfDraws,
} from "./draw-options.js";
import { abs, add, div, log, log1p, mul, neg, type Operand, sign, sub } from "./elementwise.js";
import { take } from "./gather.js";
import { softmax } from "./losses.js";
import { topK } from "./order.js";
import { orthogonal } from "./orthogonal.js";
import { poissonOf } from "./poisson.js";
import { random as draws } from "./random.js";
import { broadcastTo } from "./stretch.js";

/** location + scale * draws */
function placed(drawn: Tensor, { location, scale }: Place): Tensor {
  const scaled = scale === 1 ? drawn : mul(drawn, scale);
  return location === 0 ? scaled : add(scaled, location);
}

type Place = Pick<DrawParameters, "location" | "scale">;
const standard: Place = { location: 0, scale: 1 };

/** Uniform above 0, so that there is a logarithm. */
const positive = (key: Key, shape: Shape, { name: dtype, limits }: ElementType): Tensor =>
  draws.uniform(key, shape, { low: limits.leastNormal, dtype });

/** Gumbel of location 0 and scale 1. */
const gumbel = (key: Key, shape: Shape, type: ElementType): Tensor => neg(log(neg(log(positive(key, shape, type)))));

/** How `choice` chooses. */
export interface ChoiceOptions {
  /** The shape of the choices; default [], one. */
  readonly shape?: Shape;
  /** Whether an item may be chosen again; default true. */
  readonly replace?: boolean;
  /** The probability of each item, up to a common factor: a vector of numbers of at least 0. Default: all equal. */
  readonly p?: Tensor;
}

/** Checks `p` for `count` items, of which `wanted` different ones are needed. */
function checkChances(p: Tensor, count: number, wanted: number): void {
  checkTensors("random.choice", [p]);
  if (p.rank !== 1 || p.size !== count) {
    throw new RangeError(
      `[random.choice] p of shape ${showShape(p.shape)} for ${count} items: give one number an item.`,
    );
  }
  const chances = Array.from(p.data());
  const odd = chances.find((chance) => !(chance >= 0 && chance < Number.POSITIVE_INFINITY));
  if (odd !== undefined) throw new RangeError(`[random.choice] p has ${quote(odd)}: finite numbers of at least 0.`);
  const possible = chances.filter((chance) => chance > 0).length;
  if (possible < Math.max(1, wanted)) {
    throw new RangeError(`[random.choice] p is above 0 for ${possible} items, and ${Math.max(1, wanted)} are needed.`);
  }
}

/** The places of the chosen items, int32. */
function placesOf(key: Key, count: number, { shape = [], replace = true, p }: ChoiceOptions): Tensor {
  const size = sizeOf(shape);
  if (!replace && size > count) {
    throw new RangeError(
      `[random.choice] ${size} choices of ${count} items without repeating one. Ask for fewer, or use replace: true.`,
    );
  }
  if (p) {
    checkChances(p, count, replace ? 1 : size);
    // The largest of log p and Gumbel noise is a draw (Gumbel 1954); the largest k are k draws without repeating (Yellott 1977).
    if (!replace) return topK(add(log(p), gumbel(key, [count], p.type)), size).indices.reshape(shape);
    return draws.categorical(key, log(p), { samples: size }).reshape(shape);
  }
  if (replace) return draws.integers(key, shape, { high: count });
  return fromNumbers(key.permutation(count).slice(0, size), shape, "int32");
}

/**
 * Random tensors. The same key gives the same bits on every engine; use a key once.
 *
 * @example
 * const key = Key.of(0);
 * const weight = random.normal(key, [784, 10], { std: 0.01 }); // (784, 10)
 * random.permutation(key.fold(1), 5); // [2, 0, 3, 4, 1]
 */
export const random = /* @__PURE__ */ Object.assign({}, draws, {
  /** Exponential of the given rate (1): density rate e^(-rate x). As `jax.random.exponential` for rate 1. */
  exponential(key: Key, shape: Shape, options: DrawOptions<"rate"> = {}): Tensor {
    checkDraw("random.exponential", key, shape);
    const { rate, ...type } = parametersOf<"rate">("random.exponential", options, { rate: 1 });
    const { name: dtype } = typeOfDraws("random.exponential", [rate], type);
    return scope(() => {
      const drawn = neg(log1p(neg(draws.uniform(key, shape, { dtype }))));
      return rate === 1 ? drawn : div(drawn, rate);
    });
  },

  /** Laplace: density e^(-|x - location| / scale) / (2 scale); location 0 and scale 1 by default. */
  laplace(key: Key, shape: Shape, options: DrawOptions<"location" | "scale"> = {}): Tensor {
    checkDraw("random.laplace", key, shape);
    const { location, scale, ...type } = parametersOf("random.laplace", options, standard);
    const { name: dtype, limits } = typeOfDraws("random.laplace", [location, scale], type);
    return scope(() => {
      const u = draws.uniform(key, shape, { low: -limits.belowOne, dtype });
      return placed(neg(mul(sign(u), log1p(neg(abs(u))))), { location, scale });
    });
  },

  /** Gumbel: distribution function exp(-e^(-(x - location) / scale)); location 0 and scale 1 by default. */
  gumbel(key: Key, shape: Shape, options: DrawOptions<"location" | "scale"> = {}): Tensor {
    checkDraw("random.gumbel", key, shape);
    const { location, scale, ...own } = parametersOf("random.gumbel", options, standard);
    const type = typeOfDraws("random.gumbel", [location, scale], own);
    return scope(() => placed(gumbel(key, shape, type), { location, scale }));
  },

  /** 1 or -1, each as likely. */
  rademacher(key: Key, shape: Shape, options: OfType = {}): Tensor {
    checkDraw("random.rademacher", key, shape);
    return scope(() => sub(mul(draws.bernoulli(key, 0.5, shape, options), 2), 1));
  },

  /**
   * Poisson counts, int32, of the given mean (a number, or a tensor that fits `shape`): arrivals counted where the mean is
   * small, by gamma and beta draws where it is large (Ahrens and Dieter 1974). Each element has a key of its own.
   *
   * @throws RangeError for a mean below 0, above 10^9, or NaN.
   */
  poisson(key: Key, mean: Operand, shape?: Shape): Tensor {
    checkKey("random.poisson", key);
    checkParameter("random.poisson", "mean", mean, meanCount);
    const size = drawShape("random.poisson", shape, mean);
    return scope(() => {
      const means = typeof mean === "number" ? undefined : broadcastTo(mean, size).data();
      const count = sizeOf(size);
      const counts = Float64Array.from({ length: count }, (_, i) =>
        poissonOf(key.fold(i), means ? means[i] : (mean as number)),
      );
      return fromNumbers(counts, size, "int32");
    });
  },

  /**
   * Dirichlet of concentrations `alpha` [..., k]: positive numbers that sum to 1 along the last axis, shape [..., k], or
   * [...shape, k] with `shape`. By the logarithms of gammas (Marsaglia and Tsang 2000, with their boost), so that small
   * concentrations do not underflow to 0 / 0. The derivative passes to alpha, as in `gamma`.
   */
  dirichlet(key: Key, alpha: Tensor, shape?: Shape): Tensor {
    checkKey("random.dirichlet", key);
    checkTensors("random.dirichlet", [alpha]);
    if (alpha.rank === 0)
      throw new RangeError("[random.dirichlet] alpha is a scalar: concentrations [..., k] are needed.");
    if (shape !== undefined) checkShape("random.dirichlet", shape);
    const size = shape ? [...shape, alpha.shape[alpha.rank - 1]] : alpha.shape;
    const [first, second] = key.split();
    return scope(() => {
      const all = broadcastTo(alpha, size);
      // gamma(a) = gamma(a + 1) u^(1 / a)
      const raised = log(draws.gamma(first, add(all, 1)));
      return softmax(add(raised, div(log(positive(second, size, alpha.type)), all)));
    });
  },

  /**
   * Items of `x` along its first axis, or of the numbers 0 .. x - 1 (int32), drawn by chance: shape [...shape, ...item].
   *
   * @example random.choice(key, 10, { shape: [3], replace: false })
   * @throws RangeError for more choices than items without `replace`, and for a `p` that does not fit.
   */
  choice(key: Key, x: number | Tensor, options: ChoiceOptions = {}): Tensor {
    checkKey("random.choice", key);
    checkOptions("random.choice", options, ["shape", "replace", "p"]);
    const { shape = [] } = options;
    const chosen = { ...options, shape: ownShape("random.choice", shape) };
    const count = itemsOf("random.choice", x, 1);
    return scope(() => {
      const places = placesOf(key, count, chosen);
      if (typeof x === "number") return places;
      return take(x, places.reshape([-1]), 0).reshape([...places.shape, ...x.shape.slice(1)]);
    });
  },

  /**
   * Matrices of orthonormal rows or, if these are more, columns, each as likely: `shape` is seen as a matrix of the last axis
   * against all others.
   *
   * @throws RangeError unless there are two axes.
   */
  orthogonal,
});
