// A learner of the study, held to a second one in plain loops and float64 that was written from the equations.
import { describe, expect, it } from "vitest";
import { Key } from "../../src/core/index.js";
import { conceptShift } from "../../src/data/index.js";
import { examplesOf, type Params } from "../../src/nn/index.js";
import { random, tensor } from "../../src/ops/index.js";
import { firstParams, type Learner, learn, networkOf } from "../../src/studies/homeostatic-shift/learner.js";

const [SAMPLES, WIDTHS] = [60, [6, 4, 3, 4]];

/** A layer as rows of numbers: weights from each input, then biases. */
type Layer = { w: number[][]; b: number[] };

const elu = (x: number): number => (x > 0 ? x : Math.exp(x) - 1);

/** The activities of all layers. */
function forward(layers: readonly Layer[], x: readonly number[]): number[][] {
  const all = [[...x]];
  layers.forEach(({ w, b }, l) => {
    const z = b.map((bias, j) => all[l].reduce((sum, value, i) => sum + value * w[i][j], bias));
    all.push(l < layers.length - 1 ? z.map(elu) : z);
  });
  return all;
}

const best = (values: readonly number[]): number => values.indexOf(Math.max(...values));

/** Adds the gradient of the cross-entropy of one sample to `sum`. */
function addGradient(sum: Layer[], layers: readonly Layer[], x: readonly number[], label: number): void {
  const all = forward(layers, x);
  const logits = all[layers.length];
  const total = logits.reduce((s, z) => s + Math.exp(z), 0);
  let delta = logits.map((z, j) => Math.exp(z) / total - Number(j === label));
  for (let l = layers.length - 1; l >= 0; l--) {
    delta.forEach((d, j) => {
      sum[l].b[j] += d;
      all[l].forEach((value, i) => {
        sum[l].w[i][j] += value * d;
      });
    });
    delta = all[l].map(
      (value, i) => delta.reduce((s, d, j) => s + layers[l].w[i][j] * d, 0) * (value > 0 ? 1 : value + 1),
    );
  }
}

const zeroed = (layers: readonly Layer[]): Layer[] =>
  layers.map(({ w, b }) => ({ w: w.map((row) => row.map(() => 0)), b: b.map(() => 0) }));
const moved = (layers: readonly Layer[], g: readonly Layer[], by: number): Layer[] =>
  layers.map(({ w, b }, l) => ({
    w: w.map((row, i) => row.map((value, j) => value - by * g[l].w[i][j])),
    b: b.map((value, j) => value - by * g[l].b[j]),
  }));

/** The learning rates after each decision. */
function rates(first: Layer[], x: number[][], own: number[], learner: Learner, key: Key, epochs: number): number[] {
  const [shiftKey, chanceKey] = key.split();
  const shift = conceptShift(shiftKey, { classes: 4, every: learner.every! });
  let [layers, rate] = [first, learner.rate];
  const trace: number[] = [];
  let seen = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    let g = zeroed(layers);
    for (let i = 0; i < SAMPLES; i++) {
      const now = shift.labels(seen);
      addGradient(g, layers, x[i], now[own[i]]);
      if (i % 10 === (learner.decides === "first" ? 0 : 9) && i > learner.memory) {
        const step = (label: number): number => Math.max(1e-8, rate + (label >= 2 ? learner.step : -learner.step));
        const right = (tried: number): number => {
          const after = moved(layers, g, tried / 10);
          let hits = 0;
          for (let m = i - learner.memory; m < i; m++)
            hits += Number(best(forward(after, x[m]).at(-1)!) === now[own[m]]);
          return hits;
        };
        const predicted = best(forward(layers, x[i]).at(-1)!);
        const take =
          learner.regulation === "random"
            ? chanceKey.fold(seen).uniform(0) < 0.5
            : right(step(predicted)) > right(rate);
        if (take) rate = step(now[own[i]]);
        trace.push(rate);
      }
      if (i % 10 === 9) {
        layers = moved(layers, g, rate / 10);
        g = zeroed(layers);
      }
      seen++;
    }
  }
  return trace;
}

const layersOf = (params: Params): Layer[] =>
  params
    .filter(({ weight }) => weight)
    .map(({ weight, bias }) => ({ w: weight.toArray() as number[][], b: bias.toArray() as number[] }));

describe("a learner", () => {
  const learners: Learner[] = [
    { regulation: "homeostatic", rate: 0.2, step: 0.1, memory: 12, decides: "last", every: 20 },
    { regulation: "homeostatic", rate: 0.5, step: 0.3, memory: 20, decides: "first", every: 7 },
    { regulation: "random", rate: 0.02, step: 0.01, memory: 5, decides: "last", every: 30 },
  ];
  it.each(learners)("has the learning rates of a second program: $regulation, $decides", (learner) => {
    let changes = 0;
    for (let seed = 0; seed < 6; seed++) {
      const [dataKey, classKey, weightKey, key] = Key.of(seed).split(4);
      const x = random.normal(dataKey, [SAMPLES, WIDTHS[0]]);
      const own = Array.from({ length: SAMPLES }, (_, i) => classKey.integer(i, 4));
      const net = networkOf(WIDTHS);
      const first = firstParams(net, weightKey);
      const train = examplesOf(x, tensor(own, { dtype: "int32" }));
      const trace: number[] = [];
      const stream = { train, classes: own, test: train, testClasses: own, count: 4 };
      const epochs = [...learn(net, first, stream, learner, { epochs: 4, key, trace: (rate) => trace.push(rate) })];
      const wanted = rates(layersOf(first), x.toArray() as number[][], own, learner, key, 4);
      expect(trace).toEqual(wanted);
      changes += new Set(wanted).size - 1;
      expect(epochs.filter((epoch) => epoch).length).toBe(4);
    }
    expect(changes).toBeGreaterThan(3);
  });
});
