// Products, linear algebra, losses, convolution and pooling.

import type { Tensor } from "../../../src/index.js";
import * as s from "../../../src/index.js";
import * as linalg from "../../../src/linalg/index.js";
import { type Any, isFloat, type Named, type Ours, perAxis, same } from "./arguments.js";

export const products: Record<string, Ours> = {
  matmul: same("matmul"),
  __rmatmul__: ([a, b]) => s.matmul(b, a),
  mm: same("matmul"),
  bmm: same("matmul"),
  mv: same("matvec"),
  dot: same("dot"),
  vdot: same("dot"),
  outer: same("outer"),
  einsum: ([expression, parts]) => (typeof expression === "string" ? s.einsum(expression, ...parts) : undefined),
  tensordot: ([a, b], { dims }) => s.tensordot(a, b, dims),
  addmm: ([c, a, b], { alpha = 1, beta = 1 }) => s.add(s.mul(c, beta), s.mul(s.matmul(a, b), alpha)),
  addmv: ([c, a, b], { alpha = 1, beta = 1 }) => s.add(s.mul(c, beta), s.mul(s.matvec(a, b), alpha)),
  baddbmm: ([c, a, b], { alpha = 1, beta = 1 }) => s.add(s.mul(c, beta), s.mul(s.matmul(a, b), alpha)),
  "linalg.inv": ([a]) => linalg.inverse(a),
  "linalg.det": ([a]) => linalg.det(a),
  "linalg.slogdet": ([a]) => [linalg.slogdet(a).sign, linalg.slogdet(a).logAbsDet],
  "linalg.cholesky": ([a], { upper = false }) => (upper ? undefined : linalg.cholesky(a)),
  "linalg.solve": ([a, b], { left = true }) => (left ? linalg.solve(a, b) : undefined),
  "linalg.solve_triangular": ([a, b], { upper, left = true, unitriangular = false }) =>
    left && !unitriangular ? linalg.solveTriangular(a, b, { lower: !upper } as Any) : undefined,
  "linalg.svdvals": ([a]) => linalg.svd(a).s,
  "linalg.eigvalsh": ([a], { UPLO = "L" }) => {
    const lower = UPLO === "L" ? s.tril(a) : s.moveAxis(s.triu(a), -1, -2);
    const strict = s.tril(lower, -1);
    return linalg.eigh(s.add(lower, s.moveAxis(strict, -1, -2))).values;
  },
};

export const losses: Record<string, Ours> = {
  l1_loss: ([x, y], { reduction = "mean" }) => {
    const e = s.abs(s.sub(x, y));
    return String(x.shape) !== String(y.shape)
      ? undefined
      : reduction === "none"
        ? e
        : reduction === "sum"
          ? s.sum(e)
          : s.mean(e);
  },
  mse_loss: ([x, y], { reduction = "mean" }) =>
    String(x.shape) === String(y.shape) ? s.mse(x, y, { reduction }) : undefined,
  huber_loss: ([x, y], { reduction = "mean", delta = 1, weight }) =>
    weight || String(x.shape) !== String(y.shape) ? undefined : s.huber(x, y, { reduction, delta }),
  binary_cross_entropy: ([x, y], { reduction = "mean", weight }) => (weight ? undefined : s.bce(x, y, { reduction })),
  binary_cross_entropy_with_logits: ([x, y], { reduction = "mean", weight, pos_weight: positive }) =>
    weight || positive || String(x.shape) !== String(y.shape) ? undefined : s.bceWithLogits(x, y, { reduction }),
  kl_div: ([x, y], { reduction = "mean", log_target: logs = false }) =>
    !logs && reduction === "sum" && x.rank ? s.kl(x, y, { reduction }) : undefined,
  nll_loss: ([x, y], { weight: weights, ignore_index: ignore, reduction = "mean" }) =>
    x.rank <= 2 && y.rank ? s.nll(x, y, { weights, ignore, reduction }) : undefined,
  cross_entropy: (
    [x, y],
    { weight: weights, ignore_index: ignore, reduction = "mean", label_smoothing: smoothing = 0 },
  ) =>
    x.rank === 2 && !(isFloat(y) && weights)
      ? s.crossEntropy(x, y, { weights, ignore, reduction, smoothing })
      : undefined,
};

