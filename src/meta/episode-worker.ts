// The code of a thread that runs episodes, in Node and in a browser. It is a separate entry point of the build; see
// `workers.ts`.
import { configure } from "../core/index.js";
import { serveJobs } from "../runs/internal.js";
import { type EpisodeJob, type EpisodeSetup, liveEpisode, type TimedResult, type WorkerData } from "./episode-job.js";
import { loadFloat } from "./load-float.js";
import { loadSameParts } from "./own-parts.js";

let setup: EpisodeSetup;

serveJobs<WorkerData, EpisodeJob>({
  async begin({ memory, parts, ...rest }) {
    configure(memory);
    await loadSameParts(parts);
    await loadFloat(rest.config.dtype);
    setup = rest;
  },
  run: (job) => liveEpisode(setup, job),
  transfer: ({ grad }: TimedResult) => grad.map(({ buffer }) => buffer as ArrayBuffer),
});
