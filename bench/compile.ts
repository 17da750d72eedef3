// The small inner loop as it is and compiled, in turn, so that what else the machine does then falls on both alike.
import { compile, memory, scope } from "../src/index.js";
import { type Bench, bestAndMedian, figure } from "./harness.js";
import { smallLoop } from "./workloads.js";

const ROUNDS = 40;
const CALLS = 10;

export const compileBench: Bench = function* () {
  const { differentiate, rule } = smallLoop();
  const before = memory.stats().compiledBytes;
  using fast = compile(differentiate);
  const sides = [() => scope(() => void differentiate(rule)), () => scope(() => void fast(rule))];
  const traced = milliseconds(sides[1], 1);
  const samples: number[][] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    sides.forEach((side, i) => {
      samples[i].push(milliseconds(side, CALLS));
    });
  }
  const [eager, compiled] = samples.map(bestAndMedian);
  yield {
    bench: "compile",
    steps: 50,
    eager: figure(eager.best),
    compiled: figure(compiled.best),
    eagerMedian: figure(eager.median),
    compiledMedian: figure(compiled.median),
    ratio: figure(eager.best / compiled.best),
    trace: figure(traced),
    planBytes: memory.stats().compiledBytes - before,
  };
};

function milliseconds(run: () => void, calls: number): number {
  const begin = performance.now();
  for (let k = 0; k < calls; k++) run();
  return (performance.now() - begin) / calls;
}
