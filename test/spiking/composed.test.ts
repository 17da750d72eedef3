// What rules have in common: bounds, dendritic delays, senders of their own, and other corrections of weights after a step.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { daleSigns, daleViolations, enforceDale, imposeDale } from "../../src/bio/index.js";
import { Key, scope, type Tensor, type TreeOf } from "../../src/core/index.js";
import { float64 } from "../../src/float64/index.js";
import { concat, random, reshape, slice, tensor, zeros } from "../../src/ops/index.js";
import { stdp, synapticScaling, type TripletOptions, tempotron, tripletStdp } from "../../src/spiking/index.js";

interface Rule<S> {
  init(weights: Tensor): S;
  step(weights: Tensor, state: S, pre: Tensor, post: Tensor): { weights: Tensor; state: S };
}

const STEPS = 12;
const train = fc.array(fc.constantFrom(0, 0, 1), { minLength: STEPS, maxLength: STEPS });

/** The weight of one synapse after these trains. */
const weightAfter = <S>(rule: Rule<S>, start: number, pre: readonly number[], post: readonly number[]): number =>
  scope(() => {
    let weights: Tensor = tensor([[start]], float64);
    let state = rule.init(weights);
    pre.forEach((spike, t) => {
      ({ weights, state } = rule.step(weights, state, tensor([spike], float64), tensor([post[t]], float64)));
    });
    return tensor(weights.item(), float64);
  }).item();

const strong: TripletOptions = { plus: 0.3, minus: 0.2, triplePlus: 0.5, tripleMinus: 0.4, tauPlus: 5, tauMinus: 9 };

describe("triplets", () => {
  it("with a dendritic delay are those of spikes that come so much later", () => {
    fc.assert(
      fc.property(train, train, fc.integer({ min: 1, max: 4 }), (pre, post, delay) => {
        const late = [...new Array<number>(delay).fill(0), ...post].slice(0, STEPS);
        const rule = tripletStdp(strong);
        expect(weightAfter(tripletStdp({ ...strong, delay }), 0, pre, post)).toBe(weightAfter(rule, 0, pre, late));
      }),
      { numRuns: 30 },
    );
  });

  it("stop at hard bounds, and at soft ones take their share of the room that is left", () => {
    fc.assert(
      fc.property(train, train, (pre, post) => {
        const weight = weightAfter(tripletStdp({ ...strong, bounds: [0, 1] }), 0.5, pre, post);
        expect(weight >= 0 && weight <= 1).toBe(true);
      }),
      { numRuns: 20 },
    );
    const [early, late] = [
      [1, 0, 0],
      [0, 0, 1],
    ];
    const soft = tripletStdp({ ...strong, bounds: [0, 2], bound: "soft" });
    for (const start of [0, 0.7, 1.8]) {
      const grown = start + 0.3 * Math.exp(-2 / 5) * (2 - start);
      expect(Math.abs(weightAfter(soft, start, early, late) - grown)).toBeLessThan(1e-12);
      const shrunk = start - 0.2 * Math.exp(-2 / 9) * start;
      expect(Math.abs(weightAfter(soft, start, late, early) - shrunk)).toBeLessThan(1e-12);
    }
  });

  it("with a sender for each synapse learn what single synapses learn", () => {
    scope(() => {
      const [inputs, units] = [3, 2];
      const rule = tripletStdp({ ...strong, senders: "each", pairing: "nearest" });
      const pre = random.bernoulli(Key.of(0), 0.4, [STEPS, inputs, units], float64);
      const post = random.bernoulli(Key.of(1), 0.4, [STEPS, units], float64);
      let weights: Tensor = random.uniform(Key.of(2), [inputs, units], float64);
      const first = weights.toArray() as number[][];
      let state = rule.init(weights);
      for (let t = 0; t < STEPS; t++) ({ weights, state } = rule.step(weights, state, pre.row(t), post.row(t)));
      const found = weights.toArray() as number[][];
      const [sent, received] = [pre.toArray() as number[][][], post.toArray() as number[][]];
      const one = tripletStdp({ ...strong, pairing: "nearest" });
      for (let i = 0; i < inputs; i++) {
        for (let j = 0; j < units; j++) {
          const [spikes, answers] = [sent.map((row) => row[i][j]), received.map((row) => row[j])];
          expect(Math.abs(found[i][j] - weightAfter(one, first[i][j], spikes, answers))).toBeLessThan(1e-12);
        }
      }
    });
  });

  it("refuse what does not fit together", () => {
    expect(() => tripletStdp({ bound: "soft" })).toThrow('`bound` is "soft", but there are no bounds. Give them');
    expect(() => tripletStdp({ bound: "firm" as never })).toThrow("Use hard, soft, none");
    expect(() => tripletStdp({ delay: -1 })).toThrow("[tripletStdp] `delay` is -1. Give a whole number of steps");
    expect(() => tripletStdp({ senders: "all" as never })).toThrow("Use shared or each");
  });
});

