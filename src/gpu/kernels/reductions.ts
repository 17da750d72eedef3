// Sums and the parts of softmax, in the orders of assembly/reduce.ts and assembly/softmax.ts.
import { sizeOf } from "../../core/index.js";
import { crossEntropyOp, logSoftmaxOp, maxOp, softmaxErrorOp, softmaxOp, sumOp } from "../../ops/internal.js";
import type { Value } from "../graph.js";
import { type Forward, type Lowering, lowering } from "../lowering.js";
import { at, type Emitter, sumOf, X, Y } from "./emitter.js";
import { reshaped } from "./shapes.js";

/** The axes over which to take the sum or the maximum. */
interface Axes {
  readonly from: number;
  readonly to: number;
}

/** The middle of (before, middle, after): rows in sixteen partial sums, columns one term after another. */
const sum: Forward<Axes> = (emit, { inputs: [x], outputs: [y], attributes: { from, to } }) => {
  const [before, middle, after] = [
    sizeOf(x.shape.slice(0, from)),
    sizeOf(x.shape.slice(from, to)),
    sizeOf(x.shape.slice(to)),
  ];
  if (after === 1) {
    const rows = reshaped(emit, x, [before, middle]);
    const total = sumOf("s", middle, 16, (k) => at(0, X, k));
    return [reshaped(emit, emit.run([before], [rows], `${total}\nreturn s;`), y.shape)];
  }
  const blocks = reshaped(emit, x, [before * middle, after]);
  const total = sumOf("s", middle, 1, (k) => at(0, `${Y} * ${middle} + ${k}`, X));
  return [reshaped(emit, emit.run([before, after], [blocks], `${total}\nreturn s;`), y.shape)];
};

/** The largest of the middle; NaN if one is NaN. */
const max: Forward<Axes> = (emit, { inputs: [x], outputs: [y], attributes: { from, to } }) => {
  const [before, middle, after] = [
    sizeOf(x.shape.slice(0, from)),
    sizeOf(x.shape.slice(from, to)),
    sizeOf(x.shape.slice(to)),
  ];
  const blocks = reshaped(emit, x, [before * middle, after]);
  const body = `let y = ${at(0, `${Y} * ${middle}`, X)};
for (let k = 1; k < ${middle}; k++) { y = gMaximum(y, ${at(0, `${Y} * ${middle} + k`, X)}); }
return y;`;
  return [reshaped(emit, emit.run([before, after], [blocks], body), y.shape)];
};

/** Each row's largest element and the sum of exponentials of the distances to it, (rows, 2). */
function rowStatistics(emit: Emitter, x: Value): Value {
  const n = x.columns;
  const body = `let largest = ${at(0, Y, 0)};
for (let j = 1; j < ${n}; j++) { const next = ${at(0, Y, "j")}; if (next > largest) { largest = next; } }
if (${X} == 0) { return largest; }
${sumOf("s", n, 4, (k) => `gExp(${at(0, Y, k)} - largest)`)}
return s;`;
  return emit.run([x.rows, 2], [x], body);
}

const [largest, total] = [at(1, Y, 0), at(1, Y, 1)];

const softmax: Forward<undefined> = (emit, { inputs: [x], outputs: [y] }) => {
  const body = `return gExp(${at(0, Y, X)} - ${largest}) / ${total};`;
  return [emit.run(y.shape, [x, rowStatistics(emit, x)], body)];
};

const logSoftmax: Forward<undefined> = (emit, { inputs: [x], outputs: [y] }) => {
  const body = `return (${at(0, Y, X)} - ${largest}) - gLog(${total});`;
  return [emit.run(y.shape, [x, rowStatistics(emit, x)], body)];
};

/** Labels are a vector, one per row. */
const crossEntropy: Forward<undefined> = (emit, { inputs: [x, labels], outputs: [y] }) => {
  const body =
    `const label = ${at(2, 0, X)}; ` + `return gLog(${at(1, X, 1)}) - (${at(0, X, "label")} - ${at(1, X, 0)});`;
  return [emit.run(y.shape, [x, rowStatistics(emit, x), labels], body)];
};

const softmaxError: Forward<undefined> = (emit, { inputs: [x, labels], outputs: [y] }) => {
  const body =
    `const p = gExp(${at(0, Y, X)} - ${largest}) / ${total}; ` +
    `if (${at(2, 0, Y)} == ${X}) { return p - 1.0; } return p;`;
  return [emit.run(y.shape, [x, rowStatistics(emit, x), labels], body)];
};

/** The lowerings of this file. */
export const reductions: readonly Lowering[] = [
  lowering(sumOp, { forward: sum, vjp: "ops" }),
  lowering(maxOp, { forward: max, vjp: "ops" }),
  lowering(softmaxOp, { forward: softmax, vjp: "ops" }),
  lowering(logSoftmaxOp, { forward: logSoftmax, vjp: "ops" }),
  lowering(crossEntropyOp, { forward: crossEntropy, vjp: "ops", labels: 1 }),
  lowering(softmaxErrorOp, { forward: softmaxError, vjp: "ops", labels: 1 }),
];
