// Scalar twins of the plasticity kernels: plain loops, every operation rounded to the element's type, additions in the order that
// assembly/chemistry.ts, assembly/motifs.ts and assembly/linear.ts specify. The kernels must agree with them in every bit.
import { DOUBLE, Floats, LANES } from "../assembly/element.js";
import { add, div, mul, plus, runningSum, sub, tabulate } from "../assembly/twins/arithmetic.js";
import * as double from "../assembly/twins/float64.js";
import { dot } from "../assembly/twins/reduce.js";
import * as single from "../assembly/twins/transcendental.js";

const { tanh } = DOUBLE ? double : single;

export type Mode = "readout" | "identity" | "tanh";
export type Vector = Float32Array;

/** An outer product, left by right. */
export interface Pair {
  readonly left: Vector;
  readonly right: Vector;
}

export interface StepInputs {
  readonly chemicals: number;
  readonly nOut: number;
  readonly nIn: number;
  readonly mode: Mode;
  readonly h: Vector;
  readonly left: Vector;
  readonly right: readonly [Vector, Vector, Vector];
  readonly k: Vector;
  readonly v: Vector;
  readonly y: Vector;
  readonly z: Vector;
  /** Momentum only, but always there. */
  readonly w: Vector;
  readonly p3: Vector;
  readonly b?: { readonly data: Vector; readonly rows: number; readonly columns: number } | undefined;
}

/** h' and w'. */
export function chemicalStep(s: StepInputs): { hNext: Vector; wNext: Vector } {
  const { chemicals: n, nOut, nIn, h, left, right, k, v, y, z, b } = s;
  const plane = nOut * nIn;
  const hNext = new Floats(n * plane);
  const wNext = tabulate(plane, (at) => {
    const [i, j] = [Math.floor(at / nIn), at % nIn];
    let out = 0;
    for (let c = 0; c < n; c++) {
      let q = b ? b.data[(c * b.rows + (b.rows > 1 ? i : 0)) * b.columns + (b.columns > 1 ? j : 0)] : 0;
      for (let r = 0; r < 3; r++) q = plus(q, left[(r * n + c) * nOut + i], right[r][j]);
      if (s.mode !== "readout") q = sub(q, mul(s.p3[c], s.w[at]));
      for (let m = 0; m < n; m++) q = plus(q, k[c * n + m], h[m * plane + at]);
      const next = add(mul(y[c], h[c * plane + at]), mul(z[c], tanh(q)));
      hNext[c * plane + at] = next;
      out = plus(out, v[c], next);
    }
    if (s.mode === "tanh") out = tanh(out);
    return s.mode === "readout" ? out : add(s.w[at], out);
  });
  return { hNext, wNext };
}

export interface StepCotangents {
  readonly hNext?: Vector | undefined;
  readonly wNext?: Vector | undefined;
  readonly pairs: readonly Pair[];
}

/** The matrix's element, then the outer products', added in this order. */
function cotangentAt(g: StepCotangents, i: number, j: number, nIn: number): number {
  return g.pairs.reduce((sum, { left, right }) => plus(sum, left[i], right[j]), g.wNext ? g.wNext[i * nIn + j] : 0);
}

/** (v0 + v2) + (v1 + v3), or v0 + v1 of two lanes. */
const fold = (lanes: Vector): number =>
  lanes.length === 2 ? add(lanes[0], lanes[1]) : add(add(lanes[0], lanes[2]), add(lanes[1], lanes[3]));

/** Sums of which each row has the lanes of a vector; over the rows the lanes are added one row after another, and then folded. */
class Sums {
  private readonly totals: Vector[];
  private readonly rows: Vector[];
  constructor(count: number) {
    this.totals = Array.from({ length: count }, () => new Floats(LANES));
    this.rows = this.totals.map(() => new Floats(LANES));
  }
  add(t: number, j: number, x: number): void {
    this.rows[t][j % LANES] = add(this.rows[t][j % LANES], x);
  }
  endRow(): number[] {
    return this.rows.map((row, t) => {
      const sum = fold(row);
      for (let lane = 0; lane < LANES; lane++) this.totals[t][lane] = add(this.totals[t][lane], row[lane]);
      row.fill(0);
      return sum;
    });
  }
  folded(): Vector {
    return Floats.from(this.totals, fold);
  }
}

