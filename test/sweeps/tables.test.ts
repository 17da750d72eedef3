import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { here, memoryStore } from "../../src/runs/index.js";
import {
  grid,
  ranking,
  resultsCsv,
  settingsText,
  sweep,
  sweepFigures,
  trialsCsv,
  trialTable,
} from "../../src/sweeps/index.js";
import { toy } from "./fixtures.js";

/** Fields of RFC 4180, read by a machine of its own: character by character. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[""]];
  let inside = false;
  for (let i = 0; i < text.length; i++) {
    const row = rows[rows.length - 1];
    if (inside && text.startsWith('""', i)) {
      row[row.length - 1] += '"';
      i++;
    } else if (text[i] === '"') inside = !inside;
    else if (!inside && text[i] === ",") row.push("");
    else if (!inside && text.startsWith("\r\n", i)) {
      rows.push([""]);
      i++;
    } else row[row.length - 1] += text[i];
  }
  rows.pop();
  return rows;
}

const outcomeOf = async (x: number[], seeds = 2) => {
  const { kind, subject } = toy();
  const settings = grid({ x, note: ["a", 'b, "c"\r\nd'] });
  return { subject, outcome: await sweep(subject, { settings, seeds, store: memoryStore(), executor: here([kind]) }) };
};

describe("CSV", () => {
  it("keeps every text and number of a trial", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            s: fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true })),
            value: fc.double({ noNaN: true, noDefaultInfinity: true }),
          }),
          { minLength: 1 },
        ),
        (rows) => {
          const trials = rows.map(({ s, value }, i) => ({
            ...{ number: i + 1, settings: { "a,b": s }, results: [], whole: true },
            measures: { m: { value, seeds: 1 } },
          }));
          const [head, ...read] = parseCsv(trialsCsv({ trials }));
          expect(head).toEqual(["trial", "a,b", "m", "m low", "m high", "m seeds"]);
          expect(read).toEqual(rows.map(({ s, value }, i) => [String(i + 1), String(s), String(value), "", "", "1"]));
        },
      ),
    );
  });

  it("has a row for each trial, and one for each result", async () => {
    const { subject, outcome } = await outcomeOf([1, 3]);
    const trials = parseCsv(trialsCsv(outcome));
    expect(trials.map((row) => row.length)).toEqual(new Array(5).fill(7));
    expect(trials[2].slice(0, 4)).toEqual(["2", "1", 'b, "c"\r\nd', "-3.5"]);
    const results = parseCsv(resultsCsv(subject, outcome));
    expect(results[0]).toEqual(["trial", "x", "note", "seed", "height"]);
    expect(results.slice(1).map(([trial, x, , seed, height]) => [trial, x, seed, height])).toEqual([
      ...[
        ["1", "1", "0", "-4"],
        ["1", "1", "1", "-3"],
        ["2", "1", "0", "-4"],
        ["2", "1", "1", "-3"],
      ],
      ...[
        ["3", "3", "0", "0"],
        ["3", "3", "1", "1"],
        ["4", "3", "0", "0"],
        ["4", "3", "1", "1"],
      ],
    ]);
  });
});

describe("tables and figures", () => {
  it("rank the highest score first, equal ones by number, and those without a score last", async () => {
    const { subject, outcome } = await outcomeOf([13, 5, 3, 1]);
    expect(ranking(subject, outcome.trials).map(({ number }) => number)).toEqual([5, 6, 3, 4, 7, 8, 1, 2]);
    expect(ranking({ ...subject, ranked: false }, outcome.trials)).toEqual(outcome.trials);
    expect(trialTable(outcome.trials).rows.map((row) => row.at(-1))).toEqual(["0", "0", ...new Array(6).fill("2")]);
  });

  it("show curves, seeds, settings side by side, and all trials", async () => {
    const { subject, outcome } = await outcomeOf([1, 3, 13]);
    const figures = sweepFigures(subject, outcome);
    expect(figures.map(({ name }) => name)).toEqual(["curves", "spread", "settings", "trials"]);
    const [drawing] = figures[2].rows[0];
    expect(drawing).toMatchObject({
      kind: "parallel",
      axes: [{ name: "x", values: [3, 3, 1, 1] }, { name: "note" }, { name: "height", values: [0.5, 0.5, -3.5, -3.5] }],
    });
    const { curve: _, ...without } = subject;
    expect(sweepFigures(without, outcome)[0].name).toBe("spread");
  });

  it("draw no axes for a single setting, and nothing but the table without results", async () => {
    const { kind, subject } = toy();
    const options = { store: memoryStore(), executor: here([kind]) };
    const single = await sweep(subject, { settings: grid({ x: [1, 2] }), ...options });
    expect(sweepFigures(subject, single).map(({ name }) => name)).toEqual(["curves", "spread", "trials"]);
    const failed = await sweep(subject, { settings: grid({ x: [13] }), ...options });
    expect(sweepFigures(subject, failed).map(({ name }) => name)).toEqual(["trials"]);
  });

  it("name settings in words", () => {
    expect(settingsText({ lr: 0.1, motifs: [0, 2], bias: "none" })).toBe("lr 0.1, motifs [0,2], bias none");
    expect(settingsText({})).toBe("as it is");
  });
});
