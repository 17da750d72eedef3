import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { memory, scope } from "../../src/index.js";
import {
  DivergedError,
  type EpisodeReport,
  evaluateRule,
  type RuleValues,
  readRun,
  resume,
  ruleHash,
  ruleOf,
  runEpisode,
  type TrainConfig,
  type TrainOptions,
  train,
} from "../../src/meta/index.js";
import { type Learner, learn, newLearner } from "../../src/meta/learner.js";
import { leafValues } from "../../src/meta/rule-values.js";
import { bundle, inTemporary, small, tiny, tinySizes } from "./fixtures.js";

/** Trains in a folder that is removed afterwards. */
const run = (change: Partial<TrainConfig> = {}, options: Partial<TrainOptions> = {}) =>
  inTemporary((folder) => train(small, { ...tiny, ...change }, { out: join(folder, "run"), workers: 1, ...options }));

/**
 * What a run without a guard comes to, in plain loops: each batch lives its episodes under one rule, and their mean gradient
 * is one step.
 */
function byHand({ clip: _, ...rest }: TrainConfig): {
  reports: { loss: number; accuracy: number }[];
  learner: Learner;
} {
  const config: TrainConfig = { ...rest, clip: "off" };
  let learner = newLearner(config, tinySizes);
  const reports: { loss: number; accuracy: number }[] = [];
  for (let first = 0; first < config.episodes; first += config.metaBatch) {
    const until = Math.min(first + config.metaBatch, config.episodes);
    const batch = Array.from({ length: until - first }, (_, i) =>
      scope(() => runEpisode(config, tinySizes, small, ruleOf(learner.rule), first + i)),
    );
    reports.push(...batch.map(({ loss, accuracy }) => ({ loss, accuracy })));
    const mean = batch[0].grad.map((leaf, l) =>
      leaf.map((_, at) => batch.reduce((sum, { grad }) => sum + grad[l][at], 0) / batch.length),
    );
    learner = learn(config, learner, mean);
  }
  return { reports, learner };
}

