// The command line as it is packed, built once for all files of tests in a run, by the first that needs it.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder of the bundle, empty until a test needs it. */
    cliBundle: string;
  }
}

const root = resolve(fileURLToPath(new URL("../..", import.meta.url)));

/** Makes the folder before the tests, inside the repository so that the bundle finds its package.json. */
export function setup(project: TestProject): () => void {
  mkdirSync(join(root, "build"), { recursive: true });
  const folder = mkdtempSync(join(root, "build", "test-cli-"));
  project.provide("cliBundle", folder);
  const clear = (): void => rmSync(folder, { recursive: true, force: true });
  // When sources change while vitest watches, the next test that needs the bundle builds it anew.
  project.onTestsRerun(() => {
    clear();
    mkdirSync(folder);
  });
  return clear;
}

/** Makes a folder; false where another process has made it. */
function claimed(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Builds the command line into this folder, or waits for the process that does. */
export async function built(folder: string): Promise<void> {
  const [ready, busy] = ["ready", "busy"].map((name) => join(folder, name));
  while (!existsSync(ready)) {
    if (!claimed(busy)) {
      await wait(50);
      continue;
    }
    try {
      // It may have become ready just before the claim.
      if (!existsSync(ready)) await bundleInto(folder);
      writeFileSync(ready, "");
    } finally {
      rmSync(busy, { recursive: true }); // where it failed, the next one sees for itself why
    }
  }
}

async function bundleInto(outdir: string): Promise<void> {
  const { build } = await import("esbuild"); // not in runs that need no bundle
  await build({
    absWorkingDir: root,
    entryPoints: {
      "cli/main": "src/cli/main.ts",
      "cli/served": "test/cli/served.ts",
      "meta/episode-worker": "src/meta/episode-worker.ts",
      "studies/study-worker": "src/studies/study-worker.ts",
    },
    outdir,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    external: ["gpu.js", "webgpu", "bullmq", "ioredis", "pg"],
    // commander and cli-progress are CommonJS and call require.
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
    },
    logLevel: "error",
  });
  await build({
    ...{ absWorkingDir: root, entryPoints: ["src/cli/watch-page.ts"], outfile: join(outdir, "cli/watch-page.js") },
    ...{ bundle: true, format: "esm", platform: "browser", target: "es2022", logLevel: "error" },
  });
}
