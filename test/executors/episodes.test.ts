// Meta-batches whose episodes are computed elsewhere: the same rule as on one thread.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { glyphs, noImages } from "../../src/data/index.js";
import "../../src/float64/index.js";
import { defaultTrainConfig, episodeKind, resume, type TrainConfig, train } from "../../src/meta/index.js";
import { withTask } from "../../src/meta/internal.js";
import { type CellKind, canonical, type Executor, here } from "../../src/runs/index.js";
import { commandLine, objects, TINY } from "../cli/fixtures.js";
import { endAll, worker } from "./fleet.js";
import { hasRedis, redisServer, type Server } from "./servers.js";

const line = commandLine();
const { folder, run, start, refusal } = line;
const images = glyphs({ perClass: 6 });
const small = { hidden: [8], ways: 3, shots: 2, queries: 2, episodes: 6, metaBatch: 3 };
const base: TrainConfig = { ...defaultTrainConfig("rcn"), ...small };
const own = { ...images, name: "mine", images: images.images.map((byte) => 255 - byte) };

/** Gives every cell twice and compares; answers come in the reverse of the order in which they were asked for. */
function perverse(data = [images]): Executor {
  const inner = here([episodeKind as CellKind], { data });
  let asked = 0;
  return {
    ...inner,
    lanes: 8,
    async submit(cell, how) {
      const late = 15 - 5 * (asked++ % 4);
      const travelled = JSON.parse(canonical(cell));
      const row = await inner.submit(travelled, how);
      expect(canonical(await inner.submit(travelled, how))).toBe(canonical(row));
      await new Promise((done) => setTimeout(done, late));
      return JSON.parse(canonical(row));
    },
  };
}

describe("episodes as cells", () => {
  const cases: [string, TrainConfig, typeof images][] = [
    ["of the built-in characters", base, images],
    ["of images of a program", base, own],
    ["in float64", { ...base, dtype: "float64" }, images],
    ["of a Hebbian rule with a step of one episode", { ...base, ...small, metaBatch: 1, clip: "off" }, images],
    ["of a regression", { ...withTask(base, "two-timescale"), metaBatch: 2 }, noImages],
  ];
  it.each(cases)("%s give the run of one thread", async (_, config, dataset) => {
    const [threads, cells] = [[], []] as { loss: number; accuracy: number }[][];
    const alone = await train(dataset, config, { workers: 1, onEpisode: (e) => void threads.push(e) });
    const executor = perverse([dataset]);
    const elsewhere = await train(dataset, config, { workers: 1, executor, onEpisode: (e) => void cells.push(e) });
    expect(elsewhere.ruleHash).toBe(alone.ruleHash);
    const scores = (all: typeof cells) => all.map(({ loss, accuracy }) => [loss, accuracy]);
    expect(scores(cells)).toEqual(scores(threads));
  });

  it("an episode that diverges is left out, or ends the run, as on one thread", async () => {
    const wild: TrainConfig = { ...base, learningRate: 1e30, episodes: 12 };
    const outcome = async (config: TrainConfig, options: { executor?: Executor }) =>
      train(images, config, { workers: 1, ...options }).then(
        ({ ruleHash, diverged, clipped }) => ({ ruleHash, diverged, clipped }),
        (error: Error) => ({ ...error, name: error.name, message: error.message }),
      );
    for (const clip of [base.clip, "off"] as const) {
      const alone = await outcome({ ...wild, clip }, {});
      expect(await outcome({ ...wild, clip }, { executor: perverse() })).toEqual(alone);
      if (clip === "off") expect(alone).toMatchObject({ name: "DivergedError", episode: expect.any(Number) });
    }
  });

  it("a run that was begun on threads continues on cells, and the other way round", async () => {
    const whole = await train(images, base, { workers: 1 });
    const [first, second] = ["a", "b"].map((name) => join(folder, name));
    const stopAfter = (count: number) => {
      const controller = new AbortController();
      let seen = 0;
      return { signal: controller.signal, onEpisode: () => void (++seen === count && controller.abort()) };
    };
    await train(images, base, { workers: 1, out: first, ...stopAfter(3) });
    expect((await resume(images, { out: first, workers: 1, executor: perverse() })).ruleHash).toBe(whole.ruleHash);
    await train(images, base, { workers: 1, out: second, executor: perverse(), ...stopAfter(3) });
    expect((await resume(images, { out: second, workers: 1 })).ruleHash).toBe(whole.ruleHash);
  });
});

describe.skipIf(!hasRedis)("train on a queue", () => {
  let server: Server;
  beforeAll(async () => {
    server = await redisServer();
  });
  afterAll(() => server?.close());

  const flags = ["train", ...TINY, "--episodes", "12", "--meta-batch", "4", "--json"];

  it("gives the ruleHash of --workers 1 for one and two workers, one of which is killed", async () => {
    const alone = objects((await run(...flags, "--workers", "1", "--out", "alone")).stdout).at(-1);
    const first = await worker(line, server.url, ["--lease", "1"]);
    const one = await run(...flags, "--executor", server.url, "--out", "one");
    expect(one).toMatchObject({ code: 0, stderr: "" });
    expect(objects(one.stdout).at(-1)).toEqual(alone);
    // Other episodes, so that nothing is on the server yet.
    const other = [...flags, "--seed", "5", "--lr", "0.01"];
    const alone5 = objects((await run(...other, "--workers", "1", "--out", "alone5")).stdout).at(-1);
    const second = await worker(line, server.url, ["--lease", "1"]);
    const two = start([...other, "--executor", server.url, "--out", "two"]);
    await two.lines(4);
    second.process.kill("SIGKILL");
    const { code, stdout } = await two.ended;
    expect(code).toBe(0);
    expect(objects(stdout).at(-1)).toEqual(alone5);
    const metrics = (out: string) =>
      readFileSync(join(folder, out, "metrics.jsonl"), "utf8")
        .trimEnd()
        .split("\n")
        .map((json) => ({ ...JSON.parse(json), seconds: 0 }));
    expect(metrics("two")).toEqual(metrics("alone5"));
    await endAll([first]);
  });

  it("a training refuses what cannot compute single episodes", async () => {
    expect(await refusal(2, ...flags, "--executor", "slurm")).toMatch(
      /--executor slurm begins too late to compute single episodes\. Pass threads, redis:.*sweep train\.$/,
    );
    expect(await refusal(2, ...flags, "--executor", "redis://h", "--device", "gpu")).toMatch(
      /--executor redis:\/\/h contradicts --device gpu/,
    );
    expect(await refusal(2, ...flags, "--executor", "redis://h", "--workers", "2")).toMatch(
      /--workers 2 .* contradicts/,
    );
  });
});
