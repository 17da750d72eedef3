// The rules of the house that `npm run check` holds: floors, doors, circles, numerics and the length of files. Each is
// broken in a small tree of its own, under the settings of this repository, and must be found there.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const settings = JSON.parse(readFileSync(join(root, "biome.json"), "utf8"));
const floors = readFileSync(join(root, ".biome/floors.grit"), "utf8");

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "synaptape-lint-"));
  cpSync(join(root, ".biome"), join(folder, ".biome"), { recursive: true });
  const alone = { ...settings, $schema: undefined, vcs: undefined };
  writeFileSync(join(folder, "biome.json"), JSON.stringify(alone));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the linter finds in these files: rule and file of each finding, each once. */
const findings = (files: Record<string, string>): string[] => {
  rmSync(join(folder, "src"), { recursive: true, force: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
  const { stdout, stderr } = spawnSync(process.execPath, [biome, "lint", "--reporter=json", "src"], {
    cwd: folder,
    encoding: "utf8",
  });
  if (!stdout.startsWith("{")) throw new Error(`biome said: ${stdout}${stderr}`);
  interface Finding {
    readonly category: string;
    readonly severity: string;
    readonly location: { readonly path: string | { readonly file: string } };
  }
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: Finding[] };
  const named = diagnostics
    .filter(({ severity }) => severity === "error" || severity === "fatal")
    .map(({ category, location: { path } }) => `${category} ${typeof path === "string" ? path : path.file}`);
  return [...new Set(named)].sort();
};

/** Two folders as they should be: a floor, and one that stands on it through its door. */
const clean = {
  "src/core/value.ts": "export const value = 1;\nexport interface Value {\n  readonly value: number;\n}\n",
  "src/core/index.ts": 'export { type Value, value } from "./value.js";\n',
  "src/core/internal.ts": 'export { value as inner } from "./value.js";\n',
  "src/autodiff/tape.ts":
    'import { type Value, value } from "../core/index.js";\nexport const tape: Value = { value };\n',
  "src/autodiff/deep/inner.ts": 'import { inner } from "../../core/internal.js";\nexport const twice = 2 * inner;\n',
};

describe("floors", () => {
  it("a tree that obeys them has no findings", () => {
    expect(findings(clean)).toEqual([]);
  });

  it.each([
    ["an import", 'import { tape } from "../autodiff/index.js";\nexport const up = tape;\n'],
    ["an import of a type", 'import type { Tape } from "../autodiff/index.js";\nexport type Up = Tape;\n'],
    ["a type named in place", 'export type Up = import("../autodiff/index.js").Tape;\n'],
    ["a re-export", 'export { tape } from "../autodiff/index.js";\n'],
    ["an import for its effects", 'import "../autodiff/index.js";\n'],
    ["an import on demand", 'export const up = () => import("../autodiff/index.js");\n'],
    ["an import of the command line", 'export { up } from "../cli/main.js";\n'],
  ])("%s of a higher floor is found", (_, text) => {
    expect(findings({ ...clean, "src/core/up.ts": text })).toEqual(["plugin src/core/up.ts"]);
    expect(findings({ ...clean, "src/core/deep/up.ts": text.replaceAll('"../', '"../../') })).toEqual([
      "plugin src/core/deep/up.ts",
    ]);
  });

  it("neighbours on a floor do not import one another", () => {
    const neighbour = { "src/nn/a.ts": 'export { rule } from "../plasticity/index.js";\n' };
    expect(findings({ ...clean, ...neighbour })).toEqual(["plugin src/nn/a.ts"]);
  });

  it("an import that bypasses the index of a lower floor is found", () => {
    const past = { "src/autodiff/past.ts": 'export { value } from "../core/value.js";\n' };
    expect(findings({ ...clean, ...past })).toEqual(["plugin src/autodiff/past.ts"]);
  });

  it("every folder of src is named, and no folder inside one has such a name", () => {
    const folders = readdirSync(join(root, "src"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const known = /\(\?:(core\|[a-z0-9|]+\|cli)\)/.exec(floors)?.[1].split("|") as string[];
    for (const { name } of folders) {
      expect(known).toContain(name);
      for (const inside of readdirSync(join(root, "src", name), { recursive: true, withFileTypes: true })) {
        if (inside.isDirectory()) expect(known).not.toContain(inside.name);
      }
    }
  });
});

describe("circles", () => {
  it("a circle of two files is found in both", () => {
    const circle = {
      "src/core/a.ts": 'import { b } from "./b.js";\nexport const a = () => b;\n',
      "src/core/b.ts": 'import { a } from "./a.js";\nexport const b = () => a;\n',
    };
    const rule = "lint/suspicious/noImportCycles";
    expect(findings({ ...clean, ...circle })).toEqual([`${rule} src/core/a.ts`, `${rule} src/core/b.ts`]);
  });

  it("a circle of three files by types alone is found", () => {
    const circle = {
      "src/core/a.ts": 'import type { B } from "./b.js";\nexport interface A {\n  readonly b?: B;\n}\n',
      "src/core/b.ts": 'import type { C } from "./c.js";\nexport interface B {\n  readonly c?: C;\n}\n',
      "src/core/c.ts": 'import type { A } from "./a.js";\nexport interface C {\n  readonly a?: A;\n}\n',
    };
    const files = ["a", "b", "c"].map((name) => `lint/suspicious/noImportCycles src/core/${name}.ts`);
    expect(findings({ ...clean, ...circle })).toEqual(files);
  });
});

describe("numerics", () => {
  it.each([
    ["a call", "export const f = (x: number) => Math.exp(x);\n"],
    ["a function handed on", "export const f = { forward: Math.tanh };\n"],
    ["a draw", "export const f = Math.random();\n"],
  ])("%s that has other bits on other engines is found", (_, text) => {
    expect(findings({ ...clean, "src/core/odd.ts": text })).toEqual(["plugin src/core/odd.ts"]);
  });

  it.each([
    ["what is exact", "export const f = (x: number) => Math.sqrt(Math.max(x, 0)) + Math.fround(x);\n"],
    ["the reference of a record", "export const f = { reference: (x: number) => Math.exp(x) };\n"],
    ["a function called so", "export function erfReference(x: number) {\n  return Math.exp(x);\n}\n"],
  ])("%s is not", (_, text) => {
    expect(findings({ ...clean, "src/core/even.ts": text })).toEqual([]);
  });
});

describe("length", () => {
  it.each([
    [350, []],
    [351, ["lint/style/noExcessiveLinesPerFile src/core/long.ts"]],
  ])("a file of %i lines", (lines, expected) => {
    const text = Array.from({ length: lines }, (_, i) => `export const v${i} = ${i};\n`).join("");
    expect(findings({ ...clean, "src/core/long.ts": text })).toEqual(expected);
  });

  it("of every source is at most 350 lines, also counting lines that the linter does not count", () => {
    const long = ["src", "test", "bench", "docs", "assembly"].flatMap((name) =>
      readdirSync(join(root, name), { recursive: true, encoding: "utf8" })
        .filter((path) => /\.(m?ts|mjs|py)$/.test(path) && !/\.generated\.|node_modules/.test(path))
        .map((path) => ({
          path: join(name, path),
          lines: readFileSync(join(root, name, path), "utf8").split("\n").length - 1,
        }))
        .filter(({ lines }) => lines > 350),
    );
    expect(long).toEqual([]);
  });
});
