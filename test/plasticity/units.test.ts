// Motifs in units of their own: what their sizes are, that only these scale the coefficients, and that derivatives take them
// as they are.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import "../../src/float64/index.js";
import { apply } from "../../src/autodiff/index.js";
import { type Checkpoint, div, Key, mul, scope, type Tensor, tensor, valueAndGrad } from "../../src/index.js";
import {
  defaultConfig,
  initialStart,
  type Life,
  lifetime,
  live,
  logitsOf,
  lossOf,
  naiveMotifs,
  type PlasticityConfig,
  type Rule,
  type Stream,
  signalsOf,
} from "../../src/plasticity/index.js";
import { motifSquaresOp } from "../../src/plasticity/motifs/units.js";
import { bitsOf, relativeError } from "../laws/oracle.js";
import { runs } from "../laws/settings.js";
import { configs, type Episode, episodesOf, metaLoss, parametersOf, streamOf } from "./episodes.js";

const own = configs.map((config): PlasticityConfig => ({ ...config, motifUnits: "own" }));
const float64 = { dtype: "float64" } as const;

/** One step of a stream. */
function stepOf({ images, labels }: Stream, at: number): Stream {
  const [steps, ...each] = labels.shape;
  return {
    images: images.view([1, images.shape[1]], at * images.shape[1]),
    labels: labels.view([1, ...each], (at * labels.size) / steps),
  };
}

/** What the coefficients of each layer are multiplied by, for each step, (motifs). */
function unitsOf(e: Episode): Tensor[][] {
  const { rule, start } = parametersOf(e, float64);
  const stream = streamOf(e, float64);
  const units: Tensor[][] = [];
  let from: Life | undefined;
  for (let at = 0; at < e.labels.length; at++) {
    from = live(e.config, rule, start, stepOf(stream, at), { from });
    units.push(
      from.layers.map(({ sizes }) => {
        const { squares, steps, unit } = sizes!;
        return div(unit, div(squares, steps).sqrt().maximum(1e-30));
      }),
    );
  }
  return units;
}

/** The loss of plain motifs whose coefficients are multiplied by these numbers at each step. */
function heldLoss(e: Episode, units: readonly (readonly Tensor[])[]): (p: { rule: Rule }) => Tensor {
  const { start } = parametersOf(e, float64);
  const stream = streamOf(e, float64);
  const config: PlasticityConfig = { ...e.config, motifUnits: "plain", scope: "layer" };
  const each = (list: readonly Tensor[]): readonly Tensor[] =>
    list.length === 1 ? start.weights.map(() => list[0]) : list;
  return ({ rule }) => {
    let from: Life | undefined;
    units.forEach((layers, at) => {
      const P = layers.map((unit, layer) => mul(each(rule.P)[layer], unit));
      const scaled: Rule = { ...rule, P, K: each(rule.K), v: each(rule.v), tau: each(rule.tau), s: each(rule.s) };
      from = live(config, scaled, start, stepOf(stream, at), { from, checkpoint: "off" });
    });
    const queries = tensor(e.queries, float64);
    const wanted = e.config.head === "linear" ? tensor(e.wanted, float64) : tensor(e.answers, { dtype: "int32" });
    return lossOf(logitsOf(from!.weights, queries, e.config.beta), wanted, e.config.head);
  };
}

