// Learned rules on the command line: `train --rule NAME` begins with one, and `evaluate --rule NAME` tests it.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { decodeRule, keptRule, keptRules } from "../../src/meta/index.js";
import { cardReport } from "../../src/report/index.js";
import { commandLine, objects } from "./fixtures.js";

const { folder, refusal, run } = commandLine();
const [{ name, hash }] = keptRules;
const rules = resolve(import.meta.dirname, "../../rules");
const SMALL = ["--data", "small", "--ways", "1", "--shots", "1", "--queries", "1", "--episodes", "2"];

describe("--rule with a learned rule", () => {
  it("begins a run with its structure, its network and its numbers, and records which it was", async () => {
    const { code, stderr } = await run("train", "--rule", name, ...SMALL, "--json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const made = join(folder, `runs/${name}-small-seed0`);
    expect(existsSync(made)).toBe(true);
    const config = JSON.parse(readFileSync(join(made, "config.json"), "utf8"));
    const { plasticity, hidden, preset } = keptRule(name).config;
    expect(config).toMatchObject({ plasticity, hidden, preset, begin: { rule: name, hash } });
    // The record of a run begins the same run.
    const again = await run("train", "--config", made, "--out", "again", "--json");
    const last = (text: string) => objects(text).at(-1);
    expect(last(again.stdout)).toEqual(last((await run("train", "--resume", made, "--json")).stdout));
  }, 60_000);

  it("contradicts what the rule brings itself, and says so", async () => {
    expect(await refusal(2, "train", "--rule", name, "--preset", "bio")).toBe(
      `--preset bio contradicts --rule ${name}, which is learned already and brings its own. Leave one of them out.`,
    );
    expect(await refusal(2, "train", "--rule", name, "--motifs", "0,1")).toMatch(
      /^The flags do not go together: the rule .* --motifs/,
    );
    expect(await refusal(2, "train", "--rule", `${name}x`)).toContain(`Did you mean ${name}?`);
    expect(await refusal(2, "evaluate", "--rule", `${name}x`)).toContain(`Did you mean ${name}?`);
  });

  it("is tested without a run, task by task as its numbers say", async () => {
    const flags = ["--rule", name, "--tasks", "1", "--shots", "1", "--json"];
    const { code, stdout } = await run("evaluate", ...flags);
    expect(code).toBe(0);
    expect(objects(stdout).map(({ condition, data }) => [condition, data])).toContainEqual(["trained", "glyphs"]);
    for (const odd of [[], ["runs/x", "--rule", name]]) {
      expect(await refusal(2, "evaluate", ...odd)).toMatch(/^Give the folder of a run, the file of a rule, or --rule/);
    }
  }, 60_000);

  it("has its card in the package, of which the page follows and the rule is read again", async () => {
    const { code, stdout } = await run("card", "--rule", name, "--out", "kept");
    expect({ code, stdout }).toEqual({ code: 0, stdout: `Card of ${name}: kept/card.html\n` });
    const file = (of: string): Buffer => readFileSync(join(folder, "kept", of));
    expect(file("card.json").equals(readFileSync(join(rules, name, "card.json")))).toBe(true);
    expect(file("card.html").toString()).toBe(cardReport(JSON.parse(file("card.json").toString())));
    expect(decodeRule(file("rule.safetensors"))).toEqual(keptRule(name));
    for (const odd of [[], ["runs/x", "--rule", name]]) {
      expect(await refusal(2, "card", ...odd)).toMatch(/^Give the folders of runs, or --rule/);
    }
  }, 60_000);

  it("stands in the help of train, with what it reaches", async () => {
    const { stdout } = await run("train", "--help");
    for (const rule of keptRules)
      expect(stdout.replace(/\s+/g, " ")).toContain(`${rule.name} ${rule.about}`.replace(/\s+/g, " "));
  });
});
