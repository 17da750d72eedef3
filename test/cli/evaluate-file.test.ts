// `evaluate FILE`: the rule of a file, as the playground saves it, gives what the same rule gives in a run.
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { glyphs } from "../../src/data/index.js";
import { encodeRule, layerSizes, readRun } from "../../src/meta/index.js";
import { commandLine, objects } from "./fixtures.js";

const { folder, refusal, run } = commandLine();

describe("evaluate FILE", () => {
  it("gives the lines that the run gives from which the rule is taken, and writes nothing", async () => {
    const small = ["--hidden", "8", "--shots", "2", "--queries", "2", "--episodes", "3", "--workers", "1"];
    await run("train", ...small, "--preset", "rcn", "--out", "run");
    const { config, rule } = await readRun(join(folder, "run"));
    const sizes = layerSizes(config, glyphs({ perClass: 1 }));
    writeFileSync(join(folder, "rule.safetensors"), encodeRule({ config, sizes, rule }));
    const before = readdirSync(folder);
    const ofFile = await run("evaluate", "rule.safetensors", "--tasks", "2", "--json");
    expect(ofFile).toMatchObject({ code: 0, stderr: "" });
    const ofRun = await run("evaluate", "run", "--tasks", "2", "--json", "--workers", "1");
    expect(objects(ofFile.stdout)).toEqual(objects(ofRun.stdout));
    expect(readdirSync(folder)).toEqual(before);
    expect(existsSync(join(folder, "evaluation"))).toBe(false);
    const table = await run("evaluate", "rule.safetensors", "--tasks", "2");
    expect(table.stdout).toMatch(/trained \(as in training\)/);
  });

  it("refuses the checkpoint of a run, and a file that is none of ours, in a sentence", async () => {
    expect(await refusal(1, "evaluate", "run/checkpoint.safetensors")).toMatch(/is the checkpoint of a run/);
    writeFileSync(join(folder, "text.txt"), "not a rule");
    expect(await refusal(1, "evaluate", "text.txt")).toMatch(/text\.txt/);
  });
});
