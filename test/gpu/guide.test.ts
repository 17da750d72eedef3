// The guide's code for a GPU runs as it stands; test/examples/readme.test.ts has the rest.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { openHere } from "./here.js";

const root = resolve(import.meta.dirname, "../..");
const gpu = await openHere();
await gpu?.close();

describe.skipIf(!gpu)("the guide's code for a GPU", () => {
  it("runs, and learns something", () => {
    const blocks = [...readFileSync(join(root, "docs/guides/gpu.md"), "utf8").matchAll(/```js\n([\s\S]*?)```/g)];
    const code = blocks.map(([, code]) => code).find((code) => code.includes("synaptape/gpu"));
    const folder = mkdtempSync(join(tmpdir(), "synaptape-readme-gpu-"));
    try {
      mkdirSync(join(folder, "node_modules"));
      symlinkSync(root, join(folder, "node_modules/synaptape"), "dir");
      symlinkSync(join(root, "node_modules/webgpu"), join(folder, "node_modules/webgpu"), "dir");
      writeFileSync(join(folder, "block.mjs"), code ?? "");
      const printed = execFileSync(process.execPath, ["block.mjs"], { cwd: folder, encoding: "utf8", stdio: "pipe" });
      expect(printed).toMatch(/^webgpu ./);
      expect(printed).not.toMatch(/NaN|undefined|Infinity/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
