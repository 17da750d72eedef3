// The chemical step and its vjp, the twins of assembly/chemistry.ts, where the equations are. On the GPU one kernel
// gives one result, so the vjp takes several: first r and g, then what follows from them. Sums over synapses are taken
// in two stages of fixed order, four lanes along each row and then the rows, without atomics.
import type { Shape } from "../../core/index.js";
import {
  at,
  divide,
  type Emitter,
  type Forward,
  foldFour,
  foldSixteen,
  lowering,
  partialSums,
  Value,
  type Vjp,
  X,
  Y,
} from "../../gpu/internal.js";
import { chemicalStepOp, type Output } from "../synapses/chemical-step.js";
import { rowOf, stackRight } from "./motifs.js";

interface Operands {
  readonly h: Value;
  readonly left: Value;
  readonly right: Value;
  /** K and next to it v, y, z and, for momentum, p3, one column each: (chemicals, chemicals + 4). */
  readonly theta: Value;
  readonly w: Value | undefined;
  readonly b: Value | undefined;
  readonly chemicals: number;
  readonly rows: number;
  readonly columns: number;
  readonly tanh: boolean;
}

/** The inputs of a step, packed so that few arrays are bound. */
function operandsOf(emit: Emitter, inputs: readonly Value[], output: Output): Operands {
  const [h, left, r0, r1, r2, k, v, y, z, ...rest] = inputs;
  const [w, p3] = output === "readout" ? [undefined, undefined] : rest;
  const [chemicals, rows, columns] = h.shape;
  const vectors = [v, y, z, ...(p3 ? [p3] : [])];
  const picks = vectors.map((_, i) => `if (${X} == ${chemicals + i}) { return ${at(i + 1, 0, Y)}; }`).join("\n");
  const theta = emit.run(
    [chemicals, chemicals + 4],
    [k, ...vectors],
    `if (${X} < ${chemicals}) { return ${at(0, Y, X)}; }\n${picks}\nreturn 0.0;`,
    { once: true },
  );
  const right = stackRight(emit, r0, r1, r2);
  return {
    h,
    left,
    right,
    theta,
    w,
    b: rest[output === "readout" ? 0 : 2],
    chemicals,
    rows,
    columns,
    tanh: output === "tanh",
  };
}

/** Columns of theta next to K. */
const [V, DECAY, DRIVE, P3] = [0, 1, 2, 3];

/** Column `which` of theta, at argument `arg`, for chemical `c`. */
const theta = (arg: number, { chemicals }: Operands, which: number, c = "c"): string => at(arg, c, chemicals + which);

/** The bias of chemical c at row i, from argument `arg`; its axes may have size 1. */
function biasAt(arg: number, { b, rows }: Operands): string {
  if (!b) return "0.0";
  const [, bRows, bColumns] = b.shape;
  return at(arg, bRows > 1 ? `c * ${rows} + i` : "c", bColumns > 1 ? X : 0);
}

const forward: Forward<{ readonly output: Output }> = (emit, { inputs, attributes: { output } }) => {
  const o = operandsOf(emit, inputs, output);
  const { h, left, right, w, b, chemicals, rows } = o;
  const [atW, atB] = [4, w ? 5 : 4];
  const drives = [0, 1, 2].map((k) => `q = q + ${at(1, `c + ${k * chemicals}`, "i")} * ${at(2, k, X)};`);
  const hNext = emit.run(
    h.shape,
    [h, left, right, o.theta, ...(w ? [w] : []), ...(b ? [b] : [])],
    `${divide(Y, rows, "c", "i")}
let q = ${biasAt(atB, o)};
${drives.join(" ")}
${w ? `q = q - ${theta(3, o, P3)} * ${at(atW, "i", X)};` : ""}
for (let m = 0; m < ${chemicals}; m++) { q = q + ${at(3, "c", "m")} * ${at(0, `m * ${rows} + i`, X)}; }
return ${theta(3, o, DECAY)} * ${at(0, Y, X)} + ${theta(3, o, DRIVE)} * gTanh(q);`,
  );
  const out = w ? `${at(2, Y, X)} + ${o.tanh ? "gTanh(s)" : "s"}` : "s";
  const wNext = emit.run(
    [rows, o.columns],
    [hNext, o.theta, ...(w ? [w] : [])],
    `${readOut(0, 1, o, Y)} return ${out};`,
  );
  return [hNext, wNext];
};

/** Statements after which s = v . h at row `i`, for chemicals at argument `h` and theta at `t`. */
const readOut = (h: number, t: number, o: Operands, i: string): string =>
  `let s = 0.0; for (let c = 0; c < ${o.chemicals}; c++) ` +
  `{ s = ${theta(t, o, V)} * ${at(h, `c * ${o.rows} + ${i}`, X)} + s; }`;

/**
 * Sums of `term(j)` over the synapses j of each row i in four lanes, then over the rows, for each element n of `shape`.
 * `before`: statements that `term` needs; `${Y}` is n rows + i.
 */
function overSynapses(
  emit: Emitter,
  { rows, columns }: Operands,
  shape: Shape,
  args: readonly Value[],
  term: (j: string) => string,
  { before = "", sign = "" } = {},
): Value {
  const out = new Value(shape);
  const lanes = emit.run(
    [out.size * rows, 4],
    args,
    `${divide(Y, rows, "n", "i")} ${before}
let s = 0.0;
for (let l = 0; l < ${Math.ceil(columns / 4)}; l++) { const j = l * 4 + ${X}; if (j < ${columns}) { s = s + ${term("j")}; } }
return s;`,
  );
  const sums = [0, 1, 2, 3].map((lane) => `s${lane} = s${lane} + ${at(0, `n * ${rows} + i`, lane)};`);
  const body = `const n = ${Y} * ${out.columns} + ${X}; let s0 = 0.0; let s1 = 0.0; let s2 = 0.0; let s3 = 0.0;
for (let i = 0; i < ${rows}; i++) { ${sums.join(" ")} }
return ${sign}${foldFour("s")};`;
  return emit.run(shape, [lanes], body);
}

