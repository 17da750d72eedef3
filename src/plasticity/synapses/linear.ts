// w' = w + P F: Shervani-Tabar and Rosenbaum 2023, equation 5. The weight is a number.
import { add, reshape, zeros } from "../../ops/index.js";
import { motifFactors, motifsRead } from "../motifs/numbered.js";
import { decayOf, type SynapseRecord } from "./kind.js";
import { linearStep } from "./linear-step.js";
import { noReadout } from "./readout.js";

/** See the head of this file. */
export const linear: SynapseRecord = {
  name: "linear",
  preset: "bio",
  chemicals: false,
  scales: false,
  neverForgets: true,
  fixedStep: false,
  dual: true,
  asFeedback: { config: {}, forgets: false },
  rows: () => 1,
  initial: () => ({}),
  check: noReadout(
    "a linear rule holds the weight itself: leave the read-out, the initial chemicals and the norm out.",
  ),
  synapses: ({ config, p, named }) => {
    // Without the decay among the motifs its cotangent would be a sum over all weights that nobody reads.
    const reads = motifsRead(config.motifs);
    const decay = config.motifs.includes(3) ? reshape(decayOf(p), [1]) : zeros([1], p);
    return {
      begin: (w) => ({ w, h: [] }),
      step: ({ w }, signals) => {
        const { y, e, z, yPre } = signals;
        // What no motif reads has coefficients of 0, so that a vector of zeros gives the same bits.
        const none = zeros([yPre.size], yPre);
        const [ePre, u] = [reads.ePre ? signals.ePre : none, reads.u ? signals.u : none];
        const next = linearStep(w, motifFactors(p, { y, e, z, yPre, ePre, u }), [yPre, ePre, u], decay);
        return { w: named ? add(next, named(w, signals).row(0)) : next, h: [] };
      },
    };
  },
};
