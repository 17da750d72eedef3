// The pages of the ledger are what the kept results say: nobody has typed a number into them.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { KEPT_SCALES, ledgerFiles, readKept } from "../../docs/studies/ledger.js";
import { cellName, NUMERICS } from "../../src/runs/index.js";
import { cellsOf, claimRow, judged, studies, studyNamed } from "../../src/studies/index.js";
import { decodeKept, encodeKept } from "../../src/studies/internal.js";
import { root } from "../meta/fixtures.js";

const folder = join(root, "docs/studies");
const files = ledgerFiles(folder);
/** The studies that have a page. */
const names = studies.map(({ name }) => name).filter((name) => existsSync(join(folder, name)));
const at = (name: string): string => readFileSync(join(folder, name), "utf8");

describe("the ledger", () => {
  it.each(Object.keys(files))("%s is made from the stored results", (name) => {
    expect(at(name) === files[name], `run "npm run ledger" and commit docs/studies/${name}`).toBe(true);
  });

  it.each(Object.keys(files).filter((name) => name.endsWith(".md")))(
    "%s has no part left empty and no dead link",
    (name) => {
      const page = at(name);
      expect([...page.matchAll(/<!-- (\w+) -->\s*<!-- end -->/g)].map(([, part]) => part)).toEqual([]);
      for (const [, file] of page.matchAll(/\]\(([^)#:]+)\)/g)) {
        expect(existsSync(join(folder, dirname(name), file)), file).toBe(true);
      }
    },
  );

  it("contains no typed number of ours: those with three decimals are in a filled part, or published", () => {
    for (const name of names) {
      if (name === "bio-transformations") continue; // has tables of an ablation on MNIST, whose results are not kept
      const prose = at(join(name, "README.md")).replace(/<!-- \w+ -->.*?<!-- end -->/gs, "");
      const typed = [...prose.matchAll(/\b0\.\d{3}\b/g)].map(([number]) => number);
      expect(typed, name).toEqual(name === "recurrent-chemical-networks" ? ["0.794"] : []);
    }
  });

  it.each(names)("stores only results of %s that are cells of one of its scales", async (name) => {
    const { results } = readKept(name, folder);
    const study = studyNamed(name);
    const { data: train, test } = results.find(({ cell }) => cell.data)?.cell ?? {};
    const kept = await Promise.all(results.map(({ cell }) => cellName(cell)));
    const plans = KEPT_SCALES.map((scale) => {
      const { seeds } = study.effort[scale];
      return cellsOf(study, { scale, seeds, ...(train && { images: { train, ...(test && { test }) } }) });
    });
    const named = await Promise.all(plans.map((plan) => Promise.all(plan.map((cell) => cellName(cell)))));
    const counts = named.map((cells) => cells.filter((cell) => kept.includes(cell)).length);
    const scale = counts[0] >= counts[1] ? 0 : 1;
    const [plan, planned] = [plans[scale], new Set(named[scale])];
    if (KEPT_SCALES[scale] === "quick") expect(at(join(name, "README.md"))).toContain(`${name} --scale quick`);
    const others = [];
    for (const { cell, numerics } of results) {
      expect(numerics).toBeLessThanOrEqual(NUMERICS);
      // A frozen rule was tried on other data too, by hand.
      if (!planned.has(await cellName(cell))) others.push((cell.config as { condition?: string }).condition);
    }
    expect(others).toEqual(name === "recurrent-chemical-networks" ? ["other data"] : []);
    // Of a small study everything is kept.
    expect(results.length).toBeGreaterThanOrEqual(Math.min(51, plan.length));
  });

  it.each(names)("checks every law of %s against the stored results", (name) => {
    const { results } = readKept(name, folder);
    const laws = judged(studyNamed(name), results).filter(({ source }) => source === "law");
    expect(laws.length).toBeGreaterThan(0);
    for (const { claim, verdict } of laws) expect(verdict, claim).toBe("holds");
  });
});

describe("stored results", () => {
  const { results } = readKept("recurrent-chemical-networks", folder);

  it("are the same after they are written and read", () => {
    const text = encodeKept(results);
    expect(decodeKept(text, "file")).toEqual(results);
    expect(encodeKept(decodeKept(text, "file")) === at("recurrent-chemical-networks/results.jsonl")).toBe(true);
  });

  it("replace earlier ones of the same cell, and leave those of other seeds", () => {
    const [first, ...rest] = results;
    const changed = { ...first, row: { ...(first.row as object), accuracy: [1] } };
    const other = { ...first, cell: { ...first.cell, seed: 99 } };
    const found = decodeKept(encodeKept([...results, changed, other]), "file");
    expect(found.length).toBe(results.length + 1);
    expect(found).toContainEqual(changed);
    expect(found).toContainEqual(other);
    expect(found).not.toContainEqual(first);
    expect(rest.every((each) => found.some(({ cell }) => cell.seed === each.cell.seed))).toBe(true);
  });

  it("of an older version of the numerics are reported as such", () => {
    const study = studyNamed("recurrent-chemical-networks");
    const older = results.map((result, i) => (i === 0 ? { ...result, numerics: NUMERICS - 1 } : result));
    expect(judged(study, results)[0].numerics).toBeUndefined();
    for (const line of judged(study, older)) {
      expect(line.numerics).toBe(NUMERICS - 1);
      expect(claimRow(line).at(-1)).toContain(`(older: version ${NUMERICS - 1} of the numbers)`);
    }
  });

  it("are refused by name if they are damaged", () => {
    for (const bad of ["{}", "null", "no", encodeKept(results).slice(0, 500)]) {
      expect(() => decodeKept(`${bad}\n`, "kept.jsonl")).toThrow(/^\[studies\] kept\.jsonl is damaged: line 1/);
    }
  });
});
