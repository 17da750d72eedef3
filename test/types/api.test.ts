// The files of api/ say what the package exports. If this fails, a public name or its type has changed: if that is meant, run
// `npm run build && npm run api`, look at the difference, and say in CHANGELOG.md what it means for users.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { apiFiles, FOLDER } from "./api.js";

const root = resolve(import.meta.dirname, "../..");

describe("the public interface", () => {
  const files = apiFiles();

  it("has a file for each entry, and no other", () => {
    expect(readdirSync(join(root, FOLDER)).sort()).toEqual(Object.keys(files).sort());
  });

  it.each(Object.entries(files))("%s is as it was (npm run api renews it)", (name, text) => {
    expect(text).toBe(readFileSync(join(root, FOLDER, name), "utf8"));
  });
});

describe("a file of the interface", () => {
  /** What is written of an entry with this declaration, beside a file with types of its own. */
  const written = (declaration: string, inner = "export interface Inner {\n    readonly x: number;\n}\n"): string => {
    const folder = mkdtempSync(join(tmpdir(), "synaptape-api-"));
    try {
      writeFileSync(join(folder, "inner.d.ts"), inner);
      writeFileSync(
        join(folder, "index.d.ts"),
        `import { type Inner } from "./inner.js";\n${declaration}\nexport {};\n`,
      );
      return apiFiles(folder, { ".": { types: "./dist/types/index.d.ts" } })["index.txt"];
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  it("has declarations without docstrings, and without what is private", () => {
    const code =
      "/** Says so. */\nexport declare class A {\n    private readonly secret;\n    /** x */\n    x: number;\n}";
    expect(written(code)).toBe("class A {\n  x: number;\n}\n");
  });

  it("changes with a type that has no public name", () => {
    const before = written("export declare function f(x: Inner): void;");
    expect(before).toContain("interface Inner {\n  readonly x: number;\n}");
    expect(written("export declare function f(x: Inner): void;", "export type Inner = string;\n")).not.toBe(before);
  });

  it("shows all overloads, and a new name beside the old one", () => {
    expect(written("declare function f(x: 1): 2;\ndeclare function f(x: 3): 4;\nexport { f as g };")).toBe(
      "// g is\nfunction f(x: 1): 2;\nfunction f(x: 3): 4;\n",
    );
  });
});
