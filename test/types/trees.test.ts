import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

it("trees.ts compiles: valid trees are accepted with their types, invalid ones are refused", () => {
  const source = readFileSync(new URL("./trees.ts", import.meta.url), "utf8");
  expect(source.match(/@ts-expect-error/g)?.length).toBeGreaterThan(14);
  const flags = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--skipLibCheck", "--target", "es2022"];
  const modules = [
    "--module",
    "nodenext",
    "--lib",
    "es2023,esnext.disposable,dom",
    "--types",
    "node",
    "--ignoreConfig",
  ];
  const run = (): string =>
    execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", ...flags, ...modules, "test/types/trees.ts"], {
      cwd: root,
      encoding: "utf8",
    });
  expect(run().trim()).toBe("");
});
