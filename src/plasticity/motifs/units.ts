// Motifs in units of their own. The ten motifs differ in size by orders of magnitude, and from layer to layer, while an
// optimizer like Adam moves all coefficients by the same amount. So each motif F is multiplied by
//
//   |W_0| / |F|,   |F|^2 = the mean of F_ij^2 over the synapses of the layer and the steps so far,
//                  |W_0|^2 = the mean of W_ij^2 over its initial weights,
//
// which are constants to every derivative. A coefficient is then the share of their size by which a step changes the
// weights, whatever the motif, the layer and the width.
import { type Array64, apply, type Op, stop } from "../../autodiff/index.js";
import type { Tensor } from "../../core/index.js";
import { add, columnsOf, concat, div, maximum, mean, reshape, sqrt, square, zeros } from "../../ops/index.js";
import { plasticityKernels } from "../kernels.js";
import type { MotifId } from "../rule/config.js";
import { motifOf, namedMotif } from "./named.js";
import { MOTIFS, type Signals } from "./numbered.js";

/** What a layer carries from step to step to know the sizes of its motifs. */
export interface MotifSizes {
  /** The mean square of each motif, summed over the steps so far, (motifs). */
  readonly squares: Tensor;
  /** How many steps these are, (). */
  readonly steps: Tensor;
  /** The root mean square of the initial weights, (). */
  readonly unit: Tensor;
}

/** The inputs of the op, which no derivative passes through. */
const none = [undefined, undefined, undefined, undefined, undefined, undefined, undefined];

/**
 * The mean square of each numbered motif, (10), from w, y, e, z, yPre, ePre, u: a constant to every derivative. Without
 * `decay`, that of F3 is left out and 0.
 */
export const motifSquaresOp: Op<{ readonly decay: boolean }> = {
  name: "motifSquares",
  shapes: () => [[MOTIFS]],
  forward: ([out], [w, y, e, z, yPre, ePre, u], { decay }) => {
    plasticityKernels(out.type).motifSquares(
      ...([out.address, decay ? w.address : 0, y.address, e.address, z.address] as const),
      ...([yPre.address, ePre.address, u.address, y.size, u.size] as const),
    );
  },
  vjp: () => none,
  jvp: () => [undefined],
  reference: ([w, y, e, z, yPre, ePre, u], { decay }): Array64[] => {
    const dot = (a: Float64Array, b: Float64Array): number => a.reduce((total, x, i) => total + x * b[i], 0);
    const square = (a: Float64Array): number => dot(a, a);
    const [m, a, s] = [y.data.reduce((total, x) => total + x, 0), dot(u.data, ePre.data), dot(e.data, z.data)];
    const [yy, ee, before, errors] = [y, e, yPre, ePre].map(({ data }) => square(data));
    const apart = square(yPre.data.map((x, j) => x - u.data[j]));
    const sums = [
      ...[ee * before, yy * errors, ee * errors, decay ? square(w.data) : 0, y.data.length * errors],
      ...[m * m * ee * before, a * a * yy * errors, a * a * ee * before, s * s * yy * errors, yy * apart],
    ];
    return [{ shape: [MOTIFS], data: Float64Array.from(sums, (sum) => sum / w.data.length) }];
  },
  domain: [],
};

/** The mean square of each of these motifs, (motifs). */
function squaresOf(motifs: readonly MotifId[], w: Tensor, signals: Signals): Tensor {
  const { y, e, z, yPre, ePre, u } = signals;
  const all = apply(motifSquaresOp, [w, y, e, z, yPre, ePre, u], { decay: motifs.includes(3) });
  const names = motifs.filter((motif) => typeof motif === "string");
  const own = names.map((name) => stop(reshape(mean(square(motifOf(namedMotif(name), w, signals))), [1])));
  const places = motifs.map((motif) => (typeof motif === "string" ? MOTIFS + names.indexOf(motif) : motif));
  const found = own.length > 0 ? concat([all, ...own]) : all;
  return reshape(columnsOf(reshape(found, [1, found.size]), places), [motifs.length]);
}

/** The sizes before the first step of a layer that begins with the weights `w`. */
export function firstSizes(motifs: readonly MotifId[], w: Tensor): MotifSizes {
  return { squares: zeros([motifs.length], w), steps: zeros([], w), unit: stop(sqrt(mean(square(w)))) };
}

/** The sizes after one more step. */
export function nextSizes(
  { squares, steps, unit }: MotifSizes,
  motifs: readonly MotifId[],
  w: Tensor,
  signals: Signals,
): MotifSizes {
  return { squares: stop(add(squares, squaresOf(motifs, w, signals))), steps: add(steps, 1), unit };
}

/** No motif is divided by less, so that one that is 0 stays 0. */
const LEAST = 1e-30;

/** What the coefficients are multiplied by, (motifs). */
export function unitsOf({ squares, steps, unit }: MotifSizes): Tensor {
  return div(unit, maximum(sqrt(div(squares, steps)), LEAST));
}
