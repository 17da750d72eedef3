// Chemicals beyond the published ones: each starts exactly at what it extends, and has the property it is there for.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { grad, Key, random, type Tensor, tensor, valueAndGrad } from "../../src/index.js";
import {
  checkConfig,
  defaultConfig,
  emptyRule,
  initialRule,
  initialStart,
  learnedScales,
  lifetime,
  logitsOf,
  lossOf,
  type PlasticityConfig,
  type Rule,
  type Stream,
  synapsesOf,
  timeScales,
} from "../../src/plasticity/index.js";
import { chain } from "../../src/plasticity/synapses/cascade.js";
import { shifted } from "../../src/plasticity/synapses/time-scales.js";
import { bitsOf, relativeError } from "../laws/oracle.js";
import { runs } from "../laws/settings.js";
import { configs, episodesOf, parametersOf, streamOf } from "./episodes.js";

const sizes = [6, 5, 3];
const key = Key.of(77);
const start = initialStart(key, sizes);
const lived = (steps: number): Stream => ({
  images: random.uniform(key.fold(1), [steps, 6]),
  labels: tensor(new Int32Array(steps), { dtype: "int32" }),
});
const config = (own: Partial<PlasticityConfig>): PlasticityConfig => ({
  ...{ ...defaultConfig, synapse: "chemical", chemicals: 3, motifs: [0, 1, 2, 3, 4, 8, 9], ...own },
});

describe("shifted logits", () => {
  it("are sigmoid(logit(x) - a), and x itself to the bit for a = 0", () => {
    const unit = fc.float({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(unit, { minLength: 1 }), fc.float({ min: -12, max: 12, noNaN: true }), (xs, a) => {
        const x = tensor(xs);
        expect([...shifted(x, tensor(xs.map(() => 0))).data()]).toEqual(xs.map((own) => own + 0));
        const wanted = xs.map((own) => 1 / (1 + ((1 - own) / own) * Math.exp(a)));
        const got = shifted(x, tensor(xs.map(() => a))).data();
        for (const [i, own] of wanted.entries()) expect(Math.abs(got[i] - own)).toBeLessThan(1e-6);
      }),
      runs(100),
    );
  });
});

