// Softmax along any axis, and cross-entropy over the last axis of logits [classes] or [rows, classes].

import {
  type AnyOp,
  type Array64,
  apply,
  type BatchRule,
  checkTensors,
  type Op,
  type Sample,
} from "../autodiff/index.js";
import { kernelsOf, showShape, sizeOf, type Tensor } from "../core/index.js";
import { exp, mul, sub } from "./elementwise.js";
import { moveAxis } from "./permute.js";
import { reshape } from "./shape.js";
import { axesOf, sum } from "./sum.js";

/** Rows and classes of logits of rank 1 or 2. */
function rowsOf(x: { readonly shape: readonly number[] }): [number, number] {
  return x.shape.length === 1 ? [1, x.shape[0]] : [x.shape[0], x.shape[1]];
}

function checkLogits(op: string, x: Tensor): void {
  if (x.rank < 1 || x.rank > 2) {
    throw new RangeError(`[${op}] logits of shape ${showShape(x.shape)}: [classes] or [rows, classes] is needed.`);
  }
}

function checkLabels(op: string, logits: Tensor, labels: Tensor): void {
  checkLogits(op, logits);
  const [rows, classes] = rowsOf(logits);
  if (labels.dtype !== "int32") {
    throw new TypeError(`[${op}] labels are ${labels.dtype}; int32 is needed. Use tensor(list, { dtype: "int32" }).`);
  }
  if (labels.size !== rows || labels.rank !== logits.rank - 1) {
    throw new RangeError(
      `[${op}] labels of shape ${showShape(labels.shape)} do not fit logits of shape ${showShape(logits.shape)}.`,
    );
  }
  const values = labels.elements;
  for (let i = 0; i < rows; i++) {
    if (values[i] < 0 || values[i] >= classes) {
      throw new RangeError(`[${op}] label ${values[i]} at ${i} is outside the ${classes} classes. Labels run from 0.`);
    }
  }
}

function logSumExpReference(row: Float64Array): number {
  const max = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return max + Math.log(row.reduce((total, x) => total + Math.exp(x - max), 0));
}

/** `f` of each row of x and that row's log-sum-exp, in float64. */
function byRows(x: Array64, f: (row: Float64Array, logSum: number, index: number) => ArrayLike<number>): Float64Array {
  const [rows, classes] = rowsOf(x);
  const parts = Array.from({ length: rows }, (_, i) => {
    const row = x.data.subarray(i * classes, (i + 1) * classes);
    return Array.from(f(row, logSumExpReference(row), i));
  });
  return Float64Array.from(parts.flat());
}

/** How an op that knows rows acts on stacks: the rows of all examples are rows of one. */
const rowsOnly = (op: () => Op): BatchRule<undefined> => ({
  stacked: (inputs, batched) => {
    if (batched.includes(false)) return undefined;
    const [{ shape }] = inputs;
    const lead = shape.slice(0, -1);
    const [x, ...labels] = inputs;
    const rows = [reshape(x, [sizeOf(lead), shape.at(-1)!]), ...labels.map((each) => reshape(each, [each.size]))];
    const y = apply(op(), rows, undefined);
    return [reshape(y, [...lead, ...y.shape.slice(1)])];
  },
});

const logits: Sample<undefined>[] = [
  { inputs: [{ shape: [5], low: -3, high: 3 }], attributes: undefined },
  { inputs: [{ shape: [3, 4], low: -3, high: 3 }], attributes: undefined },
];

const labelled: Sample<undefined>[] = [
  {
    inputs: [
      { shape: [5], low: -3, high: 3 },
      { shape: [], dtype: "int32", high: 5 },
    ],
    attributes: undefined,
  },
  {
    inputs: [
      { shape: [3, 4], low: -3, high: 3 },
      { shape: [3], dtype: "int32", high: 4 },
    ],
    attributes: undefined,
  },
];

/** dx = y (dy - sum(y dy)), the same for tangents: the Jacobian of softmax is symmetric. */
function softmaxProduct(y: Tensor, d: Tensor): Tensor {
  const weighted = mul(y, d);
  return sub(weighted, mul(y, sum(weighted, -1, true)));
}

/** y = eˣ / sum(eˣ) along the last axis. */
export const softmaxOp: Op = {
  name: "softmax",
  batch: rowsOnly(() => softmaxOp),
  shapes: ([x]) => {
    checkLogits("softmax", x);
    return [x.shape];
  },
  forward: ([y], [x]) => kernelsOf(y).softmax(y.address, x.address, ...rowsOf(x)),
  vjp: ([dy], { outputs: [y] }) => [softmaxProduct(y, dy!)],
  jvp: ([dx], { outputs: [y] }) => [dx && softmaxProduct(y, dx)],
  reference: ([x]) => [
    { shape: x.shape, data: byRows(x, (row, total) => row.map((value) => Math.exp(value - total))) },
  ],
  domain: logits,
};

