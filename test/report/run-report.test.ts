// The reports on runs and on studies, read back: which sections there are, what each is about, and whose numbers stand there.
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { glyphNames, glyphs } from "../../src/data/index.js";
import { dataAt } from "../../src/meta/internal.js";
import { runReport } from "../../src/report/run-report.js";
import { sampleAnswers } from "../../src/report/samples.js";
import { studyReport } from "../../src/report/study-report.js";
import { type ClaimLine, cycle, type Figure } from "../../src/studies/index.js";
import type { Evidence } from "../../src/studies/internal.js";
import { madeUp } from "./fixtures.js";

const setting = {
  hidden: [12, 8],
  ways: 3,
  shots: 2,
  queries: 4,
  episodes: 8,
  data: dataAt("glyphs"),
};
const arm = (label: string, name: "bio" | "rcn-2" = "bio", seeds = 2, changed = {}): Evidence => ({
  ...madeUp(name, 0.5, seeds, { ...setting, ...changed }),
  label,
});

const all = (root: { querySelectorAll(selector: string): unknown }, selector: string): Element[] =>
  Array.from(root.querySelectorAll(selector) as never);
const textsOf = (root: { querySelectorAll(selector: string): unknown }, selector: string) =>
  all(root, selector).map(({ textContent }) => textContent);
const read = (html: string) => parseHTML(html).document;

describe("a report on runs", () => {
  it("is named after its only configuration, or says how many there are, and describes their setting", () => {
    const one = read(runReport([arm("first")], { dataset: "some <images>" }));
    expect(textsOf(one, "h1, title")).toEqual(["first", "first"]);
    expect(textsOf(one, ".lead")).toEqual([
      "Meta-learned plasticity: 3 classes per task, 2 images of each to learn from one at a time and 4 as queries, " +
        "faithful protocol, 12-8 hidden units, images: some <images>.",
    ]);
    const two = read(runReport([arm("first"), arm("second", "rcn-2")]));
    expect(textsOf(two, "h1")).toEqual(["2 configurations"]);
    expect(textsOf(two, ".lead")[0]).toContain("images: glyphs.");
  });

  it("describes the setting of a regression, also without hidden units", () => {
    const { config, ...rest } = arm("first");
    const changed = (hidden: number[]): Evidence => ({
      ...rest,
      config: { ...config, hidden, task: { kind: "teacher" } as never },
    });
    for (const [hidden, words] of [
      [[7, 5], "7-5 hidden units"],
      [[], "no hidden units"],
    ] as const) {
      const lead = textsOf(read(runReport([changed([...hidden])])), ".lead")[0];
      expect(lead).toBe(
        `Meta-learned plasticity: regression (teacher), 2 steps to learn from and 4 queries, ${words}.`,
      );
    }
  });

  it("has one section on accuracy for each set of tasks, with every rule that learned them and a comparison with the first", () => {
    const document = read(
      runReport([arm("a"), arm("b", "rcn-2"), arm("c", "bio", 2, { shots: 5 }), arm("d", "rcn-2", 3)]),
    );
    const rows = (id: string, nth: number) =>
      all(all(document, `#${id} table`)[nth], "tbody tr").map((row) => row.children[0].textContent);
    expect(rows("accuracy-1", 0)).toEqual(["a", "b", "d"]);
    expect(rows("accuracy-1", 1)).toEqual(["b − a", "d − a"]);
    expect(rows("accuracy-2", 0)).toEqual(["c"]);
    expect(all(document, "#accuracy-2 table")).toHaveLength(1);
    expect(all(document, "#accuracy-3")).toEqual([]);
    const [first, second] = ["accuracy-1", "accuracy-2"].map((id) => textsOf(document, `#${id} h2`)[0]);
    expect(first).toMatch(/^Accuracy and loss, 3 classes per task, 2 images/);
    expect(second).toMatch(/^Accuracy and loss, 3 classes per task, 5 images/);
    expect(textsOf(read(runReport([arm("a"), arm("b", "rcn-2")])), "#accuracy-1 h2")).toEqual(["Accuracy and loss"]);
  });

  it("draws no more lines in a chart than there are colours, divides lines evenly among charts, and leaves none out", () => {
    const { runs, ...rest } = arm("", "bio", 1, { episodes: 3 });
    const bare = { ...rest, runs: runs.map((run) => ({ ...run, rule: { P: [], K: [] }, measured: [] })) };
    for (const count of [1, cycle.length, cycle.length + 1, 2 * cycle.length + 1]) {
      const evidence = Array.from({ length: count }, (_, i) => ({ ...bare, label: `arm ${i}` }));
      const document = read(runReport(evidence));
      const charts = all(document, "#accuracy-1 svg").filter((svg) =>
        svg.getAttribute("aria-label")?.startsWith("query accuracy, mean of"),
      );
      const names = charts.map((svg) => textsOf(svg, "[aria-label=text] text").filter((t) => t?.startsWith("arm ")));
      expect(names.flat()).toEqual(evidence.map(({ label }) => label));
      const sizes = names.map(({ length }) => length);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(cycle.length);
      expect(charts).toHaveLength(Math.ceil(count / cycle.length));
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(charts.length);
      // Within a chart no two lines have one colour, and each name has that of its line.
      for (const svg of charts) {
        const lines = all(svg, "[aria-label=line]").map((line) => line.getAttribute("stroke"));
        expect(new Set(lines).size).toBe(lines.length);
        const labels = all(svg, "[aria-label=text]").filter((text) => text.textContent?.startsWith("arm "));
        expect(labels.map((label) => label.getAttribute("fill"))).toEqual(lines);
      }
    }
  });

  it("shows what was learned, what was measured and time constants only for rules that have them", () => {
    const bio = arm("chemicals");
    const without: Evidence = { ...bio, label: "none", runs: bio.runs.map((run) => ({ ...run, measured: [] })) };
    const sections = (document: ReturnType<typeof read>): (string | null)[] =>
      all(document, "main > section").map(({ id }) => id);
    const both = read(runReport([bio, without]));
    expect(sections(both)).toEqual(["accuracy-1", "learned", "inside"]);
    expect(textsOf(both, "#inside h3")).toEqual(["chemicals"]);
    expect(sections(read(runReport([without])))).toEqual(["accuracy-1", "learned"]);
    const rcn = read(runReport([arm("two", "rcn-2")]));
    expect(sections(rcn)).toContain("times");
    expect(textsOf(rcn, "#learned h3").every((text) => text?.startsWith("two: P and K, "))).toBe(true);
    expect(textsOf(both, "#learned h3").every((text) => /^(chemicals|none): P, /.test(text ?? ""))).toBe(true);
    expect(textsOf(both, "#learned .note")[0]).toMatch(/^Thousandths/);
    expect(all(both, "#accuracy-1 > .note")).toHaveLength(1); // how to read it, and nothing before it
    const empty = { ...without, runs: without.runs.map((run) => ({ ...run, rule: { P: [], K: [] } })) };
    expect(all(read(runReport([empty])), "#learned figure")).toEqual([]);
  });
});

