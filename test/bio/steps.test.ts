// What a step does to the state of synapses: what is drawn anew and when, what the factors of a rate multiply to, what a
// new synapse begins with.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BioOptions, bio, crystallize, type SynapseState } from "../../src/bio/index.js";
import { Key, random, scope, type Tensor } from "../../src/index.js";
import type { Params } from "../../src/nn/index.js";
import { sgd } from "../../src/optim/index.js";
import { gradientsFor } from "./living.js";
import { net, numbers, statesOf, still, text } from "./still.js";

describe("draws", () => {
  const drawn: [string, BioOptions, (state: SynapseState) => Tensor][] = [
    ["volume", { volume: { stability: 0, every: 1 } }, (state) => state.volume!],
    ["activity", { fuzzy: { distribution: "activity", every: 1 } }, (state) => state.fuzzy!],
    ["volume, published", { volume: { stability: 0 }, reference: true }, (state) => state.volume!],
  ];

  it.each(drawn)("of %s differ from step to step, from layer to layer, and from seed to seed", (_, options, of) => {
    scope(() => {
      const found = [1, 2].flatMap((seed) =>
        statesOf({ ...options, seed }, 4)
          .slice(1)
          .flatMap(({ state }) => state.synapses.map((each) => text(of(each)))),
      );
      expect(new Set(found).size).toBe(2 * 4 * 3);
    });
  });

  it("of temporal rates are made every ten updates and differ each time", () => {
    scope(() => {
      const fuzzy = { distribution: "temporal", decay: 1, every: 1, min: 0, max: 10 } as const;
      const rates = statesOf({ fuzzy }, 20).map(({ state }) => state.synapses.map((each) => numbers(each.fuzzy!)));
      const shakes = rates.slice(1).map((now, i) => now.map((layer, l) => layer.map((x, j) => x - rates[i][l][j])));
      shakes.forEach((layers, i) => {
        for (const layer of layers) expect(layer.some((x) => Math.abs(x) > 1e-4)).toBe(i === 9 || i === 19);
      });
      const [first, second] = [shakes[9], shakes[19]];
      expect(Math.max(...first[0].map((x, j) => Math.abs(x - second[0][j])))).toBeGreaterThan(1e-3);
      expect(Math.max(...first[0].map((x, j) => Math.abs(x - first[1][j])))).toBeGreaterThan(1e-3);
    });
  });

  it.each([false, true])("of the synapses to replace differ in the same ways (published formula: %s)", (reference) => {
    scope(() => {
      const options = { rejuvenate: { dre: 1, every: 1 }, reference };
      const found = [1, 2].flatMap((seed) => {
        // The published formula prunes: soon there is nothing left to replace.
        const all = statesOf({ ...options, seed }, reference ? 2 : 4);
        return all.slice(1).flatMap(({ params }, i) =>
          [0, 2, 3].map((layer) => {
            const [old, now] = [numbers(all[i].params[layer].weight), numbers(params[layer].weight)];
            // Clipping to [-1, 1] is no replacement.
            return now.map((x, j) => Number(x !== Math.min(1, Math.max(-1, old[j])) && x !== old[j])).join("");
          }),
        );
      });
      expect(new Set(found).size).toBe(2 * (reference ? 2 : 4) * 3);
    });
  });

  it("of new synapses differ: no two steps, layers or places give the same weight", () => {
    scope(() => {
      const all = statesOf({ rejuvenate: { dre: 1e-9, every: 1 } }, 3).slice(1);
      const weights = all.flatMap(({ params }) => [0, 2, 3].flatMap((layer) => numbers(params[layer].weight)));
      expect(new Set(weights).size).toBeGreaterThan(0.99 * weights.length);
    });
  });
});

describe("a synapse that is new", () => {
  it("is not crystallised and gets a new rate; the others keep theirs", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.double({ min: 0.5, max: 2, noNaN: true }), (seed, dre) => {
        scope(() => {
          const hold = { threshold: 0.9, every: 1 };
          const options = { seed, rejuvenate: { dre, every: 2 }, crystallize: hold, fuzzy: { nu: 0.4 } };
          const gradients = (params: Params): Params => gradientsFor(params, Key.of(seed));
          const alive = bio(net, options, still);
          const { crystallize: config } = alive.config;
          if (!config) throw new Error("crystallize is on");
          const [, before, after] = statesOf(options, 2, gradients);
          after.state.synapses.forEach((now, i) => {
            const layer = [0, 2, 3][i];
            const [old, weight] = [before.params[layer].weight, after.params[layer].weight];
            const last = before.state.synapses[i];
            const held = crystallize(config, last.crystal!, old, gradients(before.params)[layer].weight);
            const [was, is, rates] = [numbers(old), numbers(weight), numbers(now.fuzzy!)];
            const isNew = is.map((x, j) => x !== was[j]);
            const count = isNew.filter(Boolean).length;
            expect(now.reborn!.item()).toBe(count);
            expect(count).toBeGreaterThan(0);
            expect(count).toBeLessThan(is.length);
            expect(numbers(last.crystal!).some((rate) => rate < 1)).toBe(true);
            expect(numbers(now.crystal!)).toEqual(numbers(held).map((rate, j) => (isNew[j] ? 1 : rate)));
            const lastRates = numbers(last.fuzzy!);
            expect(rates.map((rate, j) => rate === lastRates[j])).toEqual(isNew.map((each) => !each));
          });
        });
      }),
      { numRuns: 15 },
    );
  });

  it("in the published formula keeps its rates", () => {
    scope(() => {
      const options = { reference: true, rejuvenate: { dre: 1, every: 1 }, fuzzy: true };
      const [first, second] = statesOf(options, 1);
      second.state.synapses.forEach((now, i) => {
        expect(now.reborn!.item()).toBeGreaterThan(0);
        expect(numbers(now.fuzzy!)).toEqual(numbers(first.state.synapses[i].fuzzy!));
      });
    });
  });
});

