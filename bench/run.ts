// npm run bench [name] [-- --json]: prints the rows of one benchmark, or of all.
import type { Bench } from "./harness.js";
import { lifetimeBench } from "./lifetime.js";
import { matmulBench } from "./matmul.js";
import { smallLoopBench } from "./small-loop.js";

const benches: Record<string, Bench> = {
  lifetime: lifetimeBench,
  matmul: matmulBench,
  "small-loop": smallLoopBench,
};

const words = process.argv.slice(2);
const json = words.includes("--json");
const names = words.filter((word) => word !== "--json");
const unknown = names.find((name) => !Object.hasOwn(benches, name));
if (unknown !== undefined) {
  console.error(`bench: there is no "${unknown}"; there are ${Object.keys(benches).join(", ")}.`);
  process.exit(2);
}
for (const name of names.length > 0 ? names : Object.keys(benches)) {
  for (const row of benches[name]()) {
    if (json) console.log(JSON.stringify(row));
    else {
      const { bench, ...figures } = row;
      console.log(
        bench.padEnd(12),
        Object.entries(figures)
          .map(([key, value]) => `${key} ${value}`)
          .join("   "),
      );
    }
  }
}
