// Circuits of junctions in ngspice and in `transient`: as many pulses, at the same moments, the area of a pulse and the delay from
// the first node to the last, and how long each computed (the processor's time, ours with the step 0.1, whose moments are compared
// with those of a quarter of it too).
// npx tsx bench/peers/ngspice.ts; needs Debian's ngspice and Python.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { CAPACITANCE, type Circuit, CONDUCTANCE, partsOf } from "../../src/circuits/circuit.js";
import { type Pulses, transient, transmissionLine, twoInputNeuron, xorCircuit } from "../../src/circuits/index.js";
import { numbersOf } from "../../src/circuits/state.js";

const RAMP = 20;
/** The step of the course that is compared, in ps. */
const FINE = 0.025;
const [FIRST, PERIOD] = [60, 100];
const patterns = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
  [1, 1],
  [1, 0],
  [0, 1],
  [0, 0],
] as const;
const sequence: Pulses = Object.fromEntries(
  [0, 1].map((k) => [`P${k + 1}`, patterns.flatMap((each, i) => (each[k] === 1 ? [FIRST + i * PERIOD] : []))]),
);

interface Case {
  readonly name: string;
  readonly circuit: Circuit;
  readonly first: string;
  readonly node: string;
  readonly pulses: Pulses;
  readonly duration: number;
  readonly parameters?: Readonly<Record<string, number>>;
}

const neuron = twoInputNeuron();
/** After the biases have risen, and before the first pulse. */
const SINCE = 40;
/** The inputs of a neuron, by bits. */
const inputs: readonly (readonly [bits: string, pulses: Pulses])[] = [
  ["00", {}],
  ["01", { P2: [50] }],
  ["10", { P1: [50] }],
  ["11", { P1: [50], P2: [50] }],
];
const cases: readonly Case[] = [
  { name: "line", circuit: transmissionLine(6), first: "n1", node: "n6", pulses: { P: [50, 80, 110] }, duration: 160 },
  ...[0.4, 0.8].flatMap((threshold) =>
    inputs.map(([bits, pulses]) => ({
      ...{ name: `neuron ${threshold} ${bits}`, circuit: neuron, first: bits === "01" ? "i2" : "i1", node: "out" },
      ...{ pulses, duration: 130, parameters: { threshold } },
    })),
  ),
  { name: "xor", circuit: xorCircuit(), first: "i2", node: "out", pulses: sequence, duration: FIRST + 8 * PERIOD },
];

const timings: number[] = [];
const written = cases.map(({ name, circuit, first, node, pulses, duration, parameters = {} }) => {
  const all = { ...circuit.parameters, ...parameters };
  const parts = partsOf({ ...circuit, parameters: all });
  const { critical, bias, branches, inductance, resistance } = numbersOf(circuit.nodes.length, parts, all);
  const options = { duration, pulses, parameters, ramp: RAMP, dt: 0.1 };
  const best = Array.from({ length: 15 }, () => {
    const used = process.cpuUsage();
    transient(circuit, options);
    return process.cpuUsage(used).user / 1e6;
  });
  timings.push(Math.min(...best));
  const fine = transient(circuit, { ...options, dt: FINE });
  const [begun, sent] = [first, node].map((each) => fine.pulses(each));
  const voltage = fine.voltage(node).subarray(Math.round(SINCE / FINE));
  const measured = sent.length > 0 && {
    delay: sent[0] - begun[0],
    area: (voltage.reduce((sum, v) => sum + v, 0) * FINE) / sent.length,
  };
  return {
    ...{
      name,
      duration,
      ramp: RAMP,
      since: SINCE,
      first: circuit.nodes.indexOf(first),
      measured,
      step: 0.05,
      capacitance: CAPACITANCE,
      conductance: CONDUCTANCE,
    },
    ...{ critical: [...critical], bias: [...bias], out: circuit.nodes.indexOf(node) },
    branches: branches.map(({ from, to, ratio }, i) => [from, to, ratio, inductance[i], resistance[i]]),
    inputs: parts.inputs.map((input) => [input.node, input.amplitude, input.sigma, pulses[input.name] ?? []]),
    pulses: sent,
    coarse: transient(circuit, options).pulses(node),
  };
});

const script = join(import.meta.dirname, "ngspice_xor.py");
const { stdout, stderr, status } = spawnSync("python3", [script], { input: JSON.stringify(written), encoding: "utf8" });
if (status !== 0) throw new Error(`[ngspice] ${stderr}`);
stdout
  .trim()
  .split("\n")
  .forEach((line, i) => {
    const theirs = JSON.parse(line);
    const { pulses: fine, coarse, measured } = written[i];
    const own = Math.max(0, ...fine.map((moment, k) => Math.abs(moment - coarse[k])));
    const figures = { oursComputed: timings[i], ratio: theirs.computed / timings[i], ownError: own };
    console.log(JSON.stringify({ ...theirs, ...measured, ...figures }));
  });
