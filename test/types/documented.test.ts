// Every public name of every entry point has a docstring, read from the built declarations.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { undocumented } from "./documented.js";

const root = resolve(import.meta.dirname, "../..");
const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  exports: Record<string, { types: string }>;
};
const entries = Object.values(exports).map(({ types }) => types.replace("./dist/types/", ""));

describe("docstrings", () => {
  it("explain every public name", () => {
    expect(undocumented(join(root, "dist/types"), entries)).toEqual([]);
  });

  it("are reported if they are missing", () => {
    const folder = mkdtempSync(join(tmpdir(), "synaptape-docs-"));
    try {
      writeFileSync(
        join(folder, "index.d.ts"),
        'export { type A, f, g as h } from "./a.js";\n/** b */\nexport declare const b = 1;\n',
      );
      const lines = [
        "export interface A {",
        "    /** x */",
        "    readonly x: number;",
        "    y(): void;",
        "}",
        "/** f */",
        "export declare function f(): void;",
        "export declare const g: number;",
        "export declare const unseen: number;",
      ];
      writeFileSync(join(folder, "a.d.ts"), lines.join("\n"));
      expect(undocumented(folder, ["index.d.ts"])).toEqual(["a.d.ts: A", "a.d.ts: A.y", "a.d.ts: g"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
