// Programs that run in a process of their own, in which they may make the engine collect.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** What a program, written as if it lay in src, prints, as JSON; it may call `globalThis.gc`. */
export async function run(contents: string): Promise<Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), "synaptape-gc-"));
  try {
    const outfile = join(folder, "program.mjs");
    await build({
      stdin: { contents, resolveDir: fileURLToPath(new URL("../../src", import.meta.url)), loader: "ts" },
      ...{ bundle: true, format: "esm", platform: "node", outfile, logLevel: "silent" },
    });
    return JSON.parse(execFileSync(process.execPath, ["--expose-gc", outfile], { encoding: "utf8" }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
