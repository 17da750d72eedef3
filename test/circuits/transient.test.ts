// Circuits in time: flux comes in quanta, lines carry pulses, neurons are AND or OR by their bias, and the network is XOR
// whatever is 20 % off. Two methods of integration and the path of tensors agree.
import "../../src/float64/index.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FLUX_QUANTUM } from "../../src/circuits/circuit.js";
import {
  type Circuit,
  differentiable,
  margin,
  type Pulses,
  parseNetlist,
  transient,
  transmissionLine,
  twoInputNeuron,
  xorCircuit,
} from "../../src/circuits/index.js";
import { cosine, fading, sine } from "../../src/circuits/numbers.js";
import { grad, type Tensor, tensor } from "../../src/index.js";
import { flipsOf, SEQUENCE, sequencePulses, WANTED } from "../../src/studies/flux-quantum-xor/sequence.js";

const TURN = 2 * Math.PI;
const line = transmissionLine(6);
const neuron = twoInputNeuron();
const xor = xorCircuit();
const turns = (circuit: Circuit, node: string, pulses: Pulses, quiet = 30, duration = 160): number => {
  const phase = transient(circuit, { duration, pulses }).phase(node);
  return (phase[phase.length - 1] - phase[Math.round(quiet / 0.05)]) / TURN;
};
const inputs: readonly Pulses[] = [{}, { P2: [50] }, { P1: [50] }, { P1: [50], P2: [50] }];
const table = (circuit: Circuit, parameters: Record<string, number>): number[] =>
  inputs.map((pulses) => transient(circuit, { duration: 130, pulses, parameters, dt: 0.1 }).pulses("out").length);

describe("plain numbers", () => {
  it("have the sine, the cosine and the bell of Math, to the last digits", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e4, max: 1e4, noNaN: true }), (x) => {
        expect(Math.abs(sine(x) - Math.sin(x))).toBeLessThan(4e-16);
        expect(Math.abs(cosine(x) - Math.cos(x))).toBeLessThan(4e-16 + Math.abs(x) * 2.3e-16);
      }),
    );
    fc.assert(
      fc.property(fc.double({ min: 0, max: 60, noNaN: true }), (x) => {
        expect(Math.abs(fading(x) / Math.exp(-x) - 1)).toBeLessThan(1e-13);
      }),
    );
    expect(fading(Infinity)).toBe(0);
  });
});

describe("flux", () => {
  it("comes in quanta: every phase of the network advances by whole turns, and the voltage of a pulse has that area (A9.1)", () => {
    const course = transient(xor, { duration: 260, pulses: { P2: [90] } });
    for (const node of xor.nodes) {
      const phase = course.phase(node);
      const advance = (phase[phase.length - 1] - phase[1500]) / TURN;
      expect(Math.abs(advance - Math.round(advance))).toBeLessThan(0.01);
      const area = course
        .voltage(node)
        .subarray(1500)
        .reduce((sum, v) => sum + v * course.dt, 0);
      expect(Math.abs(area / FLUX_QUANTUM - Math.round(advance))).toBeLessThan(0.01);
    }
    expect(course.pulses("out").length).toBe(1);
  });

  it("passes a line of six stages: one pulse as one, three 30 ps apart as three, and too weak a current as none (A9.2)", () => {
    for (const [node, dt] of [1, 2, 3, 4, 5, 6].flatMap(
      (i) =>
        [
          [`n${i}`, 0.08],
          [`n${i}`, 0.04],
        ] as const,
    )) {
      const count = (times: number[]): number =>
        transient(line, { duration: 160, dt, pulses: { P: times } }).pulses(node).length;
      expect([count([]), count([50]), count([50, 80, 110])]).toEqual([0, 1, 3]);
    }
    const weak = parseNetlist("B1 a 0.1\nI1 a 0.075\nP a amplitude=0.05\nX a out jtl");
    expect(transient(weak, { duration: 120, pulses: { P: [50] } }).pulses("out")).toEqual([]);
    expect(turns(line, "n6", { P: [50, 80, 110] })).toBeCloseTo(3, 3);
  });

  it("of a line moves on by 1 to 1.5 ps a stage, with a peak near 1 mV", () => {
    const course = transient(line, { duration: 100, pulses: { P: [50] } });
    const [first, last] = ["n3", "n5"].map((node) => course.pulses(node)[0]);
    expect((last - first) / 2).toBeGreaterThan(1);
    expect((last - first) / 2).toBeLessThan(1.5);
    expect(Math.max(...course.voltage("n4"))).toBeGreaterThan(0.8);
    expect(Math.max(...course.voltage("n4"))).toBeLessThan(1.1);
  });
});

