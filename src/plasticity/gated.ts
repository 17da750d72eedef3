// Chemicals that set their own time scales, as the gates of a GRU do (Cho et al. 2014, EMNLP; the Recurrent Chemical
// Network report names it as future work). For every synapse and chemical
//
//   [a_Y; a_Z] = S [h; w; e_{l-1}; e_l; y_{l-1}; y_l; 1]        S (2 chemicals, chemicals + 6), 0 before any learning
//   Y = sigmoid(logit(y) + a_Y),   Z = sigmoid(logit(z) + a_Z)
//   h' = Y h + Z tanh(K h + P F + b),   w' = v . h'
//
// with the gates decoupled, and what they see local to the synapse: its chemicals, its weight, and activity and error of
// the two units that it joins (the inputs that the author of the report came to use, and the chemicals). With S = 0 it is
// the network without gates, to the bit: see `shifted`. A chemical with y = 1 or z = 1 has an infinite logit and keeps
// it: chemical 0 never forgets, and a tauMin above 1 gives its drive a gate too.
//
// Composed of plain ops, so a step costs many passes over the chemicals where the one without gates is a single pass.
import type { Tensor } from "../core/index.js";
import { add, clip, columnsOf, concat, matmul, mul, ones, reshape, stack, tanh, zeros } from "../ops/index.js";
import { chemical, foldedDecay } from "./kinds.js";
import { motifFactors, type Signals } from "./motifs.js";
import { readout } from "./readout.js";
import { each, extraDrive, type LayerState, type SynapseRecord } from "./synapse-kind.js";
import { shifted } from "./time-scales.js";

/** A gate this far from its fixed value is open or shut to the last bit; beyond it, e^-a would leave float32. */
const FAR = 30;

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Y and Z, each (chemicals, nOut, nIn), for what stands in them before any learning. */
function gates(s: Tensor, y: Tensor, z: Tensor, { w, h }: LayerState, signals: Signals): [Tensor, Tensor] {
  const [chemicals, nOut, nIn] = h[0].shape;
  const { e, ePre, yPre } = signals;
  const of = (columns: number[]): Tensor =>
    columnsOf(
      s,
      columns.map((column) => chemicals + column),
    );
  const own = concat([h[0], reshape(w, [1, nOut, nIn])]);
  const inside = matmul(columnsOf(s, range(chemicals + 1)), reshape(own, [chemicals + 1, nOut * nIn]));
  const pre = matmul(of([1, 3]), stack([ePre, yPre]));
  const post = matmul(of([2, 4, 5]), stack([e, signals.y, ones([nOut])]));
  const gates = 2 * chemicals;
  const sums = add(reshape(inside, [gates, nOut, nIn]), reshape(pre, [gates, 1, nIn]));
  const a = clip(add(sums, reshape(post, [gates, nOut, 1])), -FAR, FAR);
  const open = reshape(shifted(each(concat([y, z])), a), [2, chemicals, nOut, nIn]);
  return [open.row(0), open.row(1)];
}

/** See the head of this file. */
export const gated: SynapseRecord = {
  ...chemical,
  name: "gated",
  initial: (config) => ({ ...chemical.initial(config), s: zeros([2 * config.chemicals, config.chemicals + 6]) }),
  synapses: (rule) => {
    const { p, s, y, z, config } = rule;
    const { chemicals } = config;
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
        const [keep, gain] = gates(s, y, z, state, signals);
        const next = add(mul(keep, h[0]), mul(gain, tanh(q)));
        let out = zeros([1]);
        for (let c = 0; c < chemicals; c++) out = add(out, mul(v.row(c), next.row(c)));
        return { w: out, h: [next] };
      };
    });
  },
};
