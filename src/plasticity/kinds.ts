// The published kinds of synapse, whose steps are one kernel each.
import type { Tensor } from "../core/index.js";
import { add, columnsOf, full, mul, reshape, sub, zeros } from "../ops/index.js";
import { chemicalStep, momentumStep } from "./chemical-step.js";
import type { PlasticityConfig } from "./config.js";
import { linearStep } from "./linear-step.js";
import { motifFactors } from "./motifs.js";
import { checkReadout, initialReadout, noReadout, readout } from "./readout.js";
import { extraDrive, type SynapseRecord } from "./synapse-kind.js";

const decayOf = (p: Tensor): Tensor => columnsOf(p, [3]);

/** K - p3 v': for a weight that is v . h, the decay motif -w is one more coupling of the chemicals. */
export function foldedDecay(k: Tensor, p: Tensor, v: Tensor): Tensor {
  return sub(k, mul(decayOf(p), v));
}

const couplings = ({ chemicals }: PlasticityConfig): Tensor => zeros([chemicals, chemicals]);

/** w' = w + P F: Shervani-Tabar and Rosenbaum 2023, equation 5. */
export const linear: SynapseRecord = {
  name: "linear",
  chemicals: false,
  scales: false,
  rows: () => 1,
  initial: () => ({}),
  check: noReadout(
    "a linear rule holds the weight itself: leave the read-out, the initial chemicals and the norm out.",
  ),
  synapses: ({ p, named }) => {
    const decay = reshape(decayOf(p), [1]);
    return {
      begin: (w) => ({ w, h: [] }),
      step: ({ w }, signals) => {
        const { yPre, ePre, u } = signals;
        const next = linearStep(w, motifFactors(p, signals), [yPre, ePre, u], decay);
        return { w: named ? add(next, named(w, signals).row(0)) : next, h: [] };
      },
    };
  },
};

/** h' = y h + z tanh(K h + P F + b), w' = v . h': the Recurrent Chemical Network, equations 6 and 7. */
export const chemical: SynapseRecord = {
  name: "chemical",
  chemicals: true,
  scales: true,
  rows: ({ chemicals }) => chemicals,
  initial: (config) => ({ K: couplings(config), v: initialReadout(config) }),
  check: checkReadout,
  synapses: (rule) => {
    const { p, k, y, z } = rule;
    return readout(rule, (v) => {
      const chemistry = { k: foldedDecay(k, p, v), v, y, z };
      return ({ w, h }, signals) => {
        const { yPre, ePre, u } = signals;
        const drive = { left: motifFactors(p, signals), right: [yPre, ePre, u] };
        const [next, wNext] = chemicalStep(h[0], drive, { ...chemistry, b: extraDrive(rule, w, signals) });
        return { w: wNext, h: [next] };
      };
    });
  },
};

/** h' = y h + z tanh(K h + P F + b), w' = w + g(v . h'): the same, equation 10. */
export const momentum: SynapseRecord = {
  name: "momentum",
  chemicals: true,
  scales: true,
  rows: ({ chemicals }) => chemicals,
  initial: (config) => ({ K: couplings(config), v: full([config.chemicals], 1 / config.chemicals) }),
  check: noReadout("a momentum synapse reads its velocity out freely, which begins at rest and is not normalised."),
  synapses: (rule) => {
    const { p, config, k, v, y, z } = rule;
    const decay = reshape(decayOf(p), [config.chemicals]);
    return {
      // A velocity begins at rest: with h = W and y near 1 the weights would drift at every step.
      begin: (w) => ({ w, h: [zeros([config.chemicals, ...w.shape])] }),
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
