import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, it } from "vitest";

it("npm run laws prints a line per op, with an error for each order and mode", () => {
  const root = resolve(import.meta.dirname, "../..");
  const args = ["--import", "tsx", "test/laws/main.ts", "tanh", "greater"];
  const lines = execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" }).trim().split("\n");
  expect(lines).toHaveLength(4);
  expect(lines[0].split(/\s{2,}/)).toEqual([
    "op",
    "value",
    "1 reverse",
    "1 forward",
    "2 rev/rev",
    "2 fwd/rev",
    "2 rev/fwd",
  ]);
  expect(lines[2]).toMatch(/^tanh( +\d\.\de-\d+){6}$/);
  expect(lines[3]).toMatch(/^greater +no derivative passes$/);
});
