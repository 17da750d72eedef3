// The thread that lives episodes. An entry point of the build of its own; see `workers.ts`.
import { parentPort, workerData } from "node:worker_threads";
import { configure } from "../core/index.js";
import { type EpisodeJob, failureOf, liveEpisode, type Reply, type WorkerData } from "./episode-job.js";

const { memory, ...setup } = workerData as WorkerData;
configure(memory);

parentPort?.on("message", (job: EpisodeJob) => {
  try {
    const result = liveEpisode(setup, job);
    const buffers = result.grad.map(({ buffer }) => buffer as ArrayBuffer);
    parentPort?.postMessage({ result } satisfies Reply, buffers);
  } catch (error) {
    parentPort?.postMessage({ failure: failureOf(error) } satisfies Reply);
  }
});
