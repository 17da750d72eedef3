// The programs of the pages, and what they print. `tsx docs/programs.ts` runs every program that is followed by what it
// prints (a block of ```text) and writes that anew; test/examples/readme.test.ts holds that it is so.
import { execFileSync } from "node:child_process";
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
import { pathToFileURL } from "node:url";
import { transformSync } from "esbuild";

const root = resolve(import.meta.dirname, "..");

/** A block of TypeScript in a page. */
export interface Program {
  readonly page: string;
  /** Where it stands among the programs of its page, from 1. */
  readonly number: number;
  readonly code: string;
  /** What stands right below it as its output, if anything does. */
  readonly printed: string | undefined;
}

const BLOCK = /```ts\n([\s\S]*?)```(?:\n+```text\n([\s\S]*?)```)?/g;

/** The pages that hold programs, from the root of the repository. */
export function pagesWithPrograms(): string[] {
  const folders = ["docs/learn", "docs/guides", "docs/reference"].filter((folder) => existsSync(join(root, folder)));
  const pages = folders.flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`));
  return ["README.md", "docs/index.md", ...pages].filter((page) => page.endsWith(".md"));
}

export function programsOf(page: string): Program[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(BLOCK)].map(([, code, printed], i) => ({ page, number: i + 1, code, printed }));
}

/** A folder in which programs find the built package, as if it were installed there; `close` removes it. */
export function openFolder(): { readonly path: string; run(code: string): string; close(): void } {
  if (!existsSync(join(root, "dist/index.js"))) throw new Error("dist is missing: run `npm run build` first");
  const path = mkdtempSync(join(tmpdir(), "synaptape-programs-"));
  mkdirSync(join(path, "node_modules/@types"), { recursive: true });
  symlinkSync(root, join(path, "node_modules/synaptape"), "dir");
  for (const name of ["fast-check", "@types/node"]) {
    symlinkSync(join(root, "node_modules", name), join(path, "node_modules", name), "dir");
  }
  let programs = 0;
  return {
    path,
    run(code) {
      const file = join(path, `program-${++programs}.mjs`);
      writeFileSync(file, transformSync(code, { loader: "ts", format: "esm" }).code);
      return execFileSync(process.execPath, [file], { cwd: path, encoding: "utf8" });
    },
    close: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** Writes into every page what its programs print, where it shows that. */
function writeOutputs(only: readonly string[]): void {
  const folder = openFolder();
  try {
    for (const page of pagesWithPrograms().filter((name) => only.length === 0 || only.includes(name))) {
      const text = readFileSync(join(root, page), "utf8");
      const filled = text.replace(BLOCK, (block, code: string, printed?: string) => {
        if (printed === undefined) return block;
        const began = performance.now();
        const now = folder.run(code);
        console.log(`${page}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
        return `${block.slice(0, block.lastIndexOf("```text"))}\`\`\`text\n${now}\`\`\``;
      });
      if (filled !== text) writeFileSync(join(root, page), filled);
    }
  } finally {
    folder.close();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) writeOutputs(process.argv.slice(2));
