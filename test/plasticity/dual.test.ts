// Lifetimes in dual form: against the direct form and the oracle in float64, and the bits of each way to run them.
import fc from "fast-check";
import { expect, it } from "vitest";
import "../../src/float64/index.js";
import {
  type Checkpoint,
  compile,
  Key,
  type OfType,
  random,
  type Tensor,
  tensor,
  valueAndGrad,
  vmap,
} from "../../src/index.js";
import {
  defaultConfig,
  dualLifetime,
  initialRule,
  initialStart,
  lifetime,
  logitsOf,
  lossOf,
  type PlasticityConfig,
  presets,
  type Rule,
  type Start,
} from "../../src/plasticity/index.js";
import { bitsOf, relativeError } from "../laws/oracle.js";
import { runs } from "../laws/settings.js";
import {
  differences,
  type Episode,
  episode,
  episodesOf,
  gradientError,
  type Parameters,
  parametersOf,
  streamOf,
  wantedOf,
} from "./episodes.js";

const doubles = { dtype: "float64" } as const;

/** Rules that can be held in dual form. */
const duals: fc.Arbitrary<PlasticityConfig> = fc
  .record({
    motifs: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 8, 9], { minLength: 1 }),
    scope: fc.constantFrom("shared" as const, "layer" as const),
    feedback: fc.constantFrom("fixed" as const, "direct" as const, "symmetric" as const, "sign" as const),
    head: fc.constantFrom("softmax" as const, "linear" as const),
    inputGate: fc.constantFrom("softplus" as const, "one" as const),
    beta: fc.constantFrom(2, 10),
  })
  .map((drawn) => {
    const through = drawn.feedback === "symmetric" || drawn.feedback === "sign";
    const motifs = through ? drawn.motifs.filter((motif) => [0, 3, 5, 9].includes(motif)) : drawn.motifs;
    return { ...defaultConfig, ...drawn, motifs: motifs.length > 0 ? motifs : [0] };
  });

/** What an episode's loss may be differentiated by. */
interface Given extends Parameters {
  readonly images: Tensor;
  readonly queries: Tensor;
}

const givenOf = (e: Episode, options: OfType): Given => ({
  ...parametersOf(e, options),
  images: tensor(e.images, options),
  queries: tensor(e.queries, options),
});

/** An episode's loss of what it is given, in either form. */
function lossesOf(e: Episode, options: OfType = {}, checkpoint: Checkpoint = "off") {
  const { labels } = streamOf(e, options);
  const wanted = wantedOf(e.config, e.answers, e.wanted, options);
  const { config } = e;
  return {
    direct: ({ rule, start, images, queries }: Given): Tensor => {
      const weights = lifetime(config, rule, start, { images, labels }, { checkpoint });
      return lossOf(logitsOf(weights, queries, config.beta), wanted, config.head);
    },
    dual: ({ rule, start, images, queries }: Given): Tensor => {
      const { live, outputs } = dualLifetime(config, start, { images, labels }, queries);
      return lossOf(outputs(live(rule, { checkpoint })), wanted, config.head);
    },
  };
}

const partsOf = ({ rule, start, images, queries }: Given): Tensor[] => [
  ...Object.values({ ...rule, ...start }).flat(),
  images,
  queries,
];

it("are those of the direct form in float64: loss, and gradients of everything learned and given", () => {
  fc.assert(
    fc.property(episodesOf(duals), (e) => {
      const given = givenOf(e, doubles);
      const { direct, dual } = lossesOf(e, doubles);
      const [one, other] = [direct, dual].map((loss) => valueAndGrad(loss, { unused: "zero" })(given));
      // An error without bound can make a random rule diverge, faster than any number of digits can follow.
      fc.pre(Math.abs(one.value.item()) < 50);
      expect(relativeError([other.value.item()], [one.value.item()])).toBeLessThan(1e-10);
      const wanted = partsOf(one.grad).flatMap((part) => [...part.data()]);
      fc.pre(wanted.every((slope) => Math.abs(slope) < 1e4));
      expect(
        relativeError(
          partsOf(other.grad).flatMap((part) => [...part.data()]),
          wanted,
        ),
      ).toBeLessThan(1e-10);
    }),
    runs(60),
  );
});

it("have the gradient of the oracle's differences", () => {
  fc.assert(
    fc.property(episodesOf(duals), (e) => {
      const { rule, start } = valueAndGrad(lossesOf(e, doubles).dual, { unused: "zero" })(givenOf(e, doubles)).grad;
      const slopes = differences(e, doubles);
      const largest = Math.max(...Object.values(slopes).flat(2).map(Math.abs));
      fc.pre(largest < 1e3);
      for (const [part, list] of Object.entries({ ...rule, ...start })) {
        expect(gradientError(list, slopes[part], largest), part).toBeLessThan(1e-7);
      }
    }),
    runs(20),
  );
});

