// Attention (Vaswani et al. 2017, "Attention is all you need", section 3.2): each query takes a mean of values, weighted by
// how well their keys fit it.

import { type Key, quote, showShape, type Tensor } from "../core/index.js";
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

/** What attention may be told. */
export interface AttentionOptions {
  /** Not 0 where a query may look at a key; broadcasts with (..., queries, keys). Default: everywhere. */
  readonly mask?: Tensor;
  /** Whether query i may look at keys 0 .. i only; default false. */
  readonly causal?: boolean;
  /** What the products of queries and keys are multiplied by; default 1 / sqrt(width of a key). */
  readonly scale?: number;
}

/**
 * softmax(`scale` q k') v: for queries q (..., queries, width), keys k (..., keys, width) and values v (..., keys, n) the
 * results (..., queries, n). A query that may look at no key gives zeros, and no derivative passes.
 *
 * @throws RangeError for shapes that do not fit.
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, options: AttentionOptions = {}): Tensor {
  const parts = [q, k, v];
  const fits = parts.every(({ rank }) => rank >= 2) && q.shape.at(-1) === k.shape.at(-1);
  if (!fits || k.shape.at(-2) !== v.shape.at(-2)) {
    throw new RangeError(
      `[attention] shapes ${parts.map(({ shape }) => showShape(shape)).join(", ")} do not fit: queries (..., queries, ` +
        "width), keys (..., keys, width) and values (..., keys, n) are needed.",
    );
  }
  const { causal = false, scale = 1 / Math.sqrt(k.shape[k.rank - 1]) } = options;
  const before = causal ? tri(q.shape[q.rank - 2], k.shape[k.rank - 2], 0, q) : undefined;
  const mask = options.mask && before ? logicalAnd(options.mask, before) : (options.mask ?? before);
  const scores = mul(matmul(q, k, { b: true }), scale);
  if (!mask) return matmul(softmax(scores), v);
  // As good as minus infinity for a softmax, but its difference from itself is 0 and not NaN.
  const never = -scores.type.limits.largest;
  return matmul(where(mask, softmax(where(mask, scores, never)), 0), v);
}

/** Attention of several heads: parameters and the function of them. Made by `multiHeadAttention`. */
export interface MultiHeadAttention {
  /** Numbers in each item of the sequences. */
  readonly width: number;
  /** How many heads there are. */
  readonly heads: number;
  /**
   * The first parameters: matrices `query`, `key`, `value` and `output` (width, width) by Xavier, and their biases
   * `queryBias` and so on, zeros.
   */
  init(key: Key): LayerParams;
  /**
   * The results (n, queries, width) for queries (n, queries, width), and keys and values (n, keys, width); keys are the
   * queries by default (self-attention), values the keys. A mask has shape (n, heads, queries, keys) or one that
   * broadcasts to it.
   */
  apply(params: LayerParams, queries: Tensor, options?: MultiHeadOptions): Tensor;
}

/** What attention of several heads may be told when it is applied. */
export interface MultiHeadOptions extends AttentionOptions {
  /** What the keys are computed from; default: the queries. */
  readonly keys?: Tensor;
  /** What the values are computed from; default: the keys. */
  readonly values?: Tensor;
}

/**
 * Attention of `heads` heads of the type in `options` (float32 by default), each of `width / heads` numbers: queries, keys and values are projected, each head attends by
 * itself, and their results side by side are projected once more.
 *
 * @throws RangeError unless heads divides width.
 */
export function multiHeadAttention(width: number, heads: number, options: OfType = {}): MultiHeadAttention {
  checkCount("multiHeadAttention", "width", width);
  checkCount("multiHeadAttention", "heads", heads);
  if (width % heads !== 0) {
    throw new RangeError(
      `[multiHeadAttention] ${quote(heads)} heads do not divide a width of ${quote(width)}. Give a multiple of heads.`,
    );
  }
  const split = (x: Tensor): Tensor =>
    transpose(reshape(x, [x.shape[0], x.shape[1], heads, width / heads]), [0, 2, 1, 3]);
  const check = (x: Tensor): void => {
    if (x.rank === 3 && x.shape[2] === width) return;
    throw new RangeError(
      `[multiHeadAttention] sequences of shape ${showShape(x.shape)}: [n, steps, ${width}] is needed. Use reshape.`,
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
