// Chemicals that set their own time scales, as the gates of a GRU do (Cho et al. 2014, EMNLP; the Recurrent Chemical
// Network report names it as future work). For every synapse and chemical
//
//   [a_Y; a_Z] = 32 S [h; w; e_{l-1}; e_l; y_{l-1}; y_l; 1]     S (2 chemicals, chemicals + 6), 0 before any learning
//   Y = sigmoid(logit(y) + a_Y),   Z = sigmoid(logit(z) + a_Z)
//   h' = Y h + Z tanh(K h + P F + b),   w' = v . h'
//
// with the gates decoupled, and what they see local to the synapse: its chemicals, its weight, and activity and error of
// the two units that it joins (the inputs that the author of the report came to use, and the chemicals). With S = 0 it is
// the network without gates, to the bit: see `shifted`. A chemical with y = 1 or z = 1 has an infinite logit and keeps
// it: chemical 0 never forgets, and a tauMin above 1 gives its drive a gate too. For the 32 see `LOGIT`.
//
// Composed of plain ops, so a step costs many passes over the chemicals where the one without gates is a single pass.
import type { Tensor } from "../core/index.js";
import { add, clip, columnsOf, concat, matmul, mul, ones, reshape, stack, tanh, zeros } from "../ops/index.js";
import { chemical, foldedDecay } from "./kinds.js";
import { motifFactors, type Signals } from "./motifs.js";
import { readout } from "./readout.js";
import { each, extraDrive, type LayerRule, type LayerState, type SynapseRecord } from "./synapse-kind.js";
import { LOGIT, shifted } from "./time-scales.js";

/** A gate this far from its fixed value is open or shut to the last bit; beyond it, e^-a would leave float32. */
const FAR = 30;

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

type Gates = (state: LayerState, signals: Signals) => readonly [Y: Tensor, Z: Tensor];

/** Y and Z of a step, each (chemicals, nOut, nIn), with all that stays the same over a lifetime computed once. */
function gatesOf({ s, y, z, config: { chemicals } }: LayerRule): Gates {
  const slopes = mul(s, LOGIT);
  const fixed = each(concat([y, z]));
  const [ofSelf, ofPre, ofPost] = [range(chemicals + 1), [1, 3], [2, 4, 5]].map((columns, i) =>
    columnsOf(slopes, i === 0 ? columns : columns.map((column) => chemicals + column)),
  );
  return ({ w, h: [h] }, { y: post, e, yPre, ePre }) => {
    const [nOut, nIn] = w.shape;
    const gates = 2 * chemicals;
    const self = matmul(ofSelf, reshape(concat([h, reshape(w, [1, nOut, nIn])]), [chemicals + 1, w.size]));
    const row = matmul(ofPre, stack([ePre, yPre]));
    const column = matmul(ofPost, stack([e, post, ones([nOut])]));
    const units = add(reshape(row, [gates, 1, nIn]), reshape(column, [gates, nOut, 1]));
    const a = clip(add(reshape(self, [gates, nOut, nIn]), units), -FAR, FAR);
    const open = reshape(shifted(fixed, a), [2, chemicals, nOut, nIn]);
    return [open.row(0), open.row(1)];
  };
}

/** See the head of this file. */
export const gated: SynapseRecord = {
  ...chemical,
  name: "gated",
  initial: (config) => ({ ...chemical.initial(config), s: zeros([2 * config.chemicals, config.chemicals + 6]) }),
  synapses: (rule) => {
    const { p, config } = rule;
    const { chemicals } = config;
    const gates = gatesOf(rule);
    return readout(rule, (v) => {
      const k = foldedDecay(rule.k, p, v);
      const couplings = range(chemicals).map((m) => each(columnsOf(k, [m])));
      return (state, signals) => {
        const { w, h } = state;
        const [nOut, nIn] = w.shape;
        const left = motifFactors(p, signals);
        // In the order of the kernel that steps synapses without gates, so that the bits are the same.
        let q = extraDrive(rule, w, signals) ?? zeros([chemicals, 1, 1]);
        [signals.yPre, signals.ePre, signals.u].forEach((right, row) => {
          q = add(q, mul(reshape(left.row(row), [chemicals, nOut, 1]), reshape(right, [1, 1, nIn])));
        });
        couplings.forEach((from, m) => {
          q = add(q, mul(from, reshape(h[0].row(m), [1, nOut, nIn])));
        });
        const [keep, gain] = gates(state, signals);
        const next = add(mul(keep, h[0]), mul(gain, tanh(q)));
        let out = zeros([1]);
        for (let c = 0; c < chemicals; c++) out = add(out, mul(v.row(c), next.row(c)));
        return { w: out, h: [next] };
      };
    });
  },
};
