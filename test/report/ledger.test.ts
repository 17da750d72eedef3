// The parts of a ledger's page, from made-up results: what stands in each, and how pages are filled.
import { describe, expect, it } from "vitest";
import { markdownTable } from "../../src/report/draw.js";
import { filled, ledgerParts, ledgerTable } from "../../src/report/ledger.js";
import type { Result } from "../../src/runs/index.js";
import { type AnyStudy, type ClaimLine, claimTable, type Figure } from "../../src/studies/index.js";

const points = { kind: "points", quantity: "share", rows: [{ name: "arm", hue: "s2", values: [0.25, 0.75] }] } as const;
const note = { kind: "note", text: "A note." } as const;
const figure = (name: string, ...rows: Figure["rows"]): Figure => ({ name, title: `About ${name}`, about: "", rows });

/** A study whose one claim is about the mean of the values. */
const study = (figures: readonly Figure[] | undefined): AnyStudy =>
  ({
    name: "made-up",
    claims: [
      {
        ...{ label: "mean", statement: "the mean is above 0", source: "law" },
        measure: (results: readonly Result<number>[]) =>
          results.length === 0
            ? undefined
            : { value: results.reduce((sum, { row }) => sum + row, 0) / results.length, seeds: results.length },
        holds: ({ value }: { value: number }) => (value > 0 ? "holds" : "does not hold"),
      },
    ],
    ...(figures && { figures: () => figures }),
  }) as unknown as AnyStudy;

const result = (seed: number, numerics: number, row = 1): Result =>
  ({ cell: { seed, config: {} }, numerics, seconds: 1, row }) as unknown as Result;

const wide = figure("picture", [points], [note]);
const plain = figure("words", [note]);

describe("the parts of a study's page", () => {
  it("are one for each figure, with a file if it has a picture", () => {
    const { parts, files } = ledgerParts(study([wide, plain, figure("bare", [points])]), [result(0, 1)]);
    expect(Object.keys(parts).sort()).toEqual(["bare", "claims", "picture", "results", "words"]);
    expect(Object.keys(files).sort()).toEqual(["bare.svg", "picture.svg"]);
    expect(files["picture.svg"]).toMatch(/^<svg.*<title>About picture<\/title>/s);
    expect(parts.picture).toBe("![About picture](picture.svg)\n\nA note.");
    expect(parts.bare).toBe("![About bare](bare.svg)");
    expect(parts.words).toBe("A note.");
    expect(Object.keys(ledgerParts(study(undefined), []).parts)).toEqual(["claims", "results"]);
  });

  it("have the claims with their verdicts on these results", () => {
    for (const [value, verdict] of [
      [0.5, "holds"],
      [-0.5, "does not hold"],
    ] as const) {
      const { parts, claims } = ledgerParts(study([]), [result(0, 1, value), result(1, 1, value)]);
      expect(claims.map((line) => [line.verdict, line.value, line.seeds])).toEqual([[verdict, value, 2]]);
      expect(parts.claims).toBe(markdownTable(claimTable(claims)));
    }
    expect(ledgerParts(study([]), []).claims[0].verdict).toBe("open");
  });

  it("say how many results there are, for how many seeds, and of which versions of the numbers", () => {
    const results = (...list: Result[]): string => ledgerParts(study([]), list).parts.results;
    expect(results(result(7, 1), result(7, 1))).toBe("- 2 results of 1 seed, of version 1 of the numbers");
    expect(results(result(1, 10), result(2, 2), result(1, 2), result(3, 9))).toBe(
      "- 4 results of 3 seeds, of version 2 and 9 and 10 of the numbers",
    );
  });

  it("say which images were used", () => {
    const sha256 = "0123456789abcdef".repeat(4);
    const images = { name: "letters", images: 12345, classes: 26, perClass: [400, 480] as const, sha256 };
    const { results } = ledgerParts(study([]), [result(0, 1)], [images, { ...images, name: "digits" }]).parts;
    expect(results.split("\n").slice(1)).toEqual(
      ["letters", "digits"].map(
        (name) =>
          `- images: \`${name}\`, 12,345 of 26 classes, 400 to 480 of each; SHA-256 of images and classes 0123456789abcdef`,
      ),
    );
  });
});

describe("a page", () => {
  const page = "# Title\n<!-- one -->old\nlines<!-- end -->\nbetween\n<!-- two --><!-- end -->\nlast\n";

  it("is filled between the markers of each part, and is unchanged elsewhere", () => {
    const parts = { one: "$& first $1", two: "second" };
    const text = filled(page, parts);
    expect(text).toBe(
      "# Title\n<!-- one -->\n\n$& first $1\n\n<!-- end -->\nbetween\n<!-- two -->\n\nsecond\n\n<!-- end -->\nlast\n",
    );
    expect(filled(text, parts)).toBe(text);
    expect(filled(page, { absent: "x" })).toBe(page);
    expect(filled(page, {})).toBe(page);
  });
});

describe("the table of all studies", () => {
  it("counts the verdicts of each study, under a link to its page", () => {
    const line = (verdict: string, claim: string): ClaimLine =>
      ({
        ...{ study: "s", claim, statement: claim, source: "law", verdict, value: 1, low: null, high: null, seeds: 5 },
        published: null,
      }) as ClaimLine;
    const first = ["holds", "open", "holds", "does not hold", "open", "open"].map((v, i) => line(v, `claim ${i}`));
    const text = ledgerTable([
      { name: "one", claims: first },
      { name: "two", claims: [] },
    ]);
    const [one, two] = text.split("\n\n### ");
    expect(one).toBe(
      `### [one](one/README.md)\n\n6 claims: 2 holds, 1 does not hold, 3 open.\n\n${markdownTable(claimTable(first))}`,
    );
    expect(two).toMatch(/^\[two\]\(two\/README\.md\)\n\n0 claims: 0 holds, 0 does not hold, 0 open\.\n\n\| claim/);
    for (let i = 0; i < first.length; i++) expect(one).toContain(`| claim ${i} |`);
  });
});
