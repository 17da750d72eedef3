// Circuits of the paper: a line, a neuron with two inputs, and the network that computes XOR.
import type { Circuit } from "./circuit.js";
import { parseNetlist } from "./netlist.js";

/** A JTL stage that a source feeds, in place of one behind another. */
const first = (source: string, node: string): string =>
  `${source} ${node} amplitude\nB_${node} ${node} ic\nI_${node} ${node} jtl*all*ic`;

/** A stage behind another. */
const stage = (from: string, to: string): string => `X_${to} ${from} ${to} jtl bias=jtl*all ic=ic l=l`;

/** Parameters of all these circuits; `all` scales every constant current. */
const common = ".param jtl=0.75 all=1 ic=0.1 l=5 amplitude=0.12";

/**
 * A transmission line of this many stages. Source `P` sends into its first node, `n1`; the next are `n2`, `n3`, ...
 * Parameters: `jtl`, the bias of the stages by their critical current; `all`, which scales all biases; `ic`, `l`.
 *
 * ```ts
 * transient(transmissionLine(6), { duration: 100, pulses: { P: [50] } }).pulses("n6"); // one moment
 * ```
 */
export function transmissionLine(stages: number): Circuit {
  const rest = Array.from({ length: stages - 1 }, (_, i) => stage(`n${i + 1}`, `n${i + 2}`));
  return parseNetlist([common, first("P", "n1"), ...rest].join("\n"));
}

/**
 * A neuron with two excitatory synapses, from sources `P1` and `P2` to node `out`. With the bias `threshold` (by the critical
 * current) it is AND, with a larger one OR. Parameters: those of a line, `threshold`, and `lx` and `r` of the synapses.
 *
 * ```ts
 * const sent = (threshold: number) =>
 *   transient(twoInputNeuron(), { duration: 130, pulses: { P1: [50] }, parameters: { threshold } }).pulses("out").length;
 * [sent(0.4), sent(0.8)]; // [0, 1]: the first is AND, the second OR
 * ```
 */
export const twoInputNeuron = (): Circuit =>
  parseNetlist(`${common}
.param threshold=0.8 lx=15 r=0
${[1, 2].map((k) => [first(`P${k}`, `i${k}`), stage(`i${k}`, `a${k}`), `X_s${k} a${k} h synapse l=lx r=r`].join("\n")).join("\n")}
X_h h out neuron threshold=threshold*all bias=jtl*all ic=ic l=l`);

/**
 * The network that computes XOR, from sources `P1` and `P2` to node `out`: of two hidden neurons each is excited by one input
 * and inhibited by the other, and the output neuron by either. Parameters: those of a line, `hidden` and `output`, the biases
 * of the neurons, `r`, the resistance of every synapse, and `lx` and `lo`, the inductances of those to the hidden neurons
 * and to the output.
 *
 * ```ts
 * transient(xorCircuit(), { duration: 160, pulses: { P1: [60] } }).pulses("out").length; // 1
 * ```
 */
export const xorCircuit = (): Circuit =>
  parseNetlist(`${common}
.param hidden=0.82 output=0.82 r=1 lx=4 lo=4
${[1, 2]
  .map((k) =>
    [
      first(`P${k}`, `i${k}`),
      stage(`i${k}`, `a${k}`),
      `X_f${k} a${k} u${k} v${k} splitter bias=jtl*all ic=ic`,
      stage(`u${k}`, `p${k}`),
      stage(`v${k}`, `q${k}`),
      `X_e${k} p${k} h${k} synapse l=lx r=r`,
      `X_n${k} q${k} h${3 - k} inhibition l=lx r=r`,
      `X_h${k} h${k} g${k} neuron threshold=hidden*all bias=jtl*all ic=ic l=l`,
      `X_o${k} g${k} o synapse l=lo r=r`,
    ].join("\n"),
  )
  .join("\n")}
X_o o out neuron threshold=output*all bias=jtl*all ic=ic l=l`);
