// What a queue says of time: what is left, at the pace of each kind of cell, and nothing negative whatever the clock does.
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Cell, type CellKind, here, memoryStore, type QueueProgress, runCells } from "../../src/runs/index.js";

afterEach(() => vi.restoreAllMocks());

/** A clock that the test moves, in milliseconds. */
function clock(): { now: number } {
  const time = { now: 5000 };
  vi.spyOn(performance, "now").mockImplementation(() => time.now);
  return time;
}

const cellsOf = (kinds: readonly string[]): Cell[] => kinds.map((kind, seed) => ({ kind, config: {}, seed }));

describe("the time that is left", () => {
  it("is what the cells that are left take, as soon as one of each of their kinds is done", async () => {
    const takes = { quick: 40, slow: 700, slower: 9000 };
    type Name = keyof typeof takes;
    const names = Object.keys(takes) as Name[];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 8 }), async (order) => {
        const time = clock();
        const kinds = names.map(
          (name): CellKind => ({
            name,
            run() {
              time.now += takes[name];
              return 0;
            },
          }),
        );
        const told: QueueProgress[] = [];
        const onProgress = (progress: QueueProgress) => void told.push(progress);
        const { results } = await runCells(cellsOf(order), { store: memoryStore(), executor: here(kinds), onProgress });
        expect(results.map(({ seconds }) => seconds)).toEqual(order.map((name) => takes[name] / 1000));
        for (const { done, secondsLeft } of told) {
          const [before, left] = [order.slice(0, done), order.slice(done)];
          const known = left.every((name) => before.includes(name));
          const wanted = left.reduce((sum, name) => sum + takes[name] / 1000, 0);
          if (known) expect(secondsLeft).toBeCloseTo(wanted, 9);
          else expect(secondsLeft).toBeUndefined();
        }
        expect(told.at(-1)).toMatchObject({ done: order.length, secondsLeft: 0 });
      }),
      { seed: 20261129, numRuns: 40 },
    );
  });

  it("follows a cell that is under way from where it began, in the middle if it was resumed", async () => {
    const time = clock();
    const long: CellKind = {
      name: "long",
      run(_, { progress }) {
        time.now += 10_000; // reading what was there is no measure of its pace
        progress(0.25);
        time.now += 2000;
        progress(0.75);
        return 0;
      },
    };
    const left: (number | undefined)[] = [];
    const onProgress = ({ secondsLeft }: QueueProgress) => void left.push(secondsLeft);
    await runCells(cellsOf(["long"]), { store: memoryStore(), executor: here([long]), onProgress });
    // Half of it took two seconds, so the last quarter takes one.
    expect(left.filter((seconds) => seconds !== undefined)).toEqual([1, 0]);
  });

  it("and the time that a cell took are not negative where clocks jump, and the rows are the same", async () => {
    const square: CellKind<{ x: number }> = {
      name: "square",
      run({ config: { x } }, { progress }) {
        for (const part of [0.2, 0.5, 0.9]) progress(part);
        return x * x;
      },
    };
    const cells = [1, 2, 3, 4].map((x): Cell => ({ kind: "square", config: { x }, seed: 0 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -1e9, max: 1e9 }), { minLength: 5, maxLength: 40, size: "max" }),
        async (jumps) => {
          let asked = 0;
          vi.spyOn(performance, "now").mockImplementation(() => jumps[asked++ % jumps.length]);
          const left: (number | undefined)[] = [];
          const onProgress = ({ secondsLeft }: QueueProgress) => void left.push(secondsLeft);
          const { results } = await runCells(cells, { store: memoryStore(), executor: here([square]), onProgress });
          expect(results.map(({ row }) => row)).toEqual([1, 4, 9, 16]);
          for (const { seconds } of results) expect(seconds).toBeGreaterThanOrEqual(0);
          for (const seconds of left) if (seconds !== undefined) expect(seconds).toBeGreaterThanOrEqual(0);
          expect(left.some((seconds) => seconds !== undefined)).toBe(true);
        },
      ),
      { seed: 20261129, numRuns: 60 },
    );
  });
});

it("a row is the same whether it was computed or found, also where a 0 has a sign", async () => {
  const kinds: CellKind[] = [{ name: "zero", run: () => ({ list: [-0, 1], inner: { x: -0 } }) }];
  const options = { store: memoryStore(), executor: here(kinds) };
  for (const _ of ["computed", "found"]) {
    const { results } = await runCells(cellsOf(["zero"]), options);
    expect(results[0].row).toEqual({ list: [0, 1], inner: { x: 0 } });
  }
});
