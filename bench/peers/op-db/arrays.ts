// Reductions, shapes, indexing and order.
import * as s from "../../../src/index.js";
import { Tensor } from "../../../src/index.js";
import {
  type Any,
  along,
  axesOf,
  isFloat,
  type Named,
  type Ours,
  only,
  type Result,
  reduction,
  truth,
  two,
} from "./arguments.js";

export const reductions: Record<string, Ours> = {
  sum: reduction((x, axes, keep) => s.sum(x, axes, keep)),
  mean: reduction((x, axes, keep) => s.mean(x, axes, keep)),
  prod: reduction((x, axes, keep) => s.prod(x, axes, keep)),
  amax: reduction((x, axes, keep) => s.max(x, axes, keep)),
  amin: reduction((x, axes, keep) => s.min(x, axes, keep)),
  logsumexp: reduction((x, axes, keep) => s.logSumExp(x, axes, keep)),
  all: reduction((x, axes, keep) => s.all(x, axes, keep)),
  any: reduction((x, axes, keep) => s.any(x, axes, keep)),
  argmax: reduction((x, axis, keep) => s.argmax(x, axis, keep)),
  argmin: reduction((x, axis, keep) => s.argmin(x, axis, keep)),
  max: ([x, ...rest], named) => (rest.length || !only(named) ? undefined : s.max(x)),
  min: ([x, ...rest], named) => (rest.length || !only(named) ? undefined : s.min(x)),
  "max reduction_with_dim": ([x, dim, keep]) => (x.rank ? [s.max(x, dim, keep)] : undefined),
  "min reduction_with_dim": ([x, dim, keep]) => (x.rank ? [s.min(x, dim, keep)] : undefined),
  norm: ([x, ...rest], named) => (rest.length || !only(named) || !x.rank ? undefined : s.norm(x)),
  "linalg.norm": ([x, order, ...rest], named) =>
    rest.length || !only(named, "dim", "keepdim") || x.rank !== 1 || !((order ?? 2) >= 1)
      ? undefined
      : s.norm(x, named.dim, named.keepdim, order ?? 2),
  std_mean: (args, named) => pairOf(s.std, args, named),
  var_mean: (args, named) => pairOf(s.variance, args, named),
  "max binary": two((a, b) => s.maximum(a, b)),
  "min binary": two((a, b) => s.minimum(a, b)),
  median: ([x, ...rest], named) => (rest.length || !only(named) ? undefined : s.median(x)),
  std: (args, named) => spread(s.std, args, named),
  var: (args, named) => spread(s.variance, args, named),
  "linalg.vector_norm": ([x, order = 2, ...rest], named) =>
    rest.length || !only(named, "ord", "dim", "keepdim") || !((named.ord ?? order) >= 1) || x.rank === 0
      ? undefined
      : s.norm(x, axesOf(named.dim ?? null), named.keepdim ?? false, named.ord ?? order),
  cumsum: along((x, axis) => s.cumsum(x, axis)),
  cumprod: along((x, axis) => s.cumprod(x, axis)),
  cummax: along((x, axis) => s.cumMax(x, axis)),
  cummin: along((x, axis) => s.cumMin(x, axis)),
  softmax: along((x, axis) => s.softmax(x, axis)),
  log_softmax: along((x, axis) => s.logSoftmax(x, axis)),
  quantile: ([x, q], named) =>
    typeof q === "number" && x.rank > 0 && (named.interpolation ?? "linear") === "linear"
      ? s.quantile(x, q, axesOf(named.dim ?? null), named.keepdim ?? false)
      : undefined,
  count_nonzero: ([x, dim], named) =>
    isFloat(x) && x.rank > 0 ? s.sum(truth(x), axesOf(named.dim ?? dim ?? null)) : undefined,
  trace: ([x]) => s.trace(x),
};

function spread(f: typeof s.std, [x, dim, ...rest]: Any[], named: Named): Result {
  if (rest.length || !only(named, "dim", "keepdim", "unbiased", "correction") || !isFloat(x)) return undefined;
  const unbiased = typeof dim === "boolean" ? dim : (named.unbiased ?? true);
  const axes = typeof dim === "boolean" ? undefined : axesOf(named.dim ?? dim ?? null);
  const ddof = named.correction ?? (unbiased ? 1 : 0);
  return x.rank === 0 || ddof < 0 ? undefined : f(x, axes, named.keepdim ?? false, ddof);
}

