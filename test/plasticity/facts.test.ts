// What the specification promises of the rules (spec F), each against an independent computation.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crossEntropy, grad, Key, sigmoid, softplus, softplusGate, sum, type Tensor, tensor } from "../../src/index.js";
import {
  defaultConfig,
  emptyRule,
  initialRule,
  initialStart,
  lifetime,
  logitsOf,
  naiveMotifs,
  type PlasticityConfig,
  presets,
  type Rule,
  type Signals,
  signalsOf,
  synapsesOf,
  timeScales,
} from "../../src/plasticity/index.js";
import { floats, relativeError } from "../laws/oracle.js";
import { runs } from "../laws/settings.js";
import * as oracle from "./lifetime64.js";

const draw = (key: Key, shape: readonly number[], low = -1, high = 1): Tensor =>
  tensor(
    floats(
      key,
      shape.reduce((a, b) => a * b, 1),
      low,
      high,
    ),
    { shape },
  );
const list = (x: Tensor): number[] => [...x.data()];
const ALL = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** A layer with random weights and whatever a step may see of it. */
function layer(seed: number, nOut: number, nIn: number): { w: Tensor; signals: Signals } {
  const key = Key.of(seed);
  const w = draw(key.fold(0), [nOut, nIn]);
  const [y, e] = [draw(key.fold(1), [nOut], 0, 1), draw(key.fold(2), [nOut])];
  const [yPre, ePre] = [draw(key.fold(3), [nIn], 0, 1), draw(key.fold(4), [nIn])];
  return { w, signals: { y, e, yPre, ePre, z: w.matvec(yPre), u: w.matvec(y, true) } };
}

const motifsOf = ({ w, signals: { y, e, yPre, ePre } }: ReturnType<typeof layer>): oracle.Matrix[] =>
  oracle.motifs(list(y), list(e), list(yPre), list(ePre), w.toArray() as oracle.Matrix);

const shapes = fc.tuple(fc.nat(0xffff), fc.integer({ min: 1, max: 13 }), fc.integer({ min: 1, max: 13 }));

it("sigma' written in y is sigma' written in z", () => {
  const z = tensor(Array.from({ length: 401 }, (_, i) => (i - 200) / 100));
  const [inY, inZ] = [softplusGate(softplus(z, 10), 10), sigmoid(z.mul(10))].map(list);
  inY.forEach((gate, i) => {
    expect(Math.abs(gate - inZ[i])).toBeLessThan(1e-6);
  });
});

it("the pseudo-gradient with symmetric feedback is minus the gradient of the cross-entropy", () => {
  const config: PlasticityConfig = { ...defaultConfig, feedback: "symmetric" };
  fc.assert(
    fc.property(
      fc.nat(0xffff),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 4 }),
      fc.integer({ min: 2, max: 7 }),
      (seed, hidden, classes) => {
        const sizes = [...hidden, classes];
        const { weights, feedback } = initialStart(Key.of(seed), sizes);
        const image = draw(Key.of(seed).fold(9), [sizes[0]], 0, 1);
        const label = Key.of(seed).fold(10).integer(0, classes);
        const target = tensor(Array.from({ length: classes }, (_, i) => Number(i === label)));
        const signals = signalsOf(weights, feedback, image, target, config);
        const labels = tensor([label], { dtype: "int32" });
        const slopes = grad((w: readonly Tensor[]) =>
          sum(crossEntropy(logitsOf(w, image.reshape([1, sizes[0]]), config.beta), labels)),
        )(weights);
        slopes.forEach((slope, l) => {
          const f0 = naiveMotifs(weights[l], signals[l])[0];
          expect(relativeError(f0.data(), list(slope.neg()))).toBeLessThan(2e-5);
        });
      },
    ),
    runs(60),
  );
});

