// Chemicals that set their own time scales, as the gates of a GRU do (Cho et al. 2014, EMNLP; the Recurrent Chemical
// Network report names it as future work). For every synapse and chemical
//
//   [a_Y; a_Z] = 32 S [h; w; e_{l-1}; e_l; y_{l-1}; y_l; 1]     S (2 chemicals, chemicals + 6), 0 before any learning
//   Y = sigmoid(logit(y) + a_Y),   Z = sigmoid(logit(z) + a_Z)
//   h' = Y h + Z tanh(K h + P F + b),   w' = v . h'
//
// with independent gates, which see only what is local to the synapse: its chemicals, its weight, and activity and
// error of the two units that it joins (the inputs that the author of the report used in the end, and the chemicals).
// With S = 0 this is the network without gates, to the bit. A chemical with y = 1 or z = 1 has an infinite logit and
// keeps it: chemical 0 never forgets, and a tauMin above 1 gives its drive a gate too. For the 32 see
// `LOGIT_PER_NUMBER`.
//
// The gates are composed of plain ops: a step takes some ten passes over the chemicals, whereas the step without gates
// takes one.
import {
  add,
  columnsOf,
  concat,
  div,
  log,
  matmul,
  mul,
  neg,
  ones,
  reshape,
  sigmoid,
  stack,
  sub,
  zeros,
} from "../../ops/index.js";
import { motifFactors } from "../motifs/numbered.js";
import { chemical, foldedDecay } from "./chemical.js";
import { chemicalStep } from "./chemical-step.js";
import { byChemical, extraDrive, type LayerRule, type SynapseRecord, type Synapses } from "./kind.js";
import { readout } from "./readout.js";
import { LOGIT_PER_NUMBER } from "./time-scales.js";

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Y and Z of a step, each (chemicals, nOut, nIn). Everything that stays the same over a lifetime is computed once. */
function gatesOf({ own: { s }, y, z, config: { chemicals } }: LayerRule): NonNullable<Synapses["gates"]> {
  const slopes = mul(s, LOGIT_PER_NUMBER);
  const [ofSelf, ofPre, ofPost] = [range(chemicals + 1), [1, 3], [2, 4, 5]].map((columns, i) =>
    columnsOf(slopes, i === 0 ? columns : columns.map((column) => chemicals + column)),
  );
  const fixed = byChemical(concat([y, z]));
  const logits = log(div(fixed, add(neg(fixed), 1)));
  // The rounding error of a gate at rest. It is added back, since otherwise the gate would not begin at its fixed value
  // to the bit.
  const rest = sub(fixed, sigmoid(logits));
  const gates = 2 * chemicals;
  return ({ w, h: [h] }, { y: post, e, yPre, ePre }) => {
    const [nOut, nIn] = w.shape;
    const self = matmul(ofSelf, reshape(concat([h, reshape(w, [1, nOut, nIn])]), [chemicals + 1, w.size]));
    const row = reshape(matmul(ofPre, stack([ePre, yPre])), [gates, 1, nIn]);
    const column = reshape(matmul(ofPost, stack([e, post, ones([nOut], e)])), [gates, nOut, 1]);
    const a = add(add(reshape(self, [gates, nOut, nIn]), row), add(column, logits));
    const open = reshape(add(sigmoid(a), rest), [2, chemicals, nOut, nIn]);
    return [open.row(0), open.row(1)];
  };
}

/** What gated chemicals share with those without gates. They cannot hold a feedback weight, whose rule has no S. */
const { asFeedback: _, ...ungated } = chemical;

/** See the head of this file. */
export const gated: SynapseRecord = {
  ...ungated,
  name: "gated",
  preset: "rcn-gated",
  fixedStep: false,
  check: (config) =>
    config.scales === "learned"
      ? "gates have a constant each, which learns time scales already: leave these fixed."
      : chemical.check?.(config),
  initial: (config, options) => ({
    ...chemical.initial(config, options),
    s: zeros([2 * config.chemicals, config.chemicals + 6], options),
  }),
  synapses: (rule) => {
    const { p, config } = rule;
    const { chemicals } = config;
    const gates = gatesOf(rule);
    const [never, fully] = [zeros([chemicals], p), ones([chemicals], p)];
    const made = readout(rule, (v) => {
      const k = foldedDecay(rule.k, p, v);
      return (state, signals) => {
        const { w, h } = state;
        const { yPre, ePre, u } = signals;
        const drive = { left: motifFactors(p, signals), right: [yPre, ePre, u] };
        const b = extraDrive(rule, w, signals);
        // The step without gates, for chemicals that keep nothing and take up the whole drive: tanh(K h + P F + b) in
        // one pass.
        const [wanted] = chemicalStep(h[0], drive, { k, v, y: never, z: fully, b });
        const [keep, gain] = gates(state, signals);
        const next = add(mul(keep, h[0]), mul(gain, wanted));
        // Summed in the order of that step's kernel, so that the bits are the same.
        let out = zeros([1], w);
        for (let c = 0; c < chemicals; c++) out = add(out, mul(v.row(c), next.row(c)));
        return { w: out, h: [next] };
      };
    });
    return { ...made, gates };
  },
};