function pairOf(f: typeof s.std, args: Any[], named: Named): Result {
  const first = spread(f, args, named);
  const axes = typeof args[1] === "boolean" ? undefined : axesOf(named.dim ?? args[1] ?? null);
  return first instanceof Tensor ? [first, s.mean(args[0], axes, named.keepdim ?? false)] : undefined;
}

const flat = (args: Any[]): number[] => (Array.isArray(args[0]) ? args[0] : args);
export const shapes: Record<string, Ours> = {
  reshape: ([x, ...shape]) => s.reshape(x, flat(shape)),
  view: ([x, ...shape]) => (typeof flat(shape)[0] === "number" ? s.reshape(x, flat(shape)) : undefined),
  permute: ([x, ...axes]) => s.transpose(x, flat(axes)),
  transpose: ([x, a, b]) => {
    if (x.rank === 0) return undefined;
    const order = x.shape.map((_: number, i: number) => i);
    const [i, j] = [a, b].map((axis) => (axis < 0 ? axis + x.rank : axis));
    [order[i], order[j]] = [order[j], order[i]];
    return s.transpose(x, order);
  },
  t: ([x]) => s.transpose(x),
  movedim: ([x, from, to]) => (typeof from === "number" ? s.moveAxis(x, from, to) : undefined),
  squeeze: ([x, dim]) => (dim === undefined || x.shape.at(dim) === 1 ? s.squeeze(x, dim) : undefined),
  unsqueeze: ([x, dim]) => s.expandDims(x, dim),
  flip: ([x, ...axes], { dims }) => s.flip(x, dims ?? flat(axes)),
  fliplr: ([x]) => s.flip(x, 1),
  flipud: ([x]) => s.flip(x, 0),
  roll: ([x, shift, axis]) =>
    typeof shift === "number" && typeof axis === "number" ? s.roll(x, shift, axis) : undefined,
  tile: ([x, ...counts]) => s.tile(x, flat(counts)),
  repeat: ([x, ...counts]) => s.tile(x, flat(counts)),
  repeat_interleave: ([x, counts], { dim }) =>
    typeof counts !== "number"
      ? undefined
      : dim === undefined
        ? s.repeat(s.reshape(x, [-1]), counts)
        : s.repeat(x, counts, dim),
  expand: ([x, ...shape]) => (flat(shape).includes(-1) ? undefined : s.broadcastTo(x, flat(shape))),
  broadcast_to: ([x, shape]) => s.broadcastTo(x, shape),
  cat: ([parts], { dim = 0 }) => s.concat(parts, dim),
  stack: ([parts, dim = 0]) => s.stack(parts, dim),
  split: ([x, size, dim = 0], named) => parted(x, size, named.dim ?? dim),
  split_with_sizes: ([x, sizes, axis], { dim = axis ?? 0 }) => s.split(x, sizes, dim),
  chunk: ([x, count, dim = 0]) => parted(x, Math.ceil(x.shape.at(dim) / count), dim),
  unbind: ([x, dim = 0], named) => {
    const axis = named.dim ?? dim;
    return s.split(x, x.shape.at(axis), axis).map((part) => s.squeeze(part, axis));
  },
  narrow: ([x, dim, start, length]) =>
    typeof start === "number"
      ? s
          .slice(s.moveAxis(x, dim, 0), start, start < 0 ? start + x.shape.at(dim) + length : start + length)
          .moveAxis(0, dim)
      : undefined,
  select: ([x, dim, index]) =>
    s.squeeze(s.slice(s.moveAxis(x, dim, 0), index, index === -1 ? undefined : index + 1), 0),
  diag: ([x, offset = 0]) => s.diag(x, offset),
  diagonal: ([x, ...rest], { offset = 0, dim1 = 0, dim2 = 1 }) =>
    s.diagonal(x, rest[0] ?? offset, rest[1] ?? dim1, rest[2] ?? dim2),
  tril: ([x, offset = 0]) => s.tril(x, offset),
  triu: ([x, offset = 0]) => s.triu(x, offset),
  flatten: ([x, ...rest], named) => (rest.length || !only(named) ? undefined : s.reshape(x, [-1])),
  ravel: ([x]) => s.reshape(x, [-1]),
  kron: ([a, b]) => s.kron(a, b),
  meshgrid: ([first, ...rest], { indexing }) => s.meshgrid(Array.isArray(first) ? first : [first, ...rest], indexing),
  "nn.functional.pad": ([x, widths, kind, fill], { mode = kind ?? "constant", value = fill ?? 0 }) =>
    padded(x, widths, mode, value),
  T: ([x]) => s.transpose(x),
  mT: ([x]) => s.moveAxis(x, -1, -2),
  expand_as: ([x, y]) => s.broadcastTo(x, y.shape),
  reshape_as: ([x, y]) => s.reshape(x, y.shape),
  view_as: ([x, y]) => s.reshape(x, y.shape),
};

