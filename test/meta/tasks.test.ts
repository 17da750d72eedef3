import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { noImages, type RegressionKind, sampleRegression } from "../../src/data/index.js";
import { Key, scope } from "../../src/index.js";
import { withTask } from "../../src/meta/config.js";
import { evaluateRule, layerSizes, resume, ruleOf, type TrainConfig, train } from "../../src/meta/index.js";
import { newLearner } from "../../src/meta/learner.js";
import { leafValues } from "../../src/meta/rule-values.js";
import { taskKinds, taskTables } from "../../src/meta/task-kinds.js";
import { inTemporary, small, tiny } from "./fixtures.js";

const { hidden, ways, shots, queries, episodes, seed } = tiny;
/** A run of a few milliseconds an episode. */
const tinyOf = (kind: (typeof taskKinds)[number]): TrainConfig => {
  const config = withTask(tiny, kind);
  return {
    ...config,
    hidden: config.hidden.length ? hidden : [],
    shots: 4 * shots,
    queries,
    episodes,
    seed,
    metaBatch: 2,
  };
};

describe.each(taskKinds)("the task %s", (kind) => {
  const images = kind === "classify" || kind === "continual";
  const dataset = images ? small : noImages;
  const config = images ? { ...tinyOf(kind), ways, shots } : tinyOf(kind);

  it("trains, and resumes to the same bits", () =>
    inTemporary(async (folder) => {
      const whole = await train(dataset, config, { workers: 1 });
      expect(whole).toMatchObject({ episodes: 6, diverged: 0 });
      const begun = newLearner(config, layerSizes(config, dataset)).rule;
      for (const [i, { data }] of leafValues(whole.rule).entries()) expect(data).not.toEqual(leafValues(begun)[i].data);
      const losses: number[] = [];
      await train(dataset, config, { workers: 1, onEpisode: ({ loss }) => losses.push(loss) });
      expect(losses).toHaveLength(6);
      expect(whole.meanLossLast50).toBeCloseTo(
        losses.reduce((sum, loss) => sum + loss / 6, 0),
        10,
      );
      const out = join(folder, "run");
      const stop = new AbortController();
      await train(dataset, config, { out, workers: 1, signal: stop.signal, onEpisode: () => stop.abort() });
      expect(await resume(dataset, { out, workers: 1 })).toEqual(whole);
    }));
});

describe("the steps after which a teacher changes", () => {
  const { text } = taskTables["two-timescale"].segment.type;

  it.each([
    ["5,15", [5, 15]],
    ["7,7", [7, 7]],
    ["1,1000000", [1, 1e6]],
    ["15,5", undefined],
    ["5", undefined],
    ["5,15,20", undefined],
    ["0,3", undefined],
    ["", undefined],
  ])("are read from %j", (given, wanted) => {
    expect(text?.read(given)).toEqual(wanted);
  });
});

describe("regression", () => {
  it("is learned: after training, the rule explains more of the variance of new tasks than before", async () => {
    const config = { ...withTask(tiny, "two-timescale"), episodes: 80, learningRate: 0.01 };
    const { rule } = await train(noImages, config, { workers: 1 });
    const sizes = layerSizes(config, noImages);
    expect(sizes).toEqual([8, 4]);
    const explained = (values: typeof rule): number =>
      scope(() => evaluateRule(config, sizes, noImages, ruleOf(values), [0, 1, 2, 3, 4, 5, 6, 7])).reduce(
        (sum, { accuracy }) => sum + accuracy / 8,
        0,
      );
    const before = explained(newLearner(config, sizes).rule);
    expect(explained(rule)).toBeGreaterThan(before + 0.1);
  });

  it("reports half the mean squared error as loss, and R2 relative to the targets' own mean", () => {
    const config = { ...tinyOf("sinusoid"), queries: 10 };
    const sizes = layerSizes(config, noImages);
    const { rule } = newLearner(config, sizes);
    rule.v[0].data.fill(0); // so the weights, and with them all answers, stay 0
    const [{ loss, accuracy }] = scope(() => evaluateRule(config, sizes, noImages, ruleOf(rule), [0]));
    const taskKey = Key.of(config.seed)
      .fold(2 ** 31)
      .split()[1];
    const targets = Array.from(sampleRegression(config.task as RegressionKind, taskKey, config.shots, 10).queryTargets);
    const mean = targets.reduce((sum, t) => sum + t, 0) / 10;
    const squares = (from: number): number => targets.reduce((sum, t) => sum + (t - from) ** 2, 0);
    expect(loss).toBeCloseTo(squares(0) / 20, 6);
    expect(accuracy).toBeCloseTo(1 - squares(0) / squares(mean), 5);
  });
});
