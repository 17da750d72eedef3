// Which lines a mutation run takes: code only, the same ones each time, and no others when a line elsewhere changes.
import { describe, expect, it } from "vitest";
import { CHOICES } from "./choice.js";
import { filesOf, linesOf, sample } from "./sample.js";

describe("the lines that are mutated", () => {
  const files = filesOf("optim");
  const lines = linesOf(files);

  it("are code, from every file except the index", () => {
    expect(files).toContain("src/optim/adam.ts");
    expect(files).not.toContain("src/optim/index.ts");
    expect(lines.length).toBeGreaterThan(100);
    for (const { text } of lines) expect(text).not.toMatch(/^\s*(\/\/|\/?\*|import |$)/);
    expect(filesOf("src/optim/clip.ts")).toEqual(["src/optim/clip.ts"]);
  });

  it("are from files that exist", () => {
    for (const [folder, { files }] of Object.entries(CHOICES)) {
      expect(linesOf(filesOf(folder, files)).length, folder).toBeGreaterThan(50);
    }
    expect(() => filesOf("optim", ["adam", "nothing"])).toThrow("[mutate] src/optim/nothing is not there");
    expect(filesOf("optim", ["adam", "clip"])).toEqual(["src/optim/adam.ts", "src/optim/clip.ts"]);
  });

  it("are a fixed choice that does not change when other lines come or go", () => {
    const chosen = sample(lines, 20);
    expect(chosen).toHaveLength(20);
    expect(sample(lines, 20)).toEqual(chosen);
    expect(sample(lines, 20, 2)).not.toEqual(chosen);
    const [first] = chosen;
    const without = lines.filter(({ file, line }) => file === first.file && line === first.line);
    expect(sample(without, 1)).toEqual([first]);
    const rest = lines.filter(({ file, line }) => !(file === first.file && line === first.line));
    expect(sample(rest, 19)).toEqual(chosen.slice(1));
  });
});
