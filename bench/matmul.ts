// Square matrix products, one thread.
import { Key, matmul, random, scope } from "../src/index.js";
import { type Bench, figure, time } from "./harness.js";

export const matmulBench: Bench = function* () {
  for (const n of [16, 32, 64, 128, 256, 512, 1024]) {
    const [a, b] = Key.of(n)
      .split()
      .map((key) => random.uniform(key, [n, n]));
    const { best, median } = time("matmul", () => scope(() => void matmul(a, b)), 1);
    const gigaflops = figure((2 * n ** 3) / best / 1e6);
    yield { bench: "matmul", n, best: figure(best), median: figure(median), gigaflops };
  }
};
