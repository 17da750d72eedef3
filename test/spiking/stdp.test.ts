// Plasticity of pairs against the sum over all pairs that its definition names.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scope, type Tensor } from "../../src/core/index.js";
import { float64 } from "../../src/float64/index.js";
import { tensor } from "../../src/ops/index.js";
import { type StdpOptions, stdp } from "../../src/spiking/index.js";

/** The weight of one synapse after these trains. */
function weightAfter(options: StdpOptions, start: number, pre: readonly number[], post: readonly number[]): number {
  return scope(() => {
    const rule = stdp(options);
    let weights: Tensor = tensor([[start]], float64);
    let state = rule.init(weights);
    pre.forEach((spike, t) => {
      ({ weights, state } = rule.step(weights, state, tensor([spike], float64), tensor([post[t]], float64)));
    });
    return weights.item();
  });
}

const trains = fc
  .integer({ min: 1, max: 30 })
  .chain((steps) =>
    fc.tuple(...[0, 1].map(() => fc.array(fc.constantFrom(0, 0, 1), { minLength: steps, maxLength: steps }))),
  );

describe("a single pair", () => {
  it("changes a weight by the exponential of its distance (B7)", () => {
    const [plus, minus, tauPlus, tauMinus] = [0.01, 0.012, 17, 34];
    for (let apart = 1; apart < 60; apart++) {
      const first = [1, ...new Array<number>(apart).fill(0)];
      const second = [...first].reverse();
      const options = { plus, minus, tauPlus, tauMinus, bound: "none" } as const;
      expect(Math.abs(weightAfter(options, 0, first, second) - plus * Math.exp(-apart / tauPlus))).toBeLessThan(1e-12);
      expect(Math.abs(weightAfter(options, 0, second, first) + minus * Math.exp(-apart / tauMinus))).toBeLessThan(
        1e-12,
      );
    }
  });
});

describe("trains", () => {
  it.each(["all", "nearest"] as const)("change a weight by the sum over pairs: %s", (pairing) => {
    fc.assert(
      fc.property(trains, ([pre, post]) => {
        const options = { pairing, bound: "none", plus: 0.3, minus: 0.2, tauPlus: 5, tauMinus: 9 } as const;
        let expected = 0;
        const past = (train: readonly number[], t: number): number[] => {
          const moments = train.flatMap((spike, at) => (spike === 1 && at <= t ? [at] : []));
          return pairing === "all" ? moments : moments.slice(-1);
        };
        pre.forEach((_, t) => {
          if (post[t] === 1) for (const at of past(pre, t)) expected += 0.3 * Math.exp((at - t) / 5);
          if (pre[t] === 1) for (const at of past(post, t)) expected -= 0.2 * Math.exp((at - t) / 9);
        });
        expect(Math.abs(weightAfter(options, 0, pre, post) - expected)).toBeLessThan(1e-12);
      }),
    );
  });

  it("leave weights between hard bounds", () => {
    fc.assert(
      fc.property(trains, fc.double({ min: 0, max: 1, noNaN: true }), ([pre, post], start) => {
        const weight = weightAfter({ plus: 0.4, minus: 0.3 }, start, pre, post);
        expect(weight >= 0 && weight <= 1).toBe(true);
      }),
    );
  });

  it("slow down before soft bounds: a pair takes its share of the room that is left", () => {
    const [pre, post] = [
      [1, 0, 0],
      [0, 0, 1],
    ];
    const step = 0.4 * Math.exp(-2 / 20);
    for (const start of [0, 0.3, 0.9]) {
      const grown = weightAfter({ plus: 0.4, bound: "soft" }, start, pre, post);
      expect(Math.abs(grown - (start + step * (1 - start)))).toBeLessThan(1e-12);
      const shrunk = weightAfter({ minus: 0.4, bound: "soft" }, start, post, pre);
      expect(Math.abs(shrunk - start * (1 - step))).toBeLessThan(1e-12);
    }
  });

  it("are refused with parameters out of their range", () => {
    expect(() => stdp({ tauPlus: 0 })).toThrow("[stdp] `tauPlus` is 0. Give a finite number of steps above 0.");
    expect(() => stdp({ plus: Number.NaN })).toThrow(/`plus` is NaN/);
    expect(() => stdp({ bounds: [1, 0] })).toThrow(/Give the smallest weight first/);
    expect(() => stdp({ pairing: "some" as never })).toThrow(/`pairing` is "some"/);
    expect(() => stdp({ bound: "firm" as never })).toThrow(/`bound` is "firm"/);
  });
});

describe("pairs around the sender", () => {
  const numbers = { bound: "none", plus: 0.3, minus: 0.2, tauPlus: 5, tauMinus: 9 } as const;
  const momentsOf = (train: readonly number[], until: number): number[] =>
    train.flatMap((spike, at) => (spike === 1 && at <= until ? [at] : []));

  it.each(["preCentred", "reduced"] as const)("are those that the definition names: %s", (pairing) => {
    fc.assert(
      fc.property(trains, ([pre, post]) => {
        let expected = 0;
        pre.forEach((_, t) => {
          const last = (train: readonly number[], until: number): number => momentsOf(train, until).at(-1) ?? -1;
          if (post[t] === 1) {
            const since = momentsOf(pre, t).filter((at) => at > last(post, t - 1));
            for (const at of pairing === "reduced" ? since.slice(-1) : since) expected += 0.3 * Math.exp((at - t) / 5);
          }
          if (pre[t] === 1) {
            const at = last(post, t);
            const between = pairing === "reduced" && at <= last(pre, t - 1);
            if (at >= 0 && !between) expected -= 0.2 * Math.exp((at - t) / 9);
          }
        });
        expect(Math.abs(weightAfter({ ...numbers, pairing }, 0, pre, post) - expected)).toBeLessThan(1e-12);
      }),
    );
  });

  it("with a dendritic delay are those of spikes that come so much later", () => {
    fc.assert(
      fc.property(
        trains,
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom("all" as const, "nearest" as const, "preCentred" as const, "reduced" as const),
        ([pre, post], delay, pairing) => {
          const late = [...new Array<number>(delay).fill(0), ...post].slice(0, post.length);
          const options = { ...numbers, pairing };
          expect(weightAfter({ ...options, delay }, 0, pre, post)).toBe(weightAfter(options, 0, pre, late));
        },
      ),
    );
  });
});