const toLast = (x: Tensor): Tensor => s.moveAxis(x, 1, -1);
const toSecond = (x: Tensor): Tensor => s.moveAxis(x, -1, 1);
const filterOf = (w: Tensor): Tensor => s.moveAxis(s.moveAxis(w, 1, -1), 0, -1);
const paddingOf = (padding: Any, count: number): Any =>
  typeof padding === "string" ? padding : count === 1 ? perAxis(padding, 1)[0] : perAxis(padding, 2).map((n) => [n, n]);
const sizeOf = (size: Any, count: number): Any => (count === 1 ? perAxis(size, 1)[0] : perAxis(size, 2));

const conv =
  (count: 1 | 2): Ours =>
  ([x, w, b, ...rest], { stride = 1, padding = 0, dilation = 1, groups = 1, bias }) => {
    if (rest.length || x.rank !== count + 2 || typeof padding === "string") return undefined;
    const f = count === 1 ? s.conv1d : s.conv2d;
    const options = {
      stride: sizeOf(stride, count),
      padding: paddingOf(padding, count),
      dilation: sizeOf(dilation, count),
      groups,
    };
    const y = (f as Any)(toLast(x), filterOf(w), options);
    const shift = bias ?? b;
    return toSecond(shift ? s.add(y, shift) : y);
  };
/** Arguments by their place or their name. */
const placed = (args: Any[], named: Named, names: readonly string[]): Any =>
  Object.fromEntries(names.map((name, i) => [name, named[name] ?? args[i]]));
const pool = (name: "maxPool" | "avgPool", count: 1 | 2): Ours => {
  const tail =
    name === "maxPool"
      ? ["dilation", "ceil_mode", "return_indices"]
      : ["ceil_mode", "count_include_pad", "divisor_override"];
  return ([x, ...args], named) => {
    const given = placed(args, named, ["kernel_size", "stride", "padding", ...tail]);
    if (x.rank !== count + 2 || (given.divisor_override ?? null) !== null) return undefined;
    const kernel = given.kernel_size;
    const steps =
      given.stride === undefined || given.stride === null || given.stride.length === 0 ? kernel : given.stride;
    const both = (value: Any): Any => (Array.isArray(value) && value.length === 1 ? value[0] : value);
    const options = {
      ...{
        stride: sizeOf(both(steps), count),
        padding: paddingOf(both(given.padding ?? 0), count),
        ceil: given.ceil_mode ?? false,
      },
      ...(name === "maxPool"
        ? { dilation: sizeOf(both(given.dilation ?? 1), count) }
        : { countPadding: given.count_include_pad ?? true }),
    };
    const f = (s as Any)[count === 1 ? `${name}1d` : name];
    return toSecond(f(toLast(x), sizeOf(both(kernel), count), options));
  };
};
const transposed =
  (count: 1 | 2): Ours =>
  ([x, w, b], { stride = 1, padding = 0, output_padding: extra = 0, groups = 1, dilation = 1 }) => {
    if (x.rank !== count + 2 || groups !== 1 || [extra].flat().some((n) => n !== 0)) return undefined;
    const f = (count === 1 ? s.convTranspose1d : s.convTranspose2d) as Any;
    // Filters are [.., in, out] here, [in, out, ..] there.
    const filter = s.moveAxis(s.moveAxis(w, 0, -1), 0, -1);
    const options = {
      stride: sizeOf(stride, count),
      padding: paddingOf(padding, count),
      dilation: sizeOf(dilation, count),
    };
    const y = f(toLast(x), filter, options);
    return toSecond(b ? s.add(y, b) : y);
  };
const adaptive =
  (name: string, count: 1 | 2): Ours =>
  ([x, size]) =>
    x.rank !== count + 2 || [size].flat().includes(null)
      ? undefined
      : toSecond((s as Any)[name](toLast(x), sizeOf(size, count)));

export const windows: Record<string, Ours> = {
  conv1d: conv(1),
  conv2d: conv(2),
  conv_transpose1d: transposed(1),
  conv_transpose2d: transposed(2),
  max_pool1d: pool("maxPool", 1),
  max_pool2d: pool("maxPool", 2),
  avg_pool1d: pool("avgPool", 1),
  avg_pool2d: pool("avgPool", 2),
  adaptive_avg_pool1d: adaptive("adaptiveAvgPool1d", 1),
  adaptive_avg_pool2d: adaptive("adaptiveAvgPool", 2),
  adaptive_max_pool1d: adaptive("adaptiveMaxPool1d", 1),
  adaptive_max_pool2d: adaptive("adaptiveMaxPool", 2),
};
