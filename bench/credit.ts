// Credit by local means, on the same work as eager PyTorch on one thread, in turn. Beside it the share of a product of
// matrices: where products dominate, no more may be lost than our product is slower.
import { Contender, ours, PYTHON, race, torchIn } from "./contender.js";
import { type Bench, figure } from "./harness.js";

const ROUNDS = 15;

const WIDTHS: readonly number[] = [16, 32, 64, 512];

/** What both sides do: the workload and its number. */
const events: readonly (readonly [work: string, size: number])[] = [
  ...WIDTHS.map((width) => ["zil", width] as const),
  ...WIDTHS.map((width) => ["ep", width] as const),
  ...WIDTHS.slice(0, 3).map((width) => ["rtrl", width] as const),
  ["matmul", 64],
  ["matmul", 512],
];

export const creditBench: Bench = async function* () {
  if (!torchIn()) return;
  for (const [work, size] of events) {
    const peer = new Contender("PyTorch", PYTHON, ["bench/peers/torch_credit.py", work, String(size)]);
    const best = await race([ours(work, size), peer], ROUNDS);
    const [mine, theirs] = [best.get("synaptape"), best.get("PyTorch")];
    if (!mine || !theirs) continue;
    yield {
      ...{ bench: "credit", work, width: size },
      ...{ ours: figure(mine.ms), theirs: figure(theirs.ms), ratio: figure(theirs.ms / mine.ms) },
    };
  }
};