describe("the rate of a synapse", () => {
  const all: BioOptions = {
    volume: { every: 2 },
    fuzzy: { distribution: "weight-adaptive", every: 3 },
    homeostasis: { every: 4 },
    scaleGrad: { every: 5 },
    crystallize: { threshold: 0.9, every: 6 },
  };
  const factors = ["volume", "fuzzy", "homeostasis", "scaling", "crystal"] as const;
  const moving = sgd({ lr: 0.1 });
  const gradients = (params: Params): Params => gradientsFor(params, Key.of(4));

  it("is the product of its factors, and the update is the optimizer's times it", () => {
    scope(() => {
      const states = statesOf(all, 13, gradients, moving);
      states.slice(1).forEach(({ params, state }, i) => {
        const before = states[i];
        const plain = moving.step(before.params, gradients(before.params), moving.init(before.params)).params;
        // What is due after the update, crystallisation, counts from the next step on.
        state.synapses.forEach((now, l) => {
          const layer = [0, 2, 3][l];
          const product = factors.map((name) => now[name]!).reduce((a, b) => a.mul(b));
          numbers(product).forEach((rate, j) => {
            expect(numbers(now.rate!)[j] / rate).toBeCloseTo(1, 5);
          });
          const used = { ...now, crystal: before.state.synapses[l].crystal! };
          const rates = numbers(factors.map((name) => used[name]!).reduce((a, b) => a.mul(b)));
          const [was, next, is] = [before.params, plain, params].map((tree) => numbers(tree[layer].weight));
          is.forEach((x, j) => {
            expect(Math.abs(x - (was[j] + (next[j] - was[j]) * rates[j]))).toBeLessThan(1e-5);
          });
        });
      });
    });
  });

  it("changes a factor only at the steps that its mechanism names", () => {
    scope(() => {
      const states = statesOf(all, 13, gradients, moving);
      const periods = { volume: 2, fuzzy: 3, homeostasis: 4, scaling: 5, crystal: 6 };
      states.slice(1).forEach(({ state }, i) => {
        for (const name of factors) {
          const changed = state.synapses.map((now, l) => text(now[name]!) !== text(states[i].state.synapses[l][name]!));
          expect(changed, `${name} at step ${i + 1}`).toEqual(Array(3).fill((i + 1) % periods[name] === 0));
        }
        expect(state.step.item()).toBe(i + 1);
        expect(state.observations.item()).toBe(i + 1);
      });
    });
  });

  it("follows the weights, with the draws that a synapse has had from the start", () => {
    scope(() => {
      // Weights that stay where they are have the same rates at every update.
      const fuzzy = { distribution: "weight-adaptive", every: 1 } as const;
      const states = statesOf({ fuzzy }, 3);
      for (const { state } of states) {
        expect(state.synapses.map((each) => text(each.fuzzy!))).toEqual(
          states[0].state.synapses.map((each) => text(each.fuzzy!)),
        );
      }
    });
  });
});

describe("activity", () => {
  const alive = bio(net, { homeostasis: { memory: 0.5 } }, still);
  const params = alive.network.init(Key.of(0));

  it("is the share of examples at which a unit's output is above 0.01, and fades by the factor `memory`", () => {
    scope(() => {
      const x = random.normal(Key.of(9), [40, 6]);
      const share = [0, 2, 3].map((layer) => {
        const y = alive.network.activations(params, x)[layer].toArray() as number[][];
        return y[0].map((_, unit) => y.filter((row) => row[unit] > 0.01).length / 40);
      });
      const once = alive.observe(params, alive.init(params), x);
      const twice = alive.observe(params, once, x);
      once.synapses.forEach(({ activity }, i) => {
        expect(share[i].some((part) => part > 0 && part < 1)).toBe(true);
        numbers(activity!).forEach((part, unit) => {
          expect(part).toBeCloseTo(share[i][unit], 6);
          expect(twice.synapses[i].activity!.data()[unit]).toBeCloseTo(1.5 * share[i][unit], 6);
        });
      });
      expect(twice.observations.item()).toBe(2);
    });
  });

  it("in the published formula counts outputs of any sign and never fades", () => {
    scope(() => {
      const published = bio(net, { homeostasis: { memory: 0.5 }, reference: true }, still);
      const x = random.normal(Key.of(9), [40, 6]);
      const y = published.network.activations(params, x)[3].toArray() as number[][];
      const share = y[0].map((_, unit) => y.filter((row) => Math.abs(row[unit]) > 0.01).length / 40);
      const twice = published.observe(params, published.observe(params, published.init(params), x), x);
      numbers(twice.synapses[2].activity!).forEach((sum, unit) => {
        expect(sum).toBeCloseTo(2 * share[unit], 5);
      });
    });
  });
});
