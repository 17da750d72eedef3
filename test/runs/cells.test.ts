import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { glyphs } from "../../src/data/index.js";
import { InputError } from "../../src/index.js";
import {
  type Cell,
  type CellKind,
  canonical,
  cellName,
  dataHash,
  dataOpener,
  dataRef,
  here,
  memoryStore,
  NUMERICS,
  openStore,
  runCells,
  Stopped,
  threads,
} from "../../src/runs/index.js";
import { bundle, inTemporary } from "../meta/fixtures.js";
import { broken, square, sum } from "./test-cells.js";

const cell = (x: number, seed = 0): Cell => ({ kind: "square", config: { x }, seed });

describe("the name of a cell", () => {
  it("depends on everything that the row depends on, and on nothing else", async () => {
    const data = { source: "a", prefix: "b", hash: "c" };
    const base: Cell = { kind: "k", config: { a: 1, b: [2, { c: null }] }, seed: 3, data };
    const name = await cellName(base);
    expect(name).toMatch(/^[0-9a-f]{64}$/);
    const same: Cell[] = [
      { ...base, config: { b: [2, { c: null }], a: 1 } },
      { ...base, data: { source: "x", prefix: "y", hash: "c" } },
    ];
    for (const each of same) expect(await cellName(each)).toBe(name);
    expect(await cellName({ ...base, needs: [] })).toBe(name);
    const two = { ...base, test: data, needs: [cell(1), cell(2)] };
    expect(await cellName(two)).toBe(await cellName({ ...two, test: { ...data, source: "x" } }));
    const { data: _, ...without } = base;
    const other: Cell[] = [
      { ...base, kind: "l" },
      { ...base, seed: 4 },
      { ...base, config: { a: 1, b: [2, { c: 0 }] } },
      { ...base, data: { ...data, hash: "d" } },
      without,
      two,
      { ...two, test: { ...data, hash: "d" } },
      { ...two, needs: two.needs.toReversed() },
      { ...two, needs: [cell(1), cell(3)] },
    ];
    const names = new Set(await Promise.all(other.map((each) => cellName(each))));
    expect(names.size).toBe(other.length);
    expect(names).not.toContain(name);
    expect(await cellName(base, NUMERICS + 1)).not.toBe(name);
  });

  it.each([Number.NaN, undefined, () => 0, new Map(), { a: [Number.POSITIVE_INFINITY] }])(
    "is refused if JSON cannot hold it: %s",
    (value) => expect(() => canonical(value)).toThrow(InputError),
  );
});

describe("images", () => {
  it("are opened by their hash, and others under the same name are refused", async () => {
    const small = glyphs({ perClass: 2 });
    const ref = await dataRef(small, "glyphs", "2");
    expect(await dataHash({ ...small, name: "other" })).toBe(ref.hash);
    expect((await dataOpener()(ref)).images).toEqual(small.images);
    await expect(dataOpener()({ ...ref, prefix: "3" })).rejects.toThrow("their hash differs");
    expect(await dataOpener([small])({ ...ref, source: "nowhere" })).toBe(small);
  });
});

describe("a store", () => {
  it("stores a result once; a second one must have the same row", () =>
    inTemporary(async (folder) => {
      for (const store of [memoryStore(), await openStore(folder)]) {
        const result = { cell: cell(3), numerics: NUMERICS, row: { y: [9, 0.1] }, seconds: 1 };
        expect(await store.get(cell(3))).toBeUndefined();
        await store.put(result);
        await store.put({ ...result, seconds: 2 });
        expect(await store.get(cell(3))).toMatchObject(result);
        const other = { ...result, row: { y: [9, 0.1 + 2 ** -54] } };
        await expect(store.put(other)).rejects.toThrow("computed twice and differs at row.y.1");
      }
    }));

  it("names a result that was changed on disk, whichever digit was changed", () =>
    inTemporary(async (folder) => {
      const store = await openStore(folder);
      await store.put({ cell: cell(3), numerics: NUMERICS, row: { y: 9, accuracy: 0.5 }, seconds: 1 });
      const [name] = await readdir(join(folder, "results"));
      const file = join(folder, "results", name);
      const whole = await readFile(file, "utf8");
      for (const text of [
        whole.replace('"y":9', '"y":8'),
        whole.replace("0.5", "1e300"),
        whole.replace("0.5", "null"),
        whole.replace('"x":3', '"x":4'),
        whole.slice(0, 40),
        "null",
      ]) {
        await writeFile(file, text);
        await expect(store.get(cell(3))).rejects.toThrow(InputError);
        await expect(store.get(cell(3))).rejects.toThrow(`${file} is damaged`);
      }
    }));

  it("lets only one process compute a cell at a time", () =>
    inTemporary(async (folder) => {
      const [one, other] = [await openStore(folder), await openStore(folder)];
      const claim = await one.claim(cell(1));
      await expect(other.claim(cell(1))).rejects.toThrow(`in use by process ${process.pid}`);
      await (await other.claim(cell(2))).release();
      await claim.release();
      await (await other.claim(cell(1))).release();
    }));
});

