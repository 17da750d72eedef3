// The thread that lives episodes, in Node and in a browser. An entry point of the build of its own; see `workers.ts`.
import { configure } from "../core/index.js";
import { serveJobs } from "../runs/internal.js";
import { type EpisodeJob, type EpisodeSetup, liveEpisode, type TimedResult, type WorkerData } from "./episode-job.js";

let setup: EpisodeSetup;

serveJobs<WorkerData, EpisodeJob>({
  begin({ memory, ...rest }) {
    configure(memory);
    setup = rest;
  },
  run: (job) => liveEpisode(setup, job),
  transfer: ({ grad }: TimedResult) => grad.map(({ buffer }) => buffer as ArrayBuffer),
});
