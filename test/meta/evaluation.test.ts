// Trials as cells say what `evaluate` says, task by task, on every kind of task, whatever is not a number included.
import { describe, expect, it } from "vitest";
import { noImages } from "../../src/data/index.js";
import { evaluate, type RunContents, train, trialKind } from "../../src/meta/index.js";
import { evaluationOf, withTask } from "../../src/meta/internal.js";
import { cellName, dataHash, here, memoryStore, openStore, runCells } from "../../src/runs/index.js";
import { inTemporary, small, tiny } from "./fixtures.js";

const contentsOf = async (config: typeof tiny, dataset: typeof small): Promise<RunContents> => {
  const metrics: RunContents["metrics"][number][] = [];
  const { rule } = await train(dataset, config, { workers: 1, onEpisode: (report) => metrics.push(report) });
  return { config, images: await dataHash(dataset), rule, metrics, diagnoses: [], covered: true };
};

const few = { ...tiny, shots: 1, queries: 1, ways: 2, episodes: 2 };

describe("an evaluation as cells", () => {
  it.each([
    ["faithful", few, small, small],
    ["strict", { ...few, protocol: "strict" as const, ways: 1 }, small, small],
    ["continual", withTask(few, "continual"), small, undefined],
    ["regression", { ...withTask(few, "sinusoid"), episodes: 2, shots: 3, queries: 2 }, noImages, undefined],
    ["a rule that explodes", { ...few, learningRate: 10, clip: "off" as const }, small, undefined],
  ])("gives the lines of evaluate: %s", async (_, config, dataset, other) => {
    const contents = await contentsOf(config, dataset).catch(() => contentsOf({ ...config, episodes: 1 }, dataset));
    const options = { tasks: 7, shots: [1, 2], other };
    const lines = await evaluate(dataset, contents.config, contents.rule, options);
    const { cells, over, linesOf } = await evaluationOf(contents, dataset, options);
    const names = await Promise.all(cells.map((cell) => cellName(cell)));
    expect(new Set(names).size).toBe(names.length);
    await inTemporary(async (folder) => {
      const executor = here([trialKind], { data: [dataset] });
      for (const store of [memoryStore(), await openStore(folder), await openStore(folder)]) {
        const { results, failures } = await runCells(cells, { store: over(store), executor });
        expect(failures).toEqual([]);
        expect(results.flatMap(linesOf)).toEqual(lines);
      }
    });
  });

  it("is different for another rule, and for more episodes", async () => {
    const contents = await contentsOf(few, small);
    const first = async (of: RunContents): Promise<string> =>
      cellName((await evaluationOf(of, small, { tasks: 1 })).cells[0]);
    const name = await first(contents);
    expect(await first({ ...contents, config: { ...few, preset: "mine" } })).toBe(name);
    expect(await first({ ...contents, metrics: contents.metrics.slice(1) })).not.toBe(name);
    expect(await first({ ...contents, config: { ...few, learningRate: 0.5 } })).not.toBe(name);
    expect(await first({ ...contents, config: { ...few, seed: 3 } })).not.toBe(name);
  });
});
