// Cells that wait in an executor for a lane: whatever happens to them, results and failures are those of one lane.
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type Cell, type Executor, here, memoryStore, openStore, runCells, threads } from "../../src/runs/index.js";
import { bundle, inTemporary } from "../meta/fixtures.js";
import type { Deed } from "./ahead-cells.js";

let [module, workerEntry] = ["", ""];
let cleaned = (): void => {};
let ready: Promise<void>;
beforeAll(async () => {
  const held = new Promise<void>((resolve) => {
    cleaned = resolve;
  });
  await new Promise<void>((made, failed) => {
    ready = inTemporary(async (folder) => {
      module = await bundle("test/runs/ahead-cells.ts", folder);
      workerEntry = await bundle("src/runs/cell-worker.ts", folder);
      made();
      await held;
    });
    ready.catch(failed);
  });
});
afterAll(async () => {
  cleaned();
  await ready;
});
afterEach(() => vi.restoreAllMocks());

const deeds = (folder: string, what: readonly Deed["does"][]): Cell[] =>
  what.map((does, at) => ({ kind: "deed", seed: 0, config: { at, folder, ...(does && { does }) } }));

/** Runs `body` with so many threads, and an empty folder for what cells leave. */
const onThreads = (count: number, body: (executor: Executor, folder: string) => Promise<void>): Promise<void> =>
  inTemporary(async (folder) => {
    const executor = threads(count, module, { workerEntry });
    try {
      await body(executor, folder);
    } finally {
      await executor.close();
    }
  });

describe("cells that wait for a thread", () => {
  it.each([1, 2, 3])("end as they do alone on %i threads, whoever throws or ends a thread", (count) =>
    onThreads(count, async (executor, folder) => {
      const cells = deeds(folder, [undefined, "die once", undefined, "throw", undefined, "die", "die once", undefined]);
      const needing: Cell = { kind: "total", config: {}, seed: 0, needs: [cells[6], cells[0], cells[1]] };
      const orphan: Cell = { kind: "total", config: {}, seed: 1, needs: [cells[0], cells[5]] };
      const { results, failures, stopped } = await runCells([orphan, needing, ...cells], {
        store: memoryStore(),
        executor,
      });
      expect(results.map(({ row }) => row)).toEqual([37, 0, 1, 4, 16, 36, 49]);
      expect(failures.map(({ error }) => (error as Error).message)).toEqual([
        expect.stringMatching("the cell of seed 0 of deed brought its thread down 4 times"),
        "[runs] a cell that it needs failed.",
        "cell 3 throws",
      ]);
      expect(stopped).toBe(false);
    }),
  );

  it("are not begun once the queue is stopped, and are free for the next run", () =>
    onThreads(2, async (executor, folder) => {
      const [left, kept] = [join(folder, "left"), join(folder, "kept")];
      await mkdir(left);
      const store = await openStore(kept);
      const ended = new AbortController();
      const cells = deeds(left, Array(6).fill("wait"));
      let begun = 0;
      const outcome = await runCells(cells, {
        ...{ store, executor, signal: ended.signal },
        onProgress: ({ note }) => {
          if (note !== undefined && ++begun === 2) ended.abort();
        },
      });
      expect([outcome.results, outcome.failures, outcome.stopped]).toEqual([[], [], true]);
      expect(await readdir(left)).toHaveLength(2);
      for (const cell of cells) await (await store.claim(cell)).release();
      const again = await runCells(deeds(left, Array(6).fill(undefined)), { store, executor });
      expect(again.results.map(({ row }) => row)).toEqual([0, 1, 4, 9, 16, 25]);
      expect(again.stopped).toBe(false);
    }));
});

it("the time of a cell begins when its turn comes, however many cells wait", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 9, size: "max" }),
      fc.integer({ min: 0, max: 4 }),
      async (takes, ahead) => {
        const time = { now: 5000 };
        vi.spyOn(performance, "now").mockImplementation(() => time.now);
        const own = here([
          {
            name: "takes",
            run({ config }) {
              time.now += (config as { takes: number }).takes;
              return 0;
            },
          },
        ]);
        let turn = Promise.resolve<unknown>(undefined);
        const executor: Executor = {
          ...own,
          ahead,
          submit(cell, how) {
            const mine = turn.then(async () => {
              how.onBegin?.();
              return own.submit(cell, how);
            });
            turn = mine;
            return mine;
          },
        };
        const cells = takes.map((each, seed): Cell => ({ kind: "takes", config: { takes: each }, seed }));
        const { results } = await runCells(cells, { store: memoryStore(), executor });
        expect(results.map(({ seconds }) => seconds)).toEqual(takes.map((each) => each / 1000));
      },
    ),
    { seed: 20261130, numRuns: 50 },
  );
});
