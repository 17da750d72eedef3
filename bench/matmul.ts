// Square matrix products, one thread.
import { type Bench, figure, time } from "./harness.js";
import { matmulWork } from "./workloads.js";

export const matmulBench: Bench = function* () {
  for (const n of [16, 32, 64, 128, 256, 512, 1024]) {
    const { best, median } = time("matmul", matmulWork(n), 1);
    const gigaflops = figure((2 * n ** 3) / best / 1e6);
    yield { bench: "matmul", n, best: figure(best), median: figure(median), gigaflops };
  }
};
