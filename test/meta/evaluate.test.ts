import { describe, expect, it } from "vitest";
import { glyphs, dataset as makeDataset, noImages } from "../../src/data/index.js";
import { InputError, scope } from "../../src/index.js";
import { withTask } from "../../src/meta/config.js";
import { type EvaluationLine, evaluate, evaluateRule, ruleOf, type TrainConfig, train } from "../../src/meta/index.js";
import { newLearner } from "../../src/meta/learner.js";
import { tiny, tinySizes } from "./fixtures.js";

const many = glyphs({ perClass: 12 });
const { rule } = newLearner(tiny, tinySizes);
const other = structuredClone(rule);
other.P[0].data.fill(0.02);
const conditions = (lines: readonly EvaluationLine[]): string[] => [...new Set(lines.map((line) => line.condition))];

describe("evaluate", () => {
  it("tests a faithful run's rule as trained, with other outputs and on new images", async () => {
    const heard: EvaluationLine[] = [];
    const lines = await evaluate(many, tiny, other, { tasks: 3, onLine: (line) => heard.push(line) });
    expect(heard).toEqual(lines);
    expect(conditions(lines)).toEqual(["trained", "permuted", "new images"]);
    expect(lines.map(({ task }) => task)).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3]);
    const direct = scope(() => evaluateRule(tiny, tinySizes, many, ruleOf(other), [0, 1, 2]));
    expect(lines.slice(0, 3).map(({ learned }) => learned)).toEqual(direct);
    const begun = scope(() => evaluateRule(tiny, tinySizes, many, ruleOf(rule), [0, 1, 2]));
    expect(lines.slice(0, 3).map(({ initial }) => initial)).toEqual(begun);
    const permuted = scope(() => evaluateRule(tiny, tinySizes, many, ruleOf(other), [1], { relabel: true }));
    expect(lines[4].learned).toEqual(permuted[0]);
    // New images are those after the first five of each class, which training draws from.
    const unseen = { ...many, byClass: many.byClass.map((own) => own.subarray(tiny.shots + tiny.queries)) };
    const fresh = scope(() =>
      evaluateRule(tiny, tinySizes, unseen, ruleOf(other), [0, 1, 2], { protocol: "strict", relabel: false }),
    );
    expect(lines.slice(6).map(({ learned }) => learned)).toEqual(fresh);
    expect(await evaluate(many, tiny, other, { tasks: 3 })).toEqual(lines);
  });

  it("shows no gain for a rule that did not learn: both rules get the same tasks", async () => {
    for (const { learned, initial } of await evaluate(many, tiny, rule, { tasks: 2, shots: [1, 3] })) {
      expect(learned).toEqual(initial);
    }
  });

  it("holds classes out if the protocol does, and recognises other data with fewer classes", async () => {
    const strict: TrainConfig = { ...tiny, protocol: "strict" };
    const few = makeDataset(
      "few",
      many.images.slice(0, 30 * 784),
      Uint8Array.from({ length: 30 }, (_, i) => i % 3),
      28,
      28,
    );
    const lines = await evaluate(many, strict, other, { tasks: 2, shots: [2], other: few });
    expect(conditions(lines)).toEqual(["trained", "held out", "other data"]);
    expect(lines.map(({ data }) => data)).toEqual(["glyphs", "glyphs", "glyphs", "glyphs", "few", "few"]);
    expect(lines.map(({ shots }) => shots)).toEqual(lines.map(() => 2));
    const asked = { ...strict, shots: 2 };
    const scores = (dataset: typeof many, options: object): unknown =>
      scope(() => evaluateRule(asked, tinySizes, dataset, ruleOf(other), [0, 1], options));
    const learned = lines.map(({ learned }) => learned);
    expect(learned.slice(0, 2)).toEqual(scores(many, {}));
    expect(learned.slice(2, 4)).toEqual(scores(many, { classes: "heldout" }));
    expect(learned.slice(4)).toEqual(scores(few, { relabel: true, outputs: many.classes }));
  });

  it("recognises an initialisation: it gains nothing once outputs are permuted", async () => {
    // A bias moves the weights of a unit the same way whatever is seen, which helps units that are always the same.
    const plasticity = { ...tiny.plasticity, chemicals: 1, bias: "neuron" } as const;
    const config: TrainConfig = { ...tiny, plasticity, ways: 2, episodes: 40, learningRate: 0.02 };
    const { rule } = await train(many, config, { workers: 1 });
    const lines = await evaluate(many, config, rule, { tasks: 10 });
    const gain = (condition: string): number =>
      lines.filter((l) => l.condition === condition).reduce((sum, l) => sum + l.initial.loss - l.learned.loss, 0);
    expect(gain("trained")).toBeGreaterThan(gain("permuted"));
  });

  it("has one condition for regression, and scores a divergence as nothing right", async () => {
    const config = { ...withTask(tiny, "two-timescale"), shots: 10, queries: 4 };
    const sizes = [8, 4];
    const wild = newLearner(config, sizes).rule;
    wild.v[0].data.fill(1e30);
    const lines = await evaluate(noImages, config, wild, { tasks: 2 });
    expect(conditions(lines)).toEqual(["trained"]);
    const begun = ruleOf(newLearner(config, sizes).rule);
    const initial = scope(() => evaluateRule(config, sizes, noImages, begun, [0, 1]));
    expect(lines.map((line) => line.initial)).toEqual(initial);
    for (const { data, learned } of lines) {
      expect([data, learned]).toEqual(["two-timescale", { loss: Number.NaN, accuracy: 0 }]);
    }
  });

  it("says at once what cannot be tested", async () => {
    const small = makeDataset("4 pixels", new Uint8Array(16), [0, 1, 0, 1], 2, 2);
    await expect(evaluate(many, tiny, rule, { tasks: 0 })).rejects.toThrow("`tasks` is 0. Make it a whole number");
    await expect(evaluate(many, tiny, rule, { tasks: 1, other: small })).rejects.toThrow(InputError);
    await expect(evaluate(many, tiny, rule, { tasks: 1, other: small })).rejects.toThrow("Use data of that size.");
    await expect(evaluate(many, tiny, rule, { tasks: 1, shots: [9] })).rejects.toThrow("need 11 after the first 5");
  });
});