it("have the same bits with every checkpoint, in windows, and compiled", () => {
  fc.assert(
    fc.property(episodesOf(duals), fc.constantFrom<Checkpoint>("auto", { every: 2 }, { bytes: 0 }), (e, checkpoint) => {
      const given = givenOf(e, {});
      const run = valueAndGrad(lossesOf(e).dual, { unused: "zero" });
      const bits = ({ value, grad }: ReturnType<typeof run>): number[][] => bitsOf([value, ...partsOf(grad)]);
      const wanted = bits(run(given));
      expect(bits(valueAndGrad(lossesOf(e, {}, checkpoint).dual, { unused: "zero" })(given))).toEqual(wanted);
      using compiled = compile(run);
      expect(bits(compiled(given))).toEqual(wanted);
      const { live, outputs } = dualLifetime(e.config, given.start, streamOf(e), given.queries);
      const middle = e.images.length >> 1;
      const later = live(given.rule, { begin: middle, from: live(given.rule, { end: middle }) });
      expect(bitsOf([outputs(later)])).toEqual(bitsOf([outputs(live(given.rule))]));
    }),
    runs(15),
  );
});

/** A start and images for the preset `bio`, and the loss of a lifetime from another start. */
function fromStarts(options: OfType) {
  const { config } = presets.bio;
  const [kx, kq] = Key.of(5).split();
  const images = random.uniform(kx, [6, 9], options);
  const queries = random.uniform(kq, [4, 9], options);
  const labels = tensor([0, 1, 2, 0, 1, 2], { dtype: "int32" });
  const asked = tensor([0, 1, 2, 0], { dtype: "int32" });
  const rule = initialRule({ ...config, initialP0: 0.05 }, [9, 5, 3], options);
  const loss = (r: Rule, start: Start): Tensor => {
    const { live, outputs } = dualLifetime(config, start, { images, labels }, queries);
    return lossOf(outputs(live(r)), asked);
  };
  const starts = [0, 1, 2].map((seed) => initialStart(Key.of(seed), [9, 5, 3], config, options));
  return { rule, starts, run: valueAndGrad(loss, { unused: "zero" }) };
}

it("can be mapped over networks", () => {
  const { rule, starts, run } = fromStarts(doubles);
  const stacked = (of: (start: Start) => readonly Tensor[]): Tensor[] =>
    of(starts[0]).map((_, layer) =>
      tensor(
        starts.map((start) => of(start)[layer].toArray()),
        doubles,
      ),
    );
  const all = { weights: stacked(({ weights }) => weights), feedback: stacked(({ feedback }) => feedback) };
  const { value, grad } = vmap(run, { axes: [null, 0] })(rule, all);
  starts.forEach((start, i) => {
    const one = run(rule, start);
    expect(relativeError([value.data()[i]], [one.value.item()])).toBeLessThan(1e-12);
    expect(relativeError(grad.P[0].row(i).data(), one.grad.P[0].data())).toBeLessThan(1e-12);
  });
});

it.each([
  ["chemicals", presets.rcn.config, /rules that are linear in the weights, and chemical synapses are not: use linear/],
  ["motif 7", { ...defaultConfig, motifs: [0, 7] }, /products with images, and motif 7 may need others: leave it out/],
  ["a named motif", { ...defaultConfig, motifs: [0, "hebb"] }, /motif "hebb" may need others/],
  ["errors through W", { ...defaultConfig, feedback: "symmetric", motifs: [0, 2] }, /symmetric feedback could send/],
  ["plastic feedback", presets.plastic.config, /plastic feedback could send the errors of the image/],
] as const)("are refused with the cure: %s", (_, config, message) => {
  const e = episode(defaultConfig, [4, 3, 2], 2, 1);
  const { start, queries } = givenOf(e, {});
  const run = (): unknown => dualLifetime(config as PlasticityConfig, start, streamOf(e), queries);
  expect(run).toThrow(RangeError);
  expect(run).toThrow(message);
  expect(run).toThrow(/use the form "direct"/);
});

it("refuse windows outside of the lifetime, and queries of another size", () => {
  const e = episode(defaultConfig, [4, 3, 2], 2, 1);
  const { rule, start, queries } = givenOf(e, {});
  const { live } = dualLifetime(e.config, start, streamOf(e), queries);
  expect(() => live(rule, { begin: 1, end: 3 })).toThrow(/from 1 to 3, but the lifetime has 2 steps/);
  expect(() => dualLifetime(e.config, start, streamOf(e), tensor([[1, 2, 3]]))).toThrow(/\[1, 3\].*\[2, 4\]/);
});
