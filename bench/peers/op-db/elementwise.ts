// Functions of one, two or three numbers, and activations.
import * as s from "../../../src/index.js";
import { Tensor, tensor } from "../../../src/index.js";
import * as special from "../../../src/special/index.js";
import { numberOf, type Ours, only, two, unary } from "./arguments.js";

export const elementwise: Record<string, Ours> = {
  ...Object.fromEntries(
    [
      ...[
        "abs",
        "acos",
        "acosh",
        "asin",
        "asinh",
        "atan",
        "atanh",
        "ceil",
        "cos",
        "cosh",
        "erf",
        "exp",
        "expm1",
        "floor",
      ],
      ...[
        "log",
        "log1p",
        "neg",
        "reciprocal",
        "round",
        "rsqrt",
        "sigmoid",
        "sign",
        "sin",
        "sinh",
        "sqrt",
        "square",
        "tan",
      ],
      ...["tanh", "trunc", "exp2", "log2", "log10", "digamma", "lgamma", "erfc"],
    ].map((name) => [name, unary(name)]),
  ),
  erfinv: unary("erfInv"),
  polygamma: ([x, n]) => special.polygamma(n, x),
  add: two((a, b, { alpha = 1, ...rest }) =>
    only(rest) ? s.add(a, alpha === 1 ? numberOf(b) : b instanceof Tensor ? s.mul(b, alpha) : b * alpha) : undefined,
  ),
  sub: two((a, b, { alpha = 1, ...rest }) =>
    only(rest) ? s.sub(a, alpha === 1 ? numberOf(b) : b instanceof Tensor ? s.mul(b, alpha) : b * alpha) : undefined,
  ),
  rsub: two((a, b, { alpha = 1 }) => s.sub(b instanceof Tensor ? b : tensor(b, { dtype: a.dtype }), s.mul(a, alpha))),
  mul: two((a, b) => s.mul(a, b)),
  div: two((a, b, { rounding_mode: mode }) =>
    mode === "floor" ? s.floorDiv(a, b) : mode === "trunc" ? s.trunc(s.div(a, b)) : s.div(a, b),
  ),
  true_divide: two((a, b) => s.div(a, b)),
  floor_divide: two((a, b) => s.floorDiv(a, b)),
  remainder: two((a, b) => s.mod(a, b)),
  pow: two((a, b) => s.pow(a, b)),
  float_power: two((a, b) => s.pow(a, b)),
  atan2: two((a, b) => s.atan2(a, b)),
  hypot: two((a, b) => s.hypot(a, b)),
  logaddexp: two((a, b) => s.logAddExp(a, b)),
  maximum: two((a, b) => s.maximum(a, b)),
  minimum: two((a, b) => s.minimum(a, b)),
  eq: two((a, b) => s.equal(a, b)),
  ne: two((a, b) => s.notEqual(a, b)),
  lt: two((a, b) => s.less(a, b)),
  le: two((a, b) => s.lessEqual(a, b)),
  gt: two((a, b) => s.greater(a, b)),
  ge: two((a, b) => s.greaterEqual(a, b)),
  logical_and: two((a, b) => s.logicalAnd(a, b)),
  logical_or: two((a, b) => s.logicalOr(a, b)),
  logical_not: ([x]) => s.logicalNot(x),
  isnan: ([x]) => s.isNaN(x),
  isfinite: ([x]) => s.isFinite(x),
  nan_to_num: ([x, ...rest], named) => (rest.length === 0 && only(named) ? s.nanToNum(x) : undefined),
  where: ([a, condition, b], named) =>
    only(named) && b instanceof Tensor && a instanceof Tensor && a.dtype === b.dtype
      ? s.where(condition, a, b)
      : undefined,
  clamp: ([x, low, high], named) => {
    const [from, to] = [low ?? named.min ?? Number.NEGATIVE_INFINITY, high ?? named.max ?? Number.POSITIVE_INFINITY];
    return [from, to].some((bound) => bound instanceof Tensor && bound.dtype === "int32")
      ? undefined
      : s.clip(x, from, to);
  },
  clamp_min: two((a, b) => s.maximum(a, b)),
  clamp_max: two((a, b) => s.minimum(a, b)),
  lerp: ([a, b, w]) => (b instanceof Tensor ? s.add(a, s.mul(s.sub(b, a), w)) : undefined),
  addcmul: ([a, b, c], { value = 1 }) => s.add(a, s.mul(s.mul(b, c), value)),
  addcdiv: ([a, b, c], { value = 1 }) => s.add(a, s.mul(s.div(b, c), value)),
  masked_fill: ([x, mask, value]) => (typeof value === "number" ? s.where(mask, value, x) : undefined),
};

export const activations: Record<string, Ours> = {
  relu: unary("relu"),
  elu: ([x], { alpha = 1, ...rest }) => (only(rest) ? s.elu(x, alpha) : undefined),
  selu: ([x]) => s.selu(x),
  silu: ([x]) => s.silu(x),
  gelu: ([x], { approximate = "none" }) =>
    approximate === "tanh" ? s.gelu(x) : s.mul(s.mul(x, 0.5), s.add(s.erf(s.mul(x, Math.SQRT1_2)), 1)),
  leaky_relu: ([x], { negative_slope: slope = 0.01 }) => s.leakyRelu(x, slope),
  softplus: ([x], { beta = 1, threshold = 20 }) => (threshold === 20 ? s.softplus(x, beta) : undefined),
  softsign: ([x]) => s.softsign(x),
  logsigmoid: ([x]) => s.logSigmoid(x),
  softmin: ([x, dim], named) => (x.rank && only(named, "dim") ? s.softmax(s.neg(x), named.dim ?? dim) : undefined),
  relu6: ([x]) => s.clip(x, 0, 6),
  hardtanh: ([x], { min_val: low = -1, max_val: high = 1 }) => s.clip(x, low, high),
  mish: ([x]) => s.mul(x, s.tanh(s.softplus(x))),
  tanhshrink: ([x]) => s.sub(x, s.tanh(x)),
  linear: ([x, w, b]) => (w.rank === 2 ? [s.matmul(x, s.transpose(w))].map((y) => (b ? s.add(y, b) : y)) : undefined),
  normalize: ([x], { p = 2, dim = 1, eps = 1e-12 }) =>
    p >= 1 && x.rank > 0 ? s.div(x, s.maximum(s.norm(x, dim, true, p), eps)) : undefined,
  cosine_similarity: ([a, b], { dim = 1, eps = 1e-8 }) => {
    if (a.rank === 0 || a.rank !== b.rank) return undefined;
    const product = s.mul(a, b);
    const length = (x: Tensor): Tensor => s.maximum(s.norm(s.broadcastTo(x, product.shape), dim), eps);
    return s.div(s.sum(product, dim), s.mul(length(a), length(b)));
  },
};
