// Every TypeScript block of the README and the guides runs as it stands, in a folder where the built package is installed.
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { transformSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const guides = readdirSync(join(root, "docs/guides")).map((name) => `docs/guides/${name}`);
const blocks = ["README.md", ...guides].flatMap((page) =>
  [...readFileSync(join(root, page), "utf8").matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code),
);

describe("the code of the README and the guides", () => {
  let folder: string;

  beforeAll(() => {
    if (!existsSync(join(root, "dist/index.js"))) throw new Error("dist is missing: run `npm run build` first");
    folder = mkdtempSync(join(tmpdir(), "synaptape-readme-"));
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(root, join(folder, "node_modules/synaptape"), "dir");
    symlinkSync(join(root, "node_modules/fast-check"), join(folder, "node_modules/fast-check"), "dir");
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("is there", () => expect(blocks.length).toBeGreaterThanOrEqual(2));

  it("type-checks, with the declarations that are published", () => {
    const files = blocks.map((code, i) => {
      const file = join(folder, `typed-${i + 1}.mts`);
      writeFileSync(file, code);
      return file;
    });
    const lib = ["--lib", "es2023,esnext.disposable,dom", "--target", "es2022", "--module", "nodenext"];
    const tsc = [join(root, "node_modules/typescript/bin/tsc"), "--noEmit", "--strict", "--ignoreConfig", ...lib];
    const { stdout } = spawnSync(process.execPath, [...tsc, ...files], { cwd: folder, encoding: "utf8" });
    expect(stdout.trim()).toBe("");
  });

  it.each(blocks.map((code, i) => [i + 1, code] as const))("block %i runs and prints", (i, code) => {
    const file = join(folder, `block-${i}.mjs`);
    writeFileSync(file, transformSync(code, { loader: "ts", format: "esm" }).code);
    const printed = execFileSync(process.execPath, [file], { cwd: folder, encoding: "utf8" });
    expect(printed.trim()).not.toBe("");
    expect(printed).not.toMatch(/NaN|undefined|Infinity/);
  });
});
