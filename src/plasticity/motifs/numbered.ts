// The ten plasticity motifs of Shervani-Tabar and Rosenbaum (2023, equations 14-23), as three vectors for each
// chemical, and, for tests and readers, as the matrices that the paper prints.
//
//   F0 = -e_l y_{l-1}'                  pseudo-gradient        F5 = -e_l (1' y_l) y_{l-1}'
//   F1 = -y_l e_{l-1}'                                         F6 = -y_l y_l' W e_{l-1} e_{l-1}'
//   F2 = -e_l e_{l-1}'                  error-driven Hebbian   F7 = -e_l y_l' W e_{l-1} y_{l-1}'
//   F3 = -W                             decay                  F8 = -y_l y_{l-1}' W' e_l e_{l-1}'
//   F4 = -1 e_{l-1}'                                           F9 = y_l y_{l-1}' - y_l y_l' W     Oja's rule
import { type Array64, apply, type Op, stackOp } from "../../autodiff/index.js";
import { checkMade, emptyLike, type Tensor } from "../../core/index.js";
import { add, columnsOf, matvec, mul, neg, ones, outer, reshape, sub, sum } from "../../ops/index.js";
import { plasticityKernels } from "../kernels.js";

/** How many motifs there are; a full coefficient matrix has this many columns. */
export const MOTIFS = 10;

/** Their numbers, 0 to 9. */
export const numberedMotifs: readonly number[] = Array.from({ length: MOTIFS }, (_, motif) => motif);

/** Of the signals of a layer that cost a product to compute, those that these motifs read; a named one may read all. */
export function motifsRead(motifs: readonly (number | string)[]): { readonly ePre: boolean; readonly u: boolean } {
  const any = (...ones: readonly number[]): boolean =>
    motifs.some((motif) => typeof motif === "string" || ones.includes(motif));
  return { ePre: any(1, 2, 4, 6, 7, 8), u: any(6, 7, 9) };
}

/** What a layer's synapses see at one step. All of it is local to the two units they join, except u. */
export interface Signals {
  /** Activity of the post-synaptic units, (nOut); softmax probabilities in the last layer. */
  readonly y: Tensor;
  /** Their errors, (nOut). */
  readonly e: Tensor;
  /** Their input W yPre, (nOut). */
  readonly z: Tensor;
  /** Activity of the pre-synaptic units, (nIn). */
  readonly yPre: Tensor;
  /** Their errors, (nIn). */
  readonly ePre: Tensor;
  /** W' y, (nIn). */
  readonly u: Tensor;
}

/**
 * left (3, chemicals, nOut) from P (chemicals, 10), y, e, z, ePre, u: the drive of all motifs except the decay is then
 * left[0,c] yPre' + left[1,c] ePre' + left[2,c] u'.
 */
