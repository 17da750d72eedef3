// Neurons of pulses without their circuits: every pulse adds a current that fades, and a neuron whose current reaches the
// threshold sends one pulse and starts again from zero.
import { checkMade, checkOptions, kindOf, quote } from "../core/index.js";
import { fading } from "./numbers.js";

/** What comes to a neuron through a synapse. */
export interface PulseInput {
  /** What a pulse adds, in units of the threshold; negative for inhibition. */
  readonly weight: number;
  /** When pulses come. */
  readonly times: readonly number[];
}

/** A neuron of pulses. */
export interface PulseNeuronOptions {
  /** The constant current, in units of the threshold: with 1 or more it would fire without end. */
  readonly bias: number;
  /** The time in which the current of a pulse falls to 1/e: L / R of a synapse. Infinity, no loss, by default. */
  readonly tau?: number;
  /** How long a pulse takes from the synapses to the output; 0 by default. */
  readonly delay?: number;
}

/**
 * When a neuron of pulses fires. Pulses that come at the same moment count together, so that inhibition may come with
 * excitation. Firing clears the currents of all earlier pulses.
 *
 * ```ts
 * pulseNeuron([{ weight: 0.7, times: [10] }, { weight: 0.7, times: [12] }], { bias: 0, tau: 50 }); // [12]
 * ```
 *
 * @throws RangeError for a bias that is not below 1, and numbers that are not usable.
 */
export function pulseNeuron(inputs: readonly PulseInput[], options: PulseNeuronOptions): number[] {
  if (!Array.isArray(inputs)) {
    throw new TypeError(`[pulseNeuron] the inputs are ${kindOf(inputs)}. Give a list of { weight, times }.`);
  }
  checkOptions("pulseNeuron", options, ["bias", "tau", "delay"]);
  const { bias, tau = Infinity, delay = 0 } = options;
  if (!(Number.isFinite(bias) && bias < 1))
    throw new RangeError(`[pulseNeuron] bias is ${quote(bias)}: give a number below 1.`);
  if (!(tau > 0)) throw new RangeError(`[pulseNeuron] tau is ${quote(tau)}: give a time above 0, or Infinity.`);
  if (!(Number.isFinite(delay) && delay >= 0))
    throw new RangeError(`[pulseNeuron] delay is ${quote(delay)}: give a time of at least 0.`);
  const arrivals = inputs.flatMap(({ weight, times }: PulseInput) => {
    if (!Number.isFinite(weight))
      throw new RangeError(`[pulseNeuron] a weight is ${quote(weight)}: give a finite number.`);
    return Array.from(times, (time: number) => {
      if (!Number.isFinite(time)) throw new RangeError(`[pulseNeuron] a time is ${quote(time)}: give a finite number.`);
      return { time, weight };
    });
  });
  arrivals.sort((a, b) => a.time - b.time);
  const fired: number[] = [];
  let [current, last] = [0, 0];
  arrivals.forEach(({ time, weight }, i) => {
    current = current * fading(Math.max(0, time - last) / tau) + weight;
    last = time;
    if (arrivals[i + 1]?.time === time || current + bias < 1) return;
    fired.push(time + delay);
    current = 0;
  });
  return fired;
}

/** What a network of XOR is made of, in units of the threshold. */
export interface XorBehaviour {
  /** The biases of the hidden neurons and of the output. */
  readonly bias: { readonly hidden: number; readonly output: number };
  /** The weights of input k to hidden neuron j, as weights[j][k]; [[1, -1], [-1, 1]] by default. */
  readonly weights?: readonly (readonly number[])[];
  /** The weights of the hidden neurons to the output; [1, 1] by default. */
  readonly outputs?: readonly number[];
  /** See `PulseNeuronOptions`. */
  readonly tau?: number;
}

/**
 * How many pulses a network of XOR sends for each pair of inputs, in the order 00, 01, 10, 11: two hidden neurons, each
 * excited by one input and inhibited by the other, and an output neuron that either excites.
 *
 * ```ts
 * xorBehaviour({ bias: { hidden: 1 / 3, output: 1 / 3 } }); // [0, 1, 1, 0]
 * ```
 */
export function xorBehaviour(network: XorBehaviour): readonly [number, number, number, number] {
  checkMade("xorBehaviour", "the network", network, ["bias"], "Give { bias: { hidden, output } }.");
  checkMade("xorBehaviour", "`bias`", network.bias, ["hidden", "output"], "Give { hidden, output }.");
  const {
    bias,
    weights = [
      [1, -1],
      [-1, 1],
    ],
    outputs = [1, 1],
    tau = Infinity,
  } = network;
  const count = (first: boolean, second: boolean): number => {
    const times = [first, second].map((on) => (on ? [0] : []));
    const hidden = weights.map((row) =>
      pulseNeuron(
        row.map((weight, k) => ({ weight, times: times[k] })),
        { bias: bias.hidden, tau },
      ),
    );
    const inputs = outputs.map((weight, j) => ({ weight, times: hidden[j] }));
    return pulseNeuron(inputs, { bias: bias.output, tau }).length;
  };
  return [count(false, false), count(false, true), count(true, false), count(true, true)];
}
