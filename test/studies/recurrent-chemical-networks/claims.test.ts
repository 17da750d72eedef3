// The verdicts of the study on runs that are made up: which way a difference goes, and what it may be held against.

import { describe, expect, it } from "vitest";
import { dataAt } from "../../../src/meta/internal.js";
import { type ClaimLine, judged, studyNamed } from "../../../src/studies/index.js";
import type { Evidence } from "../../../src/studies/internal.js";
import { madeUp, publishedSetting, resultsOf } from "../../report/fixtures.js";

const study = studyNamed("recurrent-chemical-networks");
const lineOf = (claim: string, evidence: readonly Evidence[]): ClaimLine =>
  judged(study, resultsOf(evidence)).find((line) => line.claim === claim)!;

describe("claims that one experiment ends above another", () => {
  const pairs = [
    ...[
      ["rcn-2", "rcn-1"],
      ["rcn-2", "bio"],
      ["rcn-2", "linear-7"],
      ["layer-2", "rcn-2"],
      ["synapse-5", "apart-5"],
    ],
    ...[
      ["momentum-10", "rcn-5"],
      ["ehebb", "fa"],
      ["oja", "fa"],
      ["bio", "ehebb"],
      ["bio", "oja"],
    ],
  ] as const;

  it("are complete", () => {
    const labels = study.claims.map(({ label }) => label).filter((label) => label.includes("-above-"));
    expect(labels).toEqual(pairs.map(([first, second]) => `${first}-above-${second}`));
  });

  it.each(pairs)(
    "%s above %s: holds, does not hold if reversed, and has the sign of first minus second",
    (one, other) => {
      const of = (first: number, second: number, seeds = 5) =>
        lineOf(`${one}-above-${other}`, [madeUp(one as "bio", first, seeds), madeUp(other as "bio", second, seeds)]);
      const [up, down] = [of(0.8, 0.5), of(0.5, 0.8)];
      expect(up).toMatchObject({ verdict: "holds", seeds: 5 });
      expect(down).toMatchObject({ verdict: "does not hold", seeds: 5 });
      expect(up.value).toBeCloseTo(0.3, 1);
      expect(down.value).toBeCloseTo(-0.3, 1);
      expect(of(0.8, 0.5, 4).verdict).toBe("open");
    },
  );

  it("do not pair results with other images or another protocol", () => {
    const [two, one] = [madeUp("rcn-2", 0.8), madeUp("rcn-1", 0.5)];
    const other = lineOf("rcn-2-above-rcn-1", [two, { ...one, images: "others" }]);
    expect(other).toMatchObject({ verdict: "open", reason: "no seed of both saw the same images" });
    for (const setting of [{ shots: 20 }, { episodes: 170 }, { hidden: [170] }, { data: dataAt("glyphs", "") }]) {
      const odd = { ...publishedSetting, ...setting };
      const line = lineOf("rcn-2-above-rcn-1", [madeUp("rcn-2", 0.8, 5, odd), madeUp("rcn-1", 0.5, 5, odd)]);
      expect(line, JSON.stringify(setting)).toMatchObject({ verdict: "open", reason: "not the published setting" });
    }
  });
});

describe("claims about published accuracies", () => {
  it("hold if a published run could be one more of ours, and are open for other lengths", () => {
    expect(lineOf("accuracy-rcn-2", [madeUp("rcn-2", 0.726)])).toMatchObject({ verdict: "holds", published: 0.726 });
    expect(lineOf("accuracy-rcn-2", [madeUp("rcn-2", 0.3)])).toMatchObject({ verdict: "does not hold" });
    expect(lineOf("independent-rcn-2", [madeUp("rcn-2", 0.3)])).toMatchObject({ verdict: "does not hold" });
    expect(lineOf("accuracy-fa", [madeUp("fa", 0.25)]).reason).toMatch(/after more episodes/);
    expect(lineOf("accuracy-rcn-2", [madeUp("bio", 0.7)]).reason).toBe("nothing that it needs was run");
  });
});

describe("laws", () => {
  it("do not hold if the first episodes of equal rules differ", () => {
    const [fa, oja] = [madeUp("fa", 0.3), madeUp("oja", 0.3)];
    const begun = (evidence: Evidence, first: number): Evidence => ({
      ...evidence,
      runs: evidence.runs.map((run) => ({ ...run, loss: [first, ...run.loss.slice(1)] })),
    });
    const verdict = (...firsts: [number, number]) =>
      lineOf("first-episode", [begun(fa, firsts[0]), begun(oja, firsts[1])]).verdict;
    expect(verdict(3.78661, 3.78661)).toBe("holds");
    expect(verdict(3.78661, 3.78662)).toBe("does not hold");
  });

  it("do not hold if the last error has another direction", () => {
    const fa = madeUp("fa", 0.3);
    const turned = (by: number): Evidence => ({
      ...fa,
      runs: fa.runs.map((run) => ({
        ...run,
        measured: run.measured.map((each) => ({ ...each, errorAngles: [...each.errorAngles.slice(0, -1), by] })),
      })),
    });
    expect(lineOf("last-angle", [turned(0)]).verdict).toBe("holds");
    expect(lineOf("last-angle", [turned(3)]).verdict).toBe("does not hold");
  });
});