export const motifFactorsOp: Op = {
  name: "motifFactors",
  shapes: ([p, y]) => [[3, p.shape[0], y.size]],
  forward: ([left], [p, y, e, z, ePre, u]) => {
    plasticityKernels(left.type).motifFactors(
      left.address,
      p.address,
      p.shape[0],
      y.address,
      e.address,
      z.address,
      ePre.address,
      u.address,
      y.size,
      u.size,
    );
  },
  vjp: ([gLeft], { inputs: [p, y, e, z, ePre, u] }) => {
    const [gP, gY, gE, gZ, gEPre, gU] = [p, y, e, z, ePre, u].map((input) => emptyLike(input));
    plasticityKernels(p.type).motifFactorsVjp(
      gP.address,
      gY.address,
      gE.address,
      gZ.address,
      gEPre.address,
      gU.address,
      gLeft!.address,
      p.address,
      p.shape[0],
      y.address,
      e.address,
      z.address,
      ePre.address,
      u.address,
      y.size,
      u.size,
    );
    return [gP, gY, gE, gZ, gEPre, gU];
  },
  composition: ([p, y, e, z, ePre, u]) => {
    const column = (motif: number): Tensor => columnsOf(p, [motif]);
    const m = sum(y);
    const a = sum(mul(u, ePre));
    const s = sum(mul(e, z));
    const onE = add(add(column(0), mul(column(5), m)), mul(column(7), a));
    const onY = add(add(column(1), mul(column(6), a)), mul(column(8), s));
    const left0 = sub(mul(column(9), y), mul(onE, e));
    const left1 = neg(add(add(mul(onY, y), mul(column(2), e)), column(4)));
    return [apply(stackOp, [left0, left1, neg(mul(column(9), y))], undefined)];
  },
  reference: ([p, y, e, z, ePre, u]): Array64[] => {
    const dot = (a: Float64Array, b: Float64Array): number => a.reduce((total, x, i) => total + x * b[i], 0);
    const [chemicals, n] = [p.shape[0], y.data.length];
    const [m, a, s] = [y.data.reduce((total, x) => total + x, 0), dot(u.data, ePre.data), dot(e.data, z.data)];
    const data = new Float64Array(3 * chemicals * n);
    for (let c = 0; c < chemicals; c++) {
      const [p0, p1, p2, , p4, p5, p6, p7, p8, p9] = p.data.subarray(MOTIFS * c, MOTIFS * (c + 1));
      for (let i = 0; i < n; i++) {
        const [yi, ei] = [y.data[i], e.data[i]];
        data[c * n + i] = p9 * yi - (p0 + p5 * m + p7 * a) * ei;
        data[(chemicals + c) * n + i] = -(p1 + p6 * a + p8 * s) * yi - p2 * ei - p4;
        data[(2 * chemicals + c) * n + i] = -p9 * yi;
      }
    }
    return [{ shape: [3, chemicals, n], data }];
  },
  domain: [
    {
      inputs: [{ shape: [3, MOTIFS] }, { shape: [5] }, { shape: [5] }, { shape: [5] }, { shape: [6] }, { shape: [6] }],
      attributes: undefined,
    },
    {
      inputs: [{ shape: [1, MOTIFS] }, { shape: [2] }, { shape: [2] }, { shape: [2] }, { shape: [7] }, { shape: [7] }],
      attributes: undefined,
    },
  ],
};

/**
 * The three vectors of every chemical: shape (3, chemicals, nOut). See `motifFactorsOp`.
 *
 * @example
 * const [signals] = signalsOf([ones([3, 4])], [ones([3, 4])], ones([4]), zeros([3]), defaultConfig);
 * motifFactors(zeros([2, 10]), signals); // (3, 2, 3)
 */
export function motifFactors(p: Tensor, signals: Signals): Tensor {
  checkMade(
    "motifFactors",
    "the signals",
    signals,
    ["y", "e", "z", "ePre", "u"],
    "Give what signalsOf() returns for a layer.",
  );
  const { y, e, z, ePre, u } = signals;
  return apply(motifFactorsOp, [p, y, e, z, ePre, u], undefined);
}

/**
 * The ten motifs as matrices (nOut, nIn), as the paper writes them. Slow: for tests, figures and understanding.
 *
 * @example
 * const [signals] = signalsOf([ones([3, 4])], [ones([3, 4])], ones([4]), zeros([3]), defaultConfig);
 * naiveMotifs(ones([3, 4]), signals).length; // 10
 */
export function naiveMotifs(w: Tensor, signals: Omit<Signals, "u" | "z">): Tensor[] {
  checkMade(
    "naiveMotifs",
    "the signals",
    signals,
    ["y", "e", "yPre", "ePre"],
    "Give what signalsOf() returns for a layer.",
  );
  const { y, e, yPre, ePre } = signals;
  const yWe = sum(mul(y, matvec(w, ePre)));
  const yWtE = sum(mul(yPre, matvec(w, e, true)));
  const n = y.size;
  return [
    neg(outer(e, yPre)),
    neg(outer(y, ePre)),
    neg(outer(e, ePre)),
    neg(w),
    neg(outer(ones([n], y), ePre)),
    neg(mul(outer(e, yPre), sum(y))),
    neg(mul(outer(y, ePre), yWe)),
    neg(mul(outer(e, yPre), yWe)),
    neg(mul(outer(y, ePre), yWtE)),
    sub(outer(y, yPre), mul(reshape(y, [n, 1]), matvec(w, y, true))),
  ];
}
