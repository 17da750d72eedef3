// npm run bench [name ...] [-- --json]: bundles the benchmarks with the library, as the build does, and runs them in
// plain Node. If they were run from source through tsx, every closure would be slowed down by keeping its name.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "esbuild";

const root = resolve(import.meta.dirname, "..");
const children = readdirSync(resolve(root, "bench/children")).map((file) => `bench/children/${file}`);

await build({
  absWorkingDir: root,
  entryPoints: [
    "bench/main.ts",
    "bench/workloads.ts",
    "src/index.ts",
    "src/meta/episode-worker.ts",
    "src/runs/cell-worker.ts",
    ...children,
  ],
  outdir: "build/bench",
  outbase: ".",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  packages: "external",
  target: "es2022",
  logLevel: "warning",
});
const { status } = spawnSync(process.execPath, ["build/bench/bench/main.js", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
});
process.exit(status ?? 1);
