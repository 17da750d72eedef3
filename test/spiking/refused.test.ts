// What is refused, with the fact and the cure: numbers that are no spikes, trains without steps, cells that do not exist, and
// steps in which a cell is unstable. Netlists are in test/circuits.
import { describe, expect, it } from "vitest";
import { transient, transmissionLine } from "../../src/circuits/index.js";
import { compile } from "../../src/compile/index.js";
import { Key, scope, type Tensor } from "../../src/core/index.js";
import { cast, tensor, zeros } from "../../src/ops/index.js";
import {
  bernoulliTrains,
  cellGrid,
  complexityClassifier,
  delayedCurrents,
  firingRates,
  interspikeIntervals,
  izhikevich,
  latencyTrains,
  lempelZivComplexity,
  lif,
  metaNeuron,
  poissonTrains,
  runNeurons,
  spiking,
  spikingKinds,
  stdp,
  synapticScaling,
  synchrony,
  tempotron,
  tripletStdp,
} from "../../src/spiking/index.js";
import { vmap } from "../../src/vmap/index.js";

const weights = (): Tensor => zeros([2, 1]);
const [on, half] = [() => tensor([1]), () => tensor([0.5])];
const [both, some] = [() => tensor([1, 0]), () => tensor([1, -1])];

/** A step of each rule. */
const steps: Readonly<Record<string, (pre: Tensor, post: Tensor) => unknown>> = {
  stdp: (pre, post) => stdp().step(weights(), stdp().init(weights()), pre, post),
  "stdp of nearest pairs": (pre, post) => {
    const rule = stdp({ pairing: "nearest", delay: 2 });
    return rule.step(weights(), rule.init(weights()), pre, post);
  },
  "stdp of reduced pairs": (pre, post) => {
    const rule = stdp({ pairing: "reduced" });
    return rule.step(weights(), rule.init(weights()), pre, post);
  },
  tripletStdp: (pre, post) => tripletStdp().step(weights(), tripletStdp().init(weights()), pre, post),
  synapticScaling: (_, post) => {
    const rule = synapticScaling({ target: 0.1 });
    return rule.step(weights(), rule.init(weights()), post);
  },
};

const cases: readonly (readonly [why: string, does: () => unknown, message: string])[] = [
  [
    "half a spike of a pattern",
    () => tempotron().potentials(tensor([[0.5]])),
    "[tempotron] the spikes of a pattern contain 0.5",
  ],
  [
    "half a spike in a train",
    () => synchrony(tensor([[1, 0.5]])),
    "[synchrony] the trains contain 0.5 at 1. Give spikes, 0 or 1",
  ],
  ["two spikes in a step", () => interspikeIntervals([0, 2]), "entry 1 of the train is 2. Give only 0 and 1."],
  ["no train", () => complexityClassifier([], []), "Give one label for each train, and at least one train."],
  ["a train without steps", () => lempelZivComplexity([]), "the train is empty. Give at least one step."],
  ["intervals without steps", () => interspikeIntervals([]), "the train is empty. Give at least one step."],
  ["rates without steps", () => firingRates(zeros([1, 0, 2])), "[n, steps, units] with at least one step"],
  ["synchrony without steps", () => synchrony(zeros([0, 2])), "[steps, units] with at least one step"],
  ["currents without steps", () => runNeurons(lif(2), {}, zeros([1, 0, 2])), "[n, steps, 2] with at least one step"],
  ["a pattern without steps", () => tempotron().potentials(zeros([0, 2])), "[steps, inputs] is needed"],
  [
    "delays without steps",
    () => delayedCurrents(zeros([1, 0, 2]), zeros([2, 1]), zeros([2, 1]), { most: 1 }),
    "[n, steps, inputs] with at least one step",
  ],
  [
    "a cell that does not exist",
    () => izhikevich(1, { cell: "purkinje" as never }),
    'no `cell` "purkinje". Use regularSpiking',
  ],
  [
    "one on a grid",
    () => cellGrid(2, 2, { cell: { cell: "purkinje" as never } }),
    'no `cell` "purkinje". Use regularSpiking',
  ],
  [
    "a layer of one",
    () => spikingKinds.spiking.shape(spiking("purkinje" as never, 1), [2, 1]),
    'no neuron "purkinje". Use lif, meta, izhikevich.',
  ],
  ["steps of 1.5 ms", () => izhikevich(1, { dt: 1.5 }), "unstable in steps of more than 1 ms"],
  ["steps of none", () => izhikevich(1, { dt: 0 }), "Give a number above 0 and at most 1."],
  [
    "a probability above 1",
    () => bernoulliTrains(Key.of(0), tensor([[0.5, 1.5]]), 4),
    "[bernoulliTrains] the probabilities contain 1.5 at 1. Give numbers from 0 to 1.",
  ],
  [
    "a rate below 0",
    () => poissonTrains(Key.of(0), tensor([[0.5, -1]]), 4),
    "[poissonTrains] the rates contain -1 at 1. Give finite numbers of at least 0.",
  ],
  [
    "what is no number as a latency",
    () => latencyTrains(tensor([[0.5, Number.NaN]]), 4),
    "[latencyTrains] the numbers contain NaN at 1. Give numbers from 0 to 1.",
  ],
  [
    "an infinite one",
    () => latencyTrains(tensor([[0.5, Number.POSITIVE_INFINITY]]), 4, { scale: "logarithmic" }),
    "[latencyTrains] the numbers contain Infinity at 1. Give finite numbers of at least 0.",
  ],
  [
    "steps of half a picosecond",
    () => transient(transmissionLine(2), { duration: 10, dt: 0.5 }),
    'rk4 is not stable beyond 0.4. Take 0.05, or method "implicit".',
  ],
];

