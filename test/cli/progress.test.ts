// What stands beside the bar: moving averages and the time left. The bar itself is a stand-in that writes down what it
// is told.
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { duration, percent } from "../../src/cli/output.js";
import { startProgress, startWorkBar } from "../../src/cli/progress.js";

interface Call {
  readonly what: string;
  readonly value?: number;
  readonly total?: number;
  readonly facts?: string;
}
const told: { options: Record<string, unknown>[]; calls: Call[] } = { options: [], calls: [] };

vi.mock("cli-progress", () => ({
  SingleBar: class {
    constructor(options: Record<string, unknown>) {
      told.options.push(options);
    }
    start(total: number, value: number, { facts }: { facts: string }): void {
      told.calls.push({ what: "start", total, value, facts });
    }
    update(...[first, second]: [number | { facts: string }, { facts: string }?]): void {
      if (typeof first === "number") told.calls.push({ what: "update", value: first, ...second });
      else told.calls.push({ what: "update", ...first });
    }
    stop(): void {
      told.calls.push({ what: "stop" });
    }
  },
}));

const { isTTY, columns } = process.stderr;
beforeEach(() => {
  Object.assign(told, { options: [], calls: [] });
  Object.assign(process.stderr, { isTTY: true, columns: 120 });
});
afterEach(() => {
  vi.restoreAllMocks();
  Object.assign(process.stderr, { isTTY, columns });
});

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
/** The mean of the last 50 that are numbers. */
const recent = (values: readonly number[]): number => mean(values.filter((value) => !Number.isNaN(value)).slice(-50));

describe("the progress of a run", () => {
  const loss = fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 0, max: 4000 }).map((n) => n / 1000) },
    fc.constant(Number.NaN),
  );
  const score = fc.record({ loss, accuracy: fc.integer({ min: 0, max: 50 }).map((n) => n / 50), time: fc.nat(9000) });

  it("shows means of the last 50 episodes, including those from before a resume, and the time left at their pace", () => {
    fc.assert(
      fc.property(
        fc.array(score, { minLength: 2, maxLength: 130, size: "max" }),
        fc.nat(130),
        fc.nat(500),
        (scores, done, more) => {
          Object.assign(told, { options: [], calls: [] });
          const before = Math.min(done, scores.length - 1);
          const total = scores.length + more;
          let now = 1000;
          vi.spyOn(performance, "now").mockImplementation(() => now);
          const numbered = scores.map(({ loss, accuracy }, i) => ({ episode: i + 1, loss, accuracy }));
          const progress = startProgress(total, { history: numbered.slice(0, before) });
          for (let i = before; i < scores.length; i++) {
            now += scores[i].time;
            progress.step(numbered[i]);
            const so = scores.slice(0, i + 1);
            const seen = so.slice(Math.max(0, before - 50));
            const left = (recent(so.slice(before).map(({ time }) => time)) / 1000) * (total - i - 1);
            expect(told.calls.at(-1)).toMatchObject({ what: "update", value: i + 1 });
            const words = /^accuracy (.+ %) \(last 50\) {2}loss (\S+) {2}(.+) left$/.exec(
              told.calls.at(-1)?.facts ?? "",
            );
            expect(words?.[1]).toBe(percent(recent(seen.map(({ accuracy }) => accuracy))));
            const shown = recent(seen.map(({ loss }) => loss));
            expect(words?.[2]).toBe(shown.toFixed(3));
            expect(words?.[3]).toBe(duration(left));
          }
          expect(told.calls[0]).toMatchObject({ what: "start", total, value: before });
          expect(told.calls[0].facts === "starting").toBe(before === 0);
          const last = told.calls.at(-1)?.facts;
          progress.note("stopping");
          expect(told.calls.at(-1)).toEqual({ what: "update", facts: `${last}  stopping` });
          progress.end();
          expect(told.calls.at(-1)).toEqual({ what: "stop" });
        },
      ),
      { seed: 5, numRuns: 40 },
    );
  });

  it("has a bar that leaves room for the words and is always long enough to be seen", () => {
    for (const [wide, size] of [
      [200, 30],
      [100, 30],
      [90, 20],
      [78, 8],
      [20, 8],
    ]) {
      Object.assign(process.stderr, { columns: wide });
      startProgress(5);
      expect(told.options.at(-1)).toMatchObject({ barsize: size, stream: process.stderr, gracefulExit: false });
    }
    // Where the width is not known it is taken for 80.
    Object.assign(process.stderr, { columns: undefined });
    startProgress(5);
    expect(told.options.at(-1)).toMatchObject({ barsize: 10, clearOnComplete: true, hideCursor: true });
  });
});

describe("the progress of many cells", () => {
  it("is in thousandths, never ahead of what is done, and shows the last message and a note", () => {
    const bar = startWorkBar({ quiet: false });
    expect(told.calls).toEqual([{ what: "start", total: 1000, value: 0, facts: "starting" }]);
    bar.note("stopping");
    expect(told.calls.at(-1)).toEqual({ what: "update", facts: "stopping" });
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.stringMatching(/^[a-z]{1,5}$/), (share, facts) => {
        bar.step(share, facts);
        const { value = Number.NaN, ...rest } = told.calls.at(-1) as Call;
        expect(rest).toEqual({ what: "update", facts });
        expect(Number.isInteger(value)).toBe(true);
        expect(value / 1000).toBeLessThanOrEqual(share);
        expect(value / 1000).toBeGreaterThan(share - 0.001 - 1e-12);
        bar.note("stopping");
        expect(told.calls.at(-1)).toEqual({ what: "update", facts: `${facts}  stopping` });
      }),
    );
    bar.end();
    expect(told.calls.at(-1)).toEqual({ what: "stop" });
  });

  it("keeps the words in their place while the share grows", async () => {
    const { SingleBar } = await vi.importActual<typeof import("cli-progress")>("cli-progress");
    startWorkBar({ quiet: false });
    let written = "";
    const write = (text: string): void => {
      written += text;
    };
    const bar = new SingleBar({ ...told.options.at(-1), stream: { isTTY: true, columns: 120, write } as never });
    const places = [10, 220, 1000].map((done) => {
      written = "";
      bar.start(1000, done, { facts: "words" });
      bar.stop();
      expect(written).toContain(`${done / 10} %`);
      return written.indexOf("words") - written.search(/[█░]/);
    });
    expect(new Set(places).size).toBe(1);
  });
});

describe("nothing is shown", () => {
  it.each([
    ["on a terminal that is to be quiet", true, true],
    ["where standard error is no terminal", false, false],
  ])("%s", (_, terminal, quiet) => {
    Object.assign(process.stderr, { isTTY: terminal });
    const progress = startProgress(3, { quiet, history: [{ episode: 1, loss: 1, accuracy: 1 }] });
    const bar = startWorkBar({ quiet });
    progress.step({ episode: 2, loss: 1, accuracy: 1 });
    bar.step(0.5, "half");
    for (const each of [progress, bar]) {
      each.note("stopping");
      each.end();
    }
    expect(told).toEqual({ options: [], calls: [] });
  });
});
