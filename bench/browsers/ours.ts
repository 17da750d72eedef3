// Our side in a page: the workloads of this thread, and a meta-batch in one thread and in web workers.
import { glyphs } from "../../src/data/index.js";
import { defaultTrainConfig, train } from "../../src/meta/index.js";
import works from "../workloads.js";
import { publish } from "./side.js";

/** Meta-steps of a training; the first ones, in which every thread compiles, do not count. */
const STEPS = 14;
const WARM_UP = 5;

/** Milliseconds of a meta-batch of two episodes at full size, shared out among so many threads: the best of a run. */
async function metaBatch(workers: number): Promise<number> {
  const ends: number[] = [];
  await train(
    glyphs(),
    { ...defaultTrainConfig("rcn"), metaBatch: 2, episodes: 2 * STEPS },
    { workers, workerEntry: "/ours/src/meta/episode-worker.js", onEpisode: () => ends.push(performance.now()) },
  );
  const steps = ends.filter((_, i) => i % 2 === 1);
  return Math.min(...steps.slice(WARM_UP).map((end, i) => end - steps[WARM_UP + i - 1]));
}

publish(works);
Object.assign(globalThis, { metaBatch });
