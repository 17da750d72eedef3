// Spiking networks: a layer of leaky neurons through 500 steps against eager PyTorch on one thread, in turn, and a second of a
// grid of 100 by 100 cells against the time that it stands for. The layer's two products stand beside it, since they decide
// what a wide layer costs.
import { Contender, ours, PYTHON, race, torchIn } from "./contender.js";
import { type Bench, figure } from "./harness.js";

const ROUNDS = 8;
const UNITS: readonly number[] = [64, 512];
/** What is raced: its name on the page, our workload, and what their script is told. */
const PARTS: readonly [name: string, work: string, only: readonly string[]][] = [
  ["lif, 500 steps", "lif", []],
  ["lif, inputs are spikes", "lif-spikes", ["spikes"]],
  ["its products alone", "lif-products", ["products"]],
];
const SIDE = 100;
/** What the grid stands for, in milliseconds. */
const SECOND = 1000;
const MEGA = 1 << 20;

export const spikingBench: Bench = async function* () {
  const grid = (await race([ours("grid", SIDE)], ROUNDS)).get("synaptape");
  if (grid) {
    const row = { bench: "spiking", work: "grid, 1 s", size: SIDE * SIDE, ours: figure(grid.ms), theirs: SECOND };
    yield { ...row, ratio: figure(SECOND / grid.ms), "our MB": figure(grid.bytes / MEGA), "their MB": "-" };
  }
  if (!torchIn()) return;
  for (const [name, work, only] of PARTS) {
    for (const units of UNITS) {
      const peer = new Contender("PyTorch", PYTHON, ["bench/peers/torch_spiking.py", String(units), ...only]);
      const best = await race([ours(work, units), peer], ROUNDS);
      const [mine, theirs] = [best.get("synaptape"), best.get("PyTorch")];
      if (!mine || !theirs) continue;
      yield {
        ...{ bench: "spiking", work: name, size: units, ours: figure(mine.ms), theirs: figure(theirs.ms) },
        ...{ ratio: figure(theirs.ms / mine.ms), "our MB": figure(mine.bytes / MEGA) },
        "their MB": figure(theirs.bytes / MEGA),
      };
    }
  }
};
