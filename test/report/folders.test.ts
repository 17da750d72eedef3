// Folders of runs as evidence: which are one configuration, what it is called, and what is refused.
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InputError } from "../../src/core/index.js";
import { glyphs } from "../../src/data/index.js";
import { readRun, train } from "../../src/meta/index.js";
import { newLearner } from "../../src/meta/learner.js";
import { createRun } from "../../src/meta/training-folder.js";
import { readEvidence } from "../../src/report/folders.js";
import { small, tiny, tinySizes } from "../meta/fixtures.js";

const config = { ...tiny, episodes: 2 };

describe("folders of runs", () => {
  let folder = "";
  const at = (...names: string[]): string[] => names.map((name) => join(folder, name));
  const labels = async (...names: string[]): Promise<string[]> =>
    (await readEvidence(at(...names))).map(({ label }) => label);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "synaptape-folders-"));
    const run = (name: string, changed: object, data = small) =>
      train(data, { ...config, ...changed }, { out: join(folder, name), workers: 1 });
    await run("narrow-seed2", { seed: 2 });
    await run("narrow-seed10", { seed: 10 });
    await run("narrow-seed1", { seed: 1, episodes: 1 });
    await run("wide-seed1", { seed: 1, hidden: [14] });
    await run("deep/narrow-seed1", { seed: 1, hidden: [12, 12] });
    await run("deeper/narrow-seed1", { seed: 1, hidden: [12, 12, 12] });
    await run("other-images-seed2", { seed: 2 }, glyphs({ perClass: 6 }));
    await run("odd", { seed: 3 });
    await run("from-seed7-on-seed4", { seed: 4, hidden: [16] });
    await cp(join(folder, "narrow-seed2"), join(folder, "copy"), { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("are one configuration, by ascending seed, if they differ only in the seed and the number of episodes", async () => {
    const [only, ...others] = await readEvidence(at("narrow-seed2", "narrow-seed10", "narrow-seed1"));
    expect(others).toEqual([]);
    expect(only.label).toBe("narrow");
    expect(only.runs.map(({ seed }) => seed)).toEqual([1, 2, 10]);
    expect(only.runs.map(({ accuracy }) => accuracy.length)).toEqual([1, 2, 2]);
    expect(only.config).toEqual({ ...config, seed: 2 });
    const { images, metrics, rule } = await readRun(join(folder, "narrow-seed10"));
    expect(only.images).toBe(images);
    expect(only.runs[2]).toMatchObject({
      accuracy: metrics.map(({ accuracy }) => accuracy),
      loss: metrics.map(({ loss }) => loss),
      whole: rule,
    });
  });

  it("are different configurations if anything else differs, including the images", async () => {
    const given = at("narrow-seed2", "wide-seed1", "other-images-seed2", "narrow-seed1");
    const evidence = await readEvidence(given);
    expect(evidence.map(({ label }) => label)).toEqual(["narrow", "wide", "other-images"]);
    expect(evidence.map(({ runs }) => runs.map(({ seed }) => seed))).toEqual([[1, 2], [1], [2]]);
    expect(evidence[1].config.hidden).toEqual([14]);
    expect(evidence[2].images).not.toBe(evidence[0].images);
    expect(evidence[1].images).toBe(evidence[0].images);
  });

  it("are named after the folders, after the preset if those differ, and get a number if names are equal", async () => {
    expect(await labels("odd")).toEqual(["odd"]);
    expect(await labels("odd", "narrow-seed2")).toEqual([config.preset]);
    expect(await labels("from-seed7-on-seed4")).toEqual(["from-seed7-on"]); // only the end tells the seed
    expect(await labels("narrow-seed2", "deep/narrow-seed1", "wide-seed1", "deeper/narrow-seed1")).toEqual([
      ...["narrow", "narrow (2)", "wide", "narrow (3)"],
    ]);
  });

  it("count once, however often and by whatever path they are given", async () => {
    const [path] = at("narrow-seed2");
    const evidence = await readEvidence([path, `${path}/`, relative(process.cwd(), path), path]);
    expect(evidence.map(({ runs }) => runs.length)).toEqual([1]);
    expect(await readEvidence([])).toEqual([]);
  });

  it("are refused if two hold the same run, or if one holds no episode", async () => {
    const [copy] = at("copy");
    const same = readEvidence(at("narrow-seed2", "copy"));
    await expect(same).rejects.toThrow(InputError);
    await expect(same).rejects.toThrow(`${copy} is the same run as another of the folders`);
    const [empty] = at("empty");
    await createRun(empty, config, small, newLearner(config, tinySizes));
    await expect(readEvidence([empty])).rejects.toThrow(`${empty} has no finished episode yet`);
    await expect(readEvidence([empty])).rejects.toThrow(InputError);
    await expect(readEvidence(at("nowhere"))).rejects.toThrow("is not a run");
  });
});
