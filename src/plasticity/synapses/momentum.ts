// h' = y h + z tanh(K h + P F + b), w' = w + g(v . h'), g = tanh or the identity: the Recurrent Chemical Network, equation
// 10. The chemicals are the weight's velocity. Every y is below 1, since a velocity that never decays would be integrated
// twice.
import { full, reshape, zeros } from "../../ops/index.js";
import { motifFactors } from "../motifs/numbered.js";
import { momentumStep } from "./chemical-step.js";
import { decayOf, extraDrive, type SynapseRecord } from "./kind.js";
import { noReadout } from "./readout.js";

/** See the head of this file. */
export const momentum: SynapseRecord = {
  name: "momentum",
  preset: "rcn-momentum",
  chemicals: true,
  scales: true,
  neverForgets: false,
  fixedStep: true,
  asFeedback: { config: {}, forgets: true },
  rows: ({ chemicals }) => chemicals,
  initial: ({ chemicals }, options) => ({
    K: zeros([chemicals, chemicals], options),
    v: full([chemicals], 1 / chemicals, options),
  }),
  check: noReadout("a momentum synapse reads its velocity out freely, which begins at rest and is not normalised."),
  synapses: (rule) => {
    const { p, config, k, v, y, z } = rule;
    const decay = reshape(decayOf(p), [config.chemicals]);
    return {
      // A velocity begins at 0: with h = W and y near 1 the weights would drift at every step.
      begin: (w) => ({ w, h: [zeros([config.chemicals, ...w.shape], w)] }),
      step: ({ w, h }, signals) => {
        const { yPre, ePre, u } = signals;
        const drive = { left: motifFactors(p, signals), right: [yPre, ePre, u] };
        const chemistry = { k, v, y, z, b: extraDrive(rule, w, signals) };
        const [next, wNext] = momentumStep(h[0], w, drive, chemistry, decay, config.momentumOutput);
        return { w: wNext, h: [next] };
      },
    };
  },
};
