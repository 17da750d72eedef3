// Ops that only move numbers to other places.
import { alias, placeRowOp, rowOp, stackOp, stopOp, swapOp } from "../../autodiff/index.js";
import { type Shape, sizeOf } from "../../core/index.js";
import {
  columnsOp,
  concatOp,
  permuteOp,
  placeColumnsOp,
  placeOp,
  reshapeOp,
  sliceOp,
  toFloatOp,
  transposeOp,
} from "../../ops/internal.js";
import { Value } from "../graph.js";
import { type Forward, type Lowering, lowering } from "../lowering.js";
import { at, divide, type Emitter, X, Y } from "./emitter.js";

/** Row-major strides. */
function stridesOf(shape: Shape): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

/** The thread's place as one number. */
const flat = (columns: number): string => `${Y} * ${columns} + ${X}`;

/** Statements after which `name` is element `index` of array `arg`, whose place is one number. */
function fetch(name: string, arg: number, { columns }: Value, index: string): string {
  return `${divide(index, columns, `${name}Row`, `${name}Column`)} ${name} = ${at(arg, `${name}Row`, `${name}Column`)};`;
}

/** The same numbers under another shape: nothing runs if rows and columns stay the same. */
export function reshaped(emit: Emitter, x: Value, shape: Shape): Value {
  const out = new Value(shape, x.dtype, x);
  if (out.columns === x.columns) return out;
  return emit.run(shape, [x], `let y = 0.0; const i = ${flat(out.columns)}; ${fetch("y", 0, x, "i")} return y;`);
}

const same: Forward<unknown> = (emit, { inputs: [x], outputs: [y] }) => [reshaped(emit, x, y.shape)];

/** One row along the first axis; which one is a number, so that all rows share a kernel. */
const row: Forward<{ index: number }> = (emit, { inputs: [x], outputs: [y], attributes: { index } }) => {
  if (x.shape.length === 1) return [emit.run([], [x], `return ${at(0, 0, "N0")};`, { numbers: [index] })];
  return [emit.run(y.shape, [x], `return ${at(0, `N0 + ${Y}`, X)};`, { numbers: [index * y.rows] })];
};

const placeRow: Forward<{ index: number }> = (emit, { inputs: [x], outputs: [y], attributes: { index } }) => {
  if (y.shape.length === 1) {
    return [emit.run(y.shape, [x], `if (${X} == N0) { return ${at(0, 0, 0)}; } return 0.0;`, { numbers: [index] })];
  }
  const body = `const i = ${Y} - N0; if (i >= 0.0 && i < ${x.rows}.0) { return ${at(0, "i", X)}; } return 0.0;`;
  return [emit.run(y.shape, [x], body, { numbers: [index * x.rows] })];
};

/** Seven at a time, each group appended to the ones before. */
const stack: Forward<undefined> = (emit, { inputs, outputs: [y] }) => {
  const parts = inputs.map((x) => reshaped(emit, x, [1, x.size]));
  const width = parts[0].size;
  let done: Value | undefined;
  for (let first = 0; first < parts.length; ) {
    const group = parts.slice(first, first + (done ? 6 : 7));
    const before: Value[] = done ? [done] : [];
    const rows = first + group.length;
    let body = done ? `if (${Y} < ${first}) { return ${at(0, Y, X)}; }\n` : "";
    group.forEach((_, i) => {
      body += `if (${Y} == ${first + i}) { return ${at(before.length + i, 0, X)}; }\n`;
    });
    done = emit.run([rows, width], [...before, ...group], `${body}return 0.0;`);
    first = rows;
  }
  return [reshaped(emit, done!, y.shape)];
};

/** Parts one after another along an axis: six at a time, each group appended to the ones before. */
const concat: Forward<{ axis: number }> = (emit, { inputs, outputs: [y], attributes: { axis } }) => {
  const parts = inputs.filter(({ size }) => size > 0);
  const after = sizeOf(y.shape.slice(axis + 1));
  let done = parts[0];
  for (let first = 1; first < parts.length; first += 6) {
    const group = [done, ...parts.slice(first, first + 6)];
    const length = group.reduce((sum, { shape }) => sum + shape[axis], 0);
    const shape = y.shape.with(axis, length);
    const out = new Value(shape);
    let body = `const i = ${flat(out.columns)};
${divide("i", after, "rest", "inner")}
${divide("rest", length, "outer", "place")}
`;
    let begin = 0;
    group.forEach((part, arg) => {
      const own = part.shape[axis];
      const index = `(outer * ${own} + place - ${begin}) * ${after} + inner`;
      const last = arg === group.length - 1;
      const text = `const i${arg} = ${index}; ${fetchInto(arg, part)} return y${arg};`;
      body += last ? text : `if (place < ${begin + own}) { ${text} }\n`;
      begin += own;
    });
    done = emit.run(shape, group, body);
  }
  return [reshaped(emit, done, y.shape)];
};

/** Statements after which `y<arg>` is element `i<arg>` of array `arg`. */
const fetchInto = (arg: number, part: Value): string => `let y${arg} = 0.0; ${fetch(`y${arg}`, arg, part, `i${arg}`)}`;

