// What holds after any number of steps of any network with any mechanisms under any optimizer.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BioOptions, bio, bioConfig, daleViolations, loadBio, saveBio } from "../../src/bio/index.js";
import { leavesOf } from "../../src/core/index.js";
import { Key, keep, random, scope, type Tensor } from "../../src/index.js";
import type { Params } from "../../src/nn/index.js";
import { equalBits } from "../../src/testing/index.js";
import { arbLiving, arbNetwork, begin, gradientsFor, type Living, live, optimizers, type Position } from "./living.js";

const numbers = (x: Tensor): number[] => [...x.data()];
const weightOf = (params: Params, path: string): Tensor =>
  leavesOf("test", params).find((leaf) => leaf.path === path)!.tensor;
const same = (a: unknown, b: unknown): boolean => {
  const [left, right] = [leavesOf("test", a), leavesOf("test", b)];
  return (
    left.length === right.length &&
    left.every(({ path, tensor }, i) => path === right[i].path && equalBits(tensor, right[i].tensor))
  );
};

/** Lives for some steps, and calls `check` before the first and after each. */
function lives(living: Living, seed: number, steps: number, check: (now: Position, before?: Position) => void): void {
  scope(() => {
    let now = begin(living, seed);
    check(now);
    for (let step = 0; step < steps; step++) {
      const before = now;
      now = live(living, before, Key.of(seed).fold(step));
      check(now, before);
    }
  });
}

const arbRun = (...always: Parameters<typeof arbLiving>[0] & object) =>
  fc.tuple(arbLiving(always), fc.nat(1000), fc.integer({ min: 1, max: 8 }));

describe("after every step", () => {
  it("no sign violates Dale's principle, whatever else is on, and every weight is finite", () => {
    let constrained = 0;
    fc.assert(
      fc.property(arbRun("dale"), ([living, seed, steps]) => {
        lives(living, seed, steps, ({ params, state }) => {
          state.synapses.forEach(({ signs }, i) => {
            const weight = weightOf(params, living.alive.sites[i].path);
            expect(numbers(weight).every(Number.isFinite)).toBe(true);
            if (!signs) return;
            constrained++;
            expect(daleViolations(weight, signs)).toBe(0);
          });
        });
      }),
      { numRuns: 30 },
    );
    expect(constrained).toBeGreaterThan(50);
  });

  it("the input layer is exempt from Dale's principle unless an option says otherwise; other layers never are", () => {
    fc.assert(
      fc.property(arbLiving(["dale"]), (living) => {
        const { dale } = living.alive.config;
        const { state } = begin(living);
        state.synapses.forEach(({ signs }, i) => {
          expect(signs === undefined).toBe(i === 0 && dale !== false && dale.exempt === "input");
        });
      }),
    );
  });

  it("rates are within their bounds", () => {
    fc.assert(
      fc.property(arbRun("fuzzy"), ([living, seed, steps]) => {
        const { fuzzy } = living.alive.config;
        if (!fuzzy) throw new Error("fuzzy is on");
        lives(living, seed, steps, ({ state }) => {
          for (const { fuzzy: rates } of state.synapses) {
            const [min, max] = [Math.fround(fuzzy.min), Math.fround(fuzzy.max)];
            expect(numbers(rates!).every((rate) => rate >= min && rate <= max)).toBe(true);
          }
        });
      }),
      { numRuns: 30 },
    );
  });

  it("crystallised rates never rise, except to 1 for new synapses, and never fall below their floor", () => {
    let [fallen, renewed] = [0, 0];
    fc.assert(
      fc.property(arbRun("crystallize"), ([living, seed, steps]) => {
        const { crystallize } = living.alive.config;
        if (!crystallize) throw new Error("crystallize is on");
        lives(living, seed, steps, (now, before) => {
          now.state.synapses.forEach(({ crystal, reborn }, i) => {
            const old = before?.state.synapses[i];
            const rates = numbers(crystal!);
            const last = old ? numbers(old.crystal!) : rates.map(() => 1);
            expect(rates.every((rate) => rate >= Math.fround(crystallize.floor))).toBe(true);
            const risen = rates.filter((rate, j) => rate > last[j]);
            fallen += rates.filter((rate, j) => rate < last[j]).length;
            const replaced = reborn && old ? reborn.item() - old.reborn!.item() : 0;
            expect(risen.length).toBeLessThanOrEqual(replaced);
            expect(risen.every((rate) => rate === 1)).toBe(true);
            expect(rates.filter((rate) => rate === 1).length).toBeGreaterThanOrEqual(replaced);
            renewed += risen.length;
          });
        });
      }),
      { numRuns: 30 },
    );
    expect(fallen).toBeGreaterThan(50);
    expect(renewed).toBeGreaterThan(5);
  });

  it("thawing rates stay between their floor and 1", () => {
    fc.assert(
      fc.property(arbNetwork, fc.nat(100), fc.double({ min: 0.01, max: 1, noNaN: true }), (net, seed, thaw) => {
        const crystallize = { threshold: 0.5, floor: 0.2, thaw, every: 1 };
        const optimizer = optimizers.adam;
        const living = { alive: bio(net, { crystallize }, optimizer), optimizer };
        lives(living, seed, 5, ({ state }) => {
          for (const { crystal } of state.synapses) {
            expect(numbers(crystal!).every((rate) => rate >= Math.fround(0.2) && rate <= 1)).toBe(true);
          }
        });
      }),
      { numRuns: 30 },
    );
  });

  it("an optimizer forgets the synapses that were replaced and nothing else", () => {
    fc.assert(
      fc.property(arbNetwork, fc.constantFrom(...Object.keys(optimizers)), fc.boolean(), (net, name, all) => {
        scope(() => {
          const optimizer = optimizers[name];
          // A probability of 1, or of 0 but for weights of 0, of which there are none.
          const rejuvenate = { dre: all ? 1e-9 : 1e9, every: 1 };
          const living = { alive: bio(net, { rejuvenate }, optimizer), optimizer };
          const start = begin(living);
          const grads = gradientsFor(start.params, Key.of(5));
          const { params, state } = living.alive.step(start.params, grads, start.state);
          const plain = optimizer.step(start.params, grads, optimizer.init(start.params));
          const memory = leavesOf("test", plain.state);
          const weights = living.alive.sites.map(({ path }) => path);
          leavesOf("test", state.optimizer).forEach(({ path, tensor }, i) => {
            const replaced = all && weights.some((weight) => path.endsWith(weight));
            if (replaced) expect(numbers(tensor).every((x) => x === 0)).toBe(true);
            else expect(equalBits(tensor, memory[i].tensor)).toBe(true);
          });
          for (const [i, path] of weights.entries()) {
            expect(state.synapses[i].reborn!.item()).toBe(all ? weightOf(params, path).size : 0);
          }
        });
      }),
      { numRuns: 20 },
    );
  });

  it("shapes, and all parameters that are not weights, are as the optimizer leaves them", () => {
    fc.assert(
      fc.property(arbLiving(), fc.nat(1000), (living, seed) => {
        scope(() => {
          const { alive, optimizer } = living;
          const { params, state } = begin(living, seed);
          const grads = gradientsFor(params, Key.of(seed));
          const images = random.normal(Key.of(seed), [2, ...alive.network.description.input]);
          const ours = alive.step(params, grads, alive.observe(params, state, images)).params;
          const theirs = optimizer.step(params, grads, optimizer.init(params)).params;
          const weights = new Set(alive.sites.map(({ path }) => path));
          leavesOf("test", theirs).forEach(({ path, tensor }, i) => {
            const own = leavesOf("test", ours)[i];
            expect(own.path).toBe(path);
            expect(own.tensor.shape).toEqual(tensor.shape);
            if (!weights.has(path)) expect(equalBits(own.tensor, tensor)).toBe(true);
          });
        });
      }),
      { numRuns: 30 },
    );
  });
});