describe("gated and learned time scales", () => {
  const chemical = configs.filter(({ synapse }) => synapse === "chemical");

  it("with zeros equal ordinary chemicals, to the bit", () => {
    fc.assert(
      fc.property(episodesOf(chemical), (e) => {
        const { rule, start } = parametersOf(e);
        const stream = streamOf(e);
        const plain = bitsOf(lifetime(e.config, rule, start, stream));
        const n = e.config.chemicals;
        const s = rule.K.map(() => tensor(new Float32Array(2 * n * (n + 6)), { shape: [2 * n, n + 6] }));
        const tau = rule.K.map(() => tensor(new Float32Array(n)));
        const learned: PlasticityConfig = { ...e.config, scales: "learned" };
        expect(bitsOf(lifetime(learned, { ...rule, tau }, start, stream))).toEqual(plain);
        const gated: PlasticityConfig = { ...e.config, synapse: "gated" };
        expect(bitsOf(lifetime(gated, { ...rule, s }, start, stream))).toEqual(plain);
      }),
      runs(25),
    );
  });

  it.each([
    ["gated", "s"],
    ["chemical", "tau"],
  ] as const)("have a gradient from the start: %s", (synapse, part) => {
    const own = config({ synapse, scales: part === "tau" ? "learned" : "fixed", tauMin: 2, initialP0: 0.05 });
    const stream = lived(12);
    const loss = (rule: Rule): Tensor =>
      lossOf(logitsOf(lifetime(own, rule, start, stream), stream.images, own.beta), stream.labels);
    const rule = initialRule(own, sizes);
    const slope = grad(loss)(rule)[part][0];
    // Along the slope itself, where the difference is largest.
    const along = (by: number): number => loss({ ...rule, [part]: [rule[part][0].add(slope.mul(by))] }).item();
    const squared = slope.square().sum().item();
    const by = 0.004 / Math.sqrt(squared);
    expect(relativeError([(along(by) - along(-by)) / (2 * by)], [squared])).toBeLessThan(0.02);
    expect(Math.sqrt(squared)).toBeGreaterThan(1e-2);
  });

  it("never change chemical 0, whose y is 1", () => {
    const own = config({ synapse: "gated", initialP0: 0 });
    const rule = initialRule(own, sizes);
    const shut = tensor(new Float32Array(rule.s[0].size).fill(-5), { shape: [...rule.s[0].shape] });
    const v = [tensor([1, 0, 0])];
    const end = lifetime(own, { ...rule, s: [shut], v }, start, lived(50));
    expect(bitsOf(end)).toEqual(bitsOf(start.weights));
  });

  it("if learned, shift a time constant by its logit", () => {
    const own = config({ scales: "learned", tauMin: 4, tauMax: 64, initialP0: 0 });
    const rule = { ...initialRule(own, sizes), tau: [tensor([0, 0, Math.log(3) / 32])], v: [tensor([0, 0, 1])] };
    const [w] = lifetime(own, rule, start, lived(10));
    // 1 / tau = 1/64 has odds of 1 to 63; three times that is 3 to 63.
    const kept = (63 / 66) ** 10;
    expect(
      relativeError(
        w.data(),
        [...start.weights[0].data()].map((x) => kept * x),
      ),
    ).toBeLessThan(1e-5);
    expect(timeScales(own).z[2]).toBe(1 / 64);
    const [{ y, z }] = learnedScales(own, rule);
    expect(1 / z[2]).toBeCloseTo(22, 4);
    expect([y[0], y[2], z[0]]).toEqual([1, Math.fround(63 / 66), 0.25]);
    expect(learnedScales({ ...own, scales: "fixed" }, rule)).toEqual([timeScales(own)]);
  });
});

describe("coupling", () => {
  it("scaled coupling is plain coupling with K's columns times z, to the bit, and its gradient is theirs times z", () => {
    fc.assert(
      fc.property(
        episodesOf(configs.filter(({ synapse }) => synapse === "chemical" || synapse === "momentum")),
        (e) => {
          const { rule, start } = parametersOf(e);
          const stream = streamOf(e);
          const z = tensor(timeScales(e.config).z);
          const folded = rule.K.map((k) => k.mul(z));
          const plain = lifetime(e.config, { ...rule, K: folded }, start, stream);
          const scaled: PlasticityConfig = { ...e.config, coupling: "scaled" };
          expect(bitsOf(lifetime(scaled, rule, start, stream))).toEqual(bitsOf(plain));
          const slope = (config: PlasticityConfig, K: readonly Tensor[]) =>
            valueAndGrad((K: readonly Tensor[]) =>
              lifetime(config, { ...rule, K }, start, stream).reduce((all, w) => all.add(w.square().sum()), tensor(0)),
            )(K).grad;
          const ofPlain = slope(e.config, folded).map((k) => k.mul(z));
          slope(scaled, rule.K).forEach((own, i) => {
            expect(relativeError(own.data(), ofPlain[i].data())).toBeLessThan(1e-4);
          });
        },
      ),
      runs(25),
    );
  });
});