/** Statements after which `i` is the place in x along a walk from `start` with these strides over the axes of `shape`. */
function walk(shape: Shape, start: number, strides: readonly number[]): string {
  let text = `let i = ${start}; const at0 = ${flat(new Value(shape).columns)};\n`;
  let rest = "at0";
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    text += `${divide(rest, shape[axis], `q${axis}`, `r${axis}`)} i = i + r${axis} * ${strides[axis]};\n`;
    rest = `q${axis}`;
  }
  return text;
}

/** y at a place is x where the walk leads. */
function gather(emit: Emitter, x: Value, shape: Shape, start: number, strides: readonly number[]): Value {
  return emit.run(shape, [x], `${walk(shape, start, strides)}let y = 0.0; ${fetch("y", 0, x, "i")} return y;`);
}

const transpose: Forward<undefined> = (emit, { inputs: [x], outputs: [y] }) => [
  emit.run(y.shape, [x], `return ${at(0, X, Y)};`),
];

const swap: Forward<{ front: number }> = (emit, { inputs: [x], outputs: [y], attributes: { front } }) => {
  const strides = stridesOf(x.shape);
  return [gather(emit, x, y.shape, 0, [...strides.slice(front), ...strides.slice(0, front)])];
};

const permute: Forward<{ axes: readonly number[] }> = (emit, { inputs: [x], outputs: [y], attributes: { axes } }) => {
  const strides = stridesOf(x.shape);
  return [
    gather(
      emit,
      x,
      y.shape,
      0,
      axes.map((axis) => strides[axis]),
    ),
  ];
};

interface Box {
  readonly begin: readonly number[];
  readonly step: readonly number[];
}

const slice: Forward<Box> = (emit, { inputs: [x], outputs: [y], attributes: { begin, step } }) => {
  const strides = stridesOf(x.shape);
  const start = begin.reduce((sum, from, axis) => sum + from * strides[axis], 0);
  return [
    gather(
      emit,
      x,
      y.shape,
      start,
      step.map((by, axis) => by * strides[axis]),
    ),
  ];
};

interface Columns {
  readonly columns: readonly number[];
}

/**
 * Each place looks up which element of x belongs there: along every axis the one at (place - begin) / step, if there is
 * one.
 */
const place: Forward<Box & { readonly fill: number }> = (
  emit,
  { inputs: [x], outputs: [y], attributes: { begin, step, fill } },
) => {
  const strides = stridesOf(x.shape);
  let text = `let i = 0; const at0 = ${flat(y.columns)};\n`;
  let rest = "at0";
  for (let axis = y.shape.length - 1; axis >= 0; axis--) {
    const by = Math.abs(step[axis]);
    text += `${divide(rest, y.shape[axis], `q${axis}`, `r${axis}`)}\n`;
    text += `const d${axis} = ${step[axis] > 0 ? `r${axis} - ${begin[axis]}` : `${begin[axis]} - r${axis}`};\n`;
    text += `if (d${axis} < 0) { return N0; }\n${divide(`d${axis}`, by, `p${axis}`, `m${axis}`)}\n`;
    text += `if (m${axis} != 0) { return N0; } if (p${axis} >= ${x.shape[axis]}) { return N0; }\n`;
    text += `i = i + p${axis} * ${strides[axis]};\n`;
    rest = `q${axis}`;
  }
  return [emit.run(y.shape, [x], `${text}let y = 0.0; ${fetch("y", 0, x, "i")} return y;`, { numbers: [fill] })];
};

const takeColumns: Forward<Columns> = (emit, { inputs: [x], outputs: [y], attributes: { columns } }) => {
  const picks = columns.map((column, i) => `if (${X} == ${i}) { return ${at(0, Y, column)}; }`).join("\n");
  return [emit.run(y.shape, [x], `${picks}\nreturn 0.0;`)];
};

const placeColumns: Forward<Columns> = (emit, { inputs: [x], outputs: [y], attributes: { columns } }) => {
  const picks = columns.map((column, i) => `if (${X} == ${column}) { return ${at(0, Y, i)}; }`).join("\n");
  return [emit.run(y.shape, [x], `${picks}\nreturn 0.0;`)];
};

/** The lowerings of this file. */
export const shapes: readonly Lowering[] = [
  lowering(alias, { forward: same, vjp: "ops" }),
  lowering(stopOp, { forward: same, vjp: "ops" }),
  lowering(reshapeOp, { forward: same, vjp: "ops" }),
  lowering(toFloatOp, { forward: same, vjp: "ops" }),
  lowering(concatOp, { forward: concat, vjp: "ops" }),
  lowering(rowOp, { forward: row, vjp: "ops" }),
  lowering(placeRowOp, { forward: placeRow, vjp: "ops" }),
  lowering(stackOp, { forward: stack, vjp: "ops" }),
  lowering(transposeOp, { forward: transpose, vjp: "ops" }),
  lowering(swapOp, { forward: swap, vjp: "ops" }),
  lowering(permuteOp, { forward: permute, vjp: "ops" }),
  lowering(sliceOp, { forward: slice, vjp: "ops" }),
  lowering(placeOp, { forward: place, vjp: "ops" }),
  lowering(columnsOp, { forward: takeColumns, vjp: "ops" }),
  lowering(placeColumnsOp, { forward: placeColumns, vjp: "ops" }),
];
