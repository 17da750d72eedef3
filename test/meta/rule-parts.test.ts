// Rules with more parts than the published ones: trained, kept in a run's folder, and resumed to the same bits.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { defaultTrainConfig, readRun, resume, ruleHash, type TrainConfig, train } from "../../src/meta/index.js";
import { newLearner } from "../../src/meta/learner.js";
import { type presets, ruleParts } from "../../src/plasticity/index.js";
import { small } from "./fixtures.js";

const parts = {
  plastic: ["P", "feedbackP"],
  "kolen-pollack": ["P", "feedbackP"],
  mirror: ["P", "feedbackP"],
  "rcn-tau": ["P", "K", "v", "tau"],
  "rcn-gated": ["P", "K", "v", "s"],
  "rcn-normalised": ["P", "K", "v"],
  cascade: ["P"],
  dfa: ["P"],
} as const;

describe.each(Object.entries(parts))("%s", (name, wanted) => {
  const config: TrainConfig = {
    ...defaultTrainConfig(name as keyof typeof presets),
    ...{ hidden: [9, 7], ways: 2, shots: 2, queries: 2, episodes: 4 },
  };

  it("learns every part of its rule, and continues from a folder to the same bits", async () => {
    const folder = mkdtempSync(join(tmpdir(), "synaptape-parts-"));
    try {
      const out = join(folder, "run");
      const whole = await train(small, config, { workers: 1 });
      const before = newLearner(config, [784, 9, 7, 47]).rule;
      expect(ruleParts.filter((part) => whole.rule[part].length > 0)).toEqual(wanted);
      for (const part of wanted) {
        expect(whole.rule[part].map(({ shape }) => shape)).toEqual(before[part].map(({ shape }) => shape));
        expect([...whole.rule[part][0].data], part).not.toEqual([...before[part][0].data]);
      }
      const stop = new AbortController();
      const { stopped } = await train(small, config, {
        ...{ out, workers: 1, signal: stop.signal },
        onEpisode: ({ episode }) => episode === 2 && stop.abort(),
      });
      expect(stopped).toBe(true);
      await resume(small, { out, workers: 1 });
      expect(await ruleHash((await readRun(out)).rule)).toBe(await ruleHash(whole.rule));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
