// The chain of Benna and Fusi (2016, Nature Neuroscience 19:1697): a weight that flows into ever larger and slower
// reservoirs and back, like water between beakers joined by tubes.
//
//   C_k du_k/dt = g_{k-1} (u_{k-1} - u_k) + g_k (u_{k+1} - u_k)  +  I for k = 0,        w = u_0,  no tube at either end
//   C_k = n^k,  g_k = 1 / (tau_min n^k),  n = (tau_max / tau_min)^(1 / (2 (L - 1)))
//
// so that C_k / g_k = tau_min n^2k runs from tau_min to tau_max. A step adds the motifs' drive, I = P F, to u_0 and
// then takes an Euler step: u' = M u. What flows out of one beaker flows into the next, so sum_k C_k u_k changes only
// by I. The trace of one change fades like 1 / sqrt(t) between tau_min and tau_max, whereas separate chemicals would
// forget it exponentially. The whole chain begins at the initial weight, so nothing flows at first. With one chemical
// this is the linear rule.
import type { Tensor } from "../../core/index.js";
import { add, concat, matmul, type OfType, reshape, slice, tensor } from "../../ops/index.js";
import { motifFactors } from "../motifs/numbered.js";
import type { PlasticityConfig } from "../rule/config.js";
import { decayOf, type SynapseRecord } from "./kind.js";
import { linearStep } from "./linear-step.js";
import { noReadout } from "./readout.js";
import { root } from "./time-scales.js";

/** Capacities C (chemicals) and the tubes' conductances g (chemicals - 1) of the chain, per step. */
export function chain({ chemicals, tauMin, tauMax }: PlasticityConfig): { capacity: number[]; conductance: number[] } {
  const n = chemicals > 1 ? root(tauMax / tauMin, 2 * (chemicals - 1)) : 1;
  const capacity = [1];
  for (let k = 1; k < chemicals; k++) capacity.push(capacity[k - 1] * n);
  return { capacity, conductance: capacity.slice(0, -1).map((c) => 1 / (tauMin * c)) };
}

/** M, of the given type: the share of each chemical (column) that is in each chemical (row) after a step. */
function mixing(config: PlasticityConfig, { dtype }: OfType): Tensor {
  const { capacity, conductance } = chain(config);
  return tensor(
    capacity.map((c, k) => {
      const row = capacity.map((_, m) => Number(m === k));
      for (const [tube, other] of [
        [k - 1, k - 1],
        [k, k + 1],
      ]) {
        const flow = (conductance[tube] ?? 0) / c;
        row[k] -= flow;
        if (flow > 0) row[other] += flow;
      }
      return row;
    }),
    dtype ? { dtype } : {},
  );
}

const unread = noReadout(
  "a cascade's weight is its first chemical: leave the read-out, the initial chemicals and the norm out.",
);

/** See the head of this file. */
export const cascade: SynapseRecord = {
  name: "cascade",
  preset: "cascade",
  chemicals: true,
  scales: false,
  neverForgets: true,
  fixedStep: false,
  rows: () => 1,
  initial: () => ({}),
  // A step's flow out of a beaker is at most 2 / tau_min of it; if it were more than all of it, the chain would
  // oscillate.
  check: (config) =>
    config.chemicals > 1 && config.tauMin < 2
      ? `a cascade's steps swing with a tauMin of ${config.tauMin}: use 2 or more.`
      : unread(config),
  synapses: ({ p, named, config }) => {
    const { chemicals } = config;
    const decay = reshape(decayOf(p), [1]);
    const m = mixing(config, p);
    return {
      begin: (w) => ({ w, h: [concat(Array.from({ length: chemicals }, () => reshape(w, [1, ...w.shape])))] }),
      step: ({ w, h: [u] }, signals) => {
        const { yPre, ePre, u: back } = signals;
        const driven = linearStep(w, motifFactors(p, signals), [yPre, ePre, back], decay);
        const first = named ? add(driven, named(w, signals).row(0)) : driven;
        if (chemicals === 1) return { w: first, h: [u] };
        const all = concat([reshape(first, [1, ...w.shape]), slice(u, [1])]);
        const next = reshape(matmul(m, reshape(all, [chemicals, w.size])), u.shape);
        return { w: next.row(0), h: [next] };
      },
    };
  },
};