describe("the queue", () => {
  it("computes what is missing, each cell once, and returns the rows in the order of the cells", () =>
    inTemporary(async (folder) => {
      const store = await openStore(folder);
      const cells = [3, 1, 2, 3].map((x) => cell(x));
      const progress: string[] = [];
      const found: boolean[] = [];
      const run = () =>
        runCells(cells, {
          store,
          executor: here([square]),
          onProgress: ({ done, total }) => progress.push(`${done}/${total}`),
          onResult: (_, before) => found.push(before),
        });
      const { results, failures, stopped } = await run();
      expect(results.map(({ row }) => row)).toEqual([9, 1, 4].map((y) => ({ y })));
      expect([failures, stopped]).toEqual([[], false]);
      expect(progress[0]).toBe("0/3");
      expect(progress.at(-1)).toBe("3/3");
      expect((await run()).results.map(({ row }) => row)).toEqual([9, 1, 4].map((y) => ({ y })));
      expect(found).toEqual([false, false, false, true, true, true]);
      expect(await readdir(join(folder, "cells"))).toEqual([]);
    }));

  it("continues after a cell fails, and stops when told to", async () => {
    const ended = new AbortController();
    const kind: CellKind<{ x: number }> = {
      name: "square",
      run({ config: { x } }, { signal }) {
        if (x === 0) throw new InputError("zero");
        if (x === 2) ended.abort();
        if (signal.aborted) throw new Stopped();
        return x;
      },
    };
    const store = memoryStore();
    const options = { store, executor: here([kind]), signal: ended.signal };
    const { results, failures, stopped } = await runCells(
      [0, 1, 2, 3].map((x) => cell(x)),
      options,
    );
    expect(results.map(({ row }) => row)).toEqual([1]);
    expect(failures).toEqual([{ cell: cell(0), error: new InputError("zero") }]);
    expect(stopped).toBe(true);
  });

  it("first computes what a cell needs, once, and passes it the rows in order", async () => {
    for (const lanes of [1, 3]) {
      const store = memoryStore();
      const executor = { ...here([square, sum]), lanes };
      const total = (...xs: number[]): Cell => ({ kind: "sum", config: {}, seed: 0, needs: xs.map((x) => cell(x)) });
      const nested: Cell = { ...total(1), needs: [cell(5), { ...cell(2), needs: [cell(7)] }] };
      const made: string[] = [];
      const { results } = await runCells([total(1, 2), total(2, 3), cell(3), nested], {
        store,
        executor,
        onResult: ({ cell: { kind, config } }) => made.push(`${kind} ${JSON.stringify(config)}`),
      });
      expect(results.map(({ row }) => row)).toEqual([5, 13, { y: 9 }, 29]);
      expect(made.length).toBe(new Set(made.filter((each) => each !== "sum {}")).size + 3 + 1);
      // What was needed is kept as every result is.
      const again = await runCells([cell(1), cell(7)], {
        store,
        executor,
        onResult: (_, found) => expect(found).toBe(true),
      });
      expect(again.results.length).toBe(2);
    }
  });

  it("fails a cell if what it needs fails, and no other cell", async () => {
    const bad: Cell = { kind: "sum", config: {}, seed: 0, needs: [cell(1), { kind: "broken", config: {}, seed: 0 }] };
    const good: Cell = { ...bad, needs: [cell(1)] };
    const { results, failures } = await runCells([bad, good], {
      store: memoryStore(),
      executor: { ...here([square, sum, broken]), lanes: 2 },
    });
    expect(results.map(({ row }) => row)).toEqual([1]);
    expect(failures.map(({ error }) => (error as Error).message)).toEqual([
      "broken on purpose",
      expect.stringMatching("a cell that it needs failed"),
    ]);
  });

  it("reports failures in the order of the cells, whatever the order in which they fail", async () => {
    let fails = 0;
    const failing: CellKind = {
      name: "failing",
      run: async (cell) => {
        // Later cells fail sooner.
        while (fails < 3 - (cell.config as { at: number }).at) await new Promise((resolve) => setImmediate(resolve));
        fails++;
        throw new Error(JSON.stringify(cell.config));
      },
    };
    const cells = [0, 1, 2, 3].map((at): Cell => ({ kind: "failing", config: { at }, seed: 0 }));
    const { failures } = await runCells(cells, { store: memoryStore(), executor: { ...here([failing]), lanes: 4 } });
    expect(failures.map(({ cell }) => cell.config)).toEqual(cells.map(({ config }) => config));
  });

  it("says so if two computations of a cell differ", async () => {
    let calls = 0;
    const kind: CellKind = { name: "square", run: () => calls++ };
    const store = memoryStore();
    const blind = { ...store, get: async () => undefined };
    await runCells([cell(1)], { store: blind, executor: here([kind]) });
    const { failures } = await runCells([cell(1)], { store: blind, executor: here([kind]) });
    expect((failures[0].error as Error).message).toMatch("computed twice and differs at row");
  });
});

describe("threads", () => {
  it("give the same rows as this process, with images, errors and progress", () =>
    inTemporary(async (folder) => {
      const module = await bundle("test/runs/thread.ts", folder);
      const workerEntry = await bundle("src/runs/cell-worker.ts", folder);
      const small = glyphs({ perClass: 2 });
      const data = await dataRef(small, "nowhere", "");
      const cells: Cell[] = [
        ...[1, 2, 3, 4].map((x) => cell(x)),
        { kind: "images", config: {}, seed: 0, data },
        { kind: "sum", config: {}, seed: 0, needs: [cell(2), cell(3)] },
        { kind: "broken", config: {}, seed: 0 },
        { kind: "nothing", config: {}, seed: 0 },
      ];
      const executor = threads(2, module, { data: [small], workerEntry });
      const parts: number[] = [];
      try {
        const { results, failures } = await runCells(cells, {
          store: memoryStore(),
          executor,
          onProgress: ({ note }) => note === "half" && parts.push(0.5),
        });
        expect(results.map(({ row }) => row)).toEqual([...[1, 4, 9, 16].map((y) => ({ y })), small.images.length, 13]);
        expect(failures.map(({ error }) => [(error as Error).name, (error as Error).message])).toEqual([
          ["InputError", "broken on purpose"],
          ["InputError", expect.stringMatching('no kind of cell is called "nothing"')],
        ]);
        expect(parts).toHaveLength(4);
      } finally {
        await executor.close();
      }
    }));
});
