// The pages about the house name files and folders; they must be there.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const guides = readdirSync(join(root, "docs/guides")).map((name) => `docs/guides/${name}`);
const learn = ["learn", "reference"].flatMap((folder) =>
  readdirSync(join(root, "docs", folder)).map((name) => `docs/${folder}/${name}`),
);
const decisions = readdirSync(join(root, "docs/decisions")).map((name) => `docs/decisions/${name}`);
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "docs/architecture.md",
  "docs/conventions.md",
  "docs/own-studies.md",
  "docs/peer-comparison.md",
  "docs/scale.md",
  "docs/testing.md",
  ...guides,
  ...learn,
  ...decisions,
].filter((page) => existsSync(join(root, page)));
const folders = readdirSync(join(root, "src"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe("the pages", () => {
  it.each(pages)("%s has no dead links", (page) => {
    const targets = [...read(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target]) => target);
    const relative = targets.filter((target) => !/^[a-z]+:/.test(target));
    expect(relative.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([]);
  });

  it.each(["CONTRIBUTING.md", "docs/architecture.md", "docs/testing.md"])("%s names only files that exist", (page) => {
    const roots = ["", "src/"];
    const names = [...read(page).matchAll(/`((?:[\w.-]+\/)+[\w.-]+\.(?:ts|mjs|json|grit|md))`/g)].map(
      ([, name]) => name,
    );
    const made = (name: string): boolean => /(^|\/)(NAME|name|my-|generated)|wasm\.generated/.test(name);
    const there = (name: string): boolean => roots.some((from) => existsSync(join(root, from, name)));
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !made(name) && !there(name))).toEqual([]);
  });

  it("architecture gives every folder of src a floor, from the lowest up", () => {
    const rows = [...read("docs/architecture.md").matchAll(/^\| (\d+) \| (.*?) \|/gm)];
    const floors = rows.map(([, floor]) => Number(floor));
    expect(floors).toEqual([...floors].sort((a, b) => a - b));
    const named = rows.flatMap(([, , names]) => [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name));
    expect(named.sort()).toEqual([...folders].sort());
  });

  it("README leads nowhere that only a clone has: the registry shows it too", () => {
    const targets = [...read("README.md").matchAll(/(?<!!)\[[^\]]*\]\(([^)\s]+)\)/g)].map(([, target]) => target);
    expect(targets.length).toBeGreaterThan(0);
    for (const target of targets) expect(target).toMatch(/^https:/);
  });
});
