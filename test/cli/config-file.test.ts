// `--config`, `--continue` and what is said about misspelt words. The oracle of a config file is the command that says the
// same by flags.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandLine, objects, TINY } from "./fixtures.js";

const { folder, refusal, run } = commandLine();
const write = (name: string, value: unknown): void =>
  writeFileSync(join(folder, name), typeof value === "string" ? value : JSON.stringify(value));

async function hashOf(...args: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await run(...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return objects(stdout).at(-1)?.ruleHash;
}

describe("a config file", () => {
  const SAME = { data: "small", hidden: [12], shots: 2, queries: 2, preset: "bio", episodes: 3, json: true };

  it("says what flags say, and flags win", async () => {
    const flags = ["train", ...TINY, "--preset", "bio", "--episodes", "3", "--json"];
    write("run.json", { ...SAME, lr: 0.01 });
    const slow = await hashOf(...flags, "--lr", "0.01", "--out", "f1");
    expect(await hashOf("train", "--config", "run.json", "--out", "f2")).toBe(slow);
    const fast = await hashOf(...flags, "--lr", "0.02", "--out", "f3");
    expect(await hashOf("train", "--config", "run.json", "--lr", "0.02", "--out", "f4")).toBe(fast);
    expect(fast).not.toBe(slow);
  });

  it("may be the record of a run, which names its rule and its tasks", async () => {
    const whole = ["train", ...TINY, "--preset", "bio", "--motifs", "0,2", "--episodes", "3", "--json"];
    const first = await hashOf(...whole, "--seed", "5", "--out", "r1");
    expect(await hashOf("train", "--config", "r1", "--out", "r2", "--json")).toBe(first);
    const other = await hashOf(...whole, "--seed", "6", "--out", "r3");
    expect(await hashOf("train", "--config", "r1/config.json", "--seed", "6", "--out", "r4", "--json")).toBe(other);
    expect(await refusal(2, "train", "--config", "r1", "--preset", "fa")).toMatch(/--preset contradicts --config r1/);
    expect(await refusal(2, "train", "--config", "r1", "--resume", "r1")).toMatch(/contradicts --resume/);
    expect(await refusal(2, "evaluate", "r1", "--config", "r1")).toMatch(/record of a run, which only train takes/);
  });

  it("goes to other commands and to sweeps too", async () => {
    write("sweep.json", { ...SAME, vary: ["lr=1e-3,1e-2"], out: "sw" });
    const { stdout, code } = await run("sweep", "train", "--config", "sweep.json", "--workers", "1");
    expect({ code, last: objects(stdout).at(-1) }).toMatchObject({ code: 0, last: { trials: 2, failed: 0 } });
  });

  it.each([
    [
      "an unknown field",
      { epsodes: 3 },
      /has the field "epsodes", .*no flag --epsodes\. Did you mean "episodes"\? Remove it; there are preset/,
    ],
    ["a value that its flag refuses", { lr: "fast" }, /^--lr is "fast"\. Pass/],
    ["an object as a value", { lr: { from: 1 } }, /as "lr"\. Make it text, a number, or a list/],
    ["a word for a yes or no", { json: "yes" }, /has "yes" as "json"\. Make it true or false\.$/],
    ["what is no object", [1], /holds .*Write an object of JSON/],
    ["what is no JSON", "{lr: 1", /odd\.json .*Write JSON such as/],
  ])("refuses %s in a sentence", async (_, value, message) => {
    write("odd.json", value);
    expect(await refusal(2, "train", "--config", "odd.json")).toMatch(message);
  });

  it("refuses a file that is not there, and a missing value", async () => {
    expect(await refusal(1, "train", "--config", "absent.json")).toMatch(
      /--config absent\.json cannot be read: it does not/,
    );
    expect(await refusal(2, "train", "--config", "--json")).toMatch(/--config has no value/);
  });
});

describe("train --continue", () => {
  it("begins a run, goes on with it, and refuses another one", async () => {
    const flags = ["train", ...TINY, "--preset", "bio", "--meta-batch", "1", "--json", "--continue", "--out", "c1"];
    const whole = await hashOf(...flags, "--episodes", "4");
    const { stdout } = await run(...flags, "--episodes", "4");
    expect(objects(stdout)).toEqual([expect.objectContaining({ done: true, episodes: 4, ruleHash: whole })]);
    expect(await refusal(1, ...flags, "--episodes", "4", "--lr", "0.5")).toMatch(
      /c1 is another run: its learningRate is 0\.001, not 0\.5\. Choose another --out/,
    );
    expect(await refusal(2, ...flags, "--resume", "c1")).toMatch(/--resume .*cannot be combined with/);
    mkdirSync(join(folder, "empty"));
    expect(await hashOf(...flags.slice(0, -1), "empty", "--episodes", "4")).toBe(whole);
    expect(
      readFileSync(join(folder, "c1", "metrics.jsonl"), "utf8")
        .trim()
        .split("\n"),
    ).toHaveLength(4);
  });
});

describe("misspelt words", () => {
  it.each([
    [["trian"], /unknown command 'trian' \(Did you mean train\?\)/],
    [["train", "--epsodes", "3"], /unknown option '--epsodes' \(Did you mean --episodes\?\)/],
    [["train", "--preset", "rnc"], /--preset is "rnc"\. Did you mean rcn\? Pass fa/],
    [["train", "--task", "clasify"], /--task is "clasify"\. Did you mean classify\? Pass/],
    [["reproduce", "two-time-scale"], /no study or figure "two-time-scale"\. Did you mean two-time-scales\? Pass/],
    [["sweep", "train", "--vary", "l1r=1"], /no flag "l1r" to vary\. Did you mean (lr|l1)\? There are/],
    [["completion", "bsh"], /"bsh"\. Did you mean bash\?/],
  ])("%j: asks what was meant", async (args, message) => {
    expect(await refusal(2, ...args)).toMatch(message);
  });

  it("-V prints the version", async () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
    expect(await run("-V")).toMatchObject({ code: 0, stdout: `${version}\n` });
  });
});
