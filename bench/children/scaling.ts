// One row of the scaling benchmark: chemicals, steps, width of the hidden layers.
import { figure, time } from "../harness.js";
import { lifetimeWork } from "../workloads.js";

const [chemicals, steps, width] = process.argv.slice(2).map(Number);
const sizes = [784, width, width, width, width, 47];
const synapses = sizes.slice(1).reduce((sum, size, i) => sum + size * sizes[i], 0);
const { best, median } = time("scaling", lifetimeWork({ chemicals, steps, sizes, checkpoint: "off" }).total, 1);
console.log(
  JSON.stringify({ bench: "scaling", chemicals, steps, synapses, total: figure(best), median: figure(median) }),
);
