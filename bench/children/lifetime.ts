// One row of the lifetime benchmark: chemicals, steps.
import { memory } from "../../src/index.js";
import { figure, time } from "../harness.js";
import { lifetimeWork } from "../workloads.js";

const [chemicals, steps] = process.argv.slice(2).map(Number);
const work = lifetimeWork({ chemicals, steps });
const total = time("total", work.total);
const forward = time("forward", work.forward);
const { arenaPeak, persistentBytes } = memory.stats();
console.log(
  JSON.stringify({
    bench: "lifetime",
    chemicals,
    steps,
    forward: figure(forward.best),
    backward: figure(total.best - forward.best),
    total: figure(total.best),
    median: figure(total.median),
    peakBytes: arenaPeak + persistentBytes,
    residentBytes: 1024 * process.resourceUsage().maxRSS,
  }),
);
