// The plasticity motifs as three vectors, and the linear step: the twins of assembly/motifs.ts and assembly/linear.ts, where the equations are.
import {
  at,
  divide,
  type Emitter,
  type Forward,
  foldFour,
  type Lowering,
  lowering,
  partialSums,
  sequentialSum,
  sumOf,
  type Value,
  type Vjp,
  X,
  Y,
} from "../../gpu/internal.js";
import { motifFactorsOp } from "../motifs/numbered.js";
import { linearStepOp } from "../synapses/linear-step.js";

/** m = sum y, a = u . ePre, s = e . z, as (3). */
function motifSums(emit: Emitter, y: Value, e: Value, z: Value, ePre: Value, u: Value): Value {
  const body = `if (${X} == 0) { ${sequentialSum("m", y.size, (k) => at(0, 0, k))} return m; }
if (${X} == 1) { ${sumOf("a", u.size, 16, (k) => `${at(4, 0, k)} * ${at(3, 0, k)}`)}
return a; }
${sumOf("s", z.size, 16, (k) => `${at(1, 0, k)} * ${at(2, 0, k)}`)}
return s;`;
  return emit.run([3], [y, e, z, ePre, u], body);
}

/** The numbers that multiply e and y, from P at argument `p` (its row c) and the sums at `sums`. */
const onE = (p: number, sums: number): string =>
  `-(${at(p, "c", 0)} + ${at(p, "c", 5)} * ${at(sums, 0, 0)} + ${at(p, "c", 7)} * ${at(sums, 0, 1)})`;
const onY = (p: number, sums: number): string =>
  `-(${at(p, "c", 1)} + ${at(p, "c", 6)} * ${at(sums, 0, 1)} + ${at(p, "c", 8)} * ${at(sums, 0, 2)})`;

const motifFactors: Forward<undefined> = (emit, { inputs: [p, y, e, z, ePre, u], outputs: [left] }) => {
  const sums = motifSums(emit, y, e, z, ePre, u);
  const body = `${divide(Y, p.shape[0], "k", "c")}
const oja = ${at(0, "c", 9)} * ${at(1, 0, X)};
if (k == 2) { return -oja; }
if (k == 0) { const onE = ${onE(0, 3)}; return onE * ${at(2, 0, X)} + oja; }
const onY = ${onY(0, 3)};
return (onY * ${at(1, 0, X)} - ${at(0, "c", 2)} * ${at(2, 0, X)}) - ${at(0, "c", 4)};`;
  return [emit.run(left.shape, [p, y, e, sums], body)];
};

/** gLeft (3, chemicals, n) at argument 0, row k of chemical c. */
const g = (k: number, chemicals: number, i: string): string => at(0, k === 0 ? "c" : `c + ${k * chemicals}`, i);

const motifFactorsVjp: Vjp<undefined> = (emit, { cotangents: [arrived], inputs: [p, y, e, z, ePre, u] }) => {
  // The only result has a cotangent; otherwise the rule is not applied.
  const gLeft = arrived!;
  const [chemicals, n] = [p.shape[0], y.size];
  const sums = motifSums(emit, y, e, z, ePre, u);
  // e . g0, y . g1, e . g1, sum g1, y . g0, y . g2 of each chemical.
  const dot = (column: number, vector: number, k: number): string => {
    const name = `d${column}x`;
    const terms = sumOf(name, n, 16, (i) => `${at(vector, 0, i)} * ${g(k, chemicals, i)}`);
    return `if (${X} == ${column}) { ${terms}\nreturn ${name}; }`;
  };
  const dots = emit.run(
    [chemicals, 6],
    [gLeft, y, e],
    `const c = ${Y};
${dot(0, 2, 0)}
${dot(1, 1, 1)}
${dot(2, 2, 1)}
${dot(4, 1, 0)}
${dot(5, 1, 2)}
${sequentialSum("total", n, (i) => g(1, chemicals, i))}
return total;`,
  );
  const gP = emit.run(
    p.shape,
    [dots, sums],
    `const e0 = ${at(0, Y, 0)}; const y1 = ${at(0, Y, 1)};
const m = ${at(1, 0, 0)}; const a = ${at(1, 0, 1)}; const s = ${at(1, 0, 2)};
if (${X} == 0) { return -e0; }
if (${X} == 1) { return -y1; }
if (${X} == 2) { return -${at(0, Y, 2)}; }
if (${X} == 3) { return 0.0; }
if (${X} == 4) { return -${at(0, Y, 3)}; }
if (${X} == 5) { return -m * e0; }
if (${X} == 6) { return -a * y1; }
if (${X} == 7) { return -a * e0; }
if (${X} == 8) { return -s * y1; }
return ${at(0, Y, 4)} - ${at(0, Y, 5)};`,
  );
  // The cotangents of m, a and s.
  const gSums = emit.run(
    [3],
    [dots, p],
    `let m = 0.0; let a = 0.0; let s = 0.0;
for (let c = 0; c < ${chemicals}; c++) {
const e0 = ${at(0, "c", 0)}; const y1 = ${at(0, "c", 1)};
m = m - ${at(1, "c", 5)} * e0;
a = a - (${at(1, "c", 7)} * e0 + ${at(1, "c", 6)} * y1);
s = s - ${at(1, "c", 8)} * y1;
}
if (${X} == 0) { return m; }
if (${X} == 1) { return a; }
return s;`,
  );
  const gY = emit.run(
    y.shape,
    [gLeft, p, sums, gSums],
    `let t = 0.0;
for (let c = 0; c < ${chemicals}; c++) {
const onY = ${onY(1, 2)};
t = ${at(1, "c", 9)} * ${g(0, chemicals, X)} + t;
t = onY * ${g(1, chemicals, X)} + t;
t = -${at(1, "c", 9)} * ${g(2, chemicals, X)} + t;
}
return t + ${at(3, 0, 0)};`,
  );
  const gE = emit.run(
    e.shape,
    [gLeft, p, sums, gSums, z],
    `let t = 0.0;
for (let c = 0; c < ${chemicals}; c++) {
const onE = ${onE(1, 2)};
t = onE * ${g(0, chemicals, X)} + t;
t = -${at(1, "c", 2)} * ${g(1, chemicals, X)} + t;
}
return ${at(3, 0, 2)} * ${at(4, 0, X)} + t;`,
  );
  const scaled = (x: Value, by: number): Value =>
    emit.run(x.shape, [x, gSums], `return ${at(1, 0, by)} * ${at(0, 0, X)} + 0.0;`);
  return [gP, gY, gE, scaled(e, 2), scaled(u, 1), scaled(ePre, 1)];
};