describe("motifs", () => {
  it("as matrices are those of the paper", () => {
    fc.assert(
      fc.property(shapes, ([seed, nOut, nIn]) => {
        const own = layer(seed, nOut, nIn);
        const wanted = motifsOf(own);
        naiveMotifs(own.w, own.signals).forEach((motif, r) => {
          expect(relativeError(motif.data(), wanted[r].flat()), `F${r}`).toBeLessThan(1e-5);
        });
      }),
      runs(60),
    );
  });

  it("in their cheap form drive every synapse as the sum of matrices does", () => {
    fc.assert(
      fc.property(shapes, fc.shuffledSubarray(ALL, { minLength: 1 }), ([seed, nOut, nIn], motifs) => {
        const own = layer(seed, nOut, nIn);
        const config: PlasticityConfig = { ...defaultConfig, motifs };
        const coefficients = draw(Key.of(seed).fold(7), [1, motifs.length]);
        const rule: Rule = { ...emptyRule, P: [coefficients] };
        const [synapses] = synapsesOf(config, rule, 1);
        const { w } = synapses.step(synapses.begin(own.w), own.signals);
        const all = motifsOf(own);
        const before = list(own.w);
        const wanted = before.map((x, at) => {
          const [i, j] = [Math.floor(at / nIn), at % nIn];
          return motifs.reduce((total, motif, column) => total + coefficients.data()[column] * all[motif][i][j], x);
        });
        expect(relativeError(w.data(), wanted)).toBeLessThan(1e-5);
      }),
      runs(100),
    );
  });

  it("have the signs that their names promise", () => {
    fc.assert(
      fc.property(shapes, ([seed, nOut, nIn]) => {
        const { w, signals } = layer(seed, nOut, nIn);
        const [f0, f1, f2, f3, f4, , , , , f9] = naiveMotifs(w, signals);
        const inner = (a: Tensor, b: Tensor): number => a.mul(b).sum().item();
        const { y, e, yPre, ePre } = signals;
        // F0 lowers e . z, F2 lowers e . W ePre, F3 shrinks W, F1 and F4 lower y . W ePre and 1 . W ePre.
        expect(inner(e, f0.matvec(yPre))).toBeLessThan(0);
        expect(inner(e, f2.matvec(ePre))).toBeLessThan(0);
        expect(inner(w, f3)).toBeLessThan(0);
        expect(inner(y, f1.matvec(ePre))).toBeLessThan(0);
        expect(f4.matvec(ePre).sum().item()).toBeLessThan(0);
        // Oja: what y already explains of yPre is not learned again. With W' y = yPre there is nothing left.
        const explained = { ...signals, yPre: signals.u };
        for (const x of naiveMotifs(w, explained)[9].data()) expect(Math.abs(x)).toBeLessThan(1e-5);
        expect(inner(f9, f9)).toBeGreaterThan(0);
      }),
      runs(60),
    );
  });
});

