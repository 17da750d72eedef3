// Weights that are read out of chemicals, w = v . h, and the settings for v and h.
//
//   readout "softmax"      v = softmax(v~): the weights keep the size of the chemicals, whatever is learned.
//   initialChemicals       "all": every chemical begins with the initial weight W. Then those that leak (y < 1) lose it:
//                          without a drive w falls to 0.50, 0.33, 0.20 of W in 250 steps with 2, 3 and 5 chemicals.
//                          "first": chemical 0 alone does, which never leaks, v_0 = 1, the others begin at 0.
//                          "own": each begins with a draw of its own, and much smaller ones: see `initialStart`.
//   normalise "frobenius"  after each step each chemical is scaled to the Frobenius norm that it had before it;
//             "columns"    to Euclidean norm 1 of each input's weights, which is also how it begins.
//
// They are what the author of the Recurrent Chemical Network went on to (its public code, modes 4, 5 and 7; there the
// weight is scaled as well, here it is always the read-out of what the chemicals became).
import type { Tensor } from "../../core/index.js";
import {
  broadcastTo,
  concat,
  div,
  full,
  matmul,
  maximum,
  mul,
  type OfType,
  reshape,
  softmax,
  sqrt,
  square,
  sum,
  tensor,
  zeros,
} from "../../ops/index.js";
import type { PlasticityConfig } from "../rule/config.js";
import type { LayerRule, LayerState, Synapses } from "./kind.js";

/** v before any learning: 1 / chemicals each, unless one chemical alone holds the initial weight. */
export function initialReadout({ chemicals, readout, initialChemicals }: PlasticityConfig, options: OfType): Tensor {
  if (readout === "softmax") return zeros([chemicals], options);
  if (initialChemicals !== "first") return full([chemicals], 1 / chemicals, options);
  return tensor(
    Array.from({ length: chemicals }, (_, c) => (c === 0 ? 1 : 1 / chemicals)),
    options,
  );
}

/** A sentence about settings that do not fit weights that are read out. */
export function checkReadout({ readout, initialChemicals, normalise }: PlasticityConfig): string | undefined {
  if (initialChemicals !== "first") return undefined;
  if (readout === "softmax") {
    return "the initial weight in chemical 0 alone needs v_0 = 1, which a softmax read-out cannot begin with.";
  }
  if (normalise !== "none") return "chemicals that begin at 0 cannot be normalised.";
  return undefined;
}

/**
 * A check for weights that are not read out in the way of `readout`: it returns `why` if any of these settings is used.
 */
export const noReadout =
  (why: string) =>
  ({ readout, initialChemicals, normalise }: PlasticityConfig): string | undefined =>
    readout === "free" && initialChemicals === "all" && normalise === "none" ? undefined : why;

/** Synapses whose weight is v . h, for a step that is built from v. */
export function readout({ config, v: given }: LayerRule, stepWith: (v: Tensor) => Synapses["step"]): Synapses {
  const { chemicals, initialChemicals, normalise } = config;
  const v = config.readout === "softmax" ? softmax(given) : given;
  const step = stepWith(v);
  const read = (h: Tensor): LayerState => ({ w: readOut(v, h), h: [h] });
  const begin = (w: Tensor): LayerState => {
    if (initialChemicals === "own") return read(w);
    // Every chemical begins with the initial weight, so w = (sum of v) W, and v is also learned through this.
    if (initialChemicals === "all") return { w: mul(w, sum(v)), h: [broadcastTo(w, [chemicals, ...w.shape])] };
    const first = reshape(w, [1, ...w.shape]);
    return { w: mul(w, v.row(0)), h: [chemicals > 1 ? concat([first, zeros([chemicals - 1, ...w.shape], w)]) : first] };
  };
  if (normalise === "none") return { begin, step };
  const scaled = normalisations[normalise];
  return {
    begin: (w) => read(scaled.begin(begin(w).h[0])),
    step: (state, signals) => read(scaled.step(step(state, signals).h[0], state.h[0])),
  };
}

/** v . h, (nOut, nIn). */
function readOut(v: Tensor, h: Tensor): Tensor {
  const [chemicals, ...shape] = h.shape;
  return reshape(matmul(reshape(v, [1, chemicals]), reshape(h, [chemicals, h.size / chemicals])), shape);
}

/** Norms over these axes, which are never 0. */
const norms = (h: Tensor, axes: number[]): Tensor => maximum(sqrt(sum(square(h), axes, true)), 1e-12);

const ofColumns = (h: Tensor): Tensor => div(h, norms(h, [1]));

const normalisations = {
  frobenius: {
    begin: (h: Tensor) => h,
    step: (h: Tensor, before: Tensor) => mul(h, div(norms(before, [1, 2]), norms(h, [1, 2]))),
  },
  columns: { begin: ofColumns, step: ofColumns },
} as const;
