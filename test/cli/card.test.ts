// `synaptape card`: what it writes is what `evaluate` measures, and the rule beside it is the run's.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Card } from "../../src/report/index.js";
import { commandLine, objects, TINY } from "./fixtures.js";

const { folder, refusal, run } = commandLine();
const RUN = [...TINY, "--preset", "rcn", "--protocol", "strict", "--ways", "1", "--episodes", "3"];
const card = (name: string): Card => JSON.parse(readFileSync(join(folder, name, "card.json"), "utf8"));

describe("card", () => {
  beforeAll(async () => {
    for (const seed of ["0", "1"]) {
      expect((await run("train", ...RUN, "--seed", seed, "--out", `rule-seed${seed}`)).code).toBe(0);
    }
    await run("train", ...RUN, "--seed", "2", "--lr", "0.01", "--out", "faster");
    await run("train", ...RUN, "--seed", "0", "--episodes", "4", "--out", "longer");
  }, 60_000);

  it("writes a page, a file and the rule, and says where", async () => {
    const { code, stdout, stderr } = await run("card", "rule-seed1", "rule-seed0", "--tasks", "2", "--out", "both");
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: "Card of 2 runs, 2 tasks each: both/card.html\n",
      stderr: "",
    });
    expect(readdirSync(join(folder, "both")).sort()).toEqual(["card.html", "card.json", "rule.safetensors"]);
    const { name, runs, over, tasks, config } = card("both");
    expect([name, over, tasks, config.data.source, config.seed]).toEqual(["rule", "seeds", 2, "small", 0]);
    expect(runs.map(({ seed }) => seed)).toEqual([0, 1]);
  }, 60_000);

  it("has the accuracy that evaluate gives for the run, and for the rule that lies beside it on other images", async () => {
    const { code, stdout } = await run(
      "card",
      "rule-seed0",
      "--tasks",
      "3",
      "--shots",
      "1,2",
      "--name",
      "mine",
      "--json",
    );
    expect(code).toBe(0);
    const made = card("rule-seed0/card");
    expect(made.name).toBe("mine");
    expect(objects(stdout)).toEqual([{ card: "rule-seed0/card", runs: 1, tasks: 3, accuracy: made.scores[0].learned }]);
    const mean = (lines: Record<string, unknown>[], condition: string, shots: number): number => {
      const of = lines.filter((line) => line.condition === condition && line.shots === shots);
      expect(of).toHaveLength(3);
      return of.reduce((sum, { learned }) => sum + (learned as { accuracy: number }).accuracy, 0) / 3;
    };
    const own = objects((await run("evaluate", "rule-seed0", "--tasks", "3", "--shots", "1,2", "--json")).stdout);
    for (const { topic, name, shots, condition, learned } of made.scores) {
      if (topic === "tasks" || topic === "shots") {
        expect(learned.mean, name).toBeCloseTo(mean(own, condition, shots), 5);
      }
    }
    const there = await run("evaluate", "rule-seed0/card/rule.safetensors", "--tasks", "3", "--json");
    const glyphs = made.scores.find(({ topic, data }) => topic === "data" && data === "glyphs");
    expect(glyphs?.learned.mean).toBeCloseTo(mean(objects(there.stdout), "trained", 2), 5);
  }, 60_000);

  it("gives the same bytes again, from what was kept", async () => {
    const bytes = (): string[] =>
      ["card.html", "card.json"].map((name) => readFileSync(join(folder, "rule-seed0/again", name), "latin1"));
    const flags = ["rule-seed0", "--tasks", "2", "--out", "rule-seed0/again", "--others", "small"];
    await run("card", ...flags, "--workers", "1");
    const before = bytes();
    await run("card", ...flags, "--workers", "2");
    expect(bytes()).toEqual(before);
  }, 60_000);

  it("refuses what is no run, and runs that are not seeds of one configuration", async () => {
    mkdirSync(join(folder, "empty"));
    writeFileSync(join(folder, "file"), "x");
    for (const odd of ["empty", "nowhere", "file"]) {
      expect(await refusal(1, "card", odd)).toMatch(
        /is not a run: it has no config\.json\. Give the folder that a run wrote\./,
      );
    }
    expect(await refusal(1, "card", "rule-seed0", "faster")).toMatch(
      /faster has 0\.01 as its learningRate, but rule-seed0 has 0\.0004\. Give runs that differ in the seed only/,
    );
    expect(await refusal(1, "card", "rule-seed0", "longer")).toMatch(/longer has 4 as its episodes/);
    mkdirSync(join(folder, "copy"));
    for (const name of ["config.json", "metrics.jsonl", "checkpoint.safetensors"]) {
      writeFileSync(join(folder, "copy", name), readFileSync(join(folder, "rule-seed0", name)));
    }
    expect(await refusal(1, "card", "rule-seed0", "copy")).toMatch(/have the same seed, 0\. Pass only one of them\./);
    expect(await refusal(1, "card", "rule-seed0", "--others", "gone")).toMatch(/gone does not exist/);
    expect(await refusal(2, "card", "rule-seed0", "--tasks", "0")).toMatch(/--tasks is "0"/);
  }, 60_000);
});
