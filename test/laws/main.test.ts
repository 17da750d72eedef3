import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, it } from "vitest";

it("npm run laws prints two lines per op, with an error for each type, order and mode, and what vmap gives", () => {
  const root = resolve(import.meta.dirname, "../..");
  const args = ["--import", "tsx", "test/laws/main.ts", "tanh", "greater"];
  const lines = execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" }).trim().split("\n");
  expect(lines).toHaveLength(8);
  expect(lines[0].split(/\s{2,}/)).toEqual([
    ...[
      "op",
      "value",
      "1 reverse",
      "1 forward",
      "2 rev/rev",
      "2 fwd/rev",
      "2 rev/fwd",
      "3 reverse",
      "3 forward",
      "vmap",
    ],
  ]);
  expect(lines[2]).toMatch(/^allowed +float64 +1e-12 +1e-12 +1e-12 +1e-9 +1e-9 +1e-9 +1e-5 +1e-5 +same bits$/);
  expect(lines[3]).toMatch(/^tanh +float32( +\d\.\de[+-]\d+){8} +same$/);
  expect(lines[4]).toMatch(/^tanh +float64( +\d\.\de[+-]\d+){8} +same$/);
  expect(lines[5]).toMatch(/^greater +no derivative passes$/);
  expect(lines[7]).toMatch(/^worst +float64( +\d\.\de[+-]\d+){8}$/);
});
