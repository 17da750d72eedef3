// The form of a run's lifetimes: the same results but for rounding, one result whatever carries a run out, and refusals.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { InputError, scope } from "../../src/index.js";
import {
  defaultTrainConfig,
  type EstimatorConfig,
  evaluateRule,
  parseTrainConfig,
  resume,
  ruleOf,
  runEpisode,
  type TrainConfig,
  train,
} from "../../src/meta/index.js";
import { hashedPart } from "../../src/meta/internal.js";
import { newLearner } from "../../src/meta/learner.js";
import { checkOnGpu } from "../../src/meta/on-gpu.js";
import { relativeError } from "../laws/oracle.js";
import { bundle, inTemporary, small, tiny, tinySizes } from "./fixtures.js";

const direct: TrainConfig = {
  ...defaultTrainConfig("bio"),
  ...{ hidden: [12], ways: 2, shots: 3, queries: 2 },
  episodes: 4,
};
const dual: TrainConfig = { ...direct, form: "dual" };

describe("a run in dual form", () => {
  it.each<EstimatorConfig>([
    { kind: "backprop" },
    { kind: "truncated", steps: 2 },
    { kind: "forward", directions: "all" },
    { kind: "es", pairs: 1, noise: 0.01 },
    { kind: "pes", pairs: 1, noise: 0.01, steps: 4 },
  ])("has the results of the direct form but for rounding: $kind", (estimator) => {
    const [one, other] = [direct, dual].map((config) =>
      scope(() =>
        runEpisode({ ...config, estimator }, tinySizes, small, ruleOf(newLearner(config, tinySizes).rule), 1),
      ),
    );
    const noisy = estimator.kind.endsWith("es");
    expect(other.accuracy).toBe(one.accuracy);
    expect(relativeError([other.loss], [one.loss])).toBeLessThan(1e-5);
    one.grad.forEach((leaf, i) => {
      // A difference of losses is divided by the noise.
      expect(relativeError(other.grad[i], leaf)).toBeLessThan(noisy ? 2e-2 : 2e-4);
    });
  });

  it("has one result, whatever carries it out", async () => {
    const config = { ...dual, metaBatch: 2 };
    const alone = await train(small, config, { workers: 1 });
    expect(alone.diverged).toBe(0);
    expect(alone.ruleHash).not.toBe((await train(small, { ...config, form: "direct" }, { workers: 1 })).ruleHash);
    await inTemporary(async (folder) => {
      const out = join(folder, "run");
      const stop = new AbortController();
      const onEpisode = ({ episode }: { episode: number }) => episode === 2 && stop.abort();
      expect((await train(small, config, { out, workers: 1, signal: stop.signal, onEpisode })).stopped).toBe(true);
      expect((await resume(small, { out, workers: 1 })).ruleHash).toBe(alone.ruleHash);
      const workerEntry = pathToFileURL(await bundle("src/meta/episode-worker.ts", folder));
      expect((await train(small, config, { workers: 2, workerEntry })).ruleHash).toBe(alone.ruleHash);
    });
  });

  it("is evaluated in that form, and learns continual tasks", () => {
    const scores = [direct, dual].map((config) =>
      scope(() => evaluateRule(config, tinySizes, small, ruleOf(newLearner(config, tinySizes).rule), [0, 1])),
    );
    scores[0].forEach(({ loss, accuracy }, i) => {
      expect(scores[1][i].accuracy).toBe(accuracy);
      expect(relativeError([scores[1][i].loss], [loss])).toBeLessThan(1e-5);
    });
    const continual = { ...dual, task: { kind: "continual" as const } };
    const rule = ruleOf(newLearner(continual, tinySizes).rule);
    expect(runEpisode(continual, tinySizes, small, rule, 0).loss).toBeGreaterThan(0);
    expect(evaluateRule(continual, tinySizes, small, rule, [0])[0].retention).toBeDefined();
  });

  it("has a hash of its own, and a run without the field is one of older versions", () => {
    expect(Object.keys(hashedPart(direct))).not.toContain("form");
    expect(hashedPart(dual)).toMatchObject({ form: "dual" });
    const { form: _, ...older } = JSON.parse(JSON.stringify(direct));
    expect(parseTrainConfig(older).form).toBe("direct");
  });

  it("is refused where it cannot be computed", () => {
    const asked = (config: TrainConfig) => () => parseTrainConfig(JSON.parse(JSON.stringify(config)));
    expect(asked({ ...tiny, form: "dual" })).toThrow(InputError);
    expect(asked({ ...tiny, form: "dual" })).toThrow(
      /chemical synapses are not: use linear ones, or use the form "direct"/,
    );
    expect(asked({ ...defaultTrainConfig("pool"), form: "dual" })).toThrow(/motif 6 may need others: leave it out/);
    expect(asked(dual)).not.toThrow();
    expect(() => checkOnGpu(dual)).toThrow(/in the direct form, and the run's `form` is dual. Leave out `device`/);
  });
});
