// What runs have to tell is the same in whatever order their results come, and survives being kept.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TrainRow } from "../../../src/meta/index.js";
import { dataAt } from "../../../src/meta/internal.js";
import { decodeKept, encodeKept } from "../../../src/studies/internal.js";
import { figuresOf } from "../../../src/studies/recurrent-chemical-networks/figures.js";
import { runsOf } from "../../../src/studies/recurrent-chemical-networks/rows.js";
import { type KeptRun, keptRun, sixDigits } from "../../../src/studies/training/evidence.js";
import { madeUp, resultsOf } from "../../report/fixtures.js";

const small = {
  ...{ hidden: [12], ways: 3, shots: 2, queries: 4, episodes: 12 },
  data: dataAt("glyphs"),
};
const results = resultsOf([madeUp("bio", 0.5, 3, small), madeUp("rcn-2", 0.6, 4, small), madeUp("fa", 0.2, 2, small)]);

describe("evidence", () => {
  it("does not depend on the order of the results, nor do the figures made of it", () => {
    const [runs, figures] = [runsOf(results), JSON.stringify(figuresOf(results))];
    expect(runs.map(({ label, runs: all }) => [label, all.map(({ seed }) => seed)])).toEqual([
      ["bio", [0, 1, 2]],
      ["rcn-2", [0, 1, 2, 3]],
      ["fa", [0, 1]],
    ]);
    const orders = fc.shuffledSubarray(results, { minLength: results.length });
    fc.assert(
      fc.property(orders, (shuffled) => {
        expect(runsOf(shuffled)).toEqual(runs);
        expect(JSON.stringify(figuresOf(shuffled)) === figures).toBe(true);
      }),
      { seed: 5, numRuns: 12 },
    );
  });

  it("is unchanged after it is stored and read", () => {
    const back = decodeKept(encodeKept(results), "file");
    expect(runsOf(back)).toEqual(runsOf(results));
  });

  it("keeps the losses of episodes that diverged", () => {
    const [first, ...rest] = results;
    const loss = first.row.loss.map((each, i) => (i === 4 ? null : each));
    const back = decodeKept(encodeKept([{ ...first, row: { ...first.row, loss } }, ...rest]), "file");
    expect(runsOf(back)[0].runs[0].loss[4]).toBeNaN();
    expect(runsOf(back)[0].runs[0].loss.filter(Number.isNaN)).toHaveLength(1);
  });
});

describe("what is stored of a run", () => {
  const numbers = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true, min: -1000, max: 1000 }), {
    minLength: 1,
    maxLength: 6,
  });

  it("has six digits of each number, and loses nothing more if it is stored again", () => {
    fc.assert(
      fc.property(
        numbers,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 5 }),
        (data, accuracy) => {
          const leaf = { shape: [data.length], data };
          const rule = { P: [leaf], K: [leaf], v: [leaf], b: [leaf] } as unknown as TrainRow["rule"];
          const row: TrainRow = {
            ...{ ruleHash: "", accuracy, loss: [null, ...accuracy], clipped: [[2, 0.5]], rule, measured: [] },
          };
          const kept: KeptRun = keptRun(row);
          expect(kept).toMatchObject({ loss: [null, ...accuracy.map(sixDigits)], guarded: [2] });
          expect(Object.keys(kept.rule)).toEqual(["P", "K"]);
          kept.rule.P[0].data.forEach((value, i) => {
            expect(Math.abs(value - data[i])).toBeLessThanOrEqual(1e-5 * Math.abs(data[i]));
            expect(sixDigits(value)).toBe(value);
          });
        },
      ),
      { seed: 7, numRuns: 50 },
    );
  });
});
