// A learned rule in a fresh project: loaded from the installed tarball in five lines, it reaches what its card says.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Card } from "../../src/report/index.js";
import { type Consumer, consumer } from "./packed.js";

let project: Consumer;
beforeAll(() => {
  project = consumer();
});
afterAll(() => project.remove());

describe("a kept rule in an installed package", () => {
  it("reaches what its card says on new tasks, by name and from its file", () => {
    const { folder, installed, run, write } = project;
    write(
      "by-name.mjs",
      `import { glyphs } from "synaptape/data";
import { evaluate, keptRule, keptRules } from "synaptape/meta";
const { config, rule } = keptRule(process.argv[2] ?? keptRules[0].name);
const lines = await evaluate(glyphs(), config, rule, { tasks: Number(process.argv[3]) });
console.log(JSON.stringify([keptRules, lines.filter(({ condition }) => condition === "trained").map(({ learned }) => learned.accuracy)]));`,
    );
    const [rules] = JSON.parse(run(process.execPath, "by-name.mjs", "bio-emnist", "1"));
    expect(rules.length).toBeGreaterThan(0);
    const [{ name }] = rules;
    const card: Card = JSON.parse(readFileSync(join(installed, "rules", name, "card.json"), "utf8"));
    const [, accuracies] = JSON.parse(run(process.execPath, "by-name.mjs", name, String(card.tasks)));
    const stated = card.scores.find(({ topic, data }) => topic === "data" && data === "glyphs");
    const mean = accuracies.reduce((sum: number, each: number) => sum + each, 0) / accuracies.length;
    expect(mean).toBeCloseTo(stated?.bySeed[0] ?? Number.NaN, 5);
    const main = join(folder, "node_modules/.bin/synaptape");
    const file = join(installed, "rules", name, "rule.safetensors");
    const lines = run(main, "evaluate", file, "--tasks", "2", "--json").trim().split("\n");
    const found = lines.map((line) => JSON.parse(line)).filter(({ condition }) => condition === "trained");
    expect(found.map(({ learned }) => learned.accuracy)).toEqual(accuracies.slice(0, 2));
  }, 300_000);
});
