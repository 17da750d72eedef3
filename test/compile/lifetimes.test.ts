// Whole lifetimes, compiled: the bits of every preset, values and meta-gradients, whatever the checkpoints.
import { describe, expect, it } from "vitest";
import { compile, grad, Key, mul, random, sum, type Tensor, tensor } from "../../src/index.js";
import { initialRule, initialStart, lifetime, presets, type Rule } from "../../src/plasticity/index.js";
import { bitsOf } from "../../src/testing/arrays.js";

const STEPS = 6;
const sizes = [9, 6, 4];
const key = Key.of(5);
const images = (episode: number): Tensor => random.uniform(key.fold(episode), [STEPS, sizes[0]]);
const labels = (episode: number): Tensor =>
  tensor(
    Array.from({ length: STEPS }, (_, i) => key.fold(episode + 100).integer(i, sizes[2])),
    { dtype: "int32" },
  );

describe.each(Object.entries(presets))("preset %s", (_, { config }) => {
  const rule = initialRule(config, sizes);
  const start = initialStart(key.fold(0), sizes, config);

  it.each(["auto", "off", { every: 4 }] as const)("gives weights and meta-gradients, checkpoint %j", (checkpoint) => {
    const live = (r: Rule, x: Tensor, y: Tensor): Tensor[] =>
      lifetime(config, r, start, { images: x, labels: y }, { checkpoint });
    const slope = grad(
      (r: Rule, x: Tensor, y: Tensor) =>
        live(r, x, y)
          .map((w) => sum(w.square()))
          .reduce((a, b) => a.add(b)),
      { unused: "zero" },
    );
    using weights = compile(live);
    using gradients = compile(slope);
    for (const episode of [1, 2, 3]) {
      const [x, y] = [images(episode), labels(episode)];
      const [r] = [rule].map((r) => scaled(r, 1 + episode / 8));
      expect(bitsOf(weights(r, x, y))).toEqual(bitsOf(live(r, x, y)));
      expect(bitsOf(tensorsOf(gradients(r, x, y)))).toEqual(bitsOf(tensorsOf(slope(r, x, y))));
    }
  });
});

const tensorsOf = (rule: Rule): Tensor[] => Object.values(rule as unknown as Record<string, Tensor[]>).flat();

const scaled = (rule: Rule, by: number): Rule =>
  Object.fromEntries(
    Object.entries(rule as unknown as Record<string, Tensor[]>).map(([part, list]) => [
      part,
      list.map((v) => mul(v, by)),
    ]),
  ) as unknown as Rule;
