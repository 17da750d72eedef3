// The results page is what the kept runs say: nobody has typed a number into it.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readKept } from "../../bench/science/kept.js";
import { filled, otherParts, sciencePage } from "../../bench/science/page.js";
import { root } from "../meta/fixtures.js";

const at = (name: string): string => readFileSync(join(root, "bench/science", name), "utf8");

describe("bench/science", () => {
  const folder = join(root, "bench/science");
  const { parts: ofRuns, files } = sciencePage(readKept(folder));
  const parts = { ...ofRuns, ...otherParts(folder) };

  it.each(Object.keys(files))("%s is made from the runs that are kept", (name) => {
    expect(at(name) === files[name], `run "npm run bench science" and commit ${name}`).toBe(true);
  });

  it("has the tables that follow from these runs", () => {
    const page = at("README.md");
    for (const name of Object.keys(parts)) expect(page).toContain(`<!-- ${name} -->`);
    expect(filled(page, parts)).toBe(page);
    for (const [, file] of page.matchAll(/\]\(([^)#:]+)\)/g))
      expect(existsSync(join(root, "bench/science", file))).toBe(true);
  });

  it("types no number of ours: those with three decimals stand in a filled part, or are a published one", () => {
    const prose = at("README.md").replace(/<!-- \w+ -->.*?<!-- end -->/gs, "");
    expect([...prose.matchAll(/\b0\.\d{3}\b/g)].map(([number]) => number)).toEqual(["0.794"]);
  });
});
