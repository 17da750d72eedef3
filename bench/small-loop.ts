// The small inner loop.
import { type Bench, figure, time } from "./harness.js";
import { smallLoopWork } from "./workloads.js";

export const smallLoopBench: Bench = function* () {
  const { best, median } = time("small loop", smallLoopWork());
  yield { bench: "small-loop", steps: 50, best: figure(best), median: figure(median) };
};
