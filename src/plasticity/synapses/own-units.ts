// A layer's synapses of any kind whose motifs are in units of their own; see `motifs/units.ts`.
import type { Tensor } from "../../core/index.js";
import { mul } from "../../ops/index.js";
import { firstSizes, type MotifSizes, nextSizes, unitsOf } from "../motifs/units.js";
import type { MotifId } from "../rule/config.js";
import type { Synapses } from "./kind.js";

/**
 * See the head of this file.
 *
 * @param p the coefficients, (rows, motifs).
 * @param made makes the synapses with other coefficients, which every step does.
 */
export function inOwnUnits(p: Tensor, motifs: readonly MotifId[], made: (p: Tensor) => Synapses): Synapses {
  const plain = made(p);
  return {
    ...plain,
    begin(weights) {
      const state = plain.begin(weights);
      return { ...state, sizes: firstSizes(motifs, state.w) };
    },
    step({ sizes: before, ...state }, signals) {
      // A state that `begin` made always has sizes.
      const sizes = nextSizes(before as MotifSizes, motifs, state.w, signals);
      return { ...made(mul(p, unitsOf(sizes))).step(state, signals), sizes };
    },
  };
}