/** The cotangents of `chemicalStep`, by the kernel's names. */
export function chemicalStepVjp(s: StepInputs, hNext: Vector, g: StepCotangents): Record<string, Vector> {
  const { chemicals: n, nOut, nIn, h, left, right, k, v, y, z } = s;
  const plane = nOut * nIn;
  const bVector = s.b !== undefined && s.b.columns > 1;
  const gH = new Floats(n * plane);
  const gLeft = new Floats(3 * n * nOut);
  const gR = right.map(() => new Floats(nIn));
  const gB = new Floats(bVector ? n * plane : n * nOut);
  const gW = new Floats(plane);
  const [ofK, ofV, ofY, ofZ, ofP] = [n * n, n, n, n, n].map((count) => new Sums(count));
  const [ofLeft, ofB] = [new Sums(3 * n), new Sums(n)];
  for (let i = 0; i < nOut; i++) {
    for (let j = 0; j < nIn; j++) {
      const at = i * nIn + j;
      let gw = cotangentAt(g, i, j, nIn);
      let own = gw;
      if (s.mode === "tanh") {
        let out = 0;
        for (let c = 0; c < n; c++) out = plus(out, v[c], hNext[c * plane + at]);
        const t = tanh(out);
        own = mul(own, sub(1, mul(t, t)));
      }
      const [rs, gs] = [new Floats(n), new Floats(n)];
      for (let c = 0; c < n; c++) {
        const [old, next] = [h[c * plane + at], hNext[c * plane + at]];
        const t = div(sub(next, mul(y[c], old)), z[c]);
        let gc = mul(v[c], own);
        if (g.hNext) gc = add(g.hNext[c * plane + at], gc);
        const r = mul(mul(z[c], gc), sub(1, mul(t, t)));
        rs[c] = r;
        gs[c] = gc;
        ofV.add(c, j, mul(own, next));
        ofY.add(c, j, mul(gc, old));
        ofZ.add(c, j, mul(gc, t));
        if (bVector) gB[c * plane + at] = r;
        else ofB.add(c, j, r);
        for (let row = 0; row < 3; row++) {
          ofLeft.add(row * n + c, j, mul(r, right[row][j]));
          gR[row][j] = plus(gR[row][j], left[(row * n + c) * nOut + i], r);
        }
        if (s.mode !== "readout") {
          ofP.add(c, j, mul(r, s.w[at]));
          gw = sub(gw, mul(s.p3[c], r));
        }
      }
      gW[at] = gw;
      for (let m = 0; m < n; m++) {
        let gm = mul(y[m], gs[m]);
        for (let c = 0; c < n; c++) {
          gm = plus(gm, k[c * n + m], rs[c]);
          ofK.add(c * n + m, j, mul(rs[c], h[m * plane + at]));
        }
        gH[m * plane + at] = gm;
      }
    }
    for (const sums of [ofK, ofV, ofY, ofZ, ofP]) sums.endRow();
    ofLeft.endRow().forEach((sum, t) => {
      gLeft[t * nOut + i] = sum;
    });
    const rowsOfB = ofB.endRow();
    if (!bVector) for (let c = 0; c < n; c++) gB[c * nOut + i] = rowsOfB[c];
  }
  const momentum = s.mode === "readout" ? {} : { gW, gP3: ofP.folded().map((x) => -x) };
  const sums = { gK: ofK.folded(), gV: ofV.folded(), gY: ofY.folded(), gZ: ofZ.folded() };
  return { gH, gLeft, gR0: gR[0], gR1: gR[1], gR2: gR[2], gB, ...sums, ...momentum };
}

/** w + (((l0 r0 + l1 r1) + l2 r2) - p3 w) */
export function linearStep(
  w: Vector,
  left: Vector,
  right: readonly Vector[],
  p3: number,
  nOut: number,
  nIn: number,
): Vector {
  return tabulate(nOut * nIn, (at) => {
    const [i, j] = [Math.floor(at / nIn), at % nIn];
    const terms = right.map((r, row) => mul(left[row * nOut + i], r[j]));
    return add(w[at], sub(add(add(terms[0], terms[1]), terms[2]), mul(p3, w[at])));
  });
}

export function linearStepVjp(
  w: Vector,
  left: Vector,
  right: readonly Vector[],
  p3: number,
  nOut: number,
  nIn: number,
  g: StepCotangents,
): Record<string, Vector> {
  const gLeft = new Floats(3 * nOut);
  const gR = right.map(() => new Floats(nIn));
  const gW = new Floats(nOut * nIn);
  const [ofLeft, ofP] = [new Sums(3), new Sums(1)];
  for (let i = 0; i < nOut; i++) {
    for (let j = 0; j < nIn; j++) {
      const own = cotangentAt(g, i, j, nIn);
      for (let row = 0; row < 3; row++) {
        ofLeft.add(row, j, mul(own, right[row][j]));
        gR[row][j] = plus(gR[row][j], left[row * nOut + i], own);
      }
      ofP.add(0, j, mul(own, w[i * nIn + j]));
      gW[i * nIn + j] = sub(own, mul(p3, own));
    }
    ofLeft.endRow().forEach((sum, row) => {
      gLeft[row * nOut + i] = sum;
    });
    ofP.endRow();
  }
  return { gW, gLeft, gR0: gR[0], gR1: gR[1], gR2: gR[2], gDecay: ofP.folded().map((x) => -x) };
}