describe("read-out", () => {
  const still = (own: Partial<PlasticityConfig>, steps = 250) => {
    const given = config({ ...own, initialP0: 0 });
    return lifetime(given, initialRule(given, sizes), start, lived(steps));
  };
  const close = (got: readonly { data(): ArrayLike<number> }[], by = 1): void =>
    got.forEach((w, l) => {
      const wanted = [...start.weights[l].data()].map((x) => by * x);
      expect(relativeError(w.data(), wanted)).toBeLessThan(1e-5);
    });

  it("keeps the initial weight to the bit if chemical 0 alone holds it, and also if norms are kept", () => {
    expect(bitsOf(still({ initialChemicals: "first" }))).toEqual(bitsOf(start.weights));
    close(still({ normalise: "frobenius" }));
    // Leaking chemicals lose it: spec B.7.2's 0.335.
    close(still({}), still({})[0].data()[0] / start.weights[0].data()[0]);
    expect(still({})[0].data()[0] / start.weights[0].data()[0]).toBeCloseTo(0.335, 3);
  });

  it("reads chemicals with separate initial weights out together; they need a start that was drawn for them", () => {
    const own = config({ initialChemicals: "own", initialP0: 0 });
    const rule = { ...initialRule(own, sizes), v: [tensor([0.5, -1, 2])] };
    const apart = initialStart(key, sizes, own);
    const begun = synapsesOf(own, rule, 1)[0].begin(apart.weights[0]);
    const [a, b, c] = [0, 1, 2].map((chemical) => apart.weights[0].row(chemical));
    expect(bitsOf([begun.w])).toEqual(bitsOf([a.mul(0.5).sub(b).add(c.mul(2))]));
    expect(bitsOf(begun.h)).toEqual(bitsOf([apart.weights[0]]));
    // What a leaking chemical held is gone in the end; chemical 0 never lets go.
    const end = lifetime(own, { ...rule, v: [tensor([1, 1, 0])] }, apart, lived(250))[0];
    const wanted = a.add(b.mul((1 - timeScales(own).z[1]) ** 250));
    expect(relativeError(end.data(), wanted.data())).toBeLessThan(1e-5);
    const message =
      /initial weights have the shape \[5, 6\], but chemicals that begin with "own" need \(chemicals, nOut/;
    expect(() => lifetime(own, rule, start, lived(2))).toThrow(message);
    const other = /initial weights have the shape \[3, 5, 6\], but chemicals that begin with "all" need \(nOut, nIn\)/;
    expect(() => lifetime(config({}), rule, apart, lived(2))).toThrow(other);
  });

  it("begins with softmax as the free read-out does, and its sum stays 1", () => {
    close(still({ readout: "softmax" }, 5), still({}, 5)[0].data()[0] / start.weights[0].data()[0]);
    const own = config({ readout: "softmax", initialP0: 0 });
    const rule = { ...initialRule(own, sizes), v: [tensor([3, -1, 0.5])] };
    const [synapses] = synapsesOf(own, rule, 1);
    close([synapses.begin(start.weights[0]).w]);
  });

  it.each(["frobenius", "columns"] as const)("keeps the norms of normalised chemicals: %s", (normalise) => {
    const own = config({ normalise, initialP0: 0.1 });
    const rule = initialRule(own, sizes);
    const [synapses] = synapsesOf(own, rule, 1);
    const w = start.weights[0];
    const signals = {
      ...{
        y: random.uniform(key.fold(3), [5]),
        e: random.uniform(key.fold(4), [5]),
        yPre: random.uniform(key.fold(5), [6]),
      },
      ...{
        ePre: random.uniform(key.fold(6), [6]),
        z: random.uniform(key.fold(7), [5]),
        u: random.uniform(key.fold(8), [6]),
      },
    };
    const norms = ({ h: [h] }: ReturnType<typeof synapses.begin>): number[] => [
      ...h
        .square()
        .sum(normalise === "columns" ? [1] : [1, 2])
        .data(),
    ];
    let state = synapses.begin(w);
    const first = norms(state);
    if (normalise === "columns") for (const x of first) expect(x).toBeCloseTo(1, 5);
    const before = bitsOf([state.w]);
    for (let i = 0; i < 5; i++) state = synapses.step(state, signals);
    expect(relativeError(norms(state), first)).toBeLessThan(1e-5);
    expect(bitsOf([state.w])).not.toEqual(before);
  });

  it.each([
    [{ readout: "softmax", initialChemicals: "first" }, "needs v_0 = 1"],
    [{ normalise: "columns", initialChemicals: "first" }, "chemicals that begin at 0 cannot be normalised"],
    [{ synapse: "cascade", tauMin: 1 }, "a cascade's steps swing with a tauMin of 1"],
    [{ synapse: "cascade", tauMin: 2, scales: "learned" }, "the cascade rule has no time scales"],
    [{ synapse: "momentum", readout: "softmax" }, "a momentum synapse reads its velocity out freely"],
    [{ synapse: "linear", chemicals: 1, coupling: "scaled" }, 'the linear rule has no coupling that could be "scaled"'],
    [{ synapse: "gated", scales: "learned" }, "gates have a constant each, which learns time scales already"],
    [{ synapse: "linear", chemicals: 1, initialChemicals: "first" }, "a linear rule holds the weight itself: leave"],
    [{ synapse: "cascade", tauMin: 2, normalise: "columns" }, "a cascade's weight is its first chemical: leave"],
    [{ synapse: "nothing" }, 'no synapse is called "nothing": there are linear, chemical, momentum, gated, cascade'],
  ] as const)("refuses %j", (wrong, message) => {
    expect(() => checkConfig(config(wrong as Partial<PlasticityConfig>))).toThrow(message);
  });
});

describe("the cascade", () => {
  const own = (chemicals: number, tauMin = 2, tauMax = 2 * 4 ** (chemicals - 1)): PlasticityConfig =>
    config({ synapse: "cascade", chemicals, tauMin, tauMax, motifs: [0, 2, 9], initialP0: 0 });
  const silent = {
    ...{ y: tensor([0]), e: tensor([0]), yPre: tensor([0]), ePre: tensor([0]), z: tensor([0]), u: tensor([0]) },
  };

  it("of one chemical is the linear rule, to the bit", () => {
    const linear = { ...own(1), synapse: "linear", initialP0: 0.05 };
    const stream = lived(15);
    expect(bitsOf(lifetime({ ...linear, synapse: "cascade" }, initialRule(linear, sizes), start, stream))).toEqual(
      bitsOf(lifetime(linear, initialRule(linear, sizes), start, stream)),
    );
  });

  it("stays at its beginning without drive, to the last digits", () => {
    const end = lifetime(own(6), initialRule(own(6), sizes), start, lived(100));
    for (const [l, w] of end.entries())
      expect(relativeError(w.data(), [...start.weights[l].data()])).toBeLessThan(1e-5);
  });

  it("keeps sum C_k u_k, and one change fades as 1 / sqrt(t) between its time constants", () => {
    const given = own(10);
    const { capacity } = chain(given);
    expect(capacity[9]).toBeCloseTo(2 ** 9, 6);
    const rule: Rule = { ...emptyRule, P: [tensor([[0, 0, 0]])] };
    const [synapses] = synapsesOf(given, rule, 1);
    const impulse = new Float32Array(10);
    impulse[0] = 1;
    let state = { w: tensor([[1]]), h: [tensor(impulse, { shape: [10, 1, 1] })] as const } as ReturnType<
      typeof synapses.begin
    >;
    const trace = [1];
    for (let t = 0; t < 20_000; t++) {
      state = synapses.step(state, silent);
      trace.push(state.w.item());
    }
    const total = [...state.h[0].data()].reduce((sum, x, k) => sum + capacity[k] * x, 0);
    expect(total).toBeCloseTo(1, 3);
    // The slope on logarithmic axes, from ten times the fastest to a twentieth of the slowest time constant.
    const slope = (a: number, b: number): number => Math.log(trace[b] / trace[a]) / Math.log(b / a);
    for (const [a, b] of [
      [20, 200],
      [200, 2000],
      [2000, 20_000],
    ]) {
      expect(slope(a, b)).toBeGreaterThan(-0.6);
      expect(slope(a, b)).toBeLessThan(-0.4);
    }
    // An exponential of any of these time constants is far from that.
    expect(trace.every((x, t) => t === 0 || x <= trace[t - 1])).toBe(true);
  });
});