/** yPre, ePre and u as one array (3, n): a kernel can bind only a few arrays. */
export function stackRight(emit: Emitter, r0: Value, r1: Value, r2: Value): Value {
  const body = `if (${Y} == 0) { return ${at(0, 0, X)}; } if (${Y} == 1) { return ${at(1, 0, X)}; } return ${at(2, 0, X)};`;
  return emit.run([3, r0.size], [r0, r1, r2], body);
}

/** One row of an array (3, n), as a vector. */
export function rowOf(emit: Emitter, x: Value, row: number): Value {
  return emit.run([x.columns], [x], `return ${at(0, row, X)};`);
}

const linearStep: Forward<undefined> = (emit, { inputs: [w, left, r0, r1, r2, p3], outputs: [next] }) => {
  const body = `const w = ${at(0, Y, X)};
const drive = (${at(1, 0, Y)} * ${at(2, 0, X)} + ${at(1, 1, Y)} * ${at(3, 0, X)}) + ${at(1, 2, Y)} * ${at(4, 0, X)};
return w + (drive - ${at(5, 0, 0)} * w);`;
  return [emit.run(next.shape, [w, left, r0, r1, r2, p3], body)];
};

const linearStepVjp: Vjp<undefined> = (emit, { cotangents: [arrived], inputs: [w, left, r0, r1, r2, p3] }) => {
  const gNext = arrived!;
  const [rows, columns] = w.shape;
  const right = stackRight(emit, r0, r1, r2);
  const gW = emit.run(w.shape, [gNext, p3], `const g = ${at(0, Y, X)}; return g - ${at(1, 0, 0)} * g;`);
  const sums = partialSums("s", columns, 4, (j) => `${at(0, X, j)} * ${at(1, Y, j)}`);
  const gLeft = emit.run(left.shape, [gNext, right], `${sums}\nreturn ${foldFour("s")};`);
  const gRight = emit.run(
    [3, columns],
    [gNext, left],
    `${sequentialSum("s", rows, (i) => `${at(1, Y, i)} * ${at(0, i, X)}`)} return s;`,
  );
  // The decay's sum runs through all rows in four lanes.
  const lanes = emit.run(
    [4],
    [gNext, w],
    `let s = 0.0;
for (let i = 0; i < ${rows}; i++) {
let row = 0.0;
for (let j = 0; j < ${Math.ceil(columns / 4)}; j++) {
const k = j * 4 + ${X};
if (k < ${columns}) { row = row + ${at(0, "i", "k")} * ${at(1, "i", "k")}; }
}
s = s + row;
}
return s;`,
  );
  const fold = `-((${at(0, 0, 0)} + ${at(0, 0, 2)}) + (${at(0, 0, 1)} + ${at(0, 0, 3)}))`;
  const gP3 = emit.run(p3.shape, [lanes], `return ${fold};`);
  return [gW, gLeft, ...[0, 1, 2].map((row) => rowOf(emit, gRight, row)), gP3];
};

/** The lowerings of this file. */
export const motifs: readonly Lowering[] = [
  lowering(motifFactorsOp, { forward: motifFactors, vjp: motifFactorsVjp }),
  lowering(linearStepOp, { forward: linearStep, vjp: linearStepVjp }),
];