describe("neurons", () => {
  it("are AND with a bias of 0.4, and OR with 0.8, in one netlist (A9.3)", () => {
    expect(table(neuron, { threshold: 0.4 })).toEqual([0, 0, 0, 1]);
    expect(table(neuron, { threshold: 0.8 })).toEqual([0, 1, 1, 1]);
  });
});

describe("the network of XOR", () => {
  const works = (parameters: Record<string, number>, dt = 0.1): boolean =>
    flipsOf(transient(xor, { duration: SEQUENCE.duration, dt, pulses: sequencePulses, parameters })).join() ===
    WANTED.join();

  it("is right on a sequence of eight patterns, at any step and by either method (A9.5)", () => {
    for (const dt of [0.1, 0.05, 0.025]) expect(works({}, dt)).toBe(true);
    for (const dt of [0.2, 0.1]) {
      const options = { duration: SEQUENCE.duration, dt, pulses: sequencePulses, method: "implicit" } as const;
      expect(flipsOf(transient(xor, options))).toEqual(WANTED);
    }
  });

  it.each(["hidden", "output", "r", "lx", "lo", "jtl"])("stands %s being a fifth off either way (A9.5)", (name) => {
    for (const factor of [0.8, 1.2]) expect(works({ [name]: xor.parameters[name] * factor })).toBe(true);
  });

  it("stands all biases together being 10 % low and 20 % high, and fails far outside (A9.5)", () => {
    expect([0.9, 1.2].map((all) => works({ all }))).toEqual([true, true]);
    expect([0.6, 1.6].map((all) => works({ all }))).toEqual([false, false]);
  });
});