describe("Dale's principle", () => {
  const [inputs, units] = [8, 3];
  const draw = (key: Key, size: number): Tensor => random.bernoulli(key, 0.3, [40, size], float64);
  const pattern = tempotron({ learningRate: 0.3 });

  /** A step of each rule, as a change of weights that carries a state. */
  const learned = <S extends TreeOf<S>>(rule: Rule<S>) => {
    let state: S | undefined;
    return (weights: Tensor, pre: Tensor, post: Tensor): Tensor => {
      const after = rule.step(weights, state ?? rule.init(weights), pre, post);
      state = after.state;
      return after.weights;
    };
  };
  const rules: Readonly<Record<string, () => (weights: Tensor, pre: Tensor, post: Tensor) => Tensor>> = {
    pairs: () => learned(stdp({ plus: 0.4, minus: 0.5, bound: "none" })),
    triplets: () => learned(tripletStdp(strong)),
    scaling: () => {
      const scaling = synapticScaling({ target: 0.1, tau: 3, rate: 1 });
      let rates: Tensor | undefined;
      return (weights, _, post) => {
        const after = scaling.step(weights, rates ?? scaling.init(weights), post);
        rates = after.rates;
        return after.weights;
      };
    },
    tempotron: () => (weights, pre, post) => {
      // Its weights are those of one unit, the first; each input spikes at the beginning of a pattern or not at all.
      const potentials = pattern.potentials(concat([reshape(pre, [1, inputs]), zeros([9, inputs], float64)], 0));
      const moved = pattern.step(weights.transpose().row(0), potentials, post.row(0).item() === 1);
      return concat([reshape(moved, [inputs, 1]), slice(weights, [0, 1])], 1);
    },
  };

  it.each(Object.keys(rules))("holds after each step that is corrected, and not without: %s", (name) => {
    scope(() => {
      const signs = daleSigns(Key.of(0), [inputs, units], 0, 0.5, float64);
      const first = imposeDale(random.normal(Key.of(1), [inputs, units], { std: 0.3, ...float64 }), signs);
      const [pre, post] = [draw(Key.of(2), inputs), draw(Key.of(3), units)];
      const run = (correct: (weights: Tensor) => Tensor): { most: number; weights: Tensor } => {
        const rule = rules[name]();
        let [weights, most] = [first, 0];
        for (let t = 0; t < 40; t++) {
          weights = correct(rule(weights, pre.row(t), post.row(t)));
          most = Math.max(most, daleViolations(weights, signs));
        }
        return { most, weights };
      };
      const corrected = run((weights) => enforceDale(weights, signs));
      expect(corrected.most).toBe(0);
      expect(corrected.weights.data()).not.toEqual(first.data());
      // Scaling multiplies, so it keeps signs by itself.
      if (name !== "scaling") expect(run((weights) => weights).most).toBeGreaterThan(0);
    });
  });
});
