// Meta-training in float64: every number of it, in memory, in a folder, on threads and as a cell.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { glyphs } from "../../src/data/index.js";
import type { Gpu } from "../../src/gpu/index.js";
import { decodeSafetensors } from "../../src/io/index.js";
import { liveEpisode } from "../../src/meta/episode-job.js";
import {
  configOfCell,
  defaultTrainConfig,
  type EpisodeReport,
  evaluate,
  layerSizes,
  readRun,
  resume,
  ruleOfRow,
  type TrainConfig,
  train,
  trainCell,
  trainKind,
} from "../../src/meta/index.js";
import { dataAt } from "../../src/meta/internal.js";
import { newLearner } from "../../src/meta/learner.js";
import { leafValues } from "../../src/meta/rule-values.js";
import { bundle, inTemporary, small, tiny } from "./fixtures.js";

const config: TrainConfig = { ...tiny, dtype: "float64" };

/** Glyphs with images that training does not use. */
const more = glyphs({ perClass: 12 });

/** Trains up to episode `stopAt`, or to the end. */
const run = (out: string | undefined, stopAt = -1, workers = 1, workerEntry?: URL) => {
  const stop = new AbortController();
  const onEpisode = ({ episode }: EpisodeReport): void => {
    if (episode === stopAt) stop.abort();
  };
  return train(small, config, { out, workers, signal: stop.signal, onEpisode, ...(workerEntry && { workerEntry }) });
};

it("a run computes in float64: its rule has numbers that no float32 has", async () => {
  const { rule, ruleHash } = await run(undefined);
  const numbers = leafValues(rule).flatMap(({ data }) => {
    expect(data).toBeInstanceOf(Float64Array);
    return [...data];
  });
  expect(numbers.filter((x) => x !== Math.fround(x)).length).toBeGreaterThan(numbers.length / 4);
  expect(ruleHash).not.toBe((await train(small, tiny, { workers: 1 })).ruleHash);
});

it("resumes to the same bits, keeps its type in config.json, and its numbers in the checkpoint", () =>
  inTemporary(async (folder) => {
    const whole = await run(undefined);
    const out = join(folder, "run");
    expect((await run(out, 2)).stopped).toBe(true);
    const result = await resume(small, { out, workers: 1 });
    expect(result).toMatchObject({ episodes: config.episodes, ruleHash: whole.ruleHash, rule: whole.rule });
    expect(JSON.parse(await readFile(join(out, "config.json"), "utf8"))).toHaveProperty("dtype", "float64");
    const { tensors } = decodeSafetensors(await readFile(join(out, "checkpoint.safetensors")));
    for (const name of ["rule.P.0", "adam.m.P.0", "adam.v.P.0"]) {
      expect(tensors[name].data, name).toBeInstanceOf(Float64Array);
    }
    const { rule, config: kept } = await readRun(out);
    expect(rule).toEqual(whole.rule);
    const [line] = await evaluate(more, kept, rule, { tasks: 1 });
    expect(line.learned.loss).toBeGreaterThan(0);
  }));

it("threads give the bits of one", () =>
  inTemporary(async (folder) => {
    const entry = pathToFileURL(await bundle("src/meta/episode-worker.ts", folder));
    const batched = { ...config, metaBatch: 2 };
    const hashes = [1, 2].map((workers) => train(small, batched, { workers, workerEntry: entry }));
    const [one, two] = await Promise.all(hashes);
    expect(two.ruleHash).toBe(one.ruleHash);
  }));

it("a gradient agrees with differences, to far more digits than float32 has", () => {
  const sizes = layerSizes(config, small);
  const setup = { config, sizes, dataset: small };
  const { rule } = newLearner(config, sizes);
  const at = (change: number) => {
    const [first, ...rest] = rule.P;
    const data = first.data.slice();
    data[0] += change;
    return liveEpisode(setup, { index: 0, rule: { ...rule, P: [{ ...first, data }, ...rest] } });
  };
  const h = 1e-6;
  const slope = (at(h).loss - at(-h).loss) / (2 * h);
  expect(Math.abs(at(0).grad[0][0] / slope - 1)).toBeLessThan(1e-6);
});

it("the cell of a run has its type, and the row every digit of its rule", async () => {
  const cell = trainCell(config);
  expect(configOfCell(cell).dtype).toBe("float64");
  expect(cell).not.toEqual(trainCell(tiny));
  expect(trainCell(tiny).config.run).not.toHaveProperty("dtype");
  const context = { signal: new AbortController().signal, progress: () => undefined, open: async () => small };
  const data = dataAt("glyphs");
  const row = await trainKind.run({ ...cell, data } as never, context as never);
  const { rule } = await train(small, config, { workers: 1 });
  expect(ruleOfRow(JSON.parse(JSON.stringify(row)), "float64")).toEqual(rule);
});

it("refuses a GPU, another type's name, and a folder whose type was changed", () =>
  inTemporary(async (folder) => {
    await expect(train(small, config, { workers: 1, device: {} as Gpu })).rejects.toThrow(
      "[train] a GPU computes in float32, and the run's `dtype` is float64. Leave out `device`, or `dtype`.",
    );
    const half = { ...defaultTrainConfig("rcn"), dtype: "float16" } as unknown as TrainConfig;
    await expect(train(small, half, { workers: 1 })).rejects.toThrow(
      /"dtype" is "float16"\. Make it .*float32.*float64/,
    );
    const out = join(folder, "run");
    await run(out, 2);
    const file = join(out, "config.json");
    await writeFile(file, (await readFile(file, "utf8")).replace('"float64"', '"float32"'));
    await expect(resume(small, { out, workers: 1 })).rejects.toThrow(/config\.json/);
  }));

it("a rule of one type and a run of the other are an error", async () => {
  const { rule } = await train(small, tiny, { workers: 1 });
  await expect(evaluate(more, config, rule, { tasks: 1 })).rejects.toThrow(
    "the rule is float32, and `weights` are float64: all must be of one type.",
  );
});
