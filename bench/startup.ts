// From nothing to the first gradient: import of the built library, one tensor, one gradient, each in a new process.
import { execFileSync } from "node:child_process";
import { type Bench, bestAndMedian, figure } from "./harness.js";

const BUILD = "build/bench/dist";

const script = `
  const begin = performance.now();
  const { grad, tensor } = await import("./${BUILD}/index.js");
  grad((x) => x.tanh().sum())(tensor([1, 2, 3])).data();
  console.log(performance.now() - begin);
`;

export const startupBench: Bench = function* () {
  execFileSync(process.execPath, ["src/build.mjs", BUILD], { stdio: "pipe" });
  const run = (): number => Number(execFileSync(process.execPath, ["--input-type=module", "--eval", script]));
  const { best, median } = bestAndMedian(Array.from({ length: 20 }, run));
  yield { bench: "startup", best: figure(best), median: figure(median) };
};
