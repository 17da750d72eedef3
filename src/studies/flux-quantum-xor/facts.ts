// What holds of the parts and of the whole network at their nominal values.
import { transient, transmissionLine, twoInputNeuron, xorBehaviour, xorCircuit } from "../../circuits/index.js";
import { flipsOf, SEQUENCE, sequencePulses, works } from "./sequence.js";

const TURN = 2 * Math.PI;
/** A flux quantum, in mV ps. */
const QUANTUM = 2.06783385;
/** The truth table of XOR, in the order 00, 01, 10, 11. */
export const XOR = [0, 1, 1, 0] as const;

/** Biases at which the neuron with two inputs is tried. */
export const THRESHOLDS = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const;
/** Errors of weights at which the ideal network is tried, and its bias. */
const [ERRORS, IDEAL_BIAS] = [[0.25, 0.33, 0.34, 0.4] as const, 1 / 3];

/** The row of the cell of facts. */
export interface FactsRow {
  /** How far the advance of a phase is from a whole number of turns at the most, and the area of a pulse from a quantum. */
  readonly flux: { readonly turns: number; readonly area: number };
  /** Pulses at the end of a line of six stages: for one, for three, and for one that is too weak. */
  readonly line: readonly number[];
  /** Pulses of the neuron for 00, 01, 10, 11 at each bias. */
  readonly neuron: readonly (readonly number[])[];
  /** The share of the corners of errors of the weights at which the ideal network is XOR, for each error. */
  readonly corners: readonly (readonly [error: number, share: number])[];
  /** Pulses of the network for the eight patterns; with half the step; and by the implicit step. */
  readonly sequence: readonly (readonly number[])[];
  /** Voltages at the inputs and the output through the sequence, each picosecond, in mV. */
  readonly traces: readonly (readonly number[])[];
}

/** A number in thousandths; 0 has no sign, which files do not keep. */
const thousandths = (x: number): number => Math.round(x * 1000) / 1000 + 0;

/** Pairs of inputs in the order of a truth table. */
export const INPUTS = [{}, { P2: [50] }, { P1: [50] }, { P1: [50], P2: [50] }] as const;

function flux(): FactsRow["flux"] {
  const circuit = xorCircuit();
  const course = transient(circuit, { duration: 260, pulses: { P2: [90] } });
  const rest = Math.round(75 / course.dt);
  let [turns, area] = [0, 0];
  for (const node of circuit.nodes) {
    const phase = course.phase(node);
    const advance = (phase[phase.length - 1] - phase[rest]) / TURN;
    turns = Math.max(turns, Math.abs(advance - Math.round(advance)));
    let sum = 0;
    for (const v of course.voltage(node).subarray(rest)) sum += v * course.dt;
    area = Math.max(area, Math.abs(sum / QUANTUM - Math.round(advance)));
  }
  return { turns, area };
}

function corners(error: number): number {
  let right = 0;
  for (let corner = 0; corner < 64; corner++) {
    const off = (i: number): number => 1 + (((corner >> i) & 1) === 1 ? error : -error);
    const weights = [
      [off(0), -off(1)],
      [-off(2), off(3)],
    ];
    const bias = { hidden: IDEAL_BIAS, output: IDEAL_BIAS };
    if (xorBehaviour({ bias, weights, outputs: [off(4), off(5)] }).join() === XOR.join()) right++;
  }
  return right / 64;
}

/** Computes all of it. */
export function factsRow(): FactsRow {
  const [line, neuron, xor] = [transmissionLine(6), twoInputNeuron(), xorCircuit()];
  const through = (times: readonly number[], parameters = {}): number =>
    transient(line, { duration: 160, pulses: { P: times }, parameters }).pulses("n6").length;
  const course = (dt: number, method: "rk4" | "implicit" = "rk4") =>
    transient(xor, { duration: SEQUENCE.duration, dt, pulses: sequencePulses, method });
  const whole = course(0.1);
  return {
    flux: flux(),
    line: [through([50]), through([50, 80, 110]), through([50], { amplitude: 0.05 })],
    neuron: THRESHOLDS.map((threshold) =>
      INPUTS.map(
        (pulses) =>
          transient(neuron, { duration: 130, dt: 0.1, pulses, parameters: { threshold } }).pulses("out").length,
      ),
    ),
    corners: ERRORS.map((error) => [error, corners(error)] as const),
    sequence: [whole, course(0.05), course(0.2, "implicit")].map(flipsOf),
    traces: ["i1", "i2", "out"].map((node) => {
      const voltage = whole.voltage(node);
      return Array.from({ length: SEQUENCE.duration }, (_, ps) => thousandths(voltage[ps * 10]));
    }),
  };
}

/** Parameters that may be off by a fifth either way, and by how much all biases together may. */
export const PARAMETERS = ["hidden", "output", "r", "lx", "lo", "jtl"] as const;
const TOGETHER = [0.9, 1.2] as const;

/** Which of these are wrong: a parameter and what it is scaled by. */
export function wrongWhenOff(names: readonly string[]): string[] {
  const circuit = xorCircuit();
  const single = PARAMETERS.filter((name) => names.includes(name));
  return [
    ...single.flatMap((name) => [0.8, 1.2].map((factor) => ({ name, factor }))),
    ...TOGETHER.map((factor) => ({ name: "all", factor })),
  ]
    .filter(({ name, factor }) => !works(circuit, { [name]: circuit.parameters[name] * factor }))
    .map(({ name, factor }) => `${name} times ${factor}`);
}
