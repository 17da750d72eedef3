// Spiking layers in networks, delays that learn, and neurons that spike by chance.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { grad, valueAndGrad } from "../../src/autodiff/index.js";
import { advance, Key, scope, type Tensor } from "../../src/core/index.js";
import { float64 } from "../../src/float64/index.js";
import { dense, initialise, network } from "../../src/nn/index.js";
import { cast, full, matmul, mul, random, reshape, square, sub, sum, tensor, zeros } from "../../src/ops/index.js";
import { adam } from "../../src/optim/index.js";
import {
  delayedCurrents,
  firingRates,
  izhikevich,
  lif,
  metaNeuron,
  rates,
  runNeurons,
  spiking,
  spikingKinds,
} from "../../src/spiking/index.js";
import { vmap } from "../../src/vmap/index.js";

describe("spiking layers", () => {
  const net = network(
    {
      input: [30, 5],
      layers: [spiking("lif", 6, { tau: 4, learn: ["tau"] }), spiking("meta", 3), rates(), dense(2)],
    },
    spikingKinds,
  );

  it("are what their neurons and weights give by hand", () => {
    scope(() => {
      const params = net.init(Key.of(0));
      const x = random.bernoulli(Key.of(1), 0.3, [4, 30, 5]);
      const [first, second, , last] = params;
      const through = (each: Tensor, weight: Tensor): Tensor =>
        reshape(matmul(reshape(each, [120, weight.shape[0]]), weight), [4, 30, weight.shape[1]]);
      const one = runNeurons(
        lif(6, { tau: 4, learn: ["tau"] }),
        { decay: first.decay },
        through(x, first.weight),
      ).spikes;
      const two = runNeurons(metaNeuron(3), {}, through(one, second.weight)).spikes;
      const expected = matmul(firingRates(two), last.weight).add(last.bias);
      expect(Array.from(net.apply(params, x).data())).toEqual(Array.from(expected.data()));
      expect(Object.keys(first).sort()).toEqual(["decay", "weight"]);
    });
  });

  it("have a gradient in weights and internals, and go through vmap", () => {
    scope(() => {
      const params = net.init(Key.of(0));
      const x = random.bernoulli(Key.of(1), 0.4, [4, 30, 5]);
      const slopes = grad((p: typeof params) => sum(square(net.apply(p, x))))(params);
      expect(slopes[0].decay.data().some((each) => each !== 0)).toBe(true);
      expect(slopes[0].weight.data().some((each) => each !== 0)).toBe(true);
      const each = (one: Tensor): Tensor => net.apply(params, reshape(one, [1, 30, 5]));
      expect(Array.from(vmap(each)(x).data())).toEqual(Array.from(net.apply(params, x).data()));
    });
  });

  it("refuse items that are no trains, and unknown neurons", () => {
    expect(() => network({ input: [5], layers: [spiking("lif", 2)] }, spikingKinds)).toThrow(
      "[spiking] an item has shape [5]. Give trains as [steps, inputs].",
    );
    expect(() => network({ input: [3, 5], layers: [spiking("quartz" as never, 2)] }, spikingKinds)).toThrow(
      '[spiking] there is no neuron "quartz". Use lif, meta, izhikevich.',
    );
  });
});

