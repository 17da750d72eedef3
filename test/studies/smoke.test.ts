// Every study at its smallest scale: its laws hold, its cells have names of their own, and a run that is killed anywhere goes
// on to the same claims.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { glyphs } from "../../src/data/index.js";
import {
  type Cell,
  cellName,
  dataRef,
  type Executor,
  here,
  memoryStore,
  openStore,
  runCells,
} from "../../src/runs/index.js";
import { type AnyStudy, cellsOf, imageNeeds, kindsOf, runStudy, studies } from "../../src/studies/index.js";

const folders: string[] = [];
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), "synaptape-study-"));
  folders.push(made);
  return made;
};
afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true });
});

/** What a study's smoke cells are about. */
async function planOf(study: AnyStudy) {
  const needs = imageNeeds(study, { scale: "smoke" });
  if (!needs) return { plan: { scale: "smoke" as const }, data: [] };
  const dataset = glyphs({ perClass: needs.perClass });
  const train = await dataRef(dataset, "glyphs", String(needs.perClass));
  return { plan: { scale: "smoke" as const, images: { train } }, data: [dataset] };
}

describe.each(studies.map((study) => [study.name, study] as const))("%s", (_, study) => {
  it("describes itself, and has each claim once", () => {
    expect(study.papers.length).toBeGreaterThan(0);
    expect(study.about.length).toBeGreaterThan(80);
    const labels = study.claims.map(({ label }) => label);
    expect(new Set(labels).size).toBe(labels.length);
    expect(labels.every((label) => /^[a-z0-9-]+$/.test(label))).toBe(true);
  });

  it("has cells with different names at every scale, and the same cells every time", async () => {
    const { plan } = await planOf(study);
    for (const scale of ["smoke", "quick", "full"] as const) {
      const names = () => Promise.all(cellsOf(study, { ...plan, scale }).map((cell) => cellName(cell)));
      const first = await names();
      expect(new Set(first).size).toBe(first.length);
      expect(await names()).toEqual(first);
    }
  });

  it("obeys its laws, and continues where it was stopped", async () => {
    const { plan, data } = await planOf(study);
    const executor = () => here(kindsOf(study), { data });
    const store = await openStore(folder());
    // Stopped in the middle of its last but one cell, and of any other once more.
    const total = cellsOf(study, plan).length;
    const stopped: Cell[] = [];
    for (const after of [total - 2, 1]) {
      const stop = new AbortController();
      let begun = 0;
      const inner = executor();
      const counting: Executor = {
        ...inner,
        submit: (cell, how) => {
          if (++begun > after) {
            stopped.push(cell);
            setTimeout(() => stop.abort());
          }
          return inner.submit(cell, how);
        },
      };
      await runStudy(study, plan, { store, executor: counting, signal: stop.signal });
    }
    const resumed = await runStudy(study, plan, { store, executor: executor() });
    expect(resumed.failures).toEqual([]);
    expect(resumed.stopped).toBe(false);
    for (const { claim, source, verdict } of resumed.claims) {
      if (source === "law") expect(verdict, claim).toBe("holds");
    }
    // Cells that were stopped have the rows of cells that never were, and what was kept gives the same claims.
    const { results: alone } = await runCells(stopped, { store: memoryStore(), executor: executor() });
    expect(alone.length).toBeGreaterThan(0);
    for (const { cell, row } of alone) expect((await store.get(cell))?.row).toEqual(row);
    const nothing: Executor = { ...executor(), submit: () => Promise.reject(new Error("computed again")) };
    const again = await runStudy(study, plan, { store, executor: nothing });
    expect(again.failures).toEqual([]);
    expect(again.claims).toEqual(resumed.claims);
    expect(again.results.map(({ row }) => row)).toEqual(resumed.results.map(({ row }) => row));
  });
});
