// Where vmap and compile pay: the small inner loop of one size of network after the other, as it is, compiled, and for many
// seeds at once, drawn in bench/sizes.svg.
import { writeFileSync } from "node:fs";
import { compile, Key, random, scope, type Tensor, valueAndGrad, vmap } from "../src/index.js";
import { type Bench, figure, timeInTurn } from "./harness.js";
import { plotCurves } from "./plot.js";
import { smallLoop } from "./workloads.js";

const WIDTHS = [4, 8, 16, 32, 64, 128];
const SEEDS = 32;

export const sizesBench: Bench = function* () {
  const points: { width: number; compile: number; vmap: number; both: number }[] = [];
  for (const width of WIDTHS) {
    const { from, rule } = smallLoop(width);
    const differentiate = valueAndGrad(from);
    const starts = random.normal(Key.of(1), [SEEDS, width, width], { std: 0.1 });
    const seeds: Tensor[] = Array.from({ length: SEEDS }, (_, i) =>
      random.normal(Key.of(i), [width, width], { std: 0.1 }),
    );
    const mapped = vmap(differentiate, { axes: [null, 0] });
    using compiled = compile(differentiate);
    using compiledMap = compile(mapped);
    const each = (run: typeof differentiate) => () => {
      for (const start of seeds) scope(() => void run(rule, start));
    };
    const sides = [
      each(differentiate),
      each(compiled),
      () => scope(() => void mapped(rule, starts)),
      () => scope(() => void compiledMap(rule, starts)),
    ];
    const [eager, fast, together, both] = timeInTurn(sides, width > 32 ? 5 : 15).map(({ best }) => best / SEEDS);
    const times = { compile: figure(eager / fast), vmap: figure(eager / together), both: figure(eager / both) };
    points.push({ width, ...times });
    yield { bench: "sizes", width, eager: figure(eager), ...times };
  }
  const curves = (["compile", "vmap", "both"] as const).map((label) => ({
    label,
    points: points.map((point) => [point.width, point[label]] as const),
  }));
  writeFileSync(
    "bench/sizes.svg",
    plotCurves(curves, "width of the network", "times as fast as one call after the other"),
  );
};
