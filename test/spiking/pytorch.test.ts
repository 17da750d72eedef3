// Layers of spiking neurons over 100 steps: the spikes and the gradients of PyTorch.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.js";
import { type NestedNumbers, scope, type Tensor } from "../../src/core/index.js";
import { float64 } from "../../src/float64/index.js";
import type { LayerParams } from "../../src/nn/index.js";
import { matmul, mul, reshape, sum, tensor } from "../../src/ops/index.js";
import { lif, metaNeuron, type Neuron, runNeurons, type SpikingState } from "../../src/spiking/index.js";
import { relativeError } from "../laws/oracle.js";

interface Case {
  readonly name: string;
  readonly params: Record<string, NestedNumbers>;
  readonly trains: NestedNumbers;
  readonly weights: NestedNumbers;
  readonly counts: NestedNumbers;
  readonly grads: Record<string, NestedNumbers>;
}
const { cases } = JSON.parse(readFileSync(join(import.meta.dirname, "neurons.json"), "utf8")) as { cases: Case[] };

const learn = ["tau", "threshold", "reset", "initial"] as const;
const surrogate = "rectangular";
const ours: Record<string, (units: number) => Neuron<never>> = {
  "lif zero": (units) => lif(units, { learn, surrogate }) as never,
  "lif subtract": (units) => lif(units, { learn, surrogate, resetBy: "subtract" }) as never,
  meta: (units) => metaNeuron(units, { learn: ["a", "b", "c", "d", "initial"] }) as never,
};

it.each(cases)("$name", ({ name, params: given, trains, weights, counts, grads }) => {
  scope(() => {
    const params = Object.fromEntries(Object.entries(given).map(([key, each]) => [key, tensor(each, float64)]));
    const [x, towards] = [tensor(trains, float64), tensor(weights, float64)];
    const [batch, steps, inputs] = x.shape;
    const units = params.weight.shape[1];
    const neuron = ours[name](units) as unknown as Neuron<SpikingState>;
    const spikes = ({ weight, ...internals }: LayerParams): Tensor => {
      const currents = reshape(matmul(reshape(x, [-1, inputs]), weight), [batch, steps, units]);
      return runNeurons(neuron as never, internals, currents).spikes;
    };
    expect(sum(spikes(params), 1).toArray()).toEqual(counts);
    const found = grad((each: LayerParams) => sum(mul(spikes(each), towards)))(params);
    for (const [key, each] of Object.entries(grads)) {
      expect(relativeError(found[key].data(), tensor(each, float64).data())).toBeLessThan(1e-9);
    }
  });
});
