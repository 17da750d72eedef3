// Ops that treat every element alike, and those that stretch: one kernel each.
import type { Shape } from "../../core/index.js";
import type { Value } from "../graph.js";
import { at, divide, type Emitter, type Lowering, X, Y } from "./emitter.js";

const here = (arg: number): string => at(arg, Y, X);

/** f(x), with a number c if the op has one. */
const unary =
  (expression: string): Lowering =>
  (emit, { inputs: [x], outputs: [y], attributes }) => {
    const c = (attributes as { c?: number } | undefined)?.c;
    return [
      emit.run(y.shape, [x!], `const x = ${here(0)}; return ${expression};`, {
        numbers: c === undefined ? [] : [c],
      }),
    ];
  };

/** Where the thread's element comes from in an operand that is stretched to `out`. */
function source(arg: number, out: Shape, from: Shape): { before: string; element: string } {
  if (from.every((size) => size === 1)) return { before: "", element: at(arg, 0, 0) };
  const stretched = (axis: number): number => from[axis - out.length + from.length] ?? 1;
  if (out.length === from.length && out.every((size, axis) => size === from[axis])) {
    return { before: "", element: here(arg) };
  }
  // The row, taken apart into the axes before the last, and put together again without those that are stretched.
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

const binary =
  (expression: string): Lowering =>
  (emit, { inputs: [a, b], outputs: [y] }) => {
    const [left, right] = [source(0, y.shape, a!.shape), source(1, y.shape, b!.shape)];
    const body = `${left.before}${right.before}const a = ${left.element}; const b = ${right.element}; return ${expression};`;
    return [emit.run(y.shape, [a!, b!], body)];
  };

/** 1 where the condition holds, else 0. */
const test = (condition: string): string => `(${condition}) ? 1.0 : 0.0`;

const broadcastTo: Lowering = (emit, { inputs: [x], outputs: [y] }) => {
  const { before, element } = source(0, y.shape, x!.shape);
  return [emit.run(y.shape, [x!], `${before}return ${element};`)];
};

const where: Lowering = (emit, { inputs, outputs: [y] }) => [
  emit.run(y.shape, inputs as Value[], `let y = ${here(2)}; if (${here(0)} != 0.0) { y = ${here(1)}; } return y;`),
];

/** a + b for equal shapes. */
export function plus(emit: Emitter, a: Value, b: Value): Value {
  return emit.run(a.shape, [a, b], `return ${here(0)} + ${here(1)};`);
}

/** Lowerings by the name of the op. */
export const elementwise: Readonly<Record<string, Lowering>> = {
  neg: unary("-x"),
  abs: unary("Math.abs(x)"),
  sign: unary("gSign(x)"),
  square: unary("x * x"),
  sqrt: unary("Math.sqrt(x)"),
  reciprocal: unary("1.0 / x"),
  softsign: unary("x / (1.0 + Math.abs(x))"),
  relu: unary("gRelu(x)"),
  exp: unary("gExp(x)"),
  expm1: unary("gExpm1(x)"),
  log: unary("gLog(x)"),
  log1p: unary("gLog1p(x)"),
  tanh: unary("gTanh(x)"),
  sigmoid: unary("gSigmoid(x)"),
  softplus: unary("gSoftplus(x, N0)"),
  softplusGate: unary("gSoftplusGate(x, N0)"),
  addScalar: unary("x + N0"),
  mulScalar: unary("x * N0"),
  add: binary("a + b"),
  sub: binary("a - b"),
  mul: binary("a * b"),
  chain: binary("(a == 0.0 || b == 0.0) ? 0.0 : a * b"),
  chainOver: binary("(a == 0.0) ? 0.0 : a / b"),
  div: binary("a / b"),
  maximum: binary("gMaximum(a, b)"),
  minimum: binary("gMinimum(a, b)"),
  greater: binary(test("a > b")),
  equal: binary(test("a == b")),
  accumulate: binary("a + b"),
  broadcastTo,
  where,
};