describe("the task that a report shows", () => {
  const png = Buffer.from("not a picture");
  const answers = [
    { label: "first", classes: [0, 2, 1], accuracy: 0.666 },
    { label: "gone", classes: [-1, 1, 1], accuracy: 0.124 },
  ];
  const shown = { images: [0, 1, 1].map((label) => ({ png, label })), answers };

  it("shows images with their classes, the answers of each rule with wrong ones marked, and the share of right ones", () => {
    const document = read(runReport([arm("first")], { samples: shown as never, classNames: ["<zero>", "one", "two"] }));
    const [pictures, truth] = all(document, "#samples thead tr");
    expect(all(pictures, "img").map((image) => image.getAttribute("alt"))).toEqual(
      ["<zero>", "one", "one"].map((name) => `class ${name}`),
    );
    for (const image of all(pictures, "img")) {
      expect(image.getAttribute("src")).toBe(`data:image/png;base64,${png.toString("base64")}`);
    }
    expect(Array.from(truth.children, ({ textContent }) => textContent)).toEqual([
      ...["class", "<zero>", "one", "one", "right"],
    ]);
    expect(pictures.children).toHaveLength(truth.children.length);
    const rows = all(document, "#samples tbody tr");
    expect(rows.map((row) => Array.from(row.children, ({ textContent }) => textContent))).toEqual([
      ["first", "<zero>", "two", "one", "67 %"],
      ["gone", "–", "one", "one", "12 %"],
    ]);
    expect(rows.map((row) => textsOf(row, ".wrong"))).toEqual([["two"], ["–"]]);
    expect(textsOf(read(runReport([arm("first")], { samples: shown as never })), "#samples tbody tr")[0]).toBe(
      "first02167 %",
    );
  });

  it("is left out if it was not requested, and replaced by a sentence if it is not available", () => {
    expect(all(read(runReport([arm("first")])), "#samples")).toEqual([]);
    const none = read(runReport([arm("first")], { samples: "No <images> here." }));
    expect(textsOf(none, "#samples .note")).toEqual(["No <images> here."]);
    expect(textsOf(none, "#samples h2")).toEqual(["A task"]);
  });

  it("is drawn from the seed alone: two images of each class, the same for all runs, answered by those with this task", () => {
    const dataset = glyphs({ perClass: 6 });
    const evidence = [arm("first", "bio", 3), arm("second", "rcn-2", 2), arm("third", "bio", 3)];
    const { images, answers } = sampleAnswers(evidence, dataset);
    const labels = images.map(({ label }) => label);
    expect(labels).toHaveLength(6);
    expect([labels[1], labels[3], labels[5]]).toEqual([labels[0], labels[2], labels[4]]);
    expect(new Set(labels).size).toBe(3);
    // Width and height of a PNG are its first numbers.
    for (const { png } of images) {
      const header = Buffer.from(png);
      expect([header.readUInt32BE(16), header.readUInt32BE(20)]).toEqual([dataset.columns, dataset.rows]);
    }
    expect(answers.map(({ label }) => label)).toEqual(["first", "second", "third"]);
    for (const { classes, accuracy } of answers) {
      expect(classes).toHaveLength(images.length);
      for (const c of classes) expect(Number.isInteger(c) && c >= 0 && c < glyphNames.length).toBe(true);
      expect(Math.abs(12 * accuracy - Math.round(12 * accuracy))).toBeLessThan(1e-9);
      // Of the queries that are not shown some may be right.
      const right = classes.filter((c, i) => c === images[i].label).length;
      expect(12 * accuracy).toBeGreaterThanOrEqual(right - 1e-9);
      expect(12 * accuracy).toBeLessThanOrEqual(right + 6 + 1e-9);
    }
    expect(answers[2]).toEqual({ ...answers[0], label: "third" });
    // Another first seed is another task; who has no run of it, or not all of its rule, has no answer.
    const [first, second, third] = evidence;
    const later = { ...first, runs: first.runs.slice(2) };
    const other = sampleAnswers([later, second, third], dataset);
    expect(other.answers.map(({ label }) => label)).toEqual(["first", "third"]);
    expect(other.images.some(({ png }, i) => !Buffer.from(png).equals(images[i].png))).toBe(true);
    const kept = { ...first, runs: first.runs.map(({ whole: _, ...run }) => run) };
    expect(sampleAnswers([kept, third], dataset).answers.map(({ label }) => label)).toEqual(["third"]);
  });
});

