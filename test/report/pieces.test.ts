import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dataset } from "../../src/data/index.js";
import { pictureOf } from "../../src/data/picture.js";
import type { TrainConfig } from "../../src/meta/index.js";
import { dataAt } from "../../src/meta/internal.js";
import { spread } from "../../src/report/chart.js";
import { curveChart } from "../../src/report/curves.js";
import { svgOf } from "../../src/report/draw.js";
import { heatMap, thousandths } from "../../src/report/heat.js";
import { pngOf, sheetOf } from "../../src/report/sheet.js";
import { type Evidence, paired, statisticTable } from "../../src/studies/internal.js";
import { shownAs } from "../../src/studies/recurrent-chemical-networks/figures.js";
import { comparable } from "../../src/studies/recurrent-chemical-networks/published.js";
import { anglesOf, insideOf } from "../../src/studies/training/inside.js";
import { madeUp, publishedSetting } from "./fixtures.js";

describe("labels", () => {
  const positions = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 8 });

  it("are spread: far enough apart, inside, in order, and unchanged if they are far enough apart already", () => {
    fc.assert(
      fc.property(positions, (wanted) => {
        const gap = 5;
        const placed = spread(wanted, gap, 0, 100);
        const order = wanted.map((_, i) => i).sort((a, b) => placed[a] - placed[b]);
        order.forEach((index, rank) => {
          expect(placed[index]).toBeGreaterThanOrEqual(-1e-9);
          expect(placed[index]).toBeLessThanOrEqual(100 + 1e-9);
          if (rank === 0) return;
          expect(placed[index] - placed[order[rank - 1]]).toBeGreaterThanOrEqual(gap - 1e-9);
          expect(wanted[index]).toBeGreaterThanOrEqual(wanted[order[rank - 1]]);
        });
        const sorted = [...wanted].sort((a, b) => a - b);
        if (sorted.every((value, i) => i === 0 || value - sorted[i - 1] >= gap)) {
          placed.forEach((value, i) => {
            expect(value).toBeCloseTo(wanted[i], 9);
          });
        }
      }),
    );
  });

  it("move no further than necessary", () => {
    expect(spread([50, 50], 10, 0, 100)).toEqual([45, 55]);
    expect(spread([0, 0, 0], 10, 0, 100)).toEqual([0, 10, 20]);
    expect(spread([20, 22, 80], 10, 0, 100)).toEqual([16, 26, 80]);
  });
});

