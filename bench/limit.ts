// Against C++ with vectors of 128 bits and no FMA, which is all that WebAssembly's SIMD has: a whole lifetime of ours
// against only the fused steps in C++, and the product of matrices with the same tile.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Contender, ours, race } from "./contender.js";
import { type Bench, figure } from "./harness.js";

const WORKS = { lifetime: { sizes: [1, 2, 5], unit: "chemicals" }, matmul: { sizes: [128, 256, 512], unit: "n" } };
const ROUNDS = 8;

export const limitBench: Bench = async function* () {
  if (process.arch !== "x64" || spawnSync("g++", ["--version"]).status !== 0) {
    console.error("bench: limit is skipped, since it needs g++ and an x64 processor.");
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "synaptape-limit-"));
  try {
    const program = join(folder, "limit");
    execFileSync("g++", ["-std=c++17", "-O3", "-mavx", "-mno-fma", "bench/limit/limit.cc", "-o", program]);
    for (const [work, { sizes, unit }] of Object.entries(WORKS)) {
      for (const size of sizes) {
        const native = new Contender("C++", program, [work, String(size)]);
        const best = await race([ours(work, size), native], ROUNDS);
        const [mine, limit] = [best.get("synaptape"), best.get("C++")];
        if (!mine || !limit) continue;
        yield {
          bench: "limit",
          work,
          [unit]: size,
          ours: figure(mine.ms),
          native: figure(limit.ms),
          ratio: figure(mine.ms / limit.ms),
        };
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
};
