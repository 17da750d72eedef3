// How long it takes to begin, each time in a new process: the import of the built library with a first tensor and a first
// gradient, and the command line; beside it, the start of the engine itself, which both have in them or before them.
import { execFileSync } from "node:child_process";
import { type Bench, bestAndMedian, figure } from "./harness.js";

const BUILD = "build/bench/dist";

const firstGradient = `
  const begin = performance.now();
  const { grad, tensor } = await import("./${BUILD}/index.js");
  grad((x) => x.tanh().sum())(tensor([1, 2, 3])).data();
  console.log(performance.now() - begin);
`;

const node = (args: readonly string[]): string => execFileSync(process.execPath, args, { encoding: "utf8" });

/** Milliseconds from a process's start to its end. */
function timeOf(args: readonly string[]): number {
  const begin = performance.now();
  node(args);
  return performance.now() - begin;
}

const begins: Readonly<Record<string, () => number>> = {
  "import to first gradient": () => Number(node(["--input-type=module", "--eval", firstGradient])),
  "synaptape --version": () => timeOf([`${BUILD}/cli/main.js`, "--version"]),
  "synaptape --help": () => timeOf([`${BUILD}/cli/main.js`, "--help"]),
  "synaptape train --help": () => timeOf([`${BUILD}/cli/main.js`, "train", "--help"]),
  "node alone": () => timeOf(["--eval", "0"]),
};

export const startupBench: Bench = function* () {
  node(["src/build.mjs", BUILD]);
  const times = Object.keys(begins).map((): number[] => []);
  for (let round = 0; round < 20; round++)
    for (const [i, begin] of Object.values(begins).entries()) times[i].push(begin());
  for (const [i, what] of Object.keys(begins).entries()) {
    const { best, median } = bestAndMedian(times[i]);
    yield { bench: "startup", what, best: figure(best), median: figure(median) };
  }
};