function parted(x: Any, size: Any, axis: number): Result {
  if (Array.isArray(size)) return s.split(x, size, axis);
  const length = x.shape.at(axis);
  const sizes = Array.from({ length: Math.ceil(length / size) }, (_, i) => Math.min(size, length - i * size));
  return length === 0 ? undefined : s.split(x, sizes, axis);
}

function padded(x: Any, widths: number[], mode: string, value: Any): Result {
  if (widths.some((width) => width < 0)) return undefined;
  const pairs = x.shape.map(() => [0, 0]);
  for (let i = 0; i < widths.length / 2; i++) pairs[x.rank - 1 - i] = [widths[2 * i], widths[2 * i + 1]];
  const named: Record<string, Any> = { constant: value, reflect: "reflect", replicate: "edge", circular: "wrap" };
  return s.pad(x, pairs, named[mode]);
}

const inside = (indices: Tensor): boolean => [...indices.data()].every((i) => i >= 0);
export const indexing: Record<string, Ours> = {
  index_select: ([x, dim, index]) => (x.rank ? s.take(x, index, dim) : undefined),
  take: ([x, index]) => (inside(index) ? s.take(s.reshape(x, [-1]), index) : undefined),
  gather: ([x, dim, index]) =>
    x.rank && index.shape.every((n: number, i: number) => i === dim || n === x.shape[i])
      ? s.takeAlong(x, index, dim)
      : undefined,
  take_along_dim: ([x, index, dim]) => (dim === undefined ? undefined : s.takeAlong(x, index, dim)),
  index_add: ([x, dim, index, y], { alpha = 1 }) => (x.rank ? s.scatterAdd(x, index, s.mul(y, alpha), dim) : undefined),
  index_copy: ([x, dim, index, y]) => (x.rank ? s.at(x, index, dim).set(y) : undefined),
  index_fill: ([x, dim, index, value]) =>
    x.rank && typeof value === "number" ? s.at(x, index, dim).set(value) : undefined,
  masked_select: ([x, mask]) =>
    String(x.shape) === String(mask.shape) ? s.compress(s.reshape(mask, [-1]), s.reshape(x, [-1])) : undefined,
  sort: ([x, dim = -1, descending = false], named) =>
    isFloat(x) && x.rank ? s.sort(x, named.dim ?? dim, named.descending ?? descending) : undefined,
  msort: ([x]) => (x.rank ? s.sort(x, 0) : undefined),
  argsort: ([x, axis, falling], { dim = axis ?? -1, descending = falling ?? false }) =>
    isFloat(x) && x.rank ? s.argsort(x, dim, descending) : undefined,
  topk: ([x, k, dim = -1, largest = true]) => (largest && x.rank ? [s.topK(x, k, dim).values] : undefined),
  argwhere: ([x]) => (x.rank ? s.nonzero(x) : undefined),
  nonzero: ([x], named) => (x.rank && !named.as_tuple ? s.nonzero(x) : undefined),
  "nn.functional.embedding": ([table, ids], named) => (only(named) ? s.embedding(table, ids) : undefined),
};