describe("what is refused", () => {
  it("of the wrong kind: parameters without what learns, and currents that are no floats", () => {
    const current = tensor([[[1, 2]]]);
    const run = (does: () => unknown) => () => scope(() => void does());
    const leaky = run(() => runNeurons(lif(2, { learn: ["tau"] }), {}, current));
    const second = run(() => runNeurons(metaNeuron(2, { learn: ["a"] }), {}, current));
    const whole = run(() => runNeurons(lif(2), {}, cast(current, "int32")));
    for (const does of [leaky, second, whole]) expect(does).toThrow(TypeError);
    expect(leaky).toThrow("[lif] `tau` learns, but is not among the parameters. Give those that init() makes.");
    expect(second).toThrow("[metaNeuron] `a` learns, but is not among the parameters.");
    expect(whole).toThrow('[runNeurons] the currents are int32. Use cast(x, "float32").');
  });

  it.each(cases)("%s", (_, does, message) => {
    expect(() => scope(() => void does())).toThrow(RangeError);
    expect(() => scope(() => void does())).toThrow(message);
  });

  it.each(Object.keys(steps))("numbers that are no spikes, and spikes of others: %s", (rule) => {
    const step = steps[rule];
    const run = (pre: () => Tensor, post: () => Tensor) => () => scope(() => void step(pre(), post()));
    expect(run(both, on)).not.toThrow();
    expect(run(both, half)).toThrow("the receivers' spikes contain 0.5 at 0. Give spikes, 0 or 1 each");
    expect(run(both, () => tensor([Number.NaN]))).toThrow(RangeError);
    expect(run(both, both)).toThrow("the receivers' spikes have shape [2]. Give [1]");
    if (rule === "synapticScaling") return;
    expect(run(some, on)).toThrow("the senders' spikes contain -1 at 1");
    expect(run(on, on)).toThrow("the senders' spikes have shape [1]. Give [2]");
    expect(() => scope(() => void step([1, 0] as never, on()))).toThrow(TypeError);
  });

  it("the same in a compiled step whose spikes change, and for each example of a stack", () => {
    scope(() => {
      const step = (post: Tensor): Tensor => stdp().step(weights(), stdp().init(weights()), both(), post).weights;
      using compiled = compile(step);
      expect(compiled(on()).data()).toEqual(step(on()).data());
      expect(() => compiled(half())).toThrow("contain 0.5 at 0");
      expect(vmap(step)(tensor([[1], [0]])).shape).toEqual([2, 2, 1]);
      expect(() => vmap(step)(tensor([[1], [0.5]]))).toThrow("contain 0.5 at 1");
    });
  });
});