describe("train", () => {
  it("reports each episode in order, and sums up", async () => {
    const reports: EpisodeReport[] = [];
    const begun = performance.now();
    const result = await run({}, { onEpisode: (report) => reports.push(report) });
    expect(reports.map(({ episode }) => episode)).toEqual([1, 2, 3, 4, 5, 6]);
    const { reports: wanted, learner } = byHand(tiny);
    expect(reports.map(({ loss, accuracy }) => ({ loss, accuracy }))).toEqual(wanted);
    expect(result.rule).toEqual(learner.rule);
    // Each episode takes some time, and all of them no more than the run.
    for (const { seconds } of reports) expect(seconds).toBeGreaterThan(0);
    expect(reports.reduce((sum, { seconds }) => sum + seconds, 0)).toBeLessThan((performance.now() - begun) / 1000);
    const mean = (values: number[]): number => values.reduce((a, b) => a + b) / values.length;
    expect(result).toMatchObject({ episodes: 6, stopped: false });
    expect(result.meanLossLast50).toBeCloseTo(mean(reports.map(({ loss }) => loss)), 12);
    expect(result.meanAccuracyLast50).toBeCloseTo(mean(reports.map(({ accuracy }) => accuracy)), 12);
    expect(result.firstAccuracy).toBe(result.meanAccuracyLast50);
    expect(result.ruleHash).toBe(await ruleHash(result.rule));
    expect(result.ruleHash).toMatch(/^[0-9a-f]{64}$/);
  });

  it("has the same result in memory as in a folder, and can be stopped in memory too", async () => {
    const change = { ...tiny, metaBatch: 2 };
    const numbers: number[] = [];
    const onEpisode = ({ episode }: EpisodeReport) => numbers.push(episode);
    expect(await train(small, change, { workers: 1, onEpisode })).toEqual(await run(change));
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6]);
    const stop = new AbortController();
    const stopped = await train(small, change, { workers: 1, signal: stop.signal, onEpisode: () => stop.abort() });
    expect(stopped).toMatchObject({ stopped: true, episodes: 2 });
    expect(stopped.ruleHash).toBe((await run({ ...change, episodes: 2 })).ruleHash);
  });

  it("tells the rule after each step, and waits if it is asked to", async () => {
    const change = { ...tiny, metaBatch: 2 };
    const told: RuleValues[] = [];
    let underWay = 0;
    const onEpisode = async (_: EpisodeReport, rule: RuleValues): Promise<void> => {
      told.push(rule);
      expect(++underWay).toBe(1);
      await new Promise((done) => setTimeout(done, 2));
      underWay--;
    };
    const result = await train(small, change, { workers: 1, onEpisode });
    expect(result.rule).toEqual(told[5]);
    const first = await train(small, { ...change, episodes: 2 }, { workers: 1 });
    expect([told[0], told[1]]).toEqual([first.rule, first.rule]);
  });

  it("hashes a rule as SHA-256 of its float32 numbers", async () => {
    const rule = newLearner(tiny, tinySizes).rule;
    const hash = createHash("sha256");
    for (const { data } of leafValues(rule)) hash.update(data);
    expect(await ruleHash(rule)).toBe(hash.digest("hex"));
  });

  it.each([
    ["workers", 0],
    ["workers", 1.5],
    ["diagnostics", 0],
    ["diagnostics", -1],
    ["diagnostics", 2.5],
  ])("refuses `%s` of %f", async (option, value) => {
    await expect(train(small, tiny, { workers: 1, [option]: value })).rejects.toThrow(
      `[train] \`${option}\` is ${value}. Make it a whole number from 1 up.`,
    );
  });

  it("says at once if there is no SHA-256", async () => {
    vi.stubGlobal("crypto", {});
    try {
      await expect(train(small, tiny, { workers: 1 })).rejects.toThrow(/^\[train\] SHA-256 is not available.*https/);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it("takes means over the first and the last 50 episodes", async () => {
    const all: number[] = [];
    const change = { episodes: 60, hidden: [], shots: 1 };
    const result = await run(change, { onEpisode: ({ accuracy }) => all.push(accuracy) });
    const mean = (values: number[]): number => values.reduce((a, b) => a + b) / values.length;
    expect(result.firstAccuracy).toBeCloseTo(mean(all.slice(0, 50)), 12);
    expect(result.meanAccuracyLast50).toBeCloseTo(mean(all.slice(-50)), 12);
  });

  it("has the same bits again, and others with another seed", async () => {
    const { ruleHash: hash } = await run();
    expect((await run()).ruleHash).toBe(hash);
    expect((await run({ seed: 6 })).ruleHash).not.toBe(hash);
  });

  it.each(["off", { every: 7 }, { every: 2 }, { bytes: 1000 }] as const)(
    "has the same bits with checkpoint %j",
    async (checkpoint) => {
      expect((await run({ checkpoint })).ruleHash).toBe((await run()).ruleHash);
    },
  );

  it("averages over a meta-batch; the last one may be smaller", async () => {
    const reports: EpisodeReport[] = [];
    const result = await run({ metaBatch: 4 }, { onEpisode: (report) => reports.push(report) });
    expect(result.episodes).toBe(6);
    const one: EpisodeReport[] = [];
    await run({ metaBatch: 1 }, { onEpisode: (report) => one.push(report) });
    expect(reports[0].loss).toBe(one[0].loss);
    expect(reports[1].loss).not.toBe(one[1].loss); // in the batch the rule has not moved yet
    const { reports: wanted, learner } = byHand({ ...tiny, metaBatch: 4 });
    expect(reports.map(({ loss, accuracy }) => ({ loss, accuracy }))).toEqual(wanted);
    expect(result.rule).toEqual(learner.rule);
  });

  it("adds the L1 term to the loss and to the gradient", async () => {
    const reports: EpisodeReport[] = [];
    const change = { l1: 1e6, episodes: 1 };
    const plain = await run({ episodes: 1 });
    const { rule, meanLossLast50 } = await run(change, { onEpisode: (report) => reports.push(report) });
    expect(meanLossLast50 - plain.meanLossLast50).toBeCloseTo(1e6 * 2 * Math.fround(1e-3), 6);
    // The penalty outweighs all: the coefficients that were not 0 shrink by the learning rate.
    for (const row of [0, 7]) expect(rule.P[0].data[row]).toBeCloseTo(1e-3 - tiny.learningRate, 6);
    expect(rule.P[0].data[1]).toBe(plain.rule.P[0].data[1]);
    expect(rule.K).toEqual(plain.rule.K);
  });

  it("learns: accuracy on the same tasks is higher after 30 episodes than before the first", async () => {
    const plasticity = { ...tiny.plasticity, feedback: "symmetric" } as const;
    const config = { ...tiny, plasticity, episodes: 30, learningRate: 0.01 };
    const { rule } = await run(config);
    const accuracy = (values: RuleValues): number => {
      const indices = Array.from({ length: 30 }, (_, i) => i);
      const scores = scope(() => evaluateRule(config, tinySizes, small, ruleOf(values), indices));
      return scores.reduce((sum, score) => sum + score.accuracy, 0) / scores.length;
    };
    expect(accuracy(rule)).toBeGreaterThan(accuracy(newLearner(config, tinySizes).rule) + 0.3);
  });

  it("holds no memory between episodes, however many", async () => {
    const before = memory.stats();
    let early = 0;
    await run(
      { episodes: 30 },
      {
        onEpisode({ episode }) {
          const { live, persistentBytes, arenaBytes, memoryBytes } = memory.stats();
          expect([live, persistentBytes, arenaBytes]).toEqual([before.live, before.persistentBytes, 0]);
          if (episode === 2) early = memoryBytes;
          if (episode > 2) expect(memoryBytes).toBe(early);
        },
      },
    );
    expect(memory.stats().live).toBe(before.live);
  });

  it("gives the event loop a turn in every episode", async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    await run({ episodes: 12, metaBatch: 12 });
    clearInterval(timer);
    expect(turns).toBeGreaterThanOrEqual(6);
  });

  it("ends after the current meta-step if it is asked to stop, and continues to the same bits", () =>
    inTemporary(async (folder) => {
      const { ruleHash: whole, meanLossLast50 } = await run({ metaBatch: 2 });
      const out = join(folder, "run");
      const stop = new AbortController();
      const stopAt = (n: number) => (report: EpisodeReport) => report.episode === n && stop.abort();
      const first = await train(
        small,
        { ...tiny, metaBatch: 2 },
        { out, workers: 1, signal: stop.signal, onEpisode: stopAt(3) },
      );
      expect(first).toMatchObject({ stopped: true, episodes: 4 });
      expect(await resume(small, { out, workers: 1, signal: stop.signal })).toMatchObject({
        stopped: true,
        episodes: 4,
      });
      const numbers: number[] = [];
      const end = await resume(small, { out, workers: 1, onEpisode: ({ episode }) => numbers.push(episode) });
      expect(numbers).toEqual([5, 6]);
      expect(end).toMatchObject({ stopped: false, episodes: 6, ruleHash: whole, meanLossLast50 });
    }));

  it("begins nothing if it is told to stop beforehand", () =>
    inTemporary(async (out) => {
      const result = await train(small, tiny, { out, workers: 1, signal: AbortSignal.abort() });
      expect(result).toMatchObject({ stopped: true, episodes: 0, meanLossLast50: Number.NaN });
      expect((await resume(small, { out, workers: 1 })).ruleHash).toBe((await run()).ruleHash);
    }));

  it("names the episode that diverges and keeps the checkpoint before it", () =>
    inTemporary(async (out) => {
      const done: number[] = [];
      const running = train(
        small,
        { ...tiny, learningRate: 1e20, clip: "off" },
        { out, workers: 1, onEpisode: ({ episode }) => done.push(episode) },
      );
      const error = await running.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(DivergedError);
      expect((error as DivergedError).episode).toBe(done.length + 1);
      expect((error as Error).message).toMatch(
        new RegExp(`^\\[train\\] episode ${done.length + 1}.* Lower \`learningRate\``),
      );
      expect((await readRun(out)).metrics).toHaveLength(done.length);
      await expect(resume(small, { out, workers: 1 })).rejects.toThrow((error as Error).message);
    }));
});

