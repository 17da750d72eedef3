// Attention (Vaswani et al. 2017, "Attention is all you need", section 3.2): each query gets a mean of values, weighted by
// how well their keys match it.

import { checkTensors } from "../autodiff/index.js";
import { checkOptions, type Key, quote, showShape, type Tensor } from "../core/index.js";
import {
  add,
  logicalAnd,
  matmul,
  mul,
  type OfType,
  reshape,
  softmax,
  transpose,
  tri,
  where,
  zeros,
} from "../ops/index.js";
import { initialise } from "./initialisers.js";
import { checkCount, type LayerParams } from "./layer.js";

/** Options of `attention`. */
export interface AttentionOptions {
  /**
   * Nonzero where a query may use a key; broadcasts with (..., queries, keys). By default every query may use every
   * key.
   */
  readonly mask?: Tensor;
  /** Whether query i may only use keys 0 to i; false by default. */
  readonly causal?: boolean;
  /** The factor on the products of queries and keys; 1 / sqrt(width of a key) by default. */
  readonly scale?: number;
}

/**
 * softmax(`scale` q k') v: the results (..., queries, n) for queries q (..., queries, width), keys k (..., keys, width) and
 * values v (..., keys, n). For a query that may use no key, the results and all derivatives are zeros.
 *
 * @throws RangeError for shapes that do not fit.
 * @example attention(ones([2, 5, 8]), ones([2, 7, 8]), ones([2, 7, 4])) // (2, 5, 4)
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, options: AttentionOptions = {}): Tensor {
  const parts = [q, k, v];
  checkTensors("attention", parts);
  checkOptions("attention", options, ["mask", "causal", "scale"]);
  const fits = parts.every(({ rank }) => rank >= 2) && q.shape.at(-1) === k.shape.at(-1);
  if (!fits || k.shape.at(-2) !== v.shape.at(-2)) {
    throw new RangeError(
      `[attention] shapes ${parts.map(({ shape }) => showShape(shape)).join(", ")} do not fit. Give queries (..., queries, ` +
        "width), keys (..., keys, width) and values (..., keys, n).",
    );
  }
  const { causal = false, scale = 1 / Math.sqrt(Math.max(1, k.shape[k.rank - 1])) } = options;
  if (!Number.isFinite(scale)) throw new RangeError(`[attention] \`scale\` is ${quote(scale)}. Give a finite number.`);
  const before = causal ? tri(q.shape[q.rank - 2], k.shape[k.rank - 2], 0, q) : undefined;
  const mask = options.mask && before ? logicalAnd(options.mask, before) : (options.mask ?? before);
  const scores = mul(matmul(q, k, { b: true }), scale);
  if (!mask) return matmul(softmax(scores), v);
  // It works like minus infinity in a softmax, but its difference from itself is 0, not NaN.
  const never = -scores.type.limits.largest;
  return matmul(where(mask, softmax(where(mask, scores, never)), 0), v);
}

/** Attention with several heads: its first parameters, and a function of them. Made by `multiHeadAttention`. */
export interface MultiHeadAttention {
  /** How many numbers an item of a sequence has. */
  readonly width: number;
  /** How many heads there are. */
  readonly heads: number;
  /**
   * The first parameters: matrices `query`, `key`, `value` and `output` (width, width), drawn as "xavierUniform", and their
   * biases `queryBias` and so on (width), which begin at 0.
   */
  init(key: Key): LayerParams;
  /**
   * The results (n, queries, width) for queries (n, queries, width) and for keys and values (n, keys, width). By default the
   * keys are the queries (self-attention) and the values are the keys. A mask has shape (n, heads, queries, keys), or a
   * shape that broadcasts to it. Throws a RangeError for other shapes.
   */
  apply(params: LayerParams, queries: Tensor, options?: MultiHeadOptions): Tensor;
}

/** Options for applying attention with several heads. */
export interface MultiHeadOptions extends AttentionOptions {
  /** What the keys are computed from; by default the queries. */
  readonly keys?: Tensor;
  /** What the values are computed from; by default the keys. */
  readonly values?: Tensor;
}

/**
 * Attention with `heads` heads, each of `width / heads` numbers: queries, keys and values are projected, each head attends
 * separately, and their results, side by side, are projected once more.
 *
 * @param options the type of the parameters; float32 by default.
 * @throws RangeError unless both are whole numbers from 1 up and `heads` divides `width`.
 * @example
 * const layer = multiHeadAttention(8, 2);
 * layer.apply(layer.init(Key.of(0)), ones([2, 5, 8])); // (2, 5, 8)
 */
export function multiHeadAttention(width: number, heads: number, options: OfType = {}): MultiHeadAttention {
  checkCount("multiHeadAttention", "`width`", width);
  checkCount("multiHeadAttention", "`heads`", heads);
  if (width % heads !== 0) {
    throw new RangeError(
      `[multiHeadAttention] ${quote(heads)} heads do not divide a width of ${quote(width)}. Make \`width\` a multiple of \`heads\`.`,
    );
  }
  const split = (x: Tensor): Tensor =>
    transpose(reshape(x, [x.shape[0], x.shape[1], heads, width / heads]), [0, 2, 1, 3]);
  const check = (x: Tensor): void => {
    if (x.rank === 3 && x.shape[2] === width) return;
    throw new RangeError(
      `[multiHeadAttention] the sequences have shape ${showShape(x.shape)}. Reshape them to [n, steps, ${width}].`,
    );
  };
  return {
    width,
    heads,
    init: (key) => {
      const fans = { fanIn: width, fanOut: width };
      const matrices = ["query", "key", "value", "output"].map((name, i) => ({
        [name]: initialise("xavierUniform", key.fold(i), [width, width], fans, options),
        [`${name}Bias`]: zeros([width], options),
      }));
      return Object.assign({}, ...matrices);
    },
    apply: (params, queries, { keys = queries, values = keys, ...masks } = {}) => {
      for (const x of [queries, keys, values]) check(x);
      const project = (x: Tensor, name: string): Tensor => add(matmul(x, params[name]), params[`${name}Bias`]);
      const [q, k, v] = [project(queries, "query"), project(keys, "key"), project(values, "value")];
      const y = attention(split(q), split(k), split(v), masks);
      return project(reshape(transpose(y, [0, 2, 1, 3]), queries.shape), "output");
    },
  };
}
