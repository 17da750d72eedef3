// The retention curve against a lifetime lived anew for every point, and the laws that it must keep.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dataset as makeDataset } from "../../src/data/index.js";
import { Key, scope } from "../../src/index.js";
import { EPISODE_LIMIT } from "../../src/meta/config.js";
import { drawEpisode } from "../../src/meta/episode.js";
import {
  evaluate,
  evaluateRule,
  layerSizes,
  RETENTION_SHARES,
  type Retention,
  ruleOf,
  type TrainConfig,
} from "../../src/meta/index.js";
import { newLearner } from "../../src/meta/learner.js";
import { lifetime, logitsOf, presets } from "../../src/plasticity/index.js";
import { small, tiny } from "./fixtures.js";

/** Six classes of six images of 5 x 5 pixels, each class with ink of its own, so that classes are drawn twice often. */
const few = makeDataset(
  "few",
  Uint8Array.from({ length: 36 * 25 }, (_, at) => {
    const [image, pixel] = [Math.floor(at / 25), at % 25];
    return pixel % 6 === image % 6 ? 155 + ((image * 37) % 100) : (image * 13 + pixel * 7) % 60;
  }),
  Uint8Array.from({ length: 36 }, (_, i) => i % 6),
  5,
  5,
);

const settings = fc.record({
  seed: fc.nat(0xffff),
  preset: fc.constantFrom("bio", "rcn", "rcn-gated", "plastic", "cascade", "rcn-momentum"),
  ways: fc.integer({ min: 1, max: 2 }),
  shots: fc.integer({ min: 1, max: 4 }),
  queries: fc.integer({ min: 1, max: 2 }),
});

type Drawn = typeof settings extends fc.Arbitrary<infer T> ? T : never;

const configOf = ({ preset, ...drawn }: Drawn, change: Partial<TrainConfig> = {}): TrainConfig => ({
  ...{ ...tiny, ...drawn, task: { kind: "continual" }, ...change },
  plasticity: { ...presets[preset as keyof typeof presets].config, initialP0: 0.3 },
});

const retentionOf = (config: TrainConfig, dataset = few) =>
  scope(() => {
    const sizes = layerSizes(config, dataset);
    const { rule } = newLearner(config, sizes);
    const [{ accuracy, retention }] = evaluateRule(config, sizes, dataset, ruleOf(rule), [0]);
    return { accuracy, ...(retention as Retention) };
  });

/** The share of the queries about classes of the first part, or the others, that weights answer right: in plain loops. */
function known(config: TrainConfig, share: number): [first: number, second: number, queriesOfFirst: number] {
  return scope(() => {
    const sizes = layerSizes(config, few);
    const rule = ruleOf(newLearner(config, sizes).rule);
    const {
      start,
      stream,
      queries,
      firstSteps = Number.NaN,
    } = drawEpisode(config, Key.of(config.seed).fold(EPISODE_LIMIT), sizes, few);
    const labels = [...stream.labels.data()];
    const steps = firstSteps + Math.round(share * (labels.length - firstSteps));
    const weights = lifetime(config.plasticity, rule, start, { ...stream, labels: stream.labels.view([steps]) });
    const logits = logitsOf(weights, queries.images, config.plasticity.beta).toArray() as number[][];
    const before = labels.slice(0, firstSteps);
    const hits: [number[], number[]] = [[], []];
    [...queries.labels.data()].forEach((label, i) => {
      const right = logits[i].indexOf(Math.max(...logits[i])) === label;
      hits[before.includes(label) ? 0 : 1].push(Number(right));
    });
    const [first, second] = hits.map((list) => list.reduce((sum, hit) => sum + hit, 0) / list.length);
    return [first, second, hits[0].length];
  });
}

describe("the retention curve", () => {
  it("is, at each point, the accuracy of a network whose lifetime ends there", () => {
    fc.assert(
      fc.property(settings, fc.nat(10), (drawn, point) => {
        const config = configOf(drawn);
        const { first, second } = retentionOf(config);
        expect([first.length, second.length]).toEqual([11, 11]);
        expect([first[point], second[point]]).toEqual(known(config, RETENTION_SHARES[point]).slice(0, 2));
      }),
      { numRuns: 40 },
    );
  });

  it("ends at the accuracy of the whole task", () => {
    fc.assert(
      fc.property(settings, (drawn) => {
        const config = configOf(drawn);
        const { accuracy, first, second } = retentionOf(config);
        const all = 2 * config.ways * config.queries;
        const [, , ofFirst] = known(config, 1);
        const right = first[10] * ofFirst + (ofFirst < all ? second[10] * (all - ofFirst) : 0);
        expect(accuracy).toBeCloseTo(right / all, 10);
      }),
      { numRuns: 20 },
    );
  });

  it("is flat under a rule that changes nothing", () => {
    fc.assert(
      fc.property(settings, (drawn) => {
        const config = configOf({ ...drawn, preset: "bio" });
        const still = { ...config, plasticity: { ...config.plasticity, initialP0: 0 } };
        const { first, second } = retentionOf(still);
        expect(new Set(first).size).toBe(1);
        expect(new Set(second).size).toBe(1);
      }),
      { numRuns: 10 },
    );
  });

  it("falls where a rule learns the new and forgets the old", () => {
    const config = configOf({ seed: 1, preset: "bio", ways: 2, shots: 4, queries: 2 }, { protocol: "strict" });
    const { first, second } = retentionOf(config);
    expect(first[0]).toBeGreaterThan(first[10]);
    expect(second[10]).toBeGreaterThan(second[0]);
  });

  it("is in every line of an evaluation of continual tasks and of no others, and is 0 for a network that diverges", async () => {
    const config: TrainConfig = { ...tiny, ways: 2, task: { kind: "continual" }, protocol: "strict" };
    const { rule } = newLearner(config, layerSizes(config, small));
    const wild = structuredClone(rule);
    wild.v[0].data.fill(1e30);
    const lines = await evaluate(small, config, wild, { tasks: 2 });
    expect(lines).toHaveLength(4);
    for (const { learned, initial } of lines) {
      expect(learned).toEqual({
        ...{ loss: Number.NaN, accuracy: 0 },
        retention: { first: RETENTION_SHARES.map(() => 0), second: RETENTION_SHARES.map(() => 0) },
      });
      expect(initial.retention?.first).toHaveLength(11);
    }
    const [{ learned }] = await evaluate(small, { ...config, task: { kind: "classify" } }, rule, { tasks: 1 });
    expect(Object.keys(learned)).toEqual(["loss", "accuracy"]);
  });
});