describe("delays", () => {
  it("that are whole numbers are shifts", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 0, max: 5 }), (seed, most) => {
        scope(() => {
          const [n, steps, inputs, units] = [2, 9, 3, 2];
          const spikes = random.bernoulli(Key.of(seed), 0.4, [n, steps, inputs], float64);
          const weight = random.normal(Key.of(seed + 1), [inputs, units], float64);
          const late = Array.from({ length: inputs * units }, (_, i) =>
            Math.floor(Key.of(seed + 2).uniform(i) * (most + 1)),
          );
          const delays = tensor(late, { shape: [inputs, units], ...float64 });
          const found = delayedCurrents(spikes, weight, delays, { most }).data();
          const [s, w] = [spikes.data(), weight.data()];
          for (let i = 0; i < n; i++) {
            for (let t = 0; t < steps; t++) {
              for (let unit = 0; unit < units; unit++) {
                let expected = 0;
                for (let input = 0; input < inputs; input++) {
                  const from = t - late[input * units + unit];
                  if (from >= 0) expected += s[(i * steps + from) * inputs + input] * w[input * units + unit];
                }
                expect(Math.abs(found[(i * steps + t) * units + unit] - expected)).toBeLessThan(1e-12);
              }
            }
          }
        });
      }),
      { numRuns: 40 },
    );
  });

  it("have the slope of differences, as weights and spikes have", () => {
    scope(() => {
      const spikes = random.uniform(Key.of(1), [2, 8, 3], float64);
      const weight = random.normal(Key.of(2), [3, 2], float64);
      // Away from whole numbers, where the slope jumps.
      const delays = tensor([0.3, 1.4, 2.7, 3.2, 0.8, 2.2], { shape: [3, 2], ...float64 });
      const target = random.normal(Key.of(3), [2, 8, 2], float64);
      const loss = (p: { spikes: Tensor; weight: Tensor; delays: Tensor }): Tensor =>
        sum(square(sub(delayedCurrents(p.spikes, p.weight, p.delays, { most: 4, width: 2.3 }), target)));
      const at = { spikes, weight, delays };
      const slopes = grad(loss)(at);
      for (const name of ["spikes", "weight", "delays"] as const) {
        const numbers = Array.from(at[name].data());
        numbers.slice(0, 6).forEach((_, i) => {
          const moved = (by: number): number =>
            loss({
              ...at,
              [name]: tensor(
                numbers.map((x, j) => (j === i ? x + by : x)),
                { shape: at[name].shape, ...float64 },
              ),
            }).item();
          const difference = (moved(1e-5) - moved(-1e-5)) / 2e-5;
          expect(Math.abs(slopes[name].data()[i] - difference)).toBeLessThan(1e-6 * (1 + Math.abs(difference)));
        });
      }
    });
  });

  it("are learned from what comes out", () => {
    const [n, steps, inputs, most] = [16, 40, 3, 8];
    const wanted = [2, 5, 7];
    const optimizer = adam({ lr: 0.05 });
    const weight = full([inputs, 1], 1);
    const spikes = random.bernoulli(Key.of(5), 0.15, [n, steps, inputs]);
    const target = delayedCurrents(spikes, weight, tensor(wanted, { shape: [inputs, 1] }), { most });
    const first = { delays: full([inputs, 1], 4) };
    let carry = { params: first, state: optimizer.init(first) };
    for (let i = 0; i < 300; i++) {
      const width = Math.max(1, 5 - i / 50);
      carry = advance(carry, ({ params, state }) => {
        const loss = (p: typeof first): Tensor =>
          sum(square(sub(delayedCurrents(spikes, weight, p.delays, { most, width }), target)));
        return optimizer.step(params, grad(loss)(params), state);
      });
    }
    Array.from(carry.params.delays.data()).forEach((delay, i) => {
      expect(Math.abs(delay - wanted[i])).toBeLessThan(0.1);
    });
  });

  it("refuse what does not fit", () => {
    const spikes = zeros([1, 4, 3]);
    const weight = initialise("heNormal", Key.of(0), [3, 2], { fanIn: 3, fanOut: 2 });
    expect(() => delayedCurrents(spikes, weight, zeros([2, 2]), { most: 3 })).toThrow("Give [3, units] for both");
    expect(() => delayedCurrents(spikes, weight, zeros([3, 2]), { most: 1.5 })).toThrow("`most` is 1.5");
    expect(() => delayedCurrents(spikes, weight, zeros([3, 2]), { most: 3, width: 0.5 })).toThrow("`width` is 0.5");
    expect(() => delayedCurrents(zeros([4, 3]), weight, zeros([3, 2]), { most: 3 })).toThrow(
      "Give [n, steps, inputs] with at least one step",
    );
  });
});