describe("two ways to the same course", () => {
  it("rk4 and the implicit step agree, in the middle of a pulse, by the square of the step", () => {
    const options = { duration: 67.4, pulses: inputs[1] };
    const last = (method: "rk4" | "implicit", dt: number): number =>
      transient(xor, { ...options, method, dt })
        .phase("out")
        .at(-1) as number;
    const exact = last("rk4", 0.025);
    expect(exact / TURN).toBeGreaterThan(0.3);
    expect(exact / TURN).toBeLessThan(0.9);
    const errors = [0.2, 0.1, 0.05].map((dt) => Math.abs(last("implicit", dt) - exact));
    for (const i of [0, 1]) expect(Math.log2(errors[i] / errors[i + 1])).toBeCloseTo(2, 0);
    expect(errors[2]).toBeLessThan(0.01);
  });

  it("tensors have the phases of plain numbers, in every element that there is", () => {
    const circuit = parseNetlist(`.param k=0.5
B1 a 0.1\nB2 b 0.1*k\nB3 c 0.2\nI1 a 0.07\nP a\nL1 a b 5\nT1 b c l=6 r=1\nR1 a c 3\nR2 b 0 8\nL2 c 0 9`);
    const options = { duration: 60, dt: 0.1, pulses: { P: [40] } };
    for (const method of ["rk4", "implicit"] as const) {
      const duration = method === "rk4" ? 60 : 6;
      const plain = transient(circuit, { ...options, method, duration });
      const { phases } = differentiable(
        circuit,
        {},
        { ...options, method, duration, pulses: [options.pulses], dtype: "float64" },
      );
      const [steps, , nodes] = phases.shape;
      const numbers = phases.data();
      circuit.nodes.forEach((node, i) => {
        const phase = plain.phase(node);
        for (let step = 0; step < steps; step++)
          expect(Math.abs(numbers[step * nodes + i] - phase[step + 1])).toBeLessThan(1e-11);
      });
    }
  });

  it("gradients are those of differences of the plain simulation", () => {
    const names = ["threshold", "jtl", "lx", "l"] as const;
    const options = { duration: 56, dt: 0.2, pulses: { P1: [48] } };
    const node = neuron.nodes.indexOf("h");
    const last = (parameters: Record<string, Tensor>): Tensor => {
      const { phases } = differentiable(neuron, parameters, { ...options, pulses: [options.pulses] });
      return phases
        .row(phases.shape[0] - 1)
        .row(0)
        .slice([node], [node + 1])
        .sum();
    };
    const plain = (name: string, value: number): number =>
      transient(neuron, { ...options, parameters: { [name]: value } })
        .phase("h")
        .at(-1) as number;
    const at = Object.fromEntries(names.map((name) => [name, tensor(neuron.parameters[name], { dtype: "float64" })]));
    const slopes = grad(last)(at);
    for (const name of names) {
      const [x, h] = [neuron.parameters[name], 1e-5];
      const difference = (plain(name, x + h) - plain(name, x - h)) / (2 * h);
      expect(Math.abs(slopes[name].item() - difference)).toBeLessThan(1e-6 * (1 + Math.abs(difference)));
    }
  });
});

describe("margins", () => {
  it("are found by bisection, to the tolerance, or reach the ends of what is tried", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.55, max: 0.95, noNaN: true }),
        fc.double({ min: 1.05, max: 2.4, noNaN: true }),
        (low, high) => {
          const found = margin((x) => x >= low && x <= high, { nominal: 1, within: [0.5, 2] });
          expect(found.low - low).toBeGreaterThanOrEqual(0);
          expect(found.low - low).toBeLessThanOrEqual(0.01);
          expect(found.open).toEqual([false, high >= 2]);
          expect(Math.min(high, 2) - found.high).toBeLessThanOrEqual(0.01);
          expect(found.high).toBeLessThanOrEqual(high);
        },
      ),
    );
    expect(() => margin(() => false, { nominal: 1 })).toThrow("it does not work at the nominal value 1");
    expect(() => margin(() => true, { nominal: 1, within: [2, 3] })).toThrow("two numbers around 1");
  });
});

describe("what a simulation refuses", () => {
  it("names the cure", () => {
    const options = { duration: 10 };
    expect(() => transient(line, { ...options, dt: 1 })).toThrow(
      'rk4 is not stable beyond 0.4. Take 0.05, or method "implicit"',
    );
    expect(() => transient(line, { duration: 1e12 })).toThrow("too many to keep");
    expect(() => transient(line, { ...options, pulses: { Q: [1] } })).toThrow(
      '[transient] `pulses` has times for "Q", which is no source of the circuit. There is P.',
    );
    const silent = parseNetlist("B1 a 0.1");
    expect(() => transient(silent, { ...options, pulses: { P: [1] } })).toThrow("It has none: a line such as P1 in");
    expect(() => transient(silent, { ...options, parameters: { ic: 1 } })).toThrow("a line such as .param bias=0.7");
    expect(() => transient(line, { ...options, pulses: { P: [Number.NaN] } })).toThrow('a pulse of "P" is at NaN');
    expect(() => transient(line, { ...options, parameters: { ic: -1 } })).toThrow("has ic = -1: it must be above 0");
    expect(() => transient(line, { ...options, parameters: { width: 1 } })).toThrow(
      '"width" is no parameter of the netlist. It has jtl',
    );
    expect(() => transient(line, options).phase("x")).toThrow('there is no node "x". There are n1');
  });
});
