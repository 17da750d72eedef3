// Everything beyond the published kinds of rule against the float64 oracle: values, and the gradient of every number.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Checkpoint, valueAndGrad } from "../../src/index.js";
import { type Life, lifetime, live, type PlasticityConfig } from "../../src/plasticity/index.js";
import { bitsOf, relativeError } from "../laws/oracle.js";
import { runs } from "../laws/settings.js";
import {
  configs,
  differences,
  type Episode,
  episodesOf,
  gradientError,
  life64,
  loss64,
  metaLoss,
  parametersOf,
  streamOf,
} from "./episodes.js";
import * as oracle from "./lifetime64.js";

const chemical = configs.filter(({ synapse }) => synapse === "chemical");

const kinds: Record<string, fc.Arbitrary<PlasticityConfig>> = {
  "direct feedback": configs.map((config) => ({ ...config, feedback: "direct" })),
  "sign-symmetric feedback": configs.map((config) => ({ ...config, feedback: "sign" })),
  "plastic feedback": fc
    .record({
      config: configs,
      feedbackSynapse: fc.constantFrom("linear", "chemical", "momentum"),
      feedbackMotifs: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], { minLength: 1 }),
      feedbackChemicals: fc.integer({ min: 1, max: 3 }),
    })
    .map(({ config, feedbackSynapse, feedbackMotifs, feedbackChemicals }) => ({
      ...{ ...config, feedback: "plastic" as const, feedbackSynapse, feedbackMotifs },
      feedbackChemicals: feedbackSynapse === "linear" ? 1 : feedbackChemicals,
    })),
  "learned time scales": configs
    .filter(({ synapse }) => synapse !== "linear")
    .map((config) => ({ ...config, scales: "learned" })),
  "gated chemicals": chemical.map((config) => ({ ...config, synapse: "gated" })),
  "a cascade": fc
    .tuple(configs, fc.integer({ min: 1, max: 4 }))
    .map(([config, n]) => ({ ...config, synapse: "cascade", bias: "none" as const, tauMin: 2, chemicals: n })),
};

describe.each(Object.entries(kinds))("%s", (_, rules) => {
  const drawn = episodesOf(rules);

  it("agrees with the float64 oracle: weights, loss, gradients of everything learned and given", () => {
    fc.assert(
      fc.property(drawn, (e) => {
        const parameters = parametersOf(e);
        const wanted = oracle.live(life64(e)).weights;
        fc.pre(wanted.flat(2).every((w) => Math.abs(w) < 2));
        const got = lifetime(e.config, parameters.rule, parameters.start, streamOf(e));
        got.forEach((w, l) => {
          expect(relativeError(w.data(), wanted[l].flat())).toBeLessThan(2e-5);
        });
        const { value, grad } = valueAndGrad(metaLoss(e, "auto"), { unused: "zero" })(parameters);
        expect(relativeError([value.item()], [loss64(e, wanted)])).toBeLessThan(2e-5);
        const slopes = differences(e);
        const largest = Math.max(...Object.values(slopes).flat(2).map(Math.abs));
        for (const [part, list] of Object.entries({ ...grad.rule, ...grad.start })) {
          expect(gradientError(list, slopes[part], largest), part).toBeLessThan(3e-4);
        }
      }),
      runs(12),
    );
  });

  it("gives the same bits with every checkpoint", () => {
    const checkpoints = fc.constantFrom<Checkpoint>({ every: 1 }, { every: 2 }, { bytes: 0 });
    fc.assert(
      fc.property(drawn, checkpoints, (e: Episode, checkpoint) => {
        const bits = (how: Checkpoint): number[][] => {
          const { value, grad } = valueAndGrad(metaLoss(e, how), { unused: "zero" })(parametersOf(e));
          return bitsOf([value, ...Object.values({ ...grad.rule, ...grad.start }).flat()]);
        };
        expect(bits(checkpoint)).toEqual(bits("off"));
      }),
      runs(8),
    );
  });

  it("continues an earlier lifetime as if it had never stopped, to the bit", () => {
    fc.assert(
      fc.property(drawn, fc.integer({ min: 1, max: 4 }), (e, cut) => {
        const { rule, start } = parametersOf(e);
        const { images, labels } = streamOf(e);
        const [steps, ...each] = labels.shape;
        fc.pre(cut < steps);
        const before = { images, labels: labels.view([cut, ...each]) };
        const after = {
          images: images.view([steps - cut, images.shape[1]], cut * images.shape[1]),
          labels: labels.view([steps - cut, ...each], (cut * labels.size) / steps),
        };
        const bits = ({ weights, feedback, layers, feedbackLayers }: Life): number[][] =>
          bitsOf([...weights, ...feedback, ...[...layers, ...feedbackLayers].flatMap(({ w, h }) => [w, ...h])]);
        const from = live(e.config, rule, start, before);
        expect(bits(live(e.config, rule, start, after, { from }))).toEqual(
          bits(live(e.config, rule, start, { images, labels })),
        );
      }),
      runs(8),
    );
  });
});