/** y = x - log(sum(eˣ)) along the last axis. */
export const logSoftmaxOp: Op = {
  name: "logSoftmax",
  batch: rowsOnly(() => logSoftmaxOp),
  shapes: ([x]) => {
    checkLogits("logSoftmax", x);
    return [x.shape];
  },
  forward: ([y], [x]) => kernelsOf(y).logSoftmax(y.address, x.address, ...rowsOf(x)),
  vjp: ([dy], { outputs: [y] }) => [sub(dy!, mul(exp(y), sum(dy!, -1, true)))],
  jvp: ([dx], { outputs: [y] }) => [dx && sub(dx, sum(mul(exp(y), dx), -1, true))],
  reference: ([x]) => [{ shape: x.shape, data: byRows(x, (row, total) => row.map((value) => value - total)) }],
  domain: logits,
};

/** y = log(sum(eˣ)) - x[label], a number for each row. */
export const crossEntropyOp: Op = {
  name: "crossEntropy",
  batch: rowsOnly(() => crossEntropyOp),
  types: { indices: [1] },
  shapes: ([x, labels]) => {
    checkLabels("crossEntropy", x, labels);
    return [x.shape.slice(0, -1)];
  },
  forward: ([y], [x, labels]) => kernelsOf(y).crossEntropy(y.address, x.address, labels.address, ...rowsOf(x)),
  vjp: ([dy], { inputs: [x, labels] }) => [mul(softmaxError(x, labels), reshape(dy!, [...dy!.shape, 1])), undefined],
  jvp: ([dx], { inputs: [x, labels] }) => [dx && sum(mul(softmaxError(x, labels), dx), -1)],
  reference: ([x, labels]) => [
    { shape: x.shape.slice(0, -1), data: byRows(x, (row, total, i) => [total - row[labels.data[i]]]) },
  ],
  domain: labelled,
};

/** y = softmax(x) - onehot(label): the derivative of cross-entropy, and the error that plasticity starts from. */
export const softmaxErrorOp: Op = {
  name: "softmaxError",
  batch: rowsOnly(() => softmaxErrorOp),
  types: { indices: [1] },
  shapes: ([x, labels]) => {
    checkLabels("softmaxError", x, labels);
    return [x.shape];
  },
  forward: ([y], [x, labels]) => kernelsOf(y).softmaxError(y.address, x.address, labels.address, ...rowsOf(x)),
  vjp: ([dy], { inputs: [x] }) => [softmaxProduct(softmax(x), dy!), undefined],
  jvp: ([dx], { inputs: [x] }) => [dx && softmaxProduct(softmax(x), dx)],
  reference: ([x, labels]) => [
    {
      shape: x.shape,
      data: byRows(x, (row, total, i) => row.map((value, j) => Math.exp(value - total) - Number(j === labels.data[i]))),
    },
  ],
  domain: labelled,
};

/** `op`, which knows rows, along any axis of any shape. */
function alongAxis(op: Op, x: Tensor, axis: number): Tensor {
  checkTensors(op.name, [x]);
  const [at] = axesOf(op.name, x, axis);
  if (x.rank <= 2 && at === x.rank - 1) return apply(op, [x], undefined);
  const atEnd = moveAxis(x, at, -1);
  const rows = reshape(atEnd, [sizeOf(atEnd.shape.slice(0, -1)), x.shape[at]]);
  return moveAxis(reshape(apply(op, [rows], undefined), atEnd.shape), -1, at);
}

/**
 * Probabilities along `axis` (default: the last): eˣ / sum(eˣ).
 *
 * @example softmax(tensor([[0, 0], [0, 1]])) // [[0.5, 0.5], [0.2689, 0.7311]]
 */
export const softmax = (x: Tensor, axis = -1): Tensor => alongAxis(softmaxOp, x, axis);
/**
 * The logarithm of softmax along `axis` (default: the last), exact where softmax underflows.
 *
 * @example logSoftmax(tensor([0, 1])) // [-1.313, -0.3133]
 */
export const logSoftmax = (x: Tensor, axis = -1): Tensor => alongAxis(logSoftmaxOp, x, axis);
/** Cross-entropy of each row of logits with its int32 label: shape [rows], or [] for one row. Take its mean for a loss. */
export const crossEntropy = (logits: Tensor, labels: Tensor): Tensor =>
  apply(crossEntropyOp, [logits, labels], undefined);
/**
 * softmax(logits) - onehot(labels): the derivative of cross-entropy in the logits.
 *
 * @example softmaxError(tensor([[0, 0]]), tensor([1], { dtype: "int32" })) // [[0.5, -0.5]]
 */
export const softmaxError = (logits: Tensor, labels: Tensor): Tensor =>
  apply(softmaxErrorOp, [logits, labels], undefined);

/** Every record of this file. */
export const lossOps: readonly AnyOp[] = [softmaxOp, logSoftmaxOp, crossEntropyOp, softmaxErrorOp];