describe("to the bit", () => {
  it("with every mechanism off, it is the plain optimizer", () => {
    const off: BioOptions = bioConfig(); // every mechanism false, said outright
    fc.assert(
      fc.property(arbNetwork, fc.constantFrom(...Object.keys(optimizers)), fc.nat(1000), (net, name, seed) => {
        scope(() => {
          const plain = optimizers[name];
          for (const options of [{}, off]) {
            const alive = bio(net, options, plain);
            expect(alive.network.description).toEqual(net.description);
            let mine = begin({ alive, optimizer: plain }, seed);
            const start = net.init(Key.of(seed));
            expect(same(mine.params, start)).toBe(true);
            let theirs = { params: start, state: plain.init(start) };
            for (let step = 0; step < 4; step++) {
              const grads = gradientsFor(start, Key.of(seed).fold(step));
              mine = alive.step(mine.params, grads, mine.state);
              theirs = plain.step(theirs.params, grads, theirs.state);
            }
            expect(same(mine.params, theirs.params)).toBe(true);
            expect(same(mine.state.optimizer, theirs.state)).toBe(true);
          }
        });
      }),
      { numRuns: 20 },
    );
  });

  it("a training that is saved, loaded and cloned continues like one that was not", () => {
    const operations = fc.array(fc.constantFrom("step", "save", "clone"), { minLength: 2, maxLength: 10 });
    fc.assert(
      fc.property(arbLiving(), operations, fc.nat(1000), (living, sequence, seed) => {
        scope(() => {
          let straight = begin(living, seed);
          let [broken, copied] = [straight, living];
          sequence.forEach((operation, i) => {
            if (operation === "step") {
              straight = live(living, straight, Key.of(seed).fold(i));
              broken = live(copied, broken, Key.of(seed).fold(i));
            } else if (operation === "clone") {
              broken = keep(broken);
            } else {
              const bytes = saveBio(copied.alive, broken.params, broken.state);
              const { alive, params, state } = loadBio(bytes, living.optimizer);
              expect(alive.config).toEqual(living.alive.config);
              [copied, broken] = [
                { ...copied, alive },
                { params, state },
              ];
            }
          });
          expect(same(broken, straight)).toBe(true);
        });
      }),
      { numRuns: 30 },
    );
  });

  it("the same seed gives the same training, another seed a different one", () => {
    fc.assert(
      fc.property(arbLiving(["fuzzy", "rejuvenate"]), fc.nat(100), (living, seed) => {
        scope(() => {
          const run = ({ alive, optimizer }: Living = living): Position =>
            live({ alive, optimizer }, begin({ alive, optimizer }, seed), Key.of(seed));
          expect(same(run(), run())).toBe(true);
          const { config, original } = living.alive;
          // Rates that are drawn for every synapse, so that two seeds cannot agree by chance.
          const spread = { ...config, fuzzy: { ...config.fuzzy, distribution: "uniform", nu: 0.3 } } as BioOptions;
          const other = { ...spread, seed: config.seed + 1 };
          const [one, two] = [spread, other].map((options) =>
            run({ alive: bio(original, options, living.optimizer), optimizer: living.optimizer }),
          );
          one.state.synapses.forEach(({ fuzzy }, i) => {
            expect(equalBits(fuzzy!, two.state.synapses[i].fuzzy!)).toBe(false);
          });
        });
      }),
      { numRuns: 20 },
    );
  });
});
