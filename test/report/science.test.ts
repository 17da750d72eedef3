// The results page is what the kept runs say: nobody has typed a number into it.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Kept, type KeptRun, readKept, withRuns } from "../../bench/science/kept.js";
import { filled, otherParts, sciencePage } from "../../bench/science/page.js";
import type { Evidence } from "../../src/report/evidence.js";
import { root } from "../meta/fixtures.js";

const at = (name: string): string => readFileSync(join(root, "bench/science", name), "utf8");

describe("bench/science", () => {
  const folder = join(root, "bench/science");
  const { parts: ofRuns, files } = sciencePage(readKept(folder));
  const parts = { ...ofRuns, ...otherParts(folder) };

  it.each(Object.keys(files))("%s is made from the runs that are kept", (name) => {
    expect(at(name) === files[name], `run "npm run bench science" and commit ${name}`).toBe(true);
  });

  it("keeps further runs beside those that are kept, and a changed experiment's instead", () => {
    const kept = readKept(folder);
    const one = (label: string, seed: number): KeptRun => {
      const evidence = kept.evidence.find((each) => each.label === label) as Evidence;
      return { evidence: { ...evidence, runs: evidence.runs.filter((run) => run.seed === seed) }, evaluations: [] };
    };
    expect(withRuns(kept, [])).toEqual(kept);
    expect(withRuns(kept, [one("rcn-2", 3), one("fa", 0)])).toEqual(kept);
    const further = one("rcn-2", 3);
    const [run] = further.evidence.runs;
    const tenth = { ...further, evidence: { ...further.evidence, runs: [{ ...run, seed: 9 }] } };
    const seeds = ({ evidence }: Kept) => evidence.find(({ label }) => label === "rcn-2")?.runs.map(({ seed }) => seed);
    expect(seeds(withRuns(kept, [tenth]))).toEqual([...(seeds(kept) as number[]), 9]);
    const changed = { ...tenth, evidence: { ...tenth.evidence, config: { ...further.evidence.config, l1: 1 } } };
    expect(seeds(withRuns(kept, [changed]))).toEqual([9]);
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
