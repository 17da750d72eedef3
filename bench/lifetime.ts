// One lifetime of the Recurrent Chemical Network at full size, 784-170-130-100-70-47, with its meta-gradient: from rule
// and data to loss and the gradient with respect to P, K, v and b. The work of the scripts of other frameworks: three
// motifs, 50 query images.
//
// Each row runs in a process of its own, so that its peak is its own.
import { execFileSync } from "node:child_process";
import { Key, memory, random, scope, tensor, valueAndGrad, vjp } from "../src/index.js";
import { initialRule, initialStart, lifetime, logitsOf, lossOf, presets, type Rule } from "../src/plasticity/index.js";
import { type Bench, figure, type Row, time } from "./harness.js";

const SIZES = [784, 170, 130, 100, 70, 47];
const QUERIES = 50;

function measure(chemicals: number, steps: number): Row {
  const config = { ...presets.rcn.config, chemicals, motifs: [0, 2, 9], bias: "layer" as const };
  const key = Key.of(0);
  const start = initialStart(key.fold(0), SIZES);
  const rule = initialRule(config, SIZES);
  const labels = (count: number) =>
    tensor(
      Int32Array.from({ length: count }, (_, i) => i % 5),
      { dtype: "int32" },
    );
  const stream = { images: random.uniform(key.fold(1), [steps, SIZES[0]]), labels: labels(steps) };
  const query = { images: random.uniform(key.fold(2), [QUERIES, SIZES[0]]), labels: labels(QUERIES) };
  const loss = (r: Rule) =>
    lossOf(logitsOf(lifetime(config, r, start, stream), query.images, config.beta), query.labels);
  const differentiate = valueAndGrad(loss, { unused: "zero" });

  const total = time("total", () => scope(() => void differentiate(rule)));
  const forward = time("forward", () => scope(() => vjp(loss, rule).pullback.dispose()));
  const { arenaPeak, persistentBytes } = memory.stats();
  return {
    bench: "lifetime",
    chemicals,
    steps,
    forward: figure(forward.best),
    backward: figure(total.best - forward.best),
    total: figure(total.best),
    median: figure(total.median),
    peakBytes: arenaPeak + persistentBytes,
    residentBytes: 1024 * process.resourceUsage().maxRSS,
  };
}

export const lifetimeBench: Bench = function* () {
  for (const steps of [50, 250]) {
    for (const chemicals of [1, 2, 5]) {
      const output = execFileSync(process.execPath, [
        ...process.execArgv,
        import.meta.filename,
        `${chemicals}`,
        `${steps}`,
      ]);
      yield JSON.parse(output.toString());
    }
  }
};

if (process.argv[1] === import.meta.filename) {
  console.log(JSON.stringify(measure(Number(process.argv[2]), Number(process.argv[3]))));
}
