// Whole runs with a guard: what they come to, and that they resume to the same bits.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  defaultTrainConfig,
  type EpisodeReport,
  readRun,
  resume,
  type TrainConfig,
  train,
} from "../../src/meta/index.js";
import { inTemporary, small, tiny } from "./fixtures.js";

describe("a run with a guard", () => {
  /** Its lifetimes explode soon. */
  const plasticity = defaultTrainConfig("pool").plasticity;
  const wild: TrainConfig = { ...tiny, plasticity, ways: 5, episodes: 40, learningRate: 0.3 };
  /** Trains; every episode is measured, if their numbers are asked for. */
  const run = async (out: string | undefined, config: TrainConfig, stopAt = -1, measured?: number[]) => {
    const stop = new AbortController();
    const reports: EpisodeReport[] = [];
    const onEpisode = ({ seconds: _, ...report }: EpisodeReport): void => {
      reports.push({ ...report, seconds: 0 });
      if (report.episode === stopAt) stop.abort();
    };
    const options = { out, workers: 1, signal: stop.signal, onEpisode };
    const onDiagnosis = ({ episode }: { readonly episode: number }) => void measured?.push(episode);
    const result = await train(small, config, measured ? { ...options, diagnostics: 1, onDiagnosis } : options);
    return { result, reports };
  };

  it("has the bits of a run without one if nothing unusual happens", async () => {
    const guarded = await run(undefined, tiny);
    expect(guarded.result).toMatchObject({ clipped: 0, diverged: 0 });
    expect(guarded).toEqual(await run(undefined, { ...tiny, clip: "off" }));
  });

  it("continues where a run without one fails, reports each episode, and resumes to the same bits", () =>
    inTemporary(async (folder) => {
      await expect(run(undefined, { ...wild, clip: "off" })).rejects.toThrow(/^\[train\] episode \d+/);
      const whole = await run(undefined, wild);
      const left = whole.reports.filter(({ clipped }) => clipped === 0);
      const diverged = whole.reports.filter(({ diverged }) => diverged);
      expect(left.length).toBeGreaterThanOrEqual(diverged.length);
      expect(diverged.length).toBeGreaterThan(0);
      expect(whole.result).toMatchObject({ episodes: 40, diverged: diverged.length });
      for (const report of diverged) {
        expect(report).toMatchObject({ loss: Number.NaN, accuracy: 0, clipped: 0, diverged: true });
      }
      const losses = whole.reports.filter(({ diverged }) => !diverged).map(({ loss }) => loss);
      expect(whole.result.meanLossLast50).toBeCloseTo(
        losses.reduce((sum, loss) => sum + loss / losses.length, 0),
        10,
      );
      expect(whole.result.clipped).toBe(whole.reports.filter(({ clipped }) => clipped !== undefined).length);

      const out = join(folder, "run");
      const at = diverged[0].episode;
      await run(out, wild, at); // stops where the guard has something to remember
      const { metrics } = await readRun(out);
      expect(metrics.map((report) => ({ ...report, seconds: 0 }))).toEqual(whole.reports.slice(0, at));
      const line = (await readFile(join(out, "metrics.jsonl"), "utf8")).trim().split("\n").at(-1) as string;
      expect(JSON.parse(line)).toMatchObject({ episode: at, loss: null, accuracy: 0, clipped: 0, diverged: true });
      expect(await resume(small, { out, workers: 1 })).toEqual(whole.result);
    }));

  it("recovers from a collapse, after which a run without a guard stays at chance, and resumes to the same bits", () =>
    inTemporary(async (folder) => {
      const { plasticity } = defaultTrainConfig("bio");
      const falling: TrainConfig = { ...tiny, plasticity, episodes: 120, learningRate: 0.03, seed: 3 };
      const whole = await run(undefined, falling);
      const guessing = Math.log(47);
      const fallen = whole.reports.findIndex(
        ({ clipped }, i) =>
          clipped === 0 && whole.reports.slice(i - 14, i + 1).every(({ loss }) => loss > 0.8 * guessing),
      );
      expect(fallen).toBeGreaterThan(34);
      const last = (reports: readonly EpisodeReport[]): number =>
        reports.slice(-30).reduce((sum, { loss }) => sum + loss / 30, 0);
      expect(last(whole.reports)).toBeLessThan(guessing / 2);
      expect(last((await run(undefined, { ...falling, clip: "off" })).reports)).toBeGreaterThan(0.99 * guessing);

      const out = join(folder, "run");
      await run(out, falling, fallen);
      expect(await resume(small, { out, workers: 1 })).toEqual(whole.result);
    }));

  it("keeps the finite episodes of a batch", async () => {
    const measured: number[] = [];
    const { reports, result } = await run(undefined, { ...wild, learningRate: 0.1, metaBatch: 4 }, -1, measured);
    // What diverged has no weights to measure.
    expect(measured).toEqual(reports.filter(({ diverged }) => !diverged).map(({ episode }) => episode));
    const batches = Array.from({ length: 10 }, (_, i) => reports.slice(4 * i, 4 * i + 4));
    const mixed = batches.filter((batch) => {
      const finite = batch.filter(({ diverged }) => !diverged).length;
      return finite > 0 && finite < 4;
    });
    expect(result.episodes).toBe(40);
    expect(mixed.length).toBeGreaterThan(0);
    for (const batch of batches) expect(new Set(batch.map(({ clipped }) => clipped)).size).toBe(1);
  });

  it("ends with an error if nothing helps", async () => {
    await expect(run(undefined, { ...tiny, episodes: 100, learningRate: 1e20 })).rejects.toThrow(
      "[train] meta-gradients explode again and again",
    );
  });

  it("from before guards existed continues without one, to the same bits", () =>
    inTemporary(async (folder) => {
      const [old, whole] = [join(folder, "old"), await run(undefined, { ...tiny, clip: "off" })];
      await run(old, { ...tiny, clip: "off" }, 3);
      const { clip: _, ...before } = JSON.parse(await readFile(join(old, "config.json"), "utf8"));
      await writeFile(join(old, "config.json"), JSON.stringify(before));
      expect(await resume(small, { out: old, workers: 1 })).toEqual(whole.result);
      expect((await readRun(old)).config.clip).toBe("off");
    }));
});
