// Lifetimes and their meta-gradients in both types of float, against the oracle of lifetime64.ts and against each other.
import fc from "fast-check";
import { expect, it } from "vitest";
import { leavesOf, mapTensors, withLeaves } from "../../src/core/index.js";
import { float64 } from "../../src/float64/index.js";
import { cast, Key, type OfType, random, type Tensor, tensor, valueAndGrad } from "../../src/index.js";
import {
  defaultConfig,
  initialRule,
  initialStart,
  lifetime,
  logitsOf,
  lossOf,
  presets,
  type Rule,
  type Start,
} from "../../src/plasticity/index.js";
import { relativeError } from "../laws/oracle.js";
import { runs } from "../laws/settings.js";
import {
  differences,
  episode,
  episodes,
  gradientError,
  life64,
  loss64,
  metaLoss,
  parametersOf,
  regressions,
  streamOf,
} from "./episodes.js";
import * as oracle from "./lifetime64.js";

it.each([
  ["a softmax head, float32", episodes, 40, { dtype: "float32" }, { value: 2e-5, slope: 3e-4 }],
  ["a linear head, float32", regressions, 25, { dtype: "float32" }, { value: 2e-5, slope: 3e-4 }],
  // The differences that the slopes are held to are good to about 1e-8 where much cancels.
  ["a softmax head, float64", episodes, 40, { dtype: "float64" }, { value: 1e-12, slope: 1e-7 }],
  ["a linear head, float64", regressions, 25, { dtype: "float64" }, { value: 1e-12, slope: 1e-7 }],
] as const)(
  "a lifetime agrees with the oracle: weights, loss, gradients of everything learned and given; %s",
  (_, drawn, count, type, most) => {
    fc.assert(
      fc.property(drawn, (e) => {
        const parameters = parametersOf(e, type);
        const life = life64(e, type);
        const wanted = oracle.live(life).weights;
        // An error without bound can make a random rule diverge, faster than any number of digits can follow.
        fc.pre(wanted.flat(2).every((w) => Math.abs(w) < 2));
        const got = lifetime(e.config, parameters.rule, parameters.start, streamOf(e, type));
        got.forEach((w, l) => {
          expect(w.dtype).toBe(type.dtype);
          expect(relativeError(w.data(), wanted[l].flat())).toBeLessThan(most.value);
        });
        const { value, grad: g } = valueAndGrad(metaLoss(e, "auto", type), { unused: "zero" })(parameters);
        const loss = loss64(e, wanted);
        expect(relativeError([value.item()], [loss])).toBeLessThan(most.value);
        const slopes = differences(e, type);
        const largest = Math.max(...Object.values(slopes).flat(2).map(Math.abs));
        for (const [part, list] of Object.entries({ ...g.rule, ...g.start })) {
          expect(gradientError(list, slopes[part], largest), part).toBeLessThan(most.slope);
        }
      }),
      runs(count),
    );
  },
);

it.each(Object.entries(presets))("%s gives the same in float64 as in float32, but for rounding", (_, { config }) => {
  const sizes = [7, 6, 5];
  const to = <T>(type: OfType, tree: T): T =>
    mapTensors(tree, (x) => (x.type.isFloat ? cast(x, type.dtype ?? "float32") : x));
  const around = (x: Tensor, i: number): Tensor =>
    x.add(random.uniform(Key.of(4).fold(i), x.shape, { low: -0.02, high: 0.02 }));
  const first = initialRule(config, sizes);
  const rule = withLeaves(
    first,
    leavesOf("test", first).map(({ tensor: x }, i) => around(x, i)),
  );
  const start = initialStart(Key.of(1), sizes, config);
  const images = random.uniform(Key.of(2), [6, 7]);
  const labels =
    config.head === "linear" ? random.normal(Key.of(3), [6, 5]) : tensor([0, 1, 2, 3, 4, 0], { dtype: "int32" });
  const lived = (type: OfType): Tensor[] => {
    const [p, stream] = [to(type, { rule, start }), to(type, { images, labels })];
    const { value, grad: slopes } = valueAndGrad(
      (p: { rule: Rule; start: Start }) => {
        const weights = lifetime(config, p.rule, p.start, stream);
        return lossOf(logitsOf(weights, stream.images, config.beta), stream.labels, config.head);
      },
      { unused: "zero" },
    )(p);
    const after = lifetime(config, p.rule, p.start, stream);
    return [value, ...after, ...leavesOf("test", slopes).map(({ tensor: x }) => x)];
  };
  const [single, double] = [lived({}), lived(float64)];
  single.forEach((x, i) => {
    expect(double[i].dtype).toBe("float64");
    const scale = Math.max(...double.flatMap((y) => [...y.data()].map(Math.abs)));
    // A floor beside both sides sets the scale where all of an array is small.
    const floor = 1e-3 * scale;
    expect(relativeError([...x.data(), floor], [...double[i].data(), floor])).toBeLessThan(1e-3);
  });
  const made = leavesOf("test", [
    initialRule(config, sizes, float64),
    initialStart(Key.of(1), sizes, config, float64),
  ]).map(({ tensor: x }) => x.dtype);
  expect(new Set(made)).toEqual(new Set(["float64"]));
});

it("a lifetime refuses rules, weights and streams of two types, naming which are which", () => {
  const e = episode({ ...defaultConfig, head: "linear" }, [3, 2], 3, 1);
  const [single, double] = [{}, float64].map((type) => ({ ...parametersOf(e, type), stream: streamOf(e, type) }));
  const { rule, start, stream } = double;
  const mixed: [string, () => unknown][] = [
    ["weights", () => lifetime(e.config, rule, { ...start, weights: single.start.weights }, stream)],
    ["feedback", () => lifetime(e.config, rule, { ...start, feedback: single.start.feedback }, stream)],
    ["images", () => lifetime(e.config, rule, start, { ...stream, images: single.stream.images })],
    ["labels", () => lifetime(e.config, rule, start, { ...stream, labels: single.stream.labels })],
  ];
  for (const [name, life] of mixed) {
    expect(life).toThrow(
      `[lifetime] the rule is float64, and \`${name}\` are float32: all must be of one type. Use cast(x, "float64").`,
    );
  }
});
