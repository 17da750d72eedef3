// The published formulas: whole steps of them, and what Adam makes of rates that scale the gradient.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bio, daleViolations, distributions } from "../../src/bio/index.js";
import { leavesOf } from "../../src/core/index.js";
import { Key, scope } from "../../src/index.js";
import { activation, dense, network } from "../../src/nn/index.js";
import { adam, type Optimizer, sgd } from "../../src/optim/index.js";
import { spreadOfMoves } from "../../src/studies/bio-transformations/ablation.js";
import { arbNetwork, begin, gradientsFor, live, optimizers } from "./living.js";

describe("the published formulas", () => {
  it("make finite steps for any network and optimizer, keep the signs of weights, and keep rates within their bounds", () => {
    const options = fc.record({
      reference: fc.constant(true),
      seed: fc.nat(1000),
      dale: fc.constant(true),
      scaleGrad: fc.boolean(),
      volume: fc.boolean(),
      homeostasis: fc.constantFrom(false, { every: 2 }),
      crystallize: fc.constantFrom(false, { threshold: 0.5 }),
      rejuvenate: fc.constantFrom(false, { every: 2 }),
      fuzzy: fc.constantFrom(false as const, ...distributions.map((distribution) => ({ distribution, every: 2 }))),
    });
    fc.assert(
      fc.property(arbNetwork, options, fc.constantFrom(...Object.keys(optimizers)), (net, given, name) => {
        scope(() => {
          const optimizer = optimizers[name];
          const living = { alive: bio(net, given, optimizer), optimizer };
          let now = begin(living);
          for (let step = 0; step < 4; step++) {
            now = live(living, now, Key.of(given.seed).fold(step));
            for (const { tensor } of leavesOf("test", now.params)) {
              expect(Array.from(tensor.data()).every(Number.isFinite)).toBe(true);
            }
            now.state.synapses.forEach(({ signs, fuzzy }, i) => {
              const { path } = living.alive.sites[i];
              const weight = leavesOf("test", now.params).find((leaf) => leaf.path === path)!.tensor;
              // The last layer is not kept to its signs.
              expect(signs === undefined).toBe(i === living.alive.sites.length - 1);
              if (signs) expect(daleViolations(weight, signs)).toBe(0);
              if (fuzzy) expect(Array.from(fuzzy.data()).every((rate) => rate >= 0 && rate <= 2)).toBe(true);
            });
          }
        });
      }),
      { numRuns: 40 },
    );
  });

  it("have no effect under Adam, which divides rates out again; ours have, and under gradient descent both have", () => {
    const layers = [dense(100, { init: "heNormal" }), activation("relu"), dense(5)];
    const net = network({ input: [100], layers });
    const spread = (optimizer: Optimizer<never, never>, reference: boolean): number =>
      scope(() => {
        const plain = optimizer as never;
        const alive = bio(net, { fuzzy: { nu: 0.3, min: 0.1 }, reference }, plain);
        const params = net.init(Key.of(1));
        const grads = Array.from({ length: 5 }, (_, k) => gradientsFor(params, Key.of(2).fold(k)));
        return spreadOfMoves(alive, params, alive.init(params), () => plain, grads);
      });
    const rates = 0.3 / Math.sqrt(3);
    const [byAdam, bySgd] = [adam({ lr: 1e-3 }), sgd({ lr: 0.01, momentum: 0.9 })] as unknown as Optimizer<
      never,
      never
    >[];
    expect(spread(bySgd, true)).toBeCloseTo(rates, 2);
    expect(spread(bySgd, false)).toBeCloseTo(rates, 2);
    expect(spread(byAdam, false)).toBeCloseTo(rates, 2);
    expect(spread(byAdam, true)).toBeLessThan(1e-3);
  });
});