describe("motifs in units of their own", () => {
  it("have the mean squares of the matrices that the paper prints", () => {
    fc.assert(
      fc.property(episodesOf(configs), (e) => {
        const { start } = parametersOf(e);
        const stream = streamOf({ ...e, config: { ...e.config, head: "softmax" } });
        const target = tensor(Array.from({ length: start.weights.at(-1)!.shape[0] }, (_, i) => Number(i === 0)));
        const signals = signalsOf(start.weights, start.feedback, stream.images.row(0), target, {
          ...e.config,
          head: "softmax",
          feedback: "fixed",
        });
        start.weights.forEach((w, layer) => {
          const { y, e: error, z, yPre, ePre, u } = signals[layer];
          const found = apply(motifSquaresOp, [w, y, error, z, yPre, ePre, u], { decay: true });
          const wanted = naiveMotifs(w, signals[layer]).map((motif) => motif.square().mean().item());
          found.data().forEach((square, motif) => {
            expect(relativeError([square], [wanted[motif]]), `F${motif}`).toBeLessThan(3e-5);
          });
        });
      }),
      runs(20),
    );
  });

  it("are plain motifs whose coefficients are multiplied, step by step, by the units as they are held", () => {
    fc.assert(
      fc.property(episodesOf(own), (e) => {
        const parameters = parametersOf(e, float64);
        const value = metaLoss(e, "off", float64)(parameters).item();
        fc.pre(Number.isFinite(value) && value < 5);
        expect(relativeError([heldLoss(e, unitsOf(e))(parameters).item()], [value])).toBeLessThan(1e-9);
      }),
      runs(15),
    );
  });

  it("have the gradient of the coefficients that differences find while the units are held, in float64", () => {
    fc.assert(
      fc.property(episodesOf(own.filter(({ feedback }) => feedback !== "symmetric")), (e) => {
        const parameters = parametersOf(e, float64);
        const { value, grad } = valueAndGrad(metaLoss(e, "off", float64), { unused: "zero" })(parameters);
        fc.pre(Number.isFinite(value.item()) && value.item() < 5);
        const held = heldLoss(e, unitsOf(e));
        const size = Math.max(...grad.rule.P.flatMap((p) => [...p.data()].map(Math.abs)), 1e-6);
        parameters.rule.P.forEach((p, entry) => {
          const slopes = grad.rule.P[entry].data();
          for (let at = 0; at < p.size; at += 3) {
            const moved = (by: number): number => {
              const other = Float64Array.from(p.data());
              other[at] += by;
              const P = parameters.rule.P.map((leaf, i) =>
                i === entry ? tensor(other, { shape: [...p.shape], ...float64 }) : leaf,
              );
              return scope(() => held({ rule: { ...parameters.rule, P } }).item());
            };
            const [step, across] = [1e-4, (by: number) => moved(by) - moved(-by)];
            const slope = (8 * across(step) - across(2 * step)) / (12 * step);
            expect(Math.abs(slopes[at] - slope) / size).toBeLessThan(1e-6);
          }
        });
      }),
      runs(6),
    );
  });

  it("give the same bits with every checkpoint, and go on as if a lifetime had never stopped", () => {
    const checkpoints = fc.constantFrom<Checkpoint>({ every: 1 }, { every: 3 }, { bytes: 0 });
    fc.assert(
      fc.property(episodesOf(own), checkpoints, (e, checkpoint) => {
        const bits = (how: Checkpoint): number[][] => {
          const { value, grad } = valueAndGrad(metaLoss(e, how), { unused: "zero" })(parametersOf(e));
          return bitsOf([value, ...Object.values({ ...grad.rule, ...grad.start }).flat()]);
        };
        expect(bits(checkpoint)).toEqual(bits("off"));
        const { rule, start } = parametersOf(e);
        let from: Life | undefined;
        for (let at = 0; at < e.labels.length; at++) {
          from = live(e.config, rule, start, stepOf(streamOf(e), at), { from });
        }
        const whole = live(e.config, rule, start, streamOf(e));
        const all = ({ layers }: Life): Tensor[] =>
          layers.flatMap(({ w, h, sizes }) => [w, ...h, sizes!.squares, sizes!.steps, sizes!.unit]);
        expect(bitsOf(all(from!))).toEqual(bitsOf(all(whole)));
      }),
      runs(10),
    );
  });

  it("hold a motif with a name too, and one that is 0", () => {
    const config: PlasticityConfig = { ...defaultConfig, motifs: [0, "hebb", 2], motifUnits: "own" };
    const sizes = [6, 5, 3];
    const start = initialStart(Key.of(3), sizes, config);
    const rule = { P: [tensor([[0, 0.01, 0]])], K: [], v: [], b: [], tau: [], s: [] } as unknown as Rule;
    const stream: Stream = {
      images: tensor(Array.from({ length: 4 }, (_, i) => Array.from({ length: 6 }, (_, j) => ((i + j) % 3) / 2))),
      labels: tensor([0, 1, 2, 1], { dtype: "int32" }),
    };
    const full = { ...rule, feedbackP: [], feedbackK: [], feedbackV: [] } as Rule;
    const one = live(config, full, start, stepOf(stream, 0));
    one.weights.forEach((w, layer) => {
      // The first step changes weights by a hundredth of their size, in the root mean square.
      const before = start.weights[layer];
      const change = w.sub(before).square().mean().sqrt().item();
      expect(change / before.square().mean().sqrt().item()).toBeCloseTo(0.01, 4);
    });
    const dark: Stream = { ...stream, images: mul(stream.images, 0) };
    const still = { ...full, P: [tensor([[0.01, 0, 0.01]])] };
    for (const w of lifetime(config, still, start, dark)) expect(w.data().every(Number.isFinite)).toBe(true);
    // Without any input the first layer's F0 is 0 and stays so; its own coefficient does not matter.
    const other = { ...full, P: [tensor([[0.5, 0, 0.01]])] };
    expect(bitsOf([lifetime(config, other, start, stepOf(dark, 0))[0]])).toEqual(
      bitsOf([lifetime(config, still, start, stepOf(dark, 0))[0]]),
    );
  });
});
