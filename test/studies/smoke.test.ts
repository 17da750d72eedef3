// Every study at its smallest scale: its laws hold, its cells have names of their own, and a run that is killed anywhere goes
// on to the same claims.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { glyphs } from "../../src/data/index.js";
import { cellName, dataRef, type Executor, here, memoryStore, openStore } from "../../src/runs/index.js";
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
    const run = async (store: Parameters<typeof runStudy>[2]["store"], executor: Executor, signal?: AbortSignal) =>
      runStudy(study, plan, { store, executor, ...(signal && { signal }) });
    const executor = () => here(kindsOf(study), { data });
    const whole = await run(memoryStore(), executor());
    expect(whole.failures).toEqual([]);
    for (const { claim, source, verdict } of whole.claims) {
      if (source === "law") expect(verdict, claim).toBe("holds");
    }
    // Stopped in the middle of its last but one cell, and of any other once more.
    const store = await openStore(folder());
    for (const after of [whole.results.length - 2, 1]) {
      const stop = new AbortController();
      let begun = 0;
      const inner = executor();
      const counting: Executor = {
        ...inner,
        submit: (cell, how) => {
          if (++begun > after) setTimeout(() => stop.abort());
          return inner.submit(cell, how);
        },
      };
      await run(store, counting, stop.signal);
    }
    const resumed = await run(store, executor());
    expect(resumed.claims).toEqual(whole.claims);
    expect(resumed.results.map(({ row }) => row)).toEqual(whole.results.map(({ row }) => row));
  });
});
