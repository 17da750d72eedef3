// The thread that lives episodes, in Node and in a browser. An entry point of the build of its own; see `workers.ts`.
import { configure } from "../core/index.js";
import { inNode } from "./environment.js";
import {
  type EpisodeJob,
  type EpisodeSetup,
  failureOf,
  liveEpisode,
  type Reply,
  type WorkerData,
} from "./episode-job.js";

type Post = (reply: Reply, transfer: ArrayBuffer[]) => void;

let setup: EpisodeSetup | undefined;

/** Begins with the first message, which is the run's; each one after it is an episode to live. */
function receive(message: WorkerData | EpisodeJob, post: Post): void {
  if (!setup) {
    const { memory, ...rest } = message as WorkerData;
    configure(memory);
    setup = rest;
    return;
  }
  try {
    const result = liveEpisode(setup, message as EpisodeJob);
    const buffers = result.grad.map(({ buffer }) => buffer as ArrayBuffer);
    post({ result }, buffers);
  } catch (error) {
    post({ failure: failureOf(error) }, []);
  }
}

if (inNode) {
  // A port of Node keeps its messages until someone listens. A browser's does not: there nothing may be waited for.
  void import("node:worker_threads").then(({ parentPort }) => {
    parentPort?.on("message", (message) =>
      receive(message, (reply, transfer) => parentPort.postMessage(reply, transfer)),
    );
  });
} else {
  self.onmessage = ({ data }) => receive(data, (reply, transfer) => self.postMessage(reply, { transfer }));
}