describe("chemicals", () => {
  it("RCN with one chemical takes the tanh of the linear rule's step", () => {
    fc.assert(
      fc.property(shapes, fc.constantFrom(0.003, 0.03, 0.3), ([seed, nOut, nIn], scale) => {
        const own = layer(seed, nOut, nIn);
        const P = [draw(Key.of(seed).fold(8), [1, 10], -scale, scale)];
        const step = (config: Partial<PlasticityConfig>, rule: Rule): number[] => {
          const [synapses] = synapsesOf({ ...defaultConfig, motifs: ALL, ...config }, rule, 1);
          return list(synapses.step(synapses.begin(own.w), own.signals).w);
        };
        const linear = step({}, { ...emptyRule, P });
        const one = { ...emptyRule, P, K: [tensor([[0]])], v: [tensor([1])] };
        const chemical = step({ synapse: "chemical" }, one);
        const before = list(own.w);
        linear.forEach((w, at) => {
          const wanted = before[at] + Math.tanh(w - before[at]);
          expect(Math.abs(chemical[at] - wanted)).toBeLessThan(1e-6 * Math.max(1, Math.abs(w)));
        });
      }),
      runs(60),
    );
  });

  it("have the published time scales", () => {
    const wanted: Record<number, number[]> = {
      1: [1],
      2: [1, 0.02],
      3: [1, 0.1414, 0.02],
      5: [1, 0.3761, 0.1414, 0.0532, 0.02],
      6: [1, 0.4573, 0.2091, 0.0956, 0.0437, 0.02],
    };
    for (const [chemicals, table] of Object.entries(wanted)) {
      const config: PlasticityConfig = { ...defaultConfig, synapse: "chemical", chemicals: Number(chemicals) };
      const { y, z } = timeScales(config);
      expect(z.map((x) => Math.round(x * 1e4) / 1e4)).toEqual(table);
      expect(y).toEqual(z.map((x, i) => (i === 0 ? 1 : 1 - x)));
      const momentum = timeScales({ ...config, synapse: "momentum", tauMin: 2 });
      expect(momentum.y.every((x) => x < 1)).toBe(true);
      expect(momentum.y).toEqual(momentum.z.map((x) => 1 - x));
    }
  });

  it("tau_i = min (max / min)^(i / (L - 1)), to the last bits", () => {
    const sizes = fc.tuple(
      fc.integer({ min: 2, max: 20 }),
      fc.double({ min: 1, max: 10, noNaN: true }),
      fc.double({ min: 1, max: 500, noNaN: true }),
    );
    fc.assert(
      fc.property(sizes, ([chemicals, tauMin, factor]) => {
        const tauMax = tauMin * factor;
        const { z } = timeScales({ ...defaultConfig, synapse: "chemical", chemicals, tauMin, tauMax });
        const wanted = z.map((_, i) => 1 / (tauMin * factor ** (i / (chemicals - 1))));
        expect(
          relativeError(
            z.map((x, i) => x / wanted[i]),
            z.map(() => 1),
          ),
        ).toBeLessThan(1e-12);
      }),
      runs(200),
    );
  });

  it.each([
    [2, 0.503],
    [3, 0.335],
    [5, 0.201],
  ])("%i of them keep %f of the weight over 250 steps without any drive", (chemicals, kept) => {
    const config: PlasticityConfig = { ...defaultConfig, synapse: "chemical", chemicals, initialP0: 0 };
    const start = initialStart(Key.of(3), [5, 3]);
    const stream = { images: draw(Key.of(4), [250, 5], 0, 1), labels: tensor(new Int32Array(250), { dtype: "int32" }) };
    const rule = initialRule(config, [5, 3]);
    const [w] = lifetime(config, rule, start, stream);
    w.data().forEach((x, i) => {
      expect(Math.round((1000 * x) / start.weights[0].data()[i]) / 1000).toBe(kept);
    });
    // Before any step, w is h since v sums to 1.
    const [synapses] = synapsesOf(config, rule, 1);
    expect(relativeError(synapses.begin(start.weights[0]).w.data(), list(start.weights[0]))).toBeLessThan(1e-6);
  });

  it("a momentum synapse with the identity is heavy ball up to the cube of its drive", () => {
    const config: PlasticityConfig = {
      ...defaultConfig,
      ...{ synapse: "momentum", momentumOutput: "identity", chemicals: 3, tauMin: 2, motifs: ALL },
    };
    const sizes = [4, 5, 3];
    const start = initialStart(Key.of(8), sizes);
    const [steps, scale] = [20, 0.0025];
    const images = draw(Key.of(9), [steps, 4], 0, 1);
    const labels = Array.from({ length: steps }, (_, i) => i % 3);
    const P = draw(Key.of(10), [3, 10], -scale, scale);
    const v = tensor([0.5, 0.9, 0.7]);
    const rule: Rule = { ...emptyRule, P: [P], K: [tensor(new Float32Array(9), { shape: [3, 3] })], v: [v] };
    const got = lifetime(config, rule, start, { images, labels: tensor(labels, { dtype: "int32" }) });
    // velocity_c <- y_c velocity_c + z_c v_c (P F)_c; w <- w + the sum of velocities
    const { y, z } = timeScales(config);
    let weights = start.weights.map((w) => w.toArray() as oracle.Matrix);
    const feedback = start.feedback.map((w) => w.toArray() as oracle.Matrix);
    const velocity = weights.map((w) => [0, 1, 2].map(() => w.map((row) => row.map(() => 0))));
    let largest = 0;
    labels.forEach((label, step) => {
      const activity = oracle.activities(weights, list(images.row(step)), config.beta);
      const error = oracle.errors(activity, feedback, label, config.beta);
      weights = weights.map((w, l) => {
        const all = oracle.motifs(activity[l + 1], error[l + 1], activity[l], error[l], w);
        return w.map((row, i) =>
          row.map((x, j) => {
            for (let c = 0; c < 3; c++) {
              const drive = ALL.reduce((total, r) => total + P.data()[10 * c + r] * all[r][i][j], 0);
              largest = Math.max(largest, Math.abs(drive));
              velocity[l][c][i][j] = y[c] * velocity[l][c][i][j] + z[c] * v.data()[c] * drive;
            }
            return x + velocity[l].reduce((total, own) => total + own[i][j], 0);
          }),
        );
      });
    });
    got.forEach((w, l) => {
      const moved = relativeError(list(start.weights[l]), weights[l].flat());
      expect(moved).toBeGreaterThan(1e-2);
      // Each of 20 steps adds at most |PF|^3 / 3 per chemical, kept for at most the remaining steps.
      expect(relativeError(w.data(), weights[l].flat())).toBeLessThan(1e-5 + 3 * 20 * 20 * largest ** 3);
    });
    expect(3 * 20 * 20 * largest ** 3).toBeLessThan(2e-3);
  });
});

