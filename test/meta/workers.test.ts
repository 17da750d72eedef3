import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { InputError } from "../../src/index.js";
import { DivergedError, type TrainConfig, train } from "../../src/meta/index.js";
import { newLearner } from "../../src/meta/learner.js";
import { type EpisodeRunner, episodeThreads, inProcess, inThreads } from "../../src/meta/workers.js";
import { workerEntry } from "../../src/runs/node-thread.js";
import { bundle, inTemporary, small, tiny, tinySizes } from "./fixtures.js";

const setup = { config: tiny, sizes: tinySizes, dataset: small };
const { rule } = newLearner(tiny, tinySizes);

let folder: string;
let entry: URL;
let release: () => void;
beforeAll(async () => {
  await new Promise<void>((resolve, reject) => {
    inTemporary(async (temporary) => {
      folder = temporary;
      entry = pathToFileURL(await bundle("src/meta/episode-worker.ts", temporary));
      resolve();
      await new Promise<void>((done) => {
        release = done;
      });
    }).catch(reject);
  });
});
afterAll(() => release());

/** What a runner gives for these episodes, without the seconds. */
async function resultsOf(
  opened: EpisodeRunner | Promise<EpisodeRunner>,
  indices: number[],
  values = rule,
): Promise<unknown[]> {
  const runner = await opened;
  const results: unknown[] = [];
  try {
    await runner.run(values, indices, ({ seconds: _, ...result }) => results.push(result));
  } finally {
    await runner.close();
  }
  return results;
}

/** A thread that comes down `times` times, by running `crash`, before it works. */
async function crashing(name: string, times: number, crash: string): Promise<URL> {
  const file = join(folder, `${name}.mjs`);
  await writeFile(
    file,
    `import { parentPort } from "node:worker_threads";
     import { appendFileSync, readFileSync } from "node:fs";
     appendFileSync(${JSON.stringify(`${file}.count`)}, "x");
     if (readFileSync(${JSON.stringify(`${file}.count`)}).length <= ${times}) parentPort.once("message", () => { ${crash} });
     else await import(${JSON.stringify(entry.href)});`,
  );
  return pathToFileURL(file);
}

describe("threads", () => {
  it.each([1, 2, 3])("give the same results as one process, in order: %i", async (threads) => {
    const indices = [4, 0, 3, 1, 7];
    const expected = await resultsOf(inProcess(setup), indices);
    expect(expected).toHaveLength(5);
    expect(await resultsOf(inThreads(setup, threads, entry), indices)).toEqual(expected);
  });

  it("are reused for the next batch and the next rule", async () => {
    const runner = await inThreads(setup, 2, entry);
    const other = structuredClone(rule);
    other.P[0].data.fill(0.01);
    const batches: unknown[] = [];
    for (const values of [rule, other, rule]) {
      await runner.run(values, [0, 1], ({ seconds: _, ...result }) => batches.push(result));
    }
    await runner.close();
    expect(batches.slice(4)).toEqual(batches.slice(0, 2));
    expect(batches.slice(2, 4)).toEqual(await resultsOf(inProcess(setup), [0, 1], other));
  });

  it.each([
    ["an error", 'throw new Error("ouch")'],
    ["an exit", "process.exit(3)"],
  ])("that end by %s are replaced, up to three times per episode", async (name, crash) => {
    const expected = await resultsOf(inProcess(setup), [0, 1, 2]);
    const patient = await crashing(`three-${name}`, 3, crash);
    expect(await resultsOf(inThreads(setup, 1, patient), [0, 1, 2])).toEqual(expected);
    const hopeless = await crashing(`always-${name}`, 1000, crash);
    await expect(resultsOf(inThreads(setup, 1, hopeless), [4])).rejects.toThrow(
      /^\[workers\] episode 5 brought its thread down 4 times, the last time because (ouch|it ended with code 3)\. Use/,
    );
  });

  it("pass on the error of the first episode that fails, unchanged", async () => {
    const bad = structuredClone(rule);
    bad.v[0].data.fill(1e25);
    const unguarded = { ...setup, config: { ...tiny, clip: "off" } } as const;
    const alone = await resultsOf(inProcess(unguarded), [2], bad).catch((error: unknown) => error);
    const indices = [2, 3, 4, 5, 6, 7];
    const error = await resultsOf(inThreads(unguarded, 3, entry), indices, bad).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DivergedError);
    expect({ ...(error as DivergedError) }).toEqual({ ...(alone as DivergedError) });
    expect((error as Error).message).toBe((alone as Error).message);
    const poor = { ...setup, config: { ...tiny, shots: 50 } };
    await expect(resultsOf(inThreads(poor, 2, entry), [0])).rejects.toThrow(InputError);
  });

  it("each get a copy of the images if memory cannot be shared", async () => {
    const expected = await resultsOf(inProcess(setup), [0, 1]);
    vi.stubGlobal("SharedArrayBuffer", undefined);
    try {
      expect(await resultsOf(inThreads(setup, 2, entry), [0, 1])).toEqual(expected);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it("say where they looked for their code", () => {
    expect(workerEntry(episodeThreads(entry))).toBe(entry);
    expect(() => workerEntry(episodeThreads("/nowhere/worker.js"))).toThrow(InputError);
    expect(() => workerEntry(episodeThreads("/nowhere/worker.js"))).toThrow(
      "[workers] the threads' code was not found; tried /nowhere/worker.js. " +
        "Give the address of synaptape/dist/meta/episode-worker.js as `workerEntry`, or use one worker.",
    );
  });
});

describe("train", () => {
  const run = (workers: number, change: Partial<TrainConfig> = {}) =>
    inTemporary((out) => train(small, { ...tiny, metaBatch: 2, ...change }, { out, workers, workerEntry: entry }));

  it("has the same bits with any number of workers", async () => {
    const one = await run(1);
    expect(await run(2)).toEqual(one);
    expect(await run(5)).toEqual(one);
    const batch = await run(1, { metaBatch: 5, checkpoint: { every: 2 } });
    expect(await run(3, { metaBatch: 5, checkpoint: "off" })).toEqual(batch);
  });

  it("does not begin a run if its threads cannot start", () =>
    inTemporary(async (out) => {
      const options = { out: join(out, "run"), workers: 2, workerEntry: join(out, "no.js") };
      await expect(train(small, { ...tiny, metaBatch: 2 }, options)).rejects.toThrow("use one worker");
      await expect(train(small, { ...tiny, metaBatch: 1 }, options)).resolves.toMatchObject({ episodes: 6 });
    }));
});
