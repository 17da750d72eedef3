import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { noImages } from "../../src/data/index.js";
import { withTask } from "../../src/meta/config.js";
import { dataAt, refOf } from "../../src/meta/data-config.js";
import { configOfCell, defaultTrainConfig, readRun, train, trainCell, trainKind } from "../../src/meta/index.js";
import { cellName, dataRef, here, memoryStore, openStore, runCells } from "../../src/runs/index.js";
import { inTemporary, small, tiny } from "./fixtures.js";

const data = await dataRef(small, "glyphs", "5");
const cell = trainCell(tiny, data, 3);

describe("a run as a cell", () => {
  it("has the rule, the episodes and the measures of the run", async () => {
    const reports: { accuracy: number; loss: number }[] = [];
    const diagnoses: unknown[] = [];
    const { ruleHash, rule } = await train(small, tiny, {
      workers: 1,
      diagnostics: 3,
      onEpisode: (report) => reports.push(report),
      onDiagnosis: (diagnosis) => diagnoses.push(JSON.parse(JSON.stringify(diagnosis))),
    });
    const { results, failures } = await runCells([cell], { store: memoryStore(), executor: here([trainKind]) });
    expect(failures).toEqual([]);
    expect(results[0].row).toMatchObject({
      ruleHash,
      accuracy: reports.map(({ accuracy }) => accuracy),
      loss: reports.map(({ loss }) => loss),
      measured: diagnoses,
    });
    expect(diagnoses).toHaveLength(2);
    expect((results[0].row as { rule: typeof rule }).rule.P[0].data).toEqual(Array.from(rule.P[0].data));
  });

  it("is named by everything that its bits depend on", async () => {
    const name = await cellName(cell);
    const checkpoint = { every: 2 };
    expect(await cellName(trainCell({ ...tiny, preset: "mine", checkpoint }, { ...data, source: "x" }, 3))).toBe(name);
    for (const other of [{ seed: 6 }, { episodes: 7 }, { learningRate: 0.1 }, { clip: "off" } as const]) {
      expect(await cellName(trainCell({ ...tiny, ...other }, data, 3))).not.toBe(name);
    }
    expect(configOfCell(cell)).toEqual({ ...tiny, preset: "cell", data: dataAt("glyphs", "5") });
    const read = dataAt("pictures", "train", { size: [8, 9], colour: "grey" });
    expect(configOfCell(trainCell({ ...tiny, data: read }, refOf(read, "0"), 3)).data).toEqual(read);
  });

  it("stopped after any episode continues to the same row, in a folder that is an ordinary run", async () => {
    const whole = await runCells([cell], { store: memoryStore(), executor: here([trainKind]) });
    for (let stopAt = 1; stopAt < tiny.episodes; stopAt += 2) {
      await inTemporary(async (folder) => {
        const store = await openStore(folder);
        const ended = new AbortController();
        const stopped = await runCells([cell], {
          ...{ store, executor: here([trainKind]), signal: ended.signal },
          onProgress: ({ note }) => note?.startsWith(`episode ${stopAt} `) && ended.abort(),
        });
        expect(stopped).toMatchObject({ results: [], failures: [], stopped: true });
        const [name] = await readdir(join(folder, "cells"));
        expect(name).toBe(await cellName(cell));
        expect((await readRun(join(folder, "cells", name))).metrics).toHaveLength(stopAt);
        const { results } = await runCells([cell], { store, executor: here([trainKind]) });
        expect(results[0].row).toEqual(whole.results[0].row);
        expect(await readdir(join(folder, "cells"))).toEqual([]);
      });
    }
  });

  it("need not use images", async () => {
    const config = {
      ...withTask(defaultTrainConfig("fa"), "sinusoid"),
      hidden: [4],
      shots: 3,
      queries: 2,
      episodes: 2,
    };
    const { results } = await runCells([trainCell(config)], { store: memoryStore(), executor: here([trainKind]) });
    const { ruleHash } = await train(noImages, config, { workers: 1 });
    expect(results[0].row).toMatchObject({ ruleHash });
  });
});

describe("a run", () => {
  it("has the same checkpoint, byte for byte, however long its episodes took", async () => {
    const bytes = () =>
      inTemporary(async (folder) => {
        await train(small, { ...tiny, episodes: 2 }, { out: folder, workers: 1 });
        return readFile(join(folder, "checkpoint.safetensors"));
      });
    expect(await bytes()).toEqual(await bytes());
  });

  it("on images from a program does not claim that they were the built-in characters", () =>
    inTemporary(async (folder) => {
      const [own, built] = [join(folder, "own"), join(folder, "built")];
      const mine = { ...small, name: "mine", images: small.images.slice() };
      const own1 = await train(mine, tiny, { out: own, workers: 1 });
      expect((await readRun(own)).config.data).toEqual(dataAt("images of a program", "mine"));
      const built1 = await train({ ...small, name: "renamed" }, tiny, { out: built, workers: 1 });
      expect((await readRun(built)).config.data).toEqual(tiny.data);
      expect(own1.ruleHash).toBe(built1.ruleHash);
    }));

  it("whose lifetime can never fit into memory is refused before it has a folder", () =>
    inTemporary(async (folder) => {
      const hidden = [60_000, 60_000];
      const linear = { ...tiny, hidden, plasticity: defaultTrainConfig("bio").plasticity };
      const chemical = { ...linear, plasticity: { ...tiny.plasticity, chemicals: 2 } };
      for (const [config, least, cure] of [
        [linear, "27.2", "`hidden`, `shots` or `queries` smaller"],
        [chemical, "54.4", "`hidden`, `chemicals`, `shots` or `queries` smaller"],
      ] as const) {
        await expect(train(small, config, { out: join(folder, "run"), workers: 1 })).rejects.toThrow(
          `[train] a lifetime of layers of 784, 60000, 60000, 47 units needs at least ${least} GiB, but the memory has at ` +
            `most 4.00 GiB. Make ${cure}.`,
        );
      }
      expect(await readdir(folder)).toEqual([]);
    }));

  it.each([
    ["a digit", (text: string) => text.replace(/"loss":(\d)/, (_, digit) => `"loss":${(Number(digit) + 4) % 10}`)],
    ["accuracy 1e300", (text: string) => text.replace(/"accuracy":[\d.]+/, '"accuracy":1e300')],
    ["accuracy -5", (text: string) => text.replace(/"accuracy":[\d.]+/, '"accuracy":-5')],
  ])("whose metrics were changed on the disk is refused: %s", (_, change) =>
    inTemporary(async (folder) => {
      await train(small, { ...tiny, episodes: 2 }, { out: folder, workers: 1, diagnostics: 1 });
      for (const [name, damage] of [
        ["metrics.jsonl", change],
        ["diagnostics.jsonl", (text: string) => text.replace(/"leak":\[\d/, '"leak":[8')],
        ["diagnostics.jsonl", (text: string) => text.replace(/"weights"/, '"weight"')],
      ] as const) {
        const file = join(folder, name);
        const whole = await readFile(file, "utf8");
        expect(damage(whole)).not.toBe(whole);
        await writeFile(file, damage(whole));
        await expect(readRun(folder)).rejects.toThrow(`${file} is damaged`);
        await writeFile(file, whole);
      }
      await readRun(folder);
    }),
  );
});
