// h' = y h + z tanh(K h + P F + b), w' = v . h': the Recurrent Chemical Network, equations 6 and 7.
import type { Tensor } from "../../core/index.js";
import { mul, sub, zeros } from "../../ops/index.js";
import { motifFactors } from "../motifs/numbered.js";
import { chemicalStep } from "./chemical-step.js";
import { decayOf, extraDrive, type SynapseRecord } from "./kind.js";
import { checkReadout, initialReadout, readout } from "./readout.js";

/** K - p3 v': for a weight that is v . h, the decay motif -w is one more coupling of the chemicals. */
export function foldedDecay(k: Tensor, p: Tensor, v: Tensor): Tensor {
  return sub(k, mul(decayOf(p), v));
}

/** See the head of this file. */
export const chemical: SynapseRecord = {
  name: "chemical",
  preset: "rcn",
  chemicals: true,
  scales: true,
  neverForgets: true,
  fixedStep: true,
  asFeedback: { config: { initialChemicals: "first" }, forgets: false },
  rows: ({ chemicals }) => chemicals,
  initial: (config, options) => ({
    K: zeros([config.chemicals, config.chemicals], options),
    v: initialReadout(config, options),
  }),
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
