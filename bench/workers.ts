// Episodes per second of a meta-batch of two at full size, in this thread and in two.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { glyphs } from "../src/data/index.js";
import { defaultTrainConfig, train } from "../src/meta/index.js";
import { type Bench, figure } from "./harness.js";

/**
 * The first episodes include compilation. Each thread compiles separately, so two threads need twice as many of these
 * episodes.
 */
const WARM_UP = 30;
const EPISODES = 60;
const ROUNDS = 4;

/** Episodes per second once the threads are warm. */
async function speed(workers: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "synaptape-bench-"));
  const ends: number[] = [];
  try {
    await train(
      glyphs(),
      { ...defaultTrainConfig("rcn"), metaBatch: 2, episodes: EPISODES },
      {
        out: join(folder, "run"),
        workers,
        workerEntry: resolve("build/bench/src/meta/episode-worker.js"),
        onEpisode: () => ends.push(performance.now()),
      },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return (1000 * (EPISODES - WARM_UP)) / (ends[EPISODES - 1] - ends[WARM_UP - 1]);
}

export const workersBench: Bench = async function* () {
  const best = [0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    for (const i of [0, 1]) best[i] = Math.max(best[i], await speed(i + 1));
  }
  for (const i of [0, 1]) {
    yield { bench: "workers", workers: i + 1, episodesPerSecond: figure(best[i]), speedup: figure(best[i] / best[0]) };
  }
};