describe("curves", () => {
  it("are cut off if a loss explodes, so that the others can be seen", () => {
    const falling = Array.from({ length: 40 }, (_, i) => 4 - 0.05 * i);
    const bang = falling.map((value, i) => (i > 30 ? 1e12 : value));
    const series = [
      { name: "calm", hue: "s1" as const, curves: [falling] },
      { name: "loud", hue: "s2" as const, curves: [bang] },
    ];
    const svg = curveChart({ quantity: "loss", series, domain: [0], window: 1 });
    const ticks = [...svg.matchAll(/>(\d+)<\/text>/g)].map(([, text]) => Number(text));
    expect(Math.max(...ticks.filter((tick) => tick < 1000))).toBeLessThan(41);
    expect(/e\+|000000/.test(svg.replace(/aria-label="[^"]*"/g, ""))).toBe(false);
  });

  it("end where they leave the chart, and so do their bands", () => {
    const curve = [4, 3, 2, 900, 800, 2, 1, 1];
    const series = [{ name: "soars", hue: "s1" as const, curves: [curve, curve.map((loss) => loss * 1.2)] }];
    const svg = curveChart({ quantity: "loss", series, domain: [0], window: 1 });
    for (const part of ["area", "line"]) {
      const [, path] = new RegExp(`aria-label="${part}"[^>]*><path d="([^"]*)"`).exec(svg) ?? [];
      expect(path.match(/M/g)).toHaveLength(2);
    }
  });

  it("skip missing numbers of seeds without a break in the line", () => {
    const series = [{ name: "gone", hue: "s1" as const, curves: [[1, Number.NaN, 1]] }];
    expect(/NaN/.test(curveChart({ quantity: "loss", series, domain: [0], window: 1 }))).toBe(false);
  });
});

describe("heat maps", () => {
  it("are pale where the seeds do not agree on the sign", () => {
    const seeds = [0.1, 0.11, 0.12, 0.1, 0.1].map((sure, i) => [sure, i % 2 === 0 ? 0.1 : -0.12]);
    const svg = heatMap({ title: "P", seeds, rows: ["w"], columns: ["F0", "F1"] });
    expect(svg).toMatch(/<text fill-opacity="1"[^>]*>106</);
    expect(svg).toMatch(/<text fill-opacity="0.45"[^>]*>12</);
  });

  it("show thousandths", () => {
    expect([0.0123, -0.0004, 0, 0.25, -0.00996].map(thousandths)).toEqual(["12", "−0.4", "0.0", "250", "−10"]);
    expect(thousandths(-0.00001)).toBe("0.0");
  });
});

describe("PNG", () => {
  it("keeps the pixels, grey or in colour, and cuts numbers outside of 0 to 1", async () => {
    const side = fc.integer({ min: 1, max: 9 });
    const numbers = fc.float({ min: -1, max: 2, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        side,
        side,
        fc.constantFrom(1, 3),
        fc.infiniteStream(numbers),
        async (rows, columns, channels, stream) => {
          const values = Float32Array.from({ length: rows * columns * channels }, () => stream.next().value as number);
          const data = dataset("d", new Uint8Array(values.length), [0], rows, columns, { channels });
          const { colours } = await pictureOf(pngOf(data, values), "d.png");
          const shown = (i: number): number => Math.floor(255 * Math.min(1, Math.max(0, values[i])) + 0.5);
          const wanted = Array.from(colours, (_, i) => shown(channels === 3 ? i : Math.floor(i / 3)));
          expect([...colours]).toEqual(wanted);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("stand upright, alone and on a sheet, if they lie on their side in the file", () => {
    // Images of 2 rows and 3 columns and the same with both exchanged, from the same numbers.
    const [rows, columns, count] = [2, 3, 4];
    const upright = Uint8Array.from({ length: count * rows * columns }, (_, i) => (i * 37) % 256);
    const lying = upright.map((_, i) => {
      const [image, row, column] = [Math.floor(i / 6), Math.floor(i / rows) % columns, i % rows];
      return upright[image * 6 + row + column * columns];
    });
    const labels = [0, 1, 0, 1];
    const stands = dataset("d", upright, labels, rows, columns);
    const lies = dataset("d", lying, labels, columns, rows, { transposed: true });
    expect(sheetOf(lies, 2)).toEqual(sheetOf(stands, 2));
    expect(sheetOf({ ...lies, transposed: false }, 2)).not.toEqual(sheetOf(stands, 2));
    const numbers = (of: Uint8Array): Float32Array => Float32Array.from(of.subarray(6, 12), (byte) => byte / 255);
    expect(pngOf(lies, numbers(lying))).toEqual(pngOf(stands, numbers(upright)));
  });
});

describe("evidence", () => {
  it("is paired by seed, and only where the tasks are the same", () => {
    const five = madeUp("bio", 0.7, 5);
    const [first, second] = paired(five, { ...madeUp("rcn-2", 0.7, 5), runs: five.runs.slice(1, 3) }) ?? [];
    expect(first?.runs.map(({ seed }) => seed)).toEqual([1, 2]);
    expect(second?.runs.length).toBe(2);
    expect(paired(five, madeUp("rcn-2", 0.7, 5, { ...publishedSetting, shots: 20 }))).toBeUndefined();
    expect(paired(five, { ...five, runs: [] })).toBeUndefined();
    const [one, other] = ["a", "b"].map((images) => ({ ...five, images }));
    expect(paired(one, { ...one, label: "again" })).toBeDefined();
    expect(paired(one, other)).toBeUndefined();
    expect(paired(one, five)).toBeUndefined();
  });

  it("shows published numbers only for the published setting", () => {
    const config = madeUp("bio", 0.7, 1).config;
    expect(comparable(config)).toBe(true);
    const others: Partial<TrainConfig>[] = [
      ...[{ ways: 4 }, { shots: 49 }, { queries: 9 }, { hidden: [170, 130, 100] }, { hidden: [130, 170, 100, 70] }],
      ...[{ protocol: "strict" as const }, { episodes: 179 }, { data: dataAt("glyphs") }],
    ];
    for (const other of others) {
      expect(comparable({ ...config, ...other }), JSON.stringify(other)).toBe(false);
      expect(shownAs({ ...madeUp("rcn-2", 0.7, 1), config: { ...config, ...other } }).published).toBeUndefined();
    }
  });
});

describe("the table of the statistic", () => {
  const lossOf = (evidence: Evidence): string => {
    return statisticTable([{ evidence, name: "x", hue: "s1" }]).rows[0][4];
  };

  it("has the mean loss of the episodes of the statistic, and of no others", () => {
    // Of runs shorter than the published ones the last quarter, of longer ones no more than of those.
    const spans = fc.constantFrom<[number, number, number]>([40, 31, 40], [180, 141, 180], [300, 141, 180]);
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 9, noNaN: true }),
        spans,
        fc.nat(299),
        (inside, [episodes, from, to], i) => {
          const within = (episode: number): boolean => from <= episode && episode <= to;
          const evidence = madeUp("bio", 0.7, 3, { ...publishedSetting, episodes });
          const runs = evidence.runs.map((run, seed) => ({
            ...run,
            loss: run.loss.map((_, i) => (within(i + 1) ? inside + seed : 100)),
          }));
          const found = lossOf({ ...evidence, runs });
          expect(found).toBe((inside + 1).toFixed(3));
          const at = i % episodes;
          const changed = runs.map((run) => ({ ...run, loss: run.loss.map((loss, i) => (i === at ? 900 : loss)) }));
          expect(lossOf({ ...evidence, runs: changed }) === found).toBe(!within(at + 1));
        },
      ),
      { seed: 3, numRuns: 60 },
    );
  });
});

describe("what was measured", () => {
  const bio = madeUp("bio", 0.6, 3);
  const drawn = (runs: Evidence["runs"]): string =>
    insideOf({ evidence: { ...bio, runs }, name: "bio", hue: "s1" })
      .map((drawing) => svgOf(drawing))
      .join("\n");
  const lineCount = (svg: string): number => /aria-label="line">(.*?)<\/g>/s.exec(svg)?.[1].split("<path").length ?? 0;

  it("is drawn layer by layer, without the first and the last error and whatever has no meaning", () => {
    const drawing = anglesOf({ evidence: bio, name: "bio", hue: "s1" });
    const angles = drawing ? svgOf(drawing) : "";
    for (const layer of [1, 2, 3, 4]) expect(angles).toContain(`after layer ${layer} ends at`);
    expect(angles).not.toMatch(/after layer (0|5)/);
    expect(angles).toContain("no better than chance");
    const all = drawn(bio.runs);
    expect(all).toContain("layer 5 ends at");
    expect(all).not.toContain("saturated"); // null for synapses without chemicals
    expect(/NaN|null|undefined/.test(all)).toBe(false);
    expect(lineCount(all)).toBeGreaterThan(0);
  });

  it("is averaged over the seeds that were measured, at the episodes that they share", () => {
    const [first, second] = bio.runs;
    const alone = drawn([first]);
    expect(drawn([first, { ...second, measured: [] }])).toBe(alone);
    const sparse = { ...first, measured: first.measured.filter((_, i) => i % 3 === 0) };
    expect(drawn([first, sparse])).not.toBe(alone);
    // Twice the same seed: the mean is it, and so is either end of the interval.
    expect(drawn([sparse, first])).toContain(/P ends at [\d.]+/.exec(drawn([sparse]))?.[0] ?? "nothing");
    expect(drawn([{ ...first, measured: [] }])).toBe("");
  });
});
