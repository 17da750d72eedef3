// The small inner loop as it is and compiled, for networks from a few weights to many: where compiling pays.
import { compile, memory, scope, valueAndGrad } from "../src/index.js";
import { type Bench, figure, timeInTurn } from "./harness.js";
import { smallLoop } from "./workloads.js";

const WIDTHS = [4, 8, 16, 32, 64, 128, 256];

export const compileBench: Bench = function* () {
  for (const width of WIDTHS) {
    const { lifetime, differentiate, rule } = smallLoop(width);
    const before = memory.stats().compiledBytes;
    using fast = compile(differentiate);
    using inner = compile(lifetime);
    const outside = valueAndGrad(inner);
    const begin = performance.now();
    scope(() => void fast(rule));
    const traced = performance.now() - begin;
    const planBytes = memory.stats().compiledBytes - before;
    const sides = [differentiate, fast, outside].map((run) => () => scope(() => void run(rule)));
    const [eager, compiled, around] = timeInTurn(sides, width > 64 ? 8 : 40);
    yield {
      bench: "compile",
      width,
      eager: figure(eager.best),
      compiled: figure(compiled.best),
      ratio: figure(eager.best / compiled.best),
      gradientOfCompiled: figure(around.best),
      eagerMedian: figure(eager.median),
      compiledMedian: figure(compiled.median),
      trace: figure(traced),
      calls: fast.plan().calls,
      planBytes,
    };
  }
};