describe("presets", () => {
  it("have the documented values", () => {
    const shown = Object.fromEntries(
      Object.entries(presets).map(([name, { config, learningRate, l1 }]) => {
        const { synapse, motifs, chemicals, scope, bias, feedback, initialP0 } = config;
        return [name, [synapse, motifs.join(""), chemicals, scope, bias, feedback, initialP0, learningRate, l1]];
      }),
    );
    expect(shown).toEqual({
      fa: ["linear", "0", 1, "shared", "none", "fixed", 1e-3, 1e-3, 0],
      bp: ["linear", "0", 1, "shared", "none", "symmetric", 1e-3, 1e-3, 0],
      bio: ["linear", "029", 1, "shared", "none", "fixed", 1e-3, 1e-3, 0],
      pool: ["linear", "0123456789", 1, "shared", "none", "fixed", 1e-3, 1e-3, 1.5],
      rcn: ["chemical", "0123489", 2, "shared", "none", "fixed", 1e-3, 4e-4, 0],
      "rcn-layer": ["chemical", "0123489", 2, "layer", "none", "fixed", 1e-2, 1e-3, 0],
      "rcn-momentum": ["momentum", "0123489", 10, "shared", "none", "fixed", 1e-3, 4e-4, 0],
      dfa: ["linear", "029", 1, "shared", "none", "direct", 1e-3, 1e-3, 0],
      sign: ["linear", "029", 1, "shared", "none", "sign", 1e-3, 1e-3, 0],
      plastic: ["linear", "029", 1, "shared", "none", "plastic", 3e-3, 1e-3, 0],
      "kolen-pollack": ["linear", "0239", 1, "shared", "none", "plastic", 3e-3, 1e-3, 0],
      mirror: ["linear", "029", 1, "shared", "none", "plastic", 3e-3, 1e-3, 0],
      "rcn-tau": ["chemical", "0123489", 2, "shared", "none", "fixed", 1e-3, 1e-3, 0],
      "rcn-gated": ["gated", "0123489", 2, "shared", "none", "fixed", 1e-3, 1e-3, 0],
      "rcn-first": ["chemical", "0123489", 2, "shared", "none", "fixed", 1e-3, 1e-3, 0],
      "rcn-softmax": ["chemical", "0123489", 2, "shared", "none", "fixed", 1e-3, 1e-3, 0],
      "rcn-normalised": ["chemical", "0123489", 2, "shared", "none", "fixed", 1e-3, 1e-3, 0],
      cascade: ["cascade", "0123489", 5, "shared", "none", "fixed", 1e-2, 1e-3, 0],
      "pool-own": ["linear", "0123456789", 1, "shared", "none", "fixed", 1e-3, 2e-4, 5],
    });
    for (const { config, summary } of Object.values(presets)) {
      expect([config.beta, config.tauMax]).toEqual([10, config.synapse === "cascade" ? 500 : 50]);
      expect(summary).toMatch(/^[a-zR]/);
      expect(() => initialRule(config, [4, 3, 2])).not.toThrow();
    }
  });
});
