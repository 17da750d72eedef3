// `synaptape/report` from the packed package: a program writes the page that the command line writes, and a browser draws the
// picture that Node draws.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { missing, resultOf } from "../engines/browsers.js";
import { page, serve } from "../engines/server.js";
import { type Consumer, consumer } from "./packed.js";

let project: Consumer;

const small = ["--preset", "bio", "--hidden", "6", "--ways", "3", "--shots", "2", "--queries", "3", "--episodes", "4"];

/** A figure with a picture of most kinds, as a page or a program writes it. */
const FIGURE = `{
  title: "Times",
  rows: [
    [{ kind: "curves", quantity: "loss", domain: [0], window: 2, series: [
      { name: "ours", hue: "s5", curves: [[3, 2, 1], [3.5, 2.5, 0.5]] },
      { name: "theirs", hue: "s1", curves: [[3, 3, 3]], dashed: true },
    ] }],
    [{ kind: "heading", text: "Points" }],
    [{ kind: "points", quantity: "accuracy", rows: [{ name: "one", hue: "base", values: [0.25, 0.5, 0.75] }] }],
    [{ kind: "heat", title: "P", seeds: [[1, -2, 3, -4]], rows: ["a", "b"], columns: ["c", "d"] }],
    [{ kind: "diagram", label: "two", nodes: [{ name: "a", hue: "s1" }, { name: "b", hue: "s2" }],
      edges: [{ from: "a", to: "b", hue: "base", blunt: true }] }],
  ],
}`;

beforeAll(() => {
  project = consumer();
});

afterAll(() => project.remove());

describe("a program's report", () => {
  it("is the page that the command line writes, byte for byte", () => {
    const bin = join(project.folder, "node_modules/.bin/synaptape");
    for (const seed of ["0", "1"])
      project.run(bin, "train", ...small, "--seed", seed, "--out", `runs/small-seed${seed}`);
    project.run(bin, "report", "runs/small-seed0", "runs/small-seed1", "--out", "command.html");
    const program = project.write(
      "write-report.mjs",
      `import { writeFileSync } from "node:fs";
      import { glyphNames, glyphs } from "synaptape/data";
      import { readEvidence, runReport, sampleAnswers } from "synaptape/report";
      const evidence = await readEvidence(["runs/small-seed0", "runs/small-seed1"]);
      const images = glyphs({ perClass: 80 });
      const samples = sampleAnswers(evidence, images);
      writeFileSync("program.html", runReport(evidence, { samples, dataset: images.name, classNames: glyphNames, version: "${project.manifest.version}" }));`,
    );
    project.run(process.execPath, program);
    const [ours, theirs] = ["program.html", "command.html"].map((name) =>
      readFileSync(join(project.folder, name), "utf8"),
    );
    expect(ours).toContain("<h1>small</h1>");
    expect(ours === theirs).toBe(true);
  });

  it("refuses what is no figure and what is no run, with a sentence", () => {
    const program = project.write(
      "wrong.mjs",
      `import { figureSvg, readEvidence, runReport } from "synaptape/report";
      for (const call of [
        () => figureSvg({ title: "t", rows: [[{ kind: "pie" }]] }),
        () => figureSvg({ title: "t", rows: [[{ kind: "heat", title: "P" }]] }),
        () => runReport([]),
        () => readEvidence("runs/small-seed0"),
      ]) {
        try { await call(); } catch ({ name, message }) { console.log(name, message); }
      }`,
    );
    expect(project.run(process.execPath, program).trim().split("\n")).toEqual([
      expect.stringMatching(/^TypeError \[figureSvg\] a drawing has the kind "pie"\. Give one of curves, /),
      expect.stringMatching(/^TypeError \[figureSvg\] a drawing of the kind heat is .*\. Give it title, seeds, rows/),
      "RangeError [runReport] there is no run. Give at least one.",
      'TypeError [readEvidence] the list of folders is "runs/small-seed0". Give a list.',
    ]);
  });
});

describe.skipIf(missing("Chromium") && process.env.CI !== "true")("a page's picture", () => {
  it("is the one that Node draws, but for the half pixel that Plot adds on a screen of one dot to a pixel", async () => {
    const program = project.write(
      "picture.mjs",
      `import { figureSvg } from "synaptape/report";\nconsole.log(figureSvg(${FIGURE}));`,
    );
    const drawn = project.run(process.execPath, program).slice(0, -1);
    expect(drawn).toMatch(/^<svg xmlns/);
    const script = `<script type="module">
      import { figureSvg } from "/node_modules/synaptape/dist/browser/report/index.js";
      done(figureSvg(${FIGURE}));
    </script>`;
    const server = await serve(project.folder, { "/picture.html": page(script) });
    try {
      const { result, lines } = await resultOf("Chromium", `${server.url}/picture.html`);
      expect(lines).toEqual([]);
      const placed = (svg: string): string => svg.replace(/ transform="translate\([-\d.,]+\)"/g, "");
      expect(drawn.length).toBeGreaterThan(5000);
      expect(placed(result as string) === placed(drawn)).toBe(true);
    } finally {
      await server.close();
    }
  });
});