export interface FactorInputs {
  readonly chemicals: number;
  readonly p: Vector;
  readonly y: Vector;
  readonly e: Vector;
  readonly z: Vector;
  readonly ePre: Vector;
  readonly u: Vector;
}

/** m, a and s of assembly/motifs.ts, and of one chemical what stands before e and before y. */
function scalarsOf({ p, y, e, z, ePre, u }: FactorInputs) {
  const m = runningSum(y.length, (i) => y[i]);
  const [a, s] = [dot(u, ePre), dot(e, z)];
  const of = (c: number, motif: number): number => p[10 * c + motif];
  const onE = (c: number): number => -plus(plus(of(c, 0), of(c, 5), m), of(c, 7), a);
  const onY = (c: number): number => -plus(plus(of(c, 1), of(c, 6), a), of(c, 8), s);
  return { m, a, s, of, onE, onY };
}

export interface SquaresInputs extends Omit<FactorInputs, "chemicals" | "p"> {
  readonly w: Vector | undefined;
  readonly yPre: Vector;
}

/** The mean square of each motif. */
export function motifSquares({ w, y, e, z, yPre, ePre, u }: SquaresInputs): Vector {
  const [nOut, nIn] = [y.length, u.length];
  const m = runningSum(nOut, (i) => y[i]);
  const [a, s] = [dot(u, ePre), dot(e, z)];
  const share = div(1, mul(nOut, nIn));
  const [yy, ee] = [mul(dot(y, y), share), mul(dot(e, e), share)];
  const [before, errors] = [dot(yPre, yPre), dot(ePre, ePre)];
  const apart = runningSum(nIn, (j) => mul(sub(yPre[j], u[j]), sub(yPre[j], u[j])));
  const [onInputs, onErrors] = [mul(ee, before), mul(yy, errors)];
  const products = [mul(mul(m, m), onInputs), mul(mul(a, a), onErrors), mul(mul(a, a), onInputs)];
  return Floats.from([
    ...[onInputs, onErrors, mul(ee, errors), w ? mul(dot(w, w), share) : 0, div(errors, nIn)],
    ...[...products, mul(mul(s, s), onErrors), mul(yy, apart)],
  ]);
}

export function motifFactors(inputs: FactorInputs): Vector {
  const { chemicals, y, e } = inputs;
  const { of, onE, onY } = scalarsOf(inputs);
  const n = y.length;
  return tabulate(3 * chemicals * n, (at) => {
    const [row, c, i] = [Math.floor(at / (chemicals * n)), Math.floor(at / n) % chemicals, at % n];
    const oja = mul(of(c, 9), y[i]);
    if (row === 0) return add(mul(onE(c), e[i]), oja);
    return row === 1 ? sub(sub(mul(onY(c), y[i]), mul(of(c, 2), e[i])), of(c, 4)) : -oja;
  });
}

export function motifFactorsVjp(inputs: FactorInputs, gLeft: Vector): Record<string, Vector> {
  const { chemicals, y, e, z, ePre, u } = inputs;
  const { m, a, s, of, onE, onY } = scalarsOf(inputs);
  const n = y.length;
  const gP = new Floats(10 * chemicals);
  const [gY, gE] = [new Floats(n), new Floats(n)];
  let [gM, gA, gS] = [0, 0, 0];
  const addScaled = (out: Vector, x: Vector, scale: number): void => {
    for (let i = 0; i < n; i++) out[i] = plus(out[i], scale, x[i]);
  };
  for (let c = 0; c < chemicals; c++) {
    const [g0, g1, g2] = [0, 1, 2].map((row) =>
      gLeft.subarray((row * chemicals + c) * n, (row * chemicals + c + 1) * n),
    );
    const [eOn0, yOn1] = [dot(e, g0), dot(y, g1)];
    const ones = runningSum(n, (i) => g1[i]);
    const oja = sub(dot(y, g0), dot(y, g2));
    gP.set(
      [-eOn0, -yOn1, -dot(e, g1), 0, -ones, mul(-m, eOn0), mul(-a, yOn1), mul(-a, eOn0), mul(-s, yOn1), oja],
      10 * c,
    );
    gM = sub(gM, mul(of(c, 5), eOn0));
    gA = sub(gA, add(mul(of(c, 7), eOn0), mul(of(c, 6), yOn1)));
    gS = sub(gS, mul(of(c, 8), yOn1));
    addScaled(gE, g0, onE(c));
    addScaled(gE, g1, -of(c, 2));
    addScaled(gY, g0, of(c, 9));
    addScaled(gY, g1, onY(c));
    addScaled(gY, g2, -of(c, 9));
  }
  addScaled(gE, z, gS);
  const times = (x: Vector, scale: number): Vector => x.map((value) => plus(0, scale, value));
  return { gP, gY: gY.map((x) => add(x, gM)), gE, gZ: times(e, gS), gEPre: times(u, gA), gU: times(ePre, gA) };
}
