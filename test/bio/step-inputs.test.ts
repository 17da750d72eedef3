// What a step uses: which weight, which signs, which optimizer, what it was shown.
import { describe, expect, it } from "vitest";
import { type BioState, bio, crystallize } from "../../src/bio/index.js";
import { Key, random, scope, type Tensor, tensor } from "../../src/index.js";
import type { Params } from "../../src/nn/index.js";
import * as nn from "../../src/nn/index.js";
import { sgd } from "../../src/optim/index.js";
import { gradientsFor } from "./living.js";
import { net, nothing, numbers, statesOf, still } from "./still.js";

describe("what a step uses", () => {
  it("crystallisation uses the weight at which the gradient was taken", () => {
    scope(() => {
      // A step that makes every weight large: by the weight after it, nothing would be a large signal.
      const far = { init: () => ({}), step: (params: Params) => ({ params: params.map(times1000), state: {} }) };
      const times1000 = (layer: Params[number]) =>
        Object.fromEntries(Object.entries(layer).map(([name, x]) => [name, x.mul(1000).add(7)]));
      const gradients = (params: Params): Params => gradientsFor(params, Key.of(1));
      const options = { crystallize: { threshold: 1e-9, every: 1 } };
      const [before, after] = statesOf(options, 1, gradients, far as never);
      const { crystallize: config } = bio(net, options, still).config;
      if (!config) throw new Error("crystallize is on");
      after.state.synapses.forEach((now, i) => {
        const layer = [0, 2, 3][i];
        const gradient = gradients(before.params)[layer].weight;
        const last = before.state.synapses[i].crystal!;
        const wanted = numbers(crystallize(config, last, before.params[layer].weight, gradient));
        expect(wanted.some((rate) => rate < 1)).toBe(true);
        expect(numbers(now.crystal!)).toEqual(wanted);
      });
    });
  });

  it("new synapses get the signs and the balance of Dale's principle", () => {
    scope(() => {
      for (const [excitatory, balance] of [
        [0.67, true],
        [0.67, false],
      ] as const) {
        const options = { dale: { excitatory, balance, exempt: "none" as const }, rejuvenate: { dre: 1e-9, every: 1 } };
        const [, { params, state }] = statesOf(options, 1);
        state.synapses.forEach(({ signs }, i) => {
          const rows = params[[0, 2, 3][i]].weight.toArray() as number[][];
          // All are new, so that none is 0: a fresh weight of the wrong sign would have been cut off.
          expect(rows.flat().every((x, j) => x * signs!.data()[Math.floor(j / 6)] > 0)).toBe(true);
        });
        const size = (sign: number): number => {
          const own = state.synapses.flatMap(({ signs }, i) => {
            const rows = params[[0, 2, 3][i]].weight.toArray() as number[][];
            return rows.filter((_, row) => signs!.data()[row] === sign).flat();
          });
          return own.reduce((sum, x) => sum + Math.abs(x), 0) / own.length;
        };
        // Four excitatory units to two: balanced, inhibitory weights are twice as large.
        const ratio = size(-1) / size(1);
        if (balance) expect(Math.abs(ratio - 2)).toBeLessThan(0.7);
        else expect(Math.abs(ratio - 1)).toBeLessThan(0.35);
      }
    });
  });

  it("in the published formula, the optimizer remembers synapses that were replaced", () => {
    scope(() => {
      const optimizer = sgd({ lr: 0.01, momentum: 0.9 });
      const options = { reference: true, rejuvenate: { dre: 1e-9, every: 1 } };
      const gradients = (params: Params): Params => gradientsFor(params, Key.of(1));
      const [before, after] = statesOf(options, 1, gradients, optimizer as never);
      const plain = optimizer.step(before.params, gradients(before.params), optimizer.init(before.params));
      const { velocity } = after.state.optimizer as typeof plain.state;
      for (const layer of [0, 2, 3]) {
        expect(numbers(velocity[0][layer].weight)).toEqual(numbers(plain.state.velocity[0][layer].weight));
      }
    });
  });

  it("split weights, initial and new ones, are divided by the square root of gamma", () => {
    scope(() => {
      const options = { split: { gamma: 3 }, rejuvenate: { dre: 1e-9, every: 1 } };
      const alive = bio(net, options, still);
      const [{ params }, after] = statesOf(options, 1);
      const plain = net.init(Key.of(0));
      [0, 2, 3].forEach((layer, i) => {
        // The last layer is not split.
        const divided = layer === 3 ? 1 : Math.sqrt(3);
        numbers(params[layer].weight).forEach((x, j) => {
          expect(x * divided).toBeCloseTo(plain[layer].weight.data()[j], 5);
        });
        const { shape } = alive.sites[i];
        const drawn = random.normal(Key.of(5), shape);
        const { initialiser } = net.layers[layer].synapses!;
        expect(initialiser.kind).toBe("normal");
        const spread = (x: Tensor): number => Math.sqrt(x.square().mean().item());
        expect(spread(alive.sites[i].draw(Key.of(5))) * divided).toBeCloseTo(spread(drawn), 4);
        expect(numbers(after.params[layer].weight)).not.toEqual(numbers(params[layer].weight));
      });
    });
  });

  it("the optimizer is the one for this step, counted from 0", () => {
    const asked: number[] = [];
    const scheduled = (step: number) => {
      asked.push(step);
      return still;
    };
    scope(() => statesOf({}, 3, nothing, scheduled as never));
    expect(asked).toEqual([0, 0, 1, 2]); // the first by init
  });

  it("fit lets it observe every batch", () => {
    const x = random.normal(Key.of(1), [20, 6]);
    const labels = tensor(
      Array.from({ length: 20 }, (_, i) => i % 6),
      { dtype: "int32" },
    );
    const alive = bio(net, { homeostasis: { every: 2 } }, still);
    const how = { optimizer: alive, hook: alive.hook, epochs: 2, batchSize: 5, key: Key.of(2) };
    const { state } = nn.fit(alive.network, alive.network.init(Key.of(0)), nn.examplesOf(x, labels), how);
    const last = state.optimizer as BioState;
    expect(last.observations.item()).toBe(8);
    for (const { activity } of last.synapses) expect(Math.max(...numbers(activity!))).toBeGreaterThan(0);
  });

  it("an output counts as activity if it is above 0.01", () => {
    scope(() => {
      const line = nn.network({ input: [2], layers: [nn.dense(1, { bias: false, init: "zeros" })] });
      const alive = bio(line, { homeostasis: true }, still);
      const params = [{ weight: tensor([[1], [0]]) }];
      const x = tensor([0.005, 0.009, 0.011, 0.02].map((value) => [value, 1]));
      expect(alive.observe(params, alive.init(params), x).synapses[0].activity!.item()).toBe(0.5);
    });
  });
});
