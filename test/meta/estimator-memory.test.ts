// Long lifetimes in flat memory. This is a file of its own, since memory tells the most that there was in a process.
import { expect, it } from "vitest";
import { memory, scope } from "../../src/index.js";
import {
  defaultTrainConfig,
  type EstimatorConfig,
  layerSizes,
  ruleOf,
  runEpisode,
  type TrainConfig,
} from "../../src/meta/index.js";
import { withTask } from "../../src/meta/internal.js";
import { newLearner } from "../../src/meta/learner.js";
import { small } from "./fixtures.js";

it("goes through a lifetime of ten thousand steps in memory that does not grow with it", () => {
  const steps = 10_000;
  const examples = 4 * steps * (8 + 4); // bytes
  const peakOf = (estimator: EstimatorConfig): number => {
    const regression = withTask(defaultTrainConfig("rcn"), "two-timescale");
    const config: TrainConfig = { ...regression, shots: steps, estimator, checkpoint: "off" };
    const sizes = layerSizes(config, small);
    const { rule } = newLearner(config, sizes);
    const { loss, grad } = scope(() => runEpisode(config, sizes, small, ruleOf(rule), 0));
    expect(Number.isFinite(loss)).toBe(true);
    expect(grad.some((leaf) => leaf.some((x) => x !== 0))).toBe(true);
    return memory.stats().arenaPeak; // since the start of the process
  };
  for (const estimator of [
    { kind: "truncated", steps: 50 },
    { kind: "es", pairs: 1, noise: 0.001 },
    { kind: "pes", steps: 1000, pairs: 1, noise: 0.001 },
    { kind: "forward", directions: 1 },
  ] as const) {
    expect(peakOf(estimator)).toBeLessThan(3 * examples);
  }
  expect(peakOf({ kind: "backprop" })).toBeGreaterThan(10 * examples);
});