describe("a training process", () => {
  let folder: string;
  let child: string;
  let release: () => void;
  beforeAll(async () => {
    const ready = new Promise<void>((resolve, reject) => {
      inTemporary(async (temporary) => {
        folder = temporary;
        child = await bundle("test/meta/child.ts", temporary);
        resolve();
        await new Promise<void>((done) => {
          release = done;
        });
      }).catch(reject);
    });
    await ready;
  });
  afterAll(() => release());

  /** Runs the child, kills it `delay` ms after the episode `killAt`, and gives what it printed. */
  const live = (
    args: string[],
    killAt = -1,
    delay = 0,
  ): Promise<{ lines: string[]; errors: string; code: number | null }> =>
    new Promise((resolve) => {
      const process = spawn(args[0], args.slice(1));
      let [output, errors] = ["", ""];
      process.stdout.on("data", (chunk) => {
        output += chunk;
        if (killAt > 0 && output.includes(`${killAt}\n`)) setTimeout(() => process.kill("SIGKILL"), delay);
      });
      process.stderr.on("data", (chunk) => {
        errors += chunk;
      });
      process.on("close", (code) => resolve({ lines: output.trim().split("\n"), errors, code }));
    });

  it("that is killed again and again ends with the bits of one that never was", async () => {
    const whole = await live(["node", child, join(folder, "whole"), "train"]);
    const out = join(folder, "killed");
    let { lines, code } = await live(["node", child, out, "train"], 2, 1);
    expect(code).toBeNull();
    for (const [killAt, delay] of [
      [9, 0],
      [15, 2],
      [24, 5],
    ]) {
      ({ lines, code } = await live(["node", child, out], killAt, delay));
      expect(code).toBeNull();
      const { metrics } = await readRun(out);
      expect(metrics.length).toBeGreaterThanOrEqual(killAt);
    }
    ({ lines } = await live(["node", child, out]));
    expect(lines.at(-1)).toMatch(/^[0-9a-f]{64}$/);
    expect(lines.at(-1)).toBe(whole.lines.at(-1));
    const episodes = (await readFile(join(out, "metrics.jsonl"), "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).episode);
    expect(episodes).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect((await readdir(out)).sort()).toEqual(["checkpoint.safetensors", "config.json", "metrics.jsonl"]);
  });

  it("is not killed by a limit on file sizes, and leaves nothing behind if it could not begin", async () => {
    const out = join(folder, "limited");
    const { errors, code } = await live(["sh", "-c", `ulimit -f 1; exec node ${child} ${out} train`]);
    expect(code).toBe(1);
    expect(errors).toMatch("the file would be larger than the limit on file sizes. Nothing was left there.");
    expect(existsSync(out)).toBe(false);
  });
});