describe("neurons that spike by chance", () => {
  it("spike as often as their probability says", () => {
    scope(() => {
      const [n, temperature] = [4000, 0.4];
      // Without memory: each step has the current as its potential.
      const neuron = lif(3, { tau: 1e-2, threshold: 0.5, resetBy: "none", temperature });
      const levels = [0.1, 0.5, 0.9];
      const currents = mul(full([n, 1, 3], 1), tensor(levels));
      const found = runNeurons(neuron, {}, currents, undefined, Key.of(2)).spikes.data();
      levels.forEach((level, unit) => {
        const p = 1 / (1 + Math.exp(-(level - 0.5) / temperature));
        let count = 0;
        for (let i = 0; i < n; i++) count += found[i * 3 + unit];
        expect(Math.abs(count / n - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / n));
      });
    });
  });

  it("have the slope of their probability", () => {
    scope(() => {
      const temperature = 0.7;
      const neuron = lif(1, { tau: 3, threshold: 0.2, temperature });
      for (const current of [-1, 0, 0.2, 1.5]) {
        const loss = (x: Tensor): Tensor =>
          sum(neuron.step({}, neuron.state({}, 1, "float64"), x, full([1, 1], 0.4, float64)).h);
        const { value, grad: slope } = valueAndGrad(loss)(tensor([[current]], float64));
        const p = 1 / (1 + Math.exp(-(current - 0.2) / temperature));
        expect(value.item()).toBe(Number(p > 0.4));
        expect(Math.abs(slope.item() - (p * (1 - p)) / temperature)).toBeLessThan(1e-12);
      }
    });
  });

  it("learn their temperature by its logarithm, so that it stays above 0", () => {
    scope(() => {
      const [temperature, threshold, current] = [[0.3, 2], 0.2, 0.9];
      const neuron = lif(2, { threshold, temperature, learn: ["temperature"] });
      const params = Object.fromEntries(Object.entries(neuron.init()).map(([name, x]) => [name, cast(x, "float64")]));
      expect(Object.keys(params)).toEqual(["logTemperature"]);
      const draws = full([1, 2], 0.4, float64);
      const loss = (p: typeof params): Tensor =>
        sum(neuron.step(p, neuron.state(p, 1, "float64"), full([1, 2], current, float64), draws).h);
      const slopes = grad(loss)(params).logTemperature.data();
      temperature.forEach((each, unit) => {
        const z = (current - threshold) / each;
        const p = 1 / (1 + Math.exp(-z));
        // The temperature itself is a float32 before it is a double.
        expect(Math.abs(slopes[unit] + p * (1 - p) * z)).toBeLessThan(1e-6);
      });
    });
  });

  it("are the same neurons before they spike, and spike as the probability of their potential says: Izhikevich's", () => {
    scope(() => {
      const [n, temperature] = [4000, 8];
      const neuron = izhikevich(1, { temperature });
      const [v, u] = [28, -10];
      const state = { h: zeros([n, 1]), v: full([n, 1], v), u: full([n, 1], u) };
      const draws = random.uniform(Key.of(3), [n, 1]);
      const plain = izhikevich(1).step({}, state, full([n, 1], -320));
      const found = neuron.step({}, state, full([n, 1], -320), draws);
      expect(found.v.data()).toEqual(plain.v.data());
      const p = 1 / (1 + Math.exp(-(plain.v.data()[0] - 30) / temperature));
      expect(p > 0.2 && p < 0.8).toBe(true);
      const share = sum(found.h).item() / n;
      expect(Math.abs(share - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / n));
      const currents = full([2, 300, 3], 10);
      const run = (low: number): number[] =>
        Array.from(runNeurons(izhikevich(3, { temperature: low }), {}, currents, undefined, Key.of(4)).spikes.data());
      expect(run(1e-4)).toEqual(Array.from(runNeurons(izhikevich(3), {}, currents).spikes.data()));
    });
  });

  it("in a network draw from its key, and without one spike where that is more likely than not", () => {
    scope(() => {
      const layers = [spiking("lif", 3, { temperature: 0.5, learn: ["temperature"] }), rates()];
      const net = network({ input: [40, 2], layers }, spikingKinds);
      const params = net.init(Key.of(0));
      const x = random.bernoulli(Key.of(1), 0.5, [5, 40, 2]);
      const numbers = (options: object): number[] => Array.from(net.apply(params, x, options).data());
      const drawn = numbers({ key: Key.of(2) });
      expect(numbers({ key: Key.of(2), training: true })).toEqual(drawn);
      expect(numbers({ key: Key.of(3) })).not.toEqual(drawn);
      const sure = network({ input: [40, 2], layers: [spiking("lif", 3), rates()] }, spikingKinds);
      expect(numbers({})).toEqual(Array.from(sure.apply([{ weight: params[0].weight }, {}], x).data()));
      expect(() => numbers({ training: true })).toThrow("Pass one: apply(params, x, { training: true, key })");
      const slopes = grad((p: typeof params) => sum(net.apply(p, x, { key: Key.of(2) })))(params);
      expect(slopes[0].logTemperature.data().every((each) => Number.isFinite(each) && each !== 0)).toBe(true);
    });
  });

  it("as second-order neurons go to those that do not as the temperature goes to 0", () => {
    scope(() => {
      const currents = mul(random.normal(Key.of(7), [3, 50, 4]), 2);
      const run = (options: object, key?: Key): number[] =>
        Array.from(runNeurons(metaNeuron(4, options), {}, currents, undefined, key).spikes.data());
      expect(run({ temperature: 1e-6 }, Key.of(8))).toEqual(run({}));
      expect(run({ temperature: 1 }, Key.of(8))).not.toEqual(run({}));
    });
  });

  it("need draws, and a temperature above 0", () => {
    expect(() => lif(1, { temperature: 0 })).toThrow("[lif] `temperature` is 0. Give a number that is above 0.");
    expect(() => lif(2, { temperature: [1, 1, 1] })).toThrow("`temperature` has 3 numbers for 2 units");
    expect(() => metaNeuron(1, { learn: ["temperature"] })).toThrow("Give one, such as temperature: 0.1.");
    const neuron = lif(1, { temperature: 1 });
    expect(() => scope(() => runNeurons(neuron, {}, zeros([1, 2, 1])))).toThrow("need draws. Give `runNeurons` a key");
  });
});
