// One row of the scaling benchmark: what is counted, and how many there are.
import { compile, grad, Key, memory, random, scope, type Tensor } from "../../src/index.js";
import { figure, time } from "../harness.js";
import { lifetimeWork } from "../workloads.js";

/** A lifetime of the study's size, but for what is counted. Nothing is computed twice. */
const life = ({ chemicals = 2, steps = 50, width = 100, episodes = 1 }) =>
  lifetimeWork({ chemicals, steps, episodes, sizes: sizesOf(width), checkpoint: "off" }).total;

const sizesOf = (width: number): number[] => [784, width, width, width, width, 47];
const synapsesOf = (width: number): number =>
  sizesOf(width).reduce((sum, size, i, all) => sum + size * (all[i + 1] ?? 0), 0);

/** A chain of additions of 16 numbers and its gradient, whose cost is that of the ops themselves. */
function chain(count: number): (x: Tensor) => Tensor {
  const small = random.normal(Key.of(1), [16], { std: 0.01 });
  return grad((x: Tensor) =>
    Array.from({ length: count })
      .reduce((sum: Tensor) => sum.mul(small), x)
      .sum(),
  );
}

const x = random.normal(Key.of(0), [16]);
const works: Readonly<Record<string, (count: number) => () => void>> = {
  steps: (steps) => life({ steps }),
  synapses: (width) => life({ width }),
  chemicals: (chemicals) => life({ chemicals }),
  episodes: (episodes) => life({ episodes }),
  ops: (count) => {
    const slope = chain(count);
    return () => scope(() => void slope(x));
  },
  "ops, compiled": (count) => {
    const slope = compile(chain(count));
    return () => scope(() => void slope(x));
  },
};

const [axis, text] = process.argv.slice(2);
const count = Number(text);
const { best, median } = time(axis, works[axis](count), 1);
const { arenaPeak, persistentBytes } = memory.stats();
console.log(
  JSON.stringify({
    ...{ bench: "scaling", axis, count: axis === "synapses" ? synapsesOf(count) : count },
    ...{ ms: figure(best), median: figure(median), kB: figure((arenaPeak + persistentBytes) / 1000) },
  }),
);
