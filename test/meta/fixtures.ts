// What the tests of src/meta share: a small experiment, a temporary folder, and the built thread.
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { glyphs } from "../../src/data/index.js";
import { defaultTrainConfig, layerSizes, type TrainConfig } from "../../src/meta/index.js";

/** Glyphs with few images. */
export const small = glyphs({ perClass: 5 });

/** An experiment of a few milliseconds an episode. */
export const tiny: TrainConfig = {
  ...defaultTrainConfig("rcn"),
  hidden: [12],
  ways: 2,
  shots: 3,
  queries: 2,
  episodes: 6,
  seed: 5,
};

export const tinySizes = layerSizes(tiny, small);

/** Runs `body` with a fresh temporary folder. */
export async function inTemporary<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "synaptape-meta-"));
  try {
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The folder of this repository. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Bundles a module of this repository for Node, and gives the file's path. */
export async function bundle(entry: string, folder: string): Promise<string> {
  const { build } = await import("esbuild");
  const outfile = join(folder, `${entry.replaceAll(/[^a-z]+/g, "-")}.mjs`);
  await build({
    entryPoints: [join(root, entry)],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    external: ["esbuild"],
    logLevel: "error",
  });
  return outfile;
}

/** Makes the locks in a folder those of a process that was killed: no process has this number. */
export async function bury(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(".lock")) continue;
    const text = await readFile(join(folder, name), "utf8");
    if (text.endsWith("}"))
      await writeFile(join(folder, name), JSON.stringify({ ...JSON.parse(text), pid: 2 ** 22 + 1 }));
  }
}
