// Lists that fold themselves: the calls that are replayed are those that were recorded, however they were folded.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Folded, lengthOf, type Work } from "../../src/compile/fold.js";
import { stepsOf } from "../../src/compile/replay.js";
import { runs } from "../laws/settings.js";

type Row = readonly [name: string, ...numbers: number[]];

/** Folds a list of calls and runs what comes of it. */
function replayed(rows: readonly Row[], times = 1): { made: Row[]; calls: number; nodes: number } {
  const made: Row[] = [];
  const works = new Map<string, Work>();
  const folded = new Folded();
  for (const [name, ...numbers] of rows) {
    const work = works.get(name) ?? ((...list: number[]) => void made.push([name, ...list]));
    works.set(name, work);
    folded.add({ kind: "call", work, numbers });
  }
  const steps = stepsOf(folded.nodes);
  for (let k = 0; k < times; k++) {
    made.length = 0;
    for (const step of steps) step();
  }
  expect(lengthOf(folded.nodes).runs).toBe(rows.length);
  return { made, calls: lengthOf(folded.nodes).calls, nodes: folded.nodes.length };
}

/** The rows of a loop. */
const rounds = (count: number, body: (round: number) => readonly Row[]): Row[] =>
  Array.from({ length: count }, (_, i) => body(i)).flat();

describe("a folded list", () => {
  const number = fc.oneof(
    fc.integer({ min: -5, max: 5 }),
    fc.constantFrom(0, -0, Number.NaN, 0.1, 0.3, 2 ** 53, Number.POSITIVE_INFINITY),
  );
  /** Trees of loops with numbers that advance, by any stride or by none, or jump. */
  const { list } = fc.letrec<{ list: Row[]; part: Row[] }>((tie) => ({
    list: fc.array(tie("part"), { maxLength: 4 }).map((parts) => parts.flat()),
    part: fc.oneof(
      { maxDepth: 3 },
      fc
        .tuple(fc.constantFrom("a", "b"), fc.array(number, { maxLength: 3 }))
        .map(([name, list]) => [[name, ...list] as Row]),
      fc
        .tuple(fc.integer({ min: 1, max: 9 }), tie("list"), fc.array(number, { maxLength: 4 }))
        .map(([count, body, by]) =>
          rounds(count, (round) =>
            body.map(
              ([name, ...list]) => [name, ...list.map((x, i) => (i < by.length ? x + round * by[i] : x))] as Row,
            ),
          ),
        ),
    ),
  }));

  it("makes the recorded calls, to the bit, each time that it runs", () => {
    fc.assert(
      fc.property(list, fc.integer({ min: 1, max: 3 }), (rows, times) => {
        fc.pre(rows.length < 3000);
        expect(replayed(rows, times).made).toEqual(rows);
      }),
      runs(400),
    );
  });

  it.each([
    [
      "the same",
      () => [
        ["a", 1, 2],
        ["b", 3],
      ],
    ],
    [
      "with numbers that advance",
      (k) => [
        ["a", 16 * k, 2],
        ["b", -8 * k + 7],
      ],
    ],
    [
      "that swap two places",
      (k) => [
        ["a", k % 2, 2],
        ["b", 1 - (k % 2)],
      ],
    ],
    [
      "with jumps",
      (k) => [
        ["a", 16 * k + (k > 40 ? 1000 : 0), 2],
        ["b", k > 40 ? 1 : 0],
      ],
    ],
    [
      "that begin in another way",
      (k) => [
        ["a", k < 3 ? 99 : 16 * k, 2],
        ["b", 5],
      ],
    ],
  ] as [string, (k: number) => Row[]][])("is as long for 1000 rounds as for 100: rounds %s", (_, body) => {
    const [short, long] = [100, 1000].map((count) => replayed(rounds(count, body)));
    expect(long.calls).toBe(short.calls);
    expect(long.calls).toBeLessThan(24);
  });

  it("folds loops in loops, with numbers that advance in both", () => {
    const nested = (count: number): Row[] =>
      rounds(count, (i) => [
        ["a", i],
        ...rounds(
          12,
          (k) =>
            [
              ["b", 100 * i + k, 7],
              ["c", 100 * i - k],
            ] as Row[],
        ),
        ["d"],
      ]);
    const [short, long] = [nested(20), nested(200)].map((rows) => replayed(rows));
    expect(long.made).toEqual(nested(200));
    expect([long.calls, long.nodes]).toEqual([short.calls, short.nodes]);
  });

  it("folds rounds with a number that does not advance evenly, and records each value of that number", () => {
    const jumpy = rounds(500, (k) => [
      ["a", (k * 7919) % 1013, 2],
      ["b", 0.1 * k],
    ]);
    const { made, calls } = replayed(jumpy);
    expect(made).toEqual(jumpy);
    expect(calls).toBeLessThan(24);
  });

  it("is folded in a time that grows with its length, also if nothing ever repeats", () => {
    const words = rounds(20_000, (k) => [["abc"[(k * k * 31 + (k >> 3)) % 3], k]]);
    expect(replayed(words).made).toEqual(words);
  });
});
