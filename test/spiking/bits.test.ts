// The bits of gradients through spiking neurons: a run is hundreds of updates, so one other bit soon makes it another run.
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { valueAndGrad } from "../../src/autodiff/index.js";
import { Key, leavesOf, scope, type Tensor } from "../../src/core/index.js";
import type { LayerParams } from "../../src/nn/index.js";
import { matmul, moveAxis, mul, random, reshape, stack, sum } from "../../src/ops/index.js";
import { izhikevich, lif, metaNeuron, type Neuron, runNeurons, type SpikingState } from "../../src/spiking/index.js";
import { equalBits } from "../../src/testing/index.js";

const models = {
  lif: lif(4, { tau: 3, threshold: 0.8, learn: ["tau", "threshold", "reset", "initial"], surrogate: "rectangular" }),
  subtracting: lif(4, { tau: 3, resetBy: "subtract", learn: ["tau", "threshold"] }),
  meta: metaNeuron(4, { learn: ["a", "b", "c", "d", "initial"] }),
  izhikevich: izhikevich(4, { learn: ["a", "b", "c", "d"] }),
} as const;
type Model = keyof typeof models;

type Spikes = (neuron: Neuron<SpikingState>, internals: LayerParams, currents: Tensor) => Tensor;
const run: Spikes = (neuron, internals, currents) => runNeurons(neuron as never, internals, currents).spikes;

/** One step of the neuron after another, with no loop of ours. */
const byHand: Spikes = (neuron, internals, currents) => {
  const steps = moveAxis(currents, 1, 0);
  const spikes: Tensor[] = [];
  let state = neuron.state(internals, currents.shape[0]);
  for (let at = 0; at < currents.shape[1]; at++) {
    state = neuron.step(internals, state, steps.row(at));
    spikes.push(state.h);
  }
  return stack(spikes, 1);
};

/** The gradient of a loss of the spikes of three inputs' weights and of all that the neurons learn, and the loss. */
function slopes(model: Model, steps: number, seed: number, spikesOf: Spikes) {
  const neuron = models[model] as unknown as Neuron<SpikingState>;
  const [ofX, ofWeight, ofGoal] = Key.of(seed).split(3);
  const [n, inputs] = [5, 3];
  const x = random.bernoulli(ofX, 0.4, [n * steps, inputs]);
  const towards = random.normal(ofGoal, [n, steps, neuron.units]);
  const strength = model === "izhikevich" ? 20 : 1;
  const loss = ({ weight, ...internals }: LayerParams): Tensor => {
    const currents = reshape(matmul(x, mul(weight, strength)), [n, steps, neuron.units]);
    return sum(mul(spikesOf(neuron, internals, currents), towards));
  };
  return valueAndGrad(loss, { unused: "zero" })({
    weight: random.normal(ofWeight, [inputs, neuron.units]),
    ...neuron.init(),
  });
}

describe("gradients through time", () => {
  it.each(Object.keys(models) as Model[])(
    "of %s have the bits of its steps one by one, for any number of steps",
    (model) => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(1000), (steps, seed) => {
          scope(() => {
            expect(equalBits(slopes(model, steps, seed, run), slopes(model, steps, seed, byHand))).toBe(true);
          });
        }),
        { numRuns: 25 },
      );
    },
  );

  // If these change on purpose: the changelog says why, and the kept runs of docs/studies/learned-neurons are made again.
  it("have the bits that they had when the kept runs of learned-neurons were made", () => {
    const hashes = Object.fromEntries(
      (Object.keys(models) as Model[]).map((model) => [
        model,
        scope(() => {
          const bits = createHash("sha256");
          for (const { tensor } of leavesOf("test", slopes(model, 100, 7, run))) {
            bits.update(new Uint8Array(Float32Array.from(tensor.data()).buffer));
          }
          return bits.digest("hex").slice(0, 16);
        }),
      ]),
    );
    expect(hashes).toMatchInlineSnapshot(`
      {
        "izhikevich": "65ea1fe4bcd52114",
        "lif": "3d3a81e572805e18",
        "meta": "754c8b210cd292be",
        "subtracting": "a291be9f216ab4a7",
      }
    `);
  });
});
