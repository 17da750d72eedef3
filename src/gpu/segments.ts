// Decides where to cut a program into segments so that its tape fits the GPU, with the same arithmetic as
// autodiff/loop.ts.
import { segmentLength } from "../autodiff/index.js";
import type { Trace, Value } from "./graph.js";

/**
 * What is stored while a gradient is computed. "off": everything. `{ every: k }`: the carry of the loops after every k
 * steps, and the steps in between are run again. `{ bytes: n }`: everything if it fits n bytes, else the longest
 * segments that do. "auto" (the default): the same with 1 GiB. The bits do not depend on it.
 */
export type GpuCheckpoint = "auto" | "off" | { readonly every: number } | { readonly bytes: number };

const AUTO_BYTES = 2 ** 30;

/** The indices in the nodes of `trace` at which segments begin, for this many episodes at once. */
export function cutsOf(trace: Trace, checkpoint: GpuCheckpoint, episodes: number): number[] {
  const { marks } = trace;
  const steps = marks.length - 1;
  if (checkpoint === "off" || steps < 1) return [];
  const length =
    typeof checkpoint === "object" && "every" in checkpoint
      ? checkpoint.every
      : lengthFor(trace, checkpoint === "auto" ? AUTO_BYTES : checkpoint.bytes, episodes);
  if (!(length >= 1)) {
    throw new RangeError(`[gpu] checkpoint every ${length} steps: use a whole number of at least 1.`);
  }
  return marks.filter((_, i) => i < steps && i % length === 0);
}

function lengthFor({ nodes, marks }: Trace, budget: number, episodes: number): number {
  const steps = marks.length - 1;
  const born = new Map<Value, number>();
  const lastUse = new Map<Value, number>();
  nodes.forEach(({ inputs, outputs }, i) => {
    for (const output of outputs) born.set(output, i);
    for (const input of inputs) lastUse.set(input, i);
  });
  const bytes = (values: Iterable<Value>): number => {
    let sum = 0;
    for (const value of values) sum += 4 * value.size * episodes;
    return sum;
  };
  let [stepBytes, carryBytes] = [0, 0];
  for (let i = 0; i < steps; i++) {
    const [from, to] = [marks[i], marks[i + 1]];
    stepBytes = Math.max(stepBytes, bytes(nodes.slice(from, to).flatMap(({ outputs }) => outputs)));
    const crossing = [...born.keys()].filter(
      (value) => born.get(value)! >= marks[0] && born.get(value)! < to && (lastUse.get(value) ?? 0) >= to,
    );
    carryBytes = Math.max(carryBytes, bytes(crossing));
  }
  return segmentLength(steps, stepBytes, carryBytes, budget);
}
