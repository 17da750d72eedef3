// Elementwise ops, and those that broadcast: one kernel each.
import { accumulate, type Op } from "../../autodiff/index.js";
import type { Shape } from "../../core/index.js";
import {
  absOp,
  addOp,
  addScalarOp,
  broadcastToOp,
  chainOp,
  chainOverOp,
  divOp,
  equalOp,
  expm1Op,
  expOp,
  greaterOp,
  log1pOp,
  logOp,
  maximumOp,
  minimumOp,
  mulOp,
  mulScalarOp,
  negOp,
  reciprocalOp,
  reluOp,
  sigmoidOp,
  signOp,
  softplusGateOp,
  softplusOp,
  softsignOp,
  sqrtOp,
  squareOp,
  subOp,
  tanhOp,
  whereOp,
} from "../../ops/internal.js";
import { type Lowering, lowering } from "../lowering.js";
import { at, divide, X, Y } from "./emitter.js";

const here = (arg: number): string => at(arg, Y, X);

/** f(x). */
const unary = (op: Op, expression: string): Lowering =>
  lowering(op, {
    forward: (emit, { inputs: [x], outputs: [y] }) => [
      emit.run(y.shape, [x], `const x = ${here(0)}; return ${expression};`),
    ],
    vjp: "ops",
  });

/** f(x, c) with the op's number c as N0. */
const scaled = (op: Op<{ c: number }>, expression: string): Lowering =>
  lowering(op, {
    forward: (emit, { inputs: [x], outputs: [y], attributes: { c } }) => [
      emit.run(y.shape, [x], `const x = ${here(0)}; return ${expression};`, { numbers: [c] }),
    ],
    vjp: "ops",
  });

/** Where the thread's element comes from in an operand that is broadcast to `out`. */
function source(arg: number, out: Shape, from: Shape): { before: string; element: string } {
  if (from.every((size) => size === 1)) return { before: "", element: at(arg, 0, 0) };
  const stretched = (axis: number): number => from[axis - out.length + from.length] ?? 1;
  if (out.length === from.length && out.every((size, axis) => size === from[axis])) {
    return { before: "", element: here(arg) };
  }
  // Splits the row into the axes before the last, and joins them again without those that are broadcast.
  const column = stretched(out.length - 1) === 1 ? "0" : X;
  let before = "";
  let rest = Y;
  let row = "0";
  let stride = 1;
  for (let axis = out.length - 2; axis >= 0; axis--) {
    const [q, r] = [`q${arg}_${axis}`, `r${arg}_${axis}`];
    before += `${divide(rest, out[axis], q, r)}\n`;
    if (stretched(axis) !== 1) row += ` + ${r} * ${stride}`;
    stride *= stretched(axis);
    rest = q;
  }
  return { before, element: at(arg, row, column) };
}

/** f(a, b), where either may be broadcast. */
const binary = (op: Op, expression: string): Lowering =>
  lowering(op, {
    forward: (emit, { inputs: [a, b], outputs: [y] }) => {
      const [left, right] = [source(0, y.shape, a.shape), source(1, y.shape, b.shape)];
      const body = `${left.before}${right.before}const a = ${left.element}; const b = ${right.element}; return ${expression};`;
      return [emit.run(y.shape, [a, b], body)];
    },
    vjp: "ops",
  });

/** 1 where the condition holds, else 0. */
const test = (condition: string): string => `(${condition}) ? 1.0 : 0.0`;

const broadcastTo = lowering(broadcastToOp, {
  forward: (emit, { inputs: [x], outputs: [y] }) => {
    const { before, element } = source(0, y.shape, x.shape);
    return [emit.run(y.shape, [x], `${before}return ${element};`)];
  },
  vjp: "ops",
});

const where = lowering(whereOp, {
  forward: (emit, { inputs, outputs: [y] }) => [
    emit.run(y.shape, inputs, `let y = ${here(2)}; if (${here(0)} != 0.0) { y = ${here(1)}; } return y;`),
  ],
  vjp: "ops",
});

/** The lowerings of this file. */
export const elementwise: readonly Lowering[] = [
  unary(negOp, "-x"),
  unary(absOp, "Math.abs(x)"),
  unary(signOp, "gSign(x)"),
  unary(squareOp, "x * x"),
  unary(sqrtOp, "Math.sqrt(x)"),
  unary(reciprocalOp, "1.0 / x"),
  unary(softsignOp, "x / (1.0 + Math.abs(x))"),
  unary(reluOp, "gRelu(x)"),
  unary(expOp, "gExp(x)"),
  unary(expm1Op, "gExpm1(x)"),
  unary(logOp, "gLog(x)"),
  unary(log1pOp, "gLog1p(x)"),
  unary(tanhOp, "gTanh(x)"),
  unary(sigmoidOp, "gSigmoid(x)"),
  scaled(softplusOp, "gSoftplus(x, N0)"),
  scaled(softplusGateOp, "gSoftplusGate(x, N0)"),
  scaled(addScalarOp, "x + N0"),
  scaled(mulScalarOp, "x * N0"),
  binary(addOp, "a + b"),
  binary(subOp, "a - b"),
  binary(mulOp, "a * b"),
  binary(chainOp, "(a == 0.0 || b == 0.0) ? 0.0 : a * b"),
  binary(chainOverOp, "(a == 0.0) ? 0.0 : a / b"),
  binary(divOp, "a / b"),
  binary(maximumOp, "gMaximum(a, b)"),
  binary(minimumOp, "gMinimum(a, b)"),
  binary(greaterOp, test("a > b")),
  binary(equalOp, test("a == b")),
  binary(accumulate, "a + b"),
  broadcastTo,
  where,
];