describe("a report on a study", () => {
  const about = {
    ...{ name: "two-made-up-words", about: "What it is <about>.", basis: "published" },
    papers: [
      { authors: "A. One", title: "First", year: 1999, where: "Journal" },
      { authors: "B. Two", title: "Second", year: 2001, where: "Other" },
    ],
  };
  const claim = {
    ...{ study: "x", claim: "c", statement: "a <claim>", source: "law", verdict: "holds", value: 0.5 },
    ...{ low: 0.25, high: 0.75, seeds: 5, published: null },
  } as ClaimLine;
  const figures: Figure[] = [
    { name: "one", title: "Figure & one", about: "Read <it>.", rows: [[{ kind: "note", text: "A note." }]] },
    { name: "two", title: "Figure two", about: "And this.", rows: [] },
  ];

  it("begins with its claims and sources, and has a section for each figure", () => {
    const document = read(studyReport(about as never, { claims: [claim], figures }));
    expect(textsOf(document, "h1")).toEqual(["Two made up words"]);
    expect(textsOf(document, ".lead")).toEqual(["What it is <about>."]);
    expect(all(document, "main > section").map(({ id }) => id)).toEqual(["claims", "one", "two"]);
    expect(textsOf(document, "main h2")).toEqual(["Claims", "Figure & one", "Figure two"]);
    expect(textsOf(document, "#claims tbody td")).toEqual([
      ...["a <claim>", "law", "-", "0.5", "0.25 to 0.75", "5", "holds"],
    ]);
    expect(textsOf(document, "#claims .note")).toEqual([
      "Basis: published. A. One 1999: First. Journal. B. Two 2001: Second. Other.",
    ]);
    expect(textsOf(document, "#one p")).toEqual(["Read <it>.", "A note."]);
    expect(textsOf(document, "#two p")).toEqual(["And this."]);
  });
});