/** The gradient of a bias: r itself, its sums over each row, or those summed over the rows too. */
function biasCotangent(emit: Emitter, { b, chemicals, rows, columns }: Operands, r: Value): Value {
  const [, bRows, bColumns] = b!.shape;
  if (bColumns > 1) return r;
  const inRow = (row: string): string =>
    `${partialSums("s", columns, 4, (j) => at(0, row, j))}\nreturn ${foldFour("s")};`;
  if (bRows > 1) return emit.run(b!.shape, [r], inRow(Y));
  const sums = emit.run([chemicals, rows], [r], `const ci = ${Y} * ${rows} + ${X};\n${inRow("ci")}`);
  return emit.run(b!.shape, [sums], `${partialSums("s", rows, 16, (i) => at(0, Y, i))}\nreturn ${foldSixteen("s")};`);
}

const vjp: Vjp<{ readonly output: Output }> = (
  emit,
  { cotangents: [gHNext, gWNext], inputs, outputs: [hNext], attributes: { output } },
) => {
  const o = operandsOf(emit, inputs, output);
  const { h, left, right, w, b, chemicals, rows, columns } = o;
  const gw = gWNext ?? emit.run([rows, columns], [h], "return 0.0;");
  // The cotangent of v . h'.
  const gOut = o.tanh
    ? emit.run(
        gw.shape,
        [gw, hNext, o.theta],
        `${readOut(1, 2, o, Y)} const t = gTanh(s); return ${at(0, Y, X)} * (1.0 - t * t);`,
      )
    : gw;
  const split = divide(Y, rows, "c", "i");
  const onH = gHNext ? ` + ${at(2, Y, X)}` : "";
  const g = emit.run(
    h.shape,
    [gOut, o.theta, ...(gHNext ? [gHNext] : [])],
    `${split} return ${theta(1, o, V)} * ${at(0, "i", X)}${onH};`,
  );
  const tanh = (old: number, next: number, t: number, j: string): string =>
    `(${at(next, "ci", j)} - ${theta(t, o, DECAY)} * ${at(old, "ci", j)}) / ${theta(t, o, DRIVE)}`;
  const r = emit.run(
    h.shape,
    [g, h, hNext, o.theta],
    `${split} const ci = ${Y}; const t = ${tanh(1, 2, 3, X)};
return (${theta(3, o, DRIVE)} * ${at(0, Y, X)}) * (1.0 - t * t);`,
  );
  const gH = emit.run(
    h.shape,
    [g, r, o.theta],
    `${divide(Y, rows, "m", "i")}
let s = ${at(2, "m", chemicals + DECAY)} * ${at(0, Y, X)};
for (let c = 0; c < ${chemicals}; c++) { s = s + ${at(2, "c", "m")} * ${at(1, `c * ${rows} + i`, X)}; }
return s;`,
  );
  const gLeft = emit.run(
    left.shape,
    [r, right],
    `${divide(Y, chemicals, "k", "c")}
const ci = c * ${rows} + ${X};
${partialSums("s", columns, 4, (j) => `${at(0, "ci", j)} * ${at(1, "k", j)}`)}
return ${foldFour("s")};`,
  );
  const gRight = emit.run(
    [3, columns],
    [r, left],
    `let s = 0.0;
for (let i = 0; i < ${rows}; i++) {
for (let c = 0; c < ${chemicals}; c++) { s = s + ${at(1, `${Y} * ${chemicals} + c`, "i")} * ${at(0, `c * ${rows} + i`, X)}; }
}
return s;`,
  );
  const k = overSynapses(emit, o, [chemicals, chemicals], [r, h], (j) => `${at(0, "ci", j)} * ${at(1, "mi", j)}`, {
    before: `${divide("n", chemicals, "c", "m")} const ci = c * ${rows} + i; const mi = m * ${rows} + i;`,
  });
  const perChemical = [chemicals];
  const v = overSynapses(emit, o, perChemical, [gOut, hNext], (j) => `${at(0, "i", j)} * ${at(1, Y, j)}`);
  const y = overSynapses(emit, o, perChemical, [g, h], (j) => `${at(0, Y, j)} * ${at(1, Y, j)}`);
  const s = emit.run(h.shape, [h, hNext, o.theta], `${split} const ci = ${Y}; return ${tanh(0, 1, 2, X)};`);
  const z = overSynapses(emit, o, perChemical, [g, s], (j) => `${at(0, Y, j)} * ${at(1, Y, j)}`);
  const momentum: Value[] = [];
  if (w) {
    const decays = `let s = ${at(0, Y, X)};
for (let c = 0; c < ${chemicals}; c++) { s = s - ${theta(2, o, P3)} * ${at(1, `c * ${rows} + ${Y}`, X)}; }
return s;`;
    momentum.push(emit.run(w.shape, [gw, r, o.theta], decays));
    momentum.push(
      overSynapses(emit, o, perChemical, [r, w], (j) => `${at(0, Y, j)} * ${at(1, "i", j)}`, { sign: "-" }),
    );
  }
  const bias = b ? [biasCotangent(emit, o, r)] : [];
  return [gH, gLeft, ...[0, 1, 2].map((row) => rowOf(emit, gRight, row)), k, v, y, z, ...momentum, ...bias];
};

/** The lowering of the chemical step. */
export const chemistry = lowering(chemicalStepOp, { forward, vjp });
